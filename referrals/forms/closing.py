"""The ways out and the way back: discharge, redirect, withdraw, reopen."""

from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.clinical.presentation import Answer
from referrals.domain.closing import Redirection, Reopening, Withdrawal
from referrals.domain.discharge import Leaving
from referrals.domain.refusals import Invalid, Refused
from referrals.forms.fields import (
    YES_NO,
    CallBackField,
    NotesField,
    RadioField,
    TextField,
    WhenField,
)
from referrals.forms.intake_examined import MOBILITY_CHOICES
from referrals.forms.steps import StepForm
from referrals.models import Discharge

ASKED = ("dexamethasone", "stomach_protection", "glucose_checked", "carers_trained")


def _asked(label: str) -> RadioField:
    return RadioField(label=label, choices=YES_NO, inline=True, required=False)


class DischargeForm(StepForm):
    """Only the lead, the destination and the time are conditions; what is open has a reason."""

    lead_name = TextField(
        label="Who leads the discharge planning?",
        width=20,
        max_length=120,
        required=False,  # the domain says it, with the recommendation
    )
    lead_role = TextField(label="Their role", width=20, max_length=120, required=False)
    lead_phone = CallBackField(label="Their number", required=False)
    destination = RadioField(
        label="Where does the person go?", choices=Discharge.Destination.choices
    )
    discharged_at = WhenField(label="When?", what="The time of discharge")
    mobility_at_discharge = RadioField(
        label="How does the person get about now?",
        choices=MOBILITY_CHOICES,
        required=False,
    )
    dexamethasone = _asked("Is dexamethasone still being taken?")
    dexamethasone_plan = NotesField(
        label="How is it reduced, and when does it stop?", rows=2, required=False
    )
    stomach_protection = _asked("Is the stomach protected (PPI)?")
    glucose_checked = _asked("Are blood glucose checks arranged?")
    carers_trained = _asked("Have family and carers been supported and trained?")
    equipment_and_support = NotesField(label="Equipment and support", rows=2, required=False)
    follow_up = NotesField(label="Who follows up, and when?", rows=2, required=False)
    new_symptoms_contact = TextField(
        label="Whom do the person and their family ring about new or worse symptoms?",
        help_text="A name or service, and a number",
        max_length=200,
        required=False,
    )
    open_items_reason = NotesField(
        label="Why are these left open?", rows=2, max_length=300, required=False
    )
    sections = [
        ("", ["lead_name", "lead_role", "lead_phone", "destination", "discharged_at"]),
        (
            "Treatment",
            ["mobility_at_discharge", "dexamethasone", "dexamethasone_plan"]
            + ["stomach_protection", "glucose_checked"],
        ),
        (
            "Afterwards",
            ["carers_trained", "equipment_and_support", "follow_up", "new_symptoms_contact"],
        ),
        ("What is still open", ["open_items_reason"]),
    ]

    def refuse(self, refusal: Refused, version: int | None = None) -> None:
        if isinstance(refusal, Invalid) and "open_items_reason" in refusal.errors:
            # The page lists them; the domain's sentence would say the whole list again.
            refusal.errors["open_items_reason"] = "Say why these are left open."
        super().refuse(refusal, version)

    def details(self) -> Leaving:
        said = self.cleaned_data
        answers = {name: Answer(said.get(name) or Answer.NOT_KNOWN) for name in ASKED}
        words = ("lead_name", "lead_role", "lead_phone", "mobility_at_discharge", "follow_up")
        more = ("equipment_and_support", "dexamethasone_plan", "new_symptoms_contact")
        return Leaving(
            destination=said["destination"],
            discharged_at=said["discharged_at"],
            open_items_reason=said.get("open_items_reason", ""),
            confirmed=said.get("confirmed", False),
            **answers,
            **{name: said.get(name) or "" for name in (*words, *more)},
        )

    def late_facts(self) -> list[Fact]:
        at = self.earlier("discharged_at")
        return [self.fact(MilestoneKind.DISCHARGED, at)] if at else []


class RedirectForm(StepForm):
    to = TextField(
        label="Where does the person's care go on?",
        help_text="For example urgent oncology referral, or advice only",
        max_length=200,
        error_messages={"required": "Say where the person should go, or that advice was enough."},
    )
    advice = NotesField(
        label="What was the referrer told to do?",
        rows=4,
        error_messages={"required": "Write what the referrer was told to do."},
    )
    told = TextField(label="Who was told?", width=20, max_length=120, required=False)

    def details(self) -> Redirection:
        said = self.cleaned_data
        return Redirection(said["to"], said["advice"], said["told"])


class WithdrawForm(StepForm):
    reason = NotesField(
        label="Why is the referral withdrawn?",
        help_text="For example made in error, a duplicate of another reference, the person died",
        rows=3,
        max_length=300,
        error_messages={"required": "Say why the referral is withdrawn."},
    )

    def details(self) -> Withdrawal:
        return Withdrawal(self.cleaned_data["reason"])


class ReopenForm(StepForm):
    reason = NotesField(
        label="Why is the referral taken up again?",
        rows=3,
        max_length=300,
        error_messages={"required": "Say why the referral is taken up again."},
    )
    at = WhenField(label="Since when?", what="This time")

    field_order = ["reason", "at"]

    def details(self) -> Reopening:
        return Reopening(self.cleaned_data["reason"], self.earlier("at"))

    def late_facts(self) -> list[Fact]:
        at = self.earlier("at")
        return [self.fact(MilestoneKind.REOPENED, at)] if at else []
