"""A pain management plan agreed with the person, and its reviews (1.7.3, 1.7.4, 1.7.8)."""

from dataclasses import dataclass
from datetime import datetime

from mscc.events import Command
from referrals.clinical.presentation import Answer
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.events import PainPlanRecorded
from referrals.models import PainPlan, Referral

Kind = PainPlan.Kind
_SAID = {Kind.PLAN: "recorded a pain plan", Kind.REVIEW: "reviewed the pain plan"}


@dataclass(frozen=True)
class PlanEntry:
    """A plan, or what a review found; `at` None means now. `helped` is for a review only."""

    kind: str
    plan: str
    agreed: Answer = Answer.NOT_KNOWN
    helped: Answer = Answer.NOT_KNOWN
    side_effects: str = ""
    strong_opioids: Answer = Answer.NOT_KNOWN
    at: datetime | None = None
    confirmed: bool = False


def record_pain_plan(referral_id: Which, entry: PlanEntry, *, command: Command) -> Referral:
    """Record a plan or a review. Raises Invalid for what is missing, NeedsConfirmation for a
    review of a plan that is not on record."""

    def act(changing: Change) -> None:
        changing.only_while_open("Plan pain relief")
        if errors := _errors(entry):
            raise Invalid(errors)
        at = changing.at
        if entry.at is not None:
            at = happened("at", entry.at, changing, confirmed=entry.confirmed)
        if entry.kind == Kind.REVIEW and not entry.confirmed:
            _ask_for_a_plan(changing.referral, at)
        save_rows(
            [
                PainPlan(
                    referral=changing.referral,
                    occurred_at=at,
                    kind=entry.kind,
                    plan=entry.plan,
                    agreed=entry.agreed.value,
                    helped=entry.helped.value,
                    side_effects=entry.side_effects,
                    strong_opioids=entry.strong_opioids.value,
                    **changing.stamp(),
                )
            ]
        )
        changing.says(PainPlanRecorded, _SAID[Kind(entry.kind)], kind=entry.kind)

    return change(referral_id, command, "record_pain_plan", entry, act)


def _errors(entry: PlanEntry) -> dict[str, str]:
    errors = {}
    if entry.kind not in Kind.values:
        errors["kind"] = "Choose a plan or a review."
    if not entry.plan.strip():
        review = entry.kind == Kind.REVIEW
        errors["plan"] = "Write what was found." if review else "Write the plan."
    return errors


def _ask_for_a_plan(referral: Referral, at: datetime) -> None:
    if not referral.painplans.filter(kind=Kind.PLAN, occurred_at__lte=at).exists():
        raise NeedsConfirmation(
            {
                "kind": "Check what this is: no plan is on record before this review. If the plan "
                "was made elsewhere, confirm it."
            }
        )
