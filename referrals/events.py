"""What can have happened to a referral: facts of ids and values, nothing of the person.

What follows from each is written on one page, `mscc/wiring.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mscc.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralEvent(Event):
    """About one referral. `milestones` are the kinds of fact that were recorded with it."""

    referral_id: UUID
    reference: str
    version: int
    milestones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived(ReferralEvent):
    suspicion: str
    pathway: str
    numbers: tuple[str, ...]
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTaken(ReferralEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTriaged(ReferralEvent):
    suspicion: str
    suspicion_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignsReported(ReferralEvent):
    """The ward found new signs; `raised` when they turned the suspicion into MSCC."""

    found_at: datetime
    signs: tuple[str, ...]
    raised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven(ReferralEvent):
    topics: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationAdded(ReferralEvent):
    """Key information (1.1.15) was added: `headings` names which, never what it says.

    `worse`: an examination that is worse than the one before, or the first to show a deficit, by
    somebody who does not have the referral.
    """

    headings: tuple[str, ...]
    worse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MriBooked(ReferralEvent):
    slot_at: datetime
    past_target: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRecorded(ReferralEvent):
    """A fact was recorded by itself: a scan performed, radiotherapy started, surgery done."""

    kind: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneCorrected(ReferralEvent):
    """A fact was wrong. `occurred_at` is None when it never happened."""

    kind: str
    occurred_before: datetime
    occurred_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRecorded(ReferralEvent):
    """Items of the care bundle were recorded: `items` are their keys, `statuses` what became of
    each."""

    items: tuple[str, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DexamethasoneRecorded(ReferralEvent):
    """A course of dexamethasone was started, changed, given a taper, or stopped."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRecorded(ReferralEvent):
    tool: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePlanMade(ReferralEvent):
    agreed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingRecorded(ReferralEvent):
    step: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PainPlanRecorded(ReferralEvent):
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargePlanned(ReferralEvent):
    """Steps of the discharge plan were recorded (1.1.24 to 1.1.28)."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedUp(ReferralEvent):
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAsked(ReferralEvent):
    opinion_id: UUID
    specialty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAnswered(ReferralEvent):
    opinion_id: UUID
    specialty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentDecided(ReferralEvent):
    plan: str
    urgent_radiotherapy: str
    exception: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralClosed(ReferralEvent):
    """It ends here. `was_unread`: until now people were being told that it, or a sign, arrived."""

    was_unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralDischarged(ReferralClosed):
    destination: str
    still_open: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRedirected(ReferralClosed):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralWithdrawn(ReferralClosed):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReopened(ReferralEvent):
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRead(Event):
    """Somebody looked at a person's record. `how` is screen, print, letter, api or search."""

    referral_id: UUID
    reference: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRefused(Event):
    """Somebody asked for a referral that is not theirs to see, and was told it does not exist."""

    reference: str
    path: str
