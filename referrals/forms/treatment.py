"""The decision to treat, and facts that follow from it (1.10.4, 1.11.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mscc.people.models import Specialty
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.treatment import (
    AgainstSurgery,
    RadiotherapyException,
    urgent_radiotherapy,
)
from referrals.clinical.treatment import Decision as Facts
from referrals.domain.milestones import RECORDABLE, Correction, Happening
from referrals.domain.treatment import Decision
from referrals.forms.fields import (
    YES_NO,
    CheckField,
    DateField,
    NotesField,
    RadioField,
    TextField,
    WhenField,
)
from referrals.forms.steps import StepForm
from referrals.models import Milestone, TreatmentDecision

OFFERED = "offered"
EXCEPTION = ("radiotherapy_exception", "exception_reason", "paralysed_since", "pain_controlled")


@dataclass(frozen=True)
class RestsOn:
    """What a decision can rest on here: opinions and scores as (id, words), and the keys of the
    rules that are listed for this person now."""

    opinions: Sequence[tuple[str, str]] = ()
    scores: Sequence[tuple[str, str]] = ()
    options: tuple[str, ...] = ()


NOTHING = RestsOn()


class DecisionForm(StepForm):
    """`condition` is what is treated: only MSCC is owed urgent radiotherapy, or an exception."""

    plan = RadioField(label="What is the plan?", choices=TreatmentDecision.Plan.choices)
    decided_by = TextField(
        label="Who decided?",
        help_text="The clinician, not whoever types",
        width=20,
        max_length=120,
        error_messages={"required": "Name the clinician who decided."},
    )
    decided_at = WhenField(
        label="When was it decided?",
        help_text="The 24 hours of 1.10.4 count from then.",
        what="The time of the decision",
    )
    consulted = CheckField(label="Who was consulted?", choices=Specialty.choices, required=False)
    rationale = NotesField(
        label="Reasons",
        help_text="If nobody could be consulted, say why.",
        rows=3,
        required=False,
    )
    opinions = CheckField(label="Which opinions does it rest on?", choices=[], required=False)
    scores = CheckField(
        label="Which scores does it rest on?",
        help_text="A score never decides alone (1.9.3).",
        choices=[],
        required=False,
    )
    surgery_considered = NotesField(label="What was thought about surgery?", rows=2, required=False)
    against_surgery = CheckField(
        label="If surgery is not planned: why?",
        help_text="Time since paralysis must never be the only reason (1.11.5).",
        choices=[(each.value, each.label) for each in AgainstSurgery],
        required=False,
    )
    fractionation = TextField(
        label="Dose and fractions, if radiotherapy", max_length=120, required=False
    )
    radiotherapy_exception = RadioField(
        label="Is urgent radiotherapy offered?",
        choices=[
            (OFFERED, "Yes, or the plan is surgery"),
            *(
                (each.value, f"No: {each.label[0].lower()}{each.label[1:]}")
                for each in RadiotherapyException
            ),
        ],
    )
    paralysed_since = DateField(label="Since when has the paralysis been complete?", required=False)
    pain_controlled = RadioField(
        label="Is the pain well controlled?", choices=YES_NO, inline=True, required=False
    )
    exception_reason = NotesField(
        label="If not offered: why, for the person's record",
        rows=2,
        max_length=1000,
        required=False,
    )
    reveals = {
        "paralysed_since": (
            "radiotherapy_exception",
            RadiotherapyException.PARALYSIS_AND_PAIN_CONTROLLED.value,
        ),
        "pain_controlled": (
            "radiotherapy_exception",
            RadiotherapyException.PARALYSIS_AND_PAIN_CONTROLLED.value,
        ),
    }
    aliases = {"paralysed_for": "paralysed_since"}
    sections = [
        ("", ["plan", "decided_by", "decided_at", "consulted"]),
        ("", ["opinions", "scores", "rationale"]),
        ("", ["surgery_considered", "against_surgery", "fractionation"]),
        ("Urgent radiotherapy (1.10.4)", ["radiotherapy_exception", "exception_reason"]),
    ]

    def __init__(
        self,
        *args: Any,
        condition: Suspicion,
        rests_on: RestsOn = NOTHING,
        **kwargs: Any,
    ) -> None:
        self.condition, self.rests_on = condition, rests_on
        super().__init__(*args, **kwargs)
        for name in ("opinions", "scores"):
            self.fields[name].choices = getattr(rests_on, name)
            if not self.fields[name].choices:
                del self.fields[name]
        if condition is not Suspicion.MSCC:
            self.reveals = {}
            self.fields["decided_at"].help_text = ""
            self.sections = self.sections[:3]
            for name in EXCEPTION:
                del self.fields[name]

    def details(self) -> Decision:
        said = self.cleaned_data
        return Decision(
            plan=said["plan"],
            decided_by=said["decided_by"],
            decided_at=said["decided_at"],
            consulted=tuple(said["consulted"]),
            rationale=said["rationale"],
            surgery_considered=said["surgery_considered"],
            radiotherapy_exception=self._exception,
            exception_reason=said.get("exception_reason") or "",
            paralysed_since=said.get("paralysed_since"),
            pain_controlled=Answer(said.get("pain_controlled") or Answer.NOT_KNOWN),
            fractionation=said["fractionation"],
            # With surgery there is nothing to say against it: what was ticked before is dropped.
            against_surgery=() if self._surgery else tuple(said["against_surgery"]),
            opinions=tuple(UUID(each) for each in said.get("opinions") or ()),
            scores=tuple(UUID(each) for each in said.get("scores") or ()),
            options=self.rests_on.options,
            confirmed=said["confirmed"],
        )

    @property
    def _surgery(self) -> bool:
        return self.cleaned_data["plan"] == TreatmentDecision.Plan.SURGERY

    @property
    def _exception(self) -> str:
        chosen = self.cleaned_data.get("radiotherapy_exception", OFFERED)
        return "" if chosen == OFFERED else chosen

    def late_facts(self) -> list[Fact]:
        at = self.earlier("decided_at")
        if at is None:
            return []
        exception = RadiotherapyException(self._exception) if self._exception else None
        urgent = urgent_radiotherapy(Facts(self.condition, self._surgery, exception))
        details = {"urgent_radiotherapy": urgent.value, "exception": self._exception}
        return [self.fact(MilestoneKind.DECISION_TO_TREAT, at, **details)]


class MilestoneForm(StepForm):
    """One fact with a time and, if wanted, a few words; an appointment has its own time."""

    kind = RadioField(
        label="What happened?",
        choices=[(kind.value, words) for kind, words in RECORDABLE.items()],
        error_messages={"required": "Choose what happened."},
    )
    radiotherapy_slot = WhenField(
        label="When is the radiotherapy?", now=False, future=True, required=False
    )
    surgery_slot = WhenField(label="When is the surgery?", now=False, future=True, required=False)
    occurred_at = WhenField(label="When did it happen?", what="This time")
    note = TextField(
        label="In a few words",
        help_text="For example the dose, the place, or who advised",
        max_length=300,
        required=False,
    )
    reveals = {
        "radiotherapy_slot": ("kind", MilestoneKind.RADIOTHERAPY_BOOKED.value),
        "surgery_slot": ("kind", MilestoneKind.SURGERY_BOOKED.value),
    }

    def details(self) -> Happening:
        said = self.cleaned_data
        slot = said.get("radiotherapy_slot") or said.get("surgery_slot")
        words: dict[str, Any] = {"note": said["note"]} if said["note"] else {}
        if slot:
            words["slot_at"] = slot.isoformat()
        return Happening(MilestoneKind(said["kind"]), said["occurred_at"], words, said["confirmed"])

    def late_facts(self) -> list[Fact]:
        at = self.earlier("occurred_at")
        return [self.fact(MilestoneKind(self.cleaned_data["kind"]), at)] if at else []


TIME, NEVER = "time", "never"


class CorrectionForm(StepForm):
    """Another time for a fact, or that it never happened. Always shown before it is saved."""

    what = RadioField(
        label="What is wrong?",
        choices=[(TIME, "The time"), (NEVER, "It did not happen")],
        error_messages={"required": "Say what is wrong."},
    )
    occurred_at = WhenField(label="When did it happen?", now=False, what="This time")
    reason = NotesField(
        label="Why is it corrected?",
        rows=2,
        max_length=300,
        error_messages={"required": "Say why it is corrected."},
    )
    reveals = {"occurred_at": ("what", TIME)}

    def __init__(self, *args: Any, wrong: Milestone, retractable: bool, **kwargs: Any) -> None:
        self.wrong = wrong
        super().__init__(*args, **kwargs)
        if not retractable:
            self.fields["what"].choices = [(TIME, "The time")]
            self.initial.setdefault("what", TIME)
        self.initial.setdefault("occurred_at", wrong.occurred_at)

    def details(self) -> Correction:
        return Correction(
            milestone_id=self.wrong.pk,
            occurred_at=self.cleaned_data["occurred_at"],
            reason=self.cleaned_data["reason"],
            confirmed=self.cleaned_data["confirmed"],
        )

    def late_facts(self) -> list[Fact]:
        at = self.cleaned_data["occurred_at"]
        if at is None:
            return []
        told = {key: value for key, value in self.wrong.details.items() if key != "since"}
        kind = MilestoneKind(self.wrong.kind)
        return [Fact(kind, min(at, self.at), self.wrong.told, told)]
