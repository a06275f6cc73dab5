"""The ways out, and the way back: redirect, withdraw, reopen. Discharge has its own module."""

from dataclasses import dataclass
from datetime import datetime

from mscc.events import Command
from referrals.clinical.milestones import MilestoneKind
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change
from referrals.domain.refusals import Invalid
from referrals.events import ReferralRedirected, ReferralReopened, ReferralWithdrawn
from referrals.models import Referral
from referrals.states import State


@dataclass(frozen=True)
class Redirection:
    """`to` is where the person's care goes on: oncology (1.3.5), advice only (1.3.6), another."""

    to: str
    advice: str
    told: str = ""


def redirect(referral_id: Which, redirection: Redirection, *, command: Command) -> Referral:
    """Advice only, or another service; the referrer is told what and why."""
    errors = {}
    if not redirection.to.strip():
        errors["to"] = "Say where the person should go, or that advice was enough."
    if not redirection.advice.strip():
        errors["advice"] = "Write what the referrer was told to do."

    def act(changing: Change) -> None:
        changing.go("redirect")
        if errors:
            raise Invalid(errors)
        unread = _close(changing, MilestoneKind.REDIRECTED, **vars(redirection))
        changing.says(
            ReferralRedirected, "redirected the referral", to=redirection.to, was_unread=unread
        )

    return change(referral_id, command, "redirect", redirection, act)


@dataclass(frozen=True)
class Withdrawal:
    """`reason` in words: made in error, a duplicate of another reference, the person died."""

    reason: str


def withdraw(referral_id: Which, withdrawal: Withdrawal, *, command: Command) -> Referral:
    """End a referral that should not go on. Nothing is deleted."""

    def act(changing: Change) -> None:
        changing.go("withdraw")
        if not withdrawal.reason.strip():
            raise Invalid({"reason": "Say why the referral is withdrawn."})
        unread = _close(changing, MilestoneKind.WITHDRAWN, reason=withdrawal.reason)
        changing.says(
            ReferralWithdrawn,
            "withdrew the referral",
            reason=withdrawal.reason,
            was_unread=unread,
        )

    return change(referral_id, command, "withdraw", withdrawal, act)


def _close(changing: Change, kind: MilestoneKind, **details: str) -> bool:
    """Close it now; whether it was unread until then."""
    unread = changing.referral.unread_since is not None
    changing.set(closed_at=changing.at, unread_since=None)
    changing.record(kind, changing.at, **details)
    return unread


@dataclass(frozen=True)
class Reopening:
    reason: str
    at: datetime | None = None


def reopen(referral_id: Which, reopening: Reopening, *, command: Command) -> Referral:
    """Take a closed referral up again, where its facts put it; what closing ended resumes."""

    def act(changing: Change) -> None:
        referral = changing.referral
        to = _where_the_facts_put_it(referral)
        changing.go("reopen", to)
        if not reopening.reason.strip():
            raise Invalid({"reason": "Say why the referral is taken up again."})
        at = changing.at if reopening.at is None else happened("at", reopening.at, changing)
        changing.set(closed_at=None)
        changing.record(MilestoneKind.REOPENED, at, reason=reopening.reason)
        changing.says(ReferralReopened, "reopened the referral", to=to.value)

    return change(referral_id, command, "reopen", reopening, act)


def _where_the_facts_put_it(referral: Referral) -> State:
    kinds = set(referral.milestones.standing().values_list("kind", flat=True))
    for kind, state in (
        (MilestoneKind.DECISION_TO_TREAT, State.TREATMENT_DECIDED),
        (MilestoneKind.MRI_BOOKED, State.MRI_BOOKED),
        (MilestoneKind.TRIAGED, State.TRIAGED),
    ):
        if kind in kinds:
            return state
    return State.REFERRED
