"""The personalised care plan a senior clinician makes with the person (1.1.17).

A new version stands beside the earlier ones: each is shown, with who made it and when.
"""

from dataclasses import dataclass
from datetime import date, datetime

from mscc import clock
from mscc.events import Command
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.presentation import Answer
from referrals.clinical.times import said_day
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Invalid, NeedsConfirmation
from referrals.events import CarePlanMade
from referrals.models import CarePlan, Referral

# Whose advice 1.1.17 wants taken into account, if it is relevant.
ADVISERS = {
    "mdt": "The multidisciplinary team",
    "allied_health": "Allied health professionals",
    "pharmacist": "A pharmacist",
    "referrer": "The clinician who referred",
}


@dataclass(frozen=True)
class PlanDetails:
    """`advisers` are keys of ADVISERS, `advice` what they said; `made_at` None means now."""

    senior_clinician: str
    plan: str
    matters_most: str = ""
    preferences: str = ""
    advisers: tuple[str, ...] = ()
    advice: str = ""
    agreed: Answer = Answer.NOT_KNOWN
    not_agreed_reason: str = ""
    review_on: date | None = None
    made_at: datetime | None = None
    confirmed: bool = False


def make_care_plan(referral_id: Which, made: PlanDetails, *, command: Command) -> Referral:
    """Record a version of the plan; raises Invalid, or NeedsConfirmation for a review day past."""

    def act(changing: Change) -> None:
        changing.only_while_open("Make a care plan")
        errors = _errors(made)
        if errors:
            raise Invalid(errors)
        _ask_about_review(made, changing)
        at = changing.at
        if made.made_at is not None:
            at = happened("made_at", made.made_at, changing, confirmed=made.confirmed)
        version = changing.referral.careplans.count() + 1
        save_rows([_row(made, at, changing)])
        changing.record(MilestoneKind.CARE_PLAN_MADE, at, version=version, agreed=made.agreed.value)
        changing.says(CarePlanMade, "made a care plan", agreed=made.agreed.value)

    return change(referral_id, command, "make_care_plan", made, act)


def _errors(made: PlanDetails) -> dict[str, str]:
    errors = {}
    if not made.senior_clinician.strip():
        errors["senior_clinician"] = "Name the senior clinician whose plan this is (1.1.17)."
    if not made.plan.strip():
        errors["plan"] = "Write the plan."
    if not (made.matters_most.strip() or made.preferences.strip()):
        errors["matters_most"] = (
            "Write what matters most to the person, or their needs and preferences; if they "
            "could not say, write that."
        )
    if made.agreed is not Answer.YES and not made.not_agreed_reason.strip():
        errors["not_agreed_reason"] = "Say why the plan is not agreed with the person."
    if set(made.advisers) - ADVISERS.keys():
        errors["advisers"] = "Choose from the list."
    return errors


def _ask_about_review(made: PlanDetails, changing: Change) -> None:
    today = clock.local(changing.at).date()
    if made.review_on is not None and made.review_on < today and not made.confirmed:
        raise NeedsConfirmation(
            {
                "review_on": f"{said_day(made.review_on)} has passed. Check the date; if the "
                "review was due then, confirm it."
            }
        )


def _row(made: PlanDetails, at: datetime, changing: Change) -> CarePlan:
    advisers = "; ".join(ADVISERS[key] for key in made.advisers)
    return CarePlan(
        referral=changing.referral,
        occurred_at=at,
        senior_clinician=made.senior_clinician,
        matters_most=made.matters_most,
        preferences=made.preferences,
        plan=made.plan,
        advice_from="\n".join(filter(None, (advisers, made.advice))),
        agreed=made.agreed.value,
        not_agreed_reason="" if made.agreed is Answer.YES else made.not_agreed_reason,
        review_on=made.review_on,
        **changing.stamp(),
    )
