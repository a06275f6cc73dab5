"""Facts that are recorded by themselves, late entry, and correction.

Whatever is recorded counts as of when it happened: the clocks are judged again each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from mscc.events import Command
from referrals.clinical.milestones import MilestoneKind
from referrals.domain.imaging import correct_scan
from referrals.domain.moments import happened, not_before
from referrals.domain.path import Change, Which, change
from referrals.domain.refusals import Conflict, Invalid
from referrals.events import MilestoneCorrected, MilestoneRecorded
from referrals.models import Milestone, Referral

# What a person may record with a time and a few words; the others come with their own verb.
RECORDABLE: dict[MilestoneKind, str] = {
    MilestoneKind.IMMOBILISATION_STARTED: "Immobilisation started",
    MilestoneKind.IMMOBILISATION_ENDED: "Immobilisation ended",
    MilestoneKind.STABILITY_ADVICE_SOUGHT: "Expert advice on spinal stability sought",
    MilestoneKind.RADIOTHERAPY_BOOKED: "Radiotherapy booked",
    MilestoneKind.RADIOTHERAPY_STARTED: "Radiotherapy started",
    MilestoneKind.SURGERY_BOOKED: "Surgery booked",
    MilestoneKind.SURGERY_PERFORMED: "Surgery performed",
}
# What follows a decision to treat cannot come before it.
AFTER_DECISION = (
    MilestoneKind.RADIOTHERAPY_BOOKED,
    MilestoneKind.RADIOTHERAPY_STARTED,
    MilestoneKind.SURGERY_BOOKED,
    MilestoneKind.SURGERY_PERFORMED,
)


@dataclass(frozen=True)
class Happening:
    """One fact. `details` holds words such as a slot, a dose or a name; never needed for clocks."""

    kind: MilestoneKind
    occurred_at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False


def record_milestone(referral_id: Which, happening: Happening, *, command: Command) -> Referral:
    """Record a fact of RECORDABLE, now or late; also on a closed referral, where it is history."""
    kind = happening.kind
    if kind not in RECORDABLE:
        raise Invalid({"kind": "This is recorded with its own step of the pathway."})

    def act(changing: Change) -> None:
        referral = changing.referral
        if referral.state == "referred" and kind in AFTER_DECISION:
            raise Conflict("Triage the referral first.")
        at = happened("occurred_at", happening.occurred_at, changing, confirmed=happening.confirmed)
        if kind in AFTER_DECISION:
            _check_decided(referral, at)
        changing.record(kind, at, **happening.details)
        changing.says(
            MilestoneRecorded,
            f"recorded: {RECORDABLE[kind].lower()}",
            kind=kind.value,
            occurred_at=at,
        )

    return change(referral_id, command, "record_milestone", happening, act)


def _check_decided(referral: Referral, at: datetime) -> None:
    decisions = referral.milestones.standing().filter(kind=MilestoneKind.DECISION_TO_TREAT)
    first = decisions.order_by("occurred_at").first()
    if first is None:
        raise Conflict("Record the decision to treat first, with when it was made.")
    not_before("occurred_at", at, first.occurred_at, "the decision to treat")


@dataclass(frozen=True)
class Correction:
    """A fact that was wrong: another time, or (`occurred_at` None) it never happened."""

    milestone_id: UUID
    occurred_at: datetime | None
    reason: str
    confirmed: bool = False


# What may be taken back altogether. The rest is undone by its own opposite: reopen, reassess,
# book again, decide again. Its time can still be corrected.
RETRACTABLE = frozenset(
    {
        *RECORDABLE,
        MilestoneKind.ADVICE_GIVEN,
        MilestoneKind.MRI_PERFORMED,
        MilestoneKind.MRI_INCOMPLETE,
        MilestoneKind.CT_PERFORMED,
        MilestoneKind.SCAN_REPORTED,
        MilestoneKind.DEXAMETHASONE_STARTED,
        MilestoneKind.DEXAMETHASONE_STOPPED,
    }
)

# Their time is the product's own, when somebody pressed a button, and other rows have it too.
NOT_CORRECTED = frozenset(
    {
        MilestoneKind.RECEIVED,
        MilestoneKind.TAKEN,
        MilestoneKind.TRIAGED,
        MilestoneKind.MRI_BOOKED,
        MilestoneKind.NEW_SIGNS_REPORTED,
        MilestoneKind.OPINION_ASKED,
        MilestoneKind.OPINION_ANSWERED,
        # A second follow-up of the same day corrects the first.
        MilestoneKind.FOLLOWED_UP,
        MilestoneKind.REDIRECTED,
        MilestoneKind.WITHDRAWN,
        MilestoneKind.REOPENED,
    }
)


def correct(referral_id: Which, correction: Correction, *, command: Command) -> Referral:
    """Supersede a fact; the wrong one stays on record beneath the right one."""

    def act(changing: Change) -> None:
        wrong = (
            Milestone.objects.standing()
            .filter(referral=changing.referral, pk=correction.milestone_id)
            .first()
        )
        if wrong is None:
            raise Conflict("This entry was corrected already. Look at what it says now.")
        kind = MilestoneKind(wrong.kind)
        if refusal := not_correctable(kind):
            raise refusal
        if not correction.reason.strip():
            raise Invalid({"reason": "Say why it is corrected."})
        if correction.occurred_at is None and kind not in RETRACTABLE:
            raise Invalid(
                {
                    "occurred_at": "This cannot be taken back. Correct its time, or record what "
                    "is right with its own step."
                }
            )
        at = wrong.occurred_at
        if correction.occurred_at is not None:
            at = happened(
                "occurred_at", correction.occurred_at, changing, confirmed=correction.confirmed
            )
            if kind in AFTER_DECISION:
                _check_decided(changing.referral, at)
        changing.record(
            kind,
            at,
            corrects=wrong,
            reason=correction.reason,
            retracts=correction.occurred_at is None,
            **{key: value for key, value in wrong.details.items() if key != "since"},
        )
        correct_scan(changing, kind, wrong.occurred_at, correction.occurred_at and at)
        changing.says(
            MilestoneCorrected,
            f"corrected: {kind.value.replace('_', ' ')}",
            kind=kind.value,
            occurred_before=wrong.occurred_at,
            occurred_at=None if correction.occurred_at is None else at,
            reason=correction.reason,
        )

    return change(referral_id, command, "correct", correction, act)


def not_correctable(kind: MilestoneKind) -> Conflict | None:
    """Why a fact of this kind is not corrected; None when it can be."""
    if kind not in NOT_CORRECTED:
        return None
    return Conflict("This time is not corrected: it is when it was entered. Add a note instead.")
