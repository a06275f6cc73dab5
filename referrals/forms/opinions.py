"""Asking a specialty, and answering (1.1.9, 1.1.10, 1.4.4)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms

from mscc.people.models import Specialty
from referrals.clinical.asking import answer_times
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from referrals.domain.opinions import Answer, Question
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from referrals.forms.steps import StepForm

SECOND, OTHER = timedelta(seconds=1), "other"


def said(span: timedelta) -> str:
    """A span to choose: "30 minutes", "1 hour", "3 days"."""
    minutes = span // timedelta(minutes=1)
    if minutes < 60:
        return f"{minutes} minutes"
    if minutes > 24 * 60 and minutes % (24 * 60) == 0:
        return f"{minutes // (24 * 60)} days"
    hours = minutes / 60
    return f"{hours:g} hour{'' if hours == 1 else 's'}"


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
    within = RadioField(
        label="How soon is the answer needed?",
        help_text="Counted from the question. NG234 gives no time: these are the service's own.",
        choices=[
            *((str(span // SECOND), f"Within {said(span)}") for span in answer_times().choices),
            (OTHER, "By another time"),
        ],
        required=False,
    )
    due_at = WhenField(
        label="By when?", now=False, future=True, what="The time for the answer", required=False
    )
    reveals = {"due_at": ("within", OTHER)}

    def __init__(self, *args: Any, condition: Suspicion, **kwargs: Any) -> None:
        proposed = str(answer_times().within[condition] // SECOND)
        given = kwargs.pop("initial", None) or {}
        super().__init__(*args, initial={"within": proposed} | given, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("within") == OTHER and not cleaned.get("due_at") and not self.errors:
            self.add_error("due_at", "Enter the date and the time.")
        return cleaned

    def details(self) -> Question:
        return Question(
            specialty=self.cleaned_data["specialty"],
            question=self.cleaned_data["question"],
            asked_of=self.cleaned_data["asked_of"],
            asked_at=self.earlier("asked_at"),
            about_stability=self.cleaned_data["about_stability"],
            due_at=self._due_at,
        )

    @property
    def _due_at(self) -> datetime | None:
        """None leaves it to the service's own number for what is being treated."""
        chosen, due = self.cleaned_data["within"], self.cleaned_data.get("due_at")
        if not chosen or chosen == OTHER:
            return due
        asked: datetime = self.cleaned_data["asked_at"]
        return asked + int(chosen) * SECOND

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
