"""A pain plan agreed with the person, or the review of one (1.7.3, 1.7.4, 1.7.8)."""

from referrals.clinical.presentation import Answer
from referrals.domain.pain import Kind, PlanEntry
from referrals.forms.fields import NotesField, RadioField, TextField, ThreeWayField, WhenField
from referrals.forms.intake_examined import answer_of
from referrals.forms.steps import StepForm

PLAN, REVIEW = Kind.PLAN.value, Kind.REVIEW.value


class PainPlanForm(StepForm):
    """What a plan asks for and what a review asks for appear under their choice."""

    kind = RadioField(
        label="What is this?",
        choices=[(PLAN, "A plan, new or changed"), (REVIEW, "A review of the plan")],
        hints={REVIEW: "After every start or change, to see whether it works"},
    )
    plan = NotesField(
        label="The plan",
        help_text="Medicines with doses, other treatment, coping, and whom to ring if pain lasts, "
        "gets worse or changes",
        rows=6,
        required=False,
    )
    agreed = ThreeWayField(label="Is it agreed with the person?", required=False)
    found = NotesField(
        label="What did the review find?",
        help_text="Pain now, doses and titration; whether the plan goes on or changes",
        rows=5,
        required=False,
    )
    helped = ThreeWayField(label="Does it help?", required=False)
    side_effects = TextField(label="Side effects", max_length=300, required=False)
    strong_opioids = ThreeWayField(label="Are strong opioids part of it?", required=False)
    happened_at = WhenField(label="When was it?", what="This time")
    reveals = {
        "plan": ("kind", PLAN),
        "agreed": ("kind", PLAN),
        "found": ("kind", REVIEW),
        "helped": ("kind", REVIEW),
        "side_effects": ("kind", REVIEW),
    }
    sections = [("", ["kind", "strong_opioids", "happened_at"])]
    aliases = {"at": "happened_at"}

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean()
        review = cleaned.get("kind") == REVIEW
        words = "found" if review else "plan"
        if cleaned.get("kind") and words not in self.errors and not cleaned.get(words):
            sentence = "Write what was found." if review else "Write the plan."
            self.add_error(words, sentence)
        return cleaned

    def details(self) -> PlanEntry:
        said = self.cleaned_data
        asked = {name: answer_of(said, name) for name in ("agreed", "helped") if said[name]}
        return PlanEntry(
            kind=said["kind"],
            plan=said["plan"] or said["found"] or "",
            side_effects=said["side_effects"] or "",
            strong_opioids=Answer(answer_of(said, "strong_opioids")),
            at=self.earlier("happened_at"),
            confirmed=said["confirmed"],
            **{name: Answer(answer) for name, answer in asked.items()},
        )
