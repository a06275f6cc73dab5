"""How the person is 30 and 90 days after discharge: asked once a day, and corrected openly.

It changes no state: the referral stays discharged. A second entry of the same day corrects the
first, which is kept.
"""

from dataclasses import dataclass
from datetime import date, datetime

from mscc import clock
from mscc.events import Command
from referrals.clinical.discharge import FOLLOW_UP_DAYS
from referrals.clinical.follow_up import (
    Continence,
    Outcome,
    PlaceOfCare,
    contradictions,
)
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.domain.moments import happened, not_before
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.refusals import Conflict, IllegalTransition, Invalid, NeedsConfirmation
from referrals.events import FollowedUp
from referrals.models import Discharge, FollowUp, Milestone, Referral
from referrals.states import State


@dataclass(frozen=True)
class Told:
    """The answers of one follow-up. `correction` says why an entry of that day was wrong."""

    day: int
    reached: Answer
    alive: Answer = Answer.NOT_KNOWN
    died_on: date | None = None
    mobility: Mobility = Mobility.NOT_KNOWN
    continence: Continence = Continence.NOT_KNOWN
    pain: int | None = None
    place_of_care: PlaceOfCare = PlaceOfCare.NOT_KNOWN
    told_by: str = ""
    note: str = ""
    followed_at: datetime | None = None
    correction: str = ""
    confirmed: bool = False

    def outcome(self) -> Outcome:
        """The same for the pure rules."""
        return Outcome(
            self.reached,
            self.alive,
            self.died_on,
            self.mobility,
            self.continence,
            self.pain,
            self.place_of_care,
        )


def follow_up(referral_id: Which, told: Told, *, command: Command) -> Referral:
    """Record a follow-up of somebody who was discharged.

    Raises Conflict when the person was not discharged or died before, Invalid for answers that
    cannot be, NeedsConfirmation for answers that do not fit together.
    """

    def act(changing: Change) -> None:
        left = discharged(changing.referral)
        if told.day not in FOLLOW_UP_DAYS:
            raise Invalid({"day": "Follow-up is on these days: 30 and 90."})
        if errors := _errors(told, changing):
            raise Invalid(errors)
        at = changing.at
        if told.followed_at is not None:
            at = happened("followed_at", told.followed_at, changing, confirmed=told.confirmed)
        not_before("followed_at", at, left.occurred_at, "the discharge")
        _ask(told, left, at)
        before = recorded(changing.referral, told.day, left)
        if before is not None and not told.correction.strip():
            raise Invalid({"correction": "This day was recorded already. Say what was wrong."})
        save_rows([_row(told, at, changing)])
        changing.record(
            MilestoneKind.FOLLOWED_UP,
            at,
            corrects=before,
            reason=told.correction if before else "",
            day=told.day,
            reached=told.reached.value,
            alive=told.alive.value,
        )
        changing.says(FollowedUp, f"followed up at {told.day} days", day=told.day)

    return change(referral_id, command, "follow_up", told, act)


def discharged(referral: Referral) -> Milestone:
    """The discharge that follow-up counts from; raises Conflict when there is nobody to ask."""
    if referral.state != State.DISCHARGED:
        raise IllegalTransition("Record follow-up", referral.state)
    standing = referral.milestones.standing().filter(kind=MilestoneKind.DISCHARGED)
    left: Milestone = standing.order_by("told").last()
    if left.details.get("destination") == Discharge.Destination.DIED:
        raise Conflict("The person died in hospital. There is no follow-up.")
    return left


def recorded(referral: Referral, day: int, left: Milestone) -> Milestone | None:
    """The follow-up of this day since that discharge, if there is one."""
    standing = referral.milestones.standing().filter(
        kind=MilestoneKind.FOLLOWED_UP, told__gt=left.told, details__day=day
    )
    return standing.order_by("told").last()


def _errors(told: Told, changing: Change) -> dict[str, str]:
    errors = {}
    if told.reached is Answer.NOT_KNOWN:
        errors["reached"] = "Say whether somebody was reached."
    if told.pain is not None and told.pain not in range(11):
        errors["pain"] = "Pain is a number from 0 to 10."
    if told.died_on is not None and told.died_on > clock.local(changing.at).date():
        errors["died_on"] = "This day has not come yet. Check the date."
    if told.reached is Answer.YES and not told.told_by.strip():
        errors["told_by"] = "Say who told you: the person, a relative, the GP."
    return errors


def _ask(told: Told, left: Milestone, at: datetime) -> None:
    if told.confirmed:
        return
    odd = contradictions(
        told.outcome(),
        day=told.day,
        discharged_on=clock.local(left.occurred_at).date(),
        today=clock.local(at).date(),
    )
    sentences: dict[str, str] = {}
    for each in odd:
        said = sentences.get(each.field)
        sentences[each.field] = f"{said} {each.sentence}" if said else each.sentence
    if sentences:
        raise NeedsConfirmation(sentences)


def _row(told: Told, at: datetime, changing: Change) -> FollowUp:
    return FollowUp(
        referral=changing.referral,
        occurred_at=at,
        day=told.day,
        reached=told.reached.value,
        alive=told.alive.value,
        died_on=told.died_on,
        mobility=told.mobility.value,
        continence=told.continence.value,
        pain=told.pain,
        place_of_care=told.place_of_care.value,
        told_by=told.told_by,
        note=told.note,
        **changing.stamp(),
    )
