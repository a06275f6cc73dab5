"""Planning the discharge, and asking afterwards how the person is (1.1.24 to 1.1.28)."""

from typing import Any

from referrals.clinical.discharge import ARRANGEMENTS, INVOLVED, PARTIES, Step
from referrals.clinical.follow_up import Continence, PlaceOfCare
from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import LOCAL
from referrals.domain.discharge_plan import Arranged, Plan, Planned
from referrals.domain.follow_up import Told
from referrals.forms.fields import (
    CallBackField,
    CheckField,
    DateField,
    NotesField,
    RadioField,
    TextField,
    WhenField,
)
from referrals.forms.intake_examined import MOBILITY_CHOICES, number_of, severity_field
from referrals.forms.steps import StepForm

DONE = [("yes", "Done, or not needed"), ("no", "Not yet")]


def _hint(step: Step) -> str:
    numbers = [number for number in step.numbers if not number.startswith(LOCAL)]
    source = f"NG234 {', '.join(numbers)}"
    return f"{step.hint}. {source}" if step.hint else source


class DischargePlanForm(StepForm):
    """The lead first, then who has been brought in, then what is arranged, each with a note."""

    lead_name = TextField(
        label="Who leads the discharge planning?",
        help_text="One named person of the clinical team. NG234 1.1.24",
        width=20,
        max_length=120,
        required=False,  # the domain says it, with the recommendation
    )
    lead_role = TextField(label="Their role", width=20, max_length=120, required=False)
    lead_phone = CallBackField(label="Their number", required=False)
    involved = CheckField(
        label="Who has been brought in?",
        help_text=_hint(INVOLVED),
        choices=[(party.key, party.label) for party in PARTIES],
        required=False,
    )
    involved_note = TextField(
        label="If somebody is missing: who will bring them in, or why not?",
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in ARRANGEMENTS:
            self.fields[step.key] = RadioField(
                label=step.label, help_text=_hint(step), choices=DONE, inline=True, required=False
            )
            self.fields[f"{step.key}_note"] = TextField(
                label=f"{step.label}: note", max_length=300, required=False
            )
        self.fields["confirmed"] = self.fields.pop("confirmed")
        self.sections = [
            ("Who leads", ["lead_name", "lead_role", "lead_phone"]),
            ("Who is involved", ["involved", "involved_note"]),
            (
                "What is arranged",
                [name for step in ARRANGEMENTS for name in (step.key, f"{step.key}_note")],
            ),
        ]

    @staticmethod
    def standing(plan: Plan) -> dict[str, Any]:
        """What the form holds when it is opened: the plan as it stands."""
        held: dict[str, Any] = {
            "lead_name": plan.lead_name,
            "lead_role": plan.note("lead_role"),
            "lead_phone": plan.note("lead_phone"),
            "involved": list(plan.involved),
            "involved_note": plan.note(INVOLVED.key),
        }
        for step in ARRANGEMENTS:
            if step.key in plan.latest:
                held[step.key] = "yes" if plan.done(step.key) else "no"
                held[f"{step.key}_note"] = plan.note(step.key)
        return held

    def details(self) -> Planned:
        said = self.cleaned_data
        return Planned(
            lead_name=said["lead_name"],
            lead_role=said["lead_role"],
            lead_phone=said["lead_phone"],
            involved=tuple(said["involved"]),
            involved_note=said["involved_note"],
            arranged={
                step.key: Arranged(said[step.key] == "yes", said[f"{step.key}_note"])
                for step in ARRANGEMENTS
            },
        )


class FollowUpForm(StepForm):
    """How the person is on a day after discharge. `again`: that day was recorded before."""

    reached = RadioField(
        label="Was somebody reached?",
        help_text="The person, a relative, or whoever cares for them",
        choices=[("yes", "Yes"), ("no", "No")],
        inline=True,
        error_messages={"required": "Say whether somebody was reached."},
    )
    told_by = TextField(
        label="Who told you?",
        help_text="For example the person, their daughter, the GP",
        width=20,
        max_length=120,
        required=False,
    )
    alive = RadioField(
        label="Is the person alive?",
        choices=[("yes", "Yes"), ("no", "No, the person has died"), ("not_known", "Not known")],
        error_messages={"required": "Say whether the person is alive, or that it is not known."},
    )
    died_on = DateField(label="On which day, if it is known?", required=False)
    mobility = RadioField(
        label="How does the person get about?",
        choices=MOBILITY_CHOICES,
        required=False,
    )
    continence = RadioField(
        label="Bladder and bowel",
        choices=[(each.value, each.label) for each in Continence],
        required=False,
    )
    pain = severity_field()
    place_of_care = RadioField(
        label="Where is the person cared for?",
        choices=[(each.value, each.label) for each in PlaceOfCare],
        required=False,
    )
    note = NotesField(label="Anything else?", rows=3, max_length=2_000, required=False)
    followed_at = WhenField(label="When was this asked?", what="The time of the follow-up")
    correction = NotesField(
        label="What was wrong with the earlier entry?",
        help_text="It stays on record beneath this one.",
        rows=2,
        max_length=300,
    )
    sections = [
        ("", ["correction", "reached", "told_by", "alive"]),
        ("How the person is", ["mobility", "continence", "pain", "place_of_care", "note"]),
        ("", ["followed_at"]),
    ]
    reveals = {"died_on": ("alive", "no")}

    def __init__(self, *args: Any, day: int, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        if not again:
            del self.fields["correction"]

    def details(self) -> Told:
        said = self.cleaned_data
        return Told(
            day=self.day,
            reached=Answer(said["reached"]),
            alive=Answer(said["alive"]),
            died_on=said["died_on"],
            mobility=Mobility(said["mobility"] or Mobility.NOT_KNOWN),
            continence=Continence(said["continence"] or Continence.NOT_KNOWN),
            pain=number_of(said, "pain"),
            place_of_care=PlaceOfCare(said["place_of_care"] or PlaceOfCare.NOT_KNOWN),
            told_by=said["told_by"],
            note=said["note"],
            followed_at=self.earlier("followed_at"),
            correction=said.get("correction", ""),
            confirmed=said["confirmed"],
        )

    def late_facts(self) -> list[Fact]:
        at = self.earlier("followed_at")
        return [self.fact(MilestoneKind.FOLLOWED_UP, at, day=self.day)] if at else []
