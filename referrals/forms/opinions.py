"""Asking a specialty, and answering (1.1.9, 1.1.10, 1.4.4)."""

from uuid import UUID

from django import forms

from mscc.people.models import Specialty
from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.domain.opinions import Answer, Question
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from referrals.forms.steps import StepForm


class AskForm(StepForm):
    specialty = RadioField(
        label="Which specialty?",
        choices=Specialty.choices,
        error_messages={"required": "Choose the specialty."},
    )
    question = NotesField(label="What do you want to know?", rows=4)
    about_stability = forms.BooleanField(
        label="This asks for expert advice on spinal stability",
        help_text="Physiotherapy, oncology or spinal surgery, within 24 hours of immobilisation "
        "(1.4.4).",
        required=False,
    )
    asked_of = TextField(
        label="Whom did you speak to?",
        help_text="Leave empty if only this service asks them.",
        width=20,
        max_length=120,
        required=False,
    )
    asked_at = WhenField(label="When was it asked?", what="The time of the question")

    def details(self) -> Question:
        return Question(
            specialty=self.cleaned_data["specialty"],
            question=self.cleaned_data["question"],
            asked_of=self.cleaned_data["asked_of"],
            asked_at=self.earlier("asked_at"),
            about_stability=self.cleaned_data["about_stability"],
        )

    def late_facts(self) -> list[Fact]:
        at = self.earlier("asked_at")
        if at is None or not self.cleaned_data["about_stability"]:
            return []
        return [self.fact(MilestoneKind.STABILITY_ADVICE_SOUGHT, at)]


class AnswerForm(StepForm):
    answer = NotesField(label="Opinion", rows=8)
    answered_by = TextField(
        label="Whose opinion is it?",
        width=20,
        max_length=120,
        error_messages={"required": "Name the clinician whose opinion this is."},
    )
    answered_at = WhenField(label="When was it given?", what="The time of the opinion")

    def details_of(self, opinion_id: UUID) -> Answer:
        return Answer(
            opinion_id=opinion_id,
            answer=self.cleaned_data["answer"],
            answered_by=self.cleaned_data["answered_by"],
            answered_at=self.earlier("answered_at"),
        )
