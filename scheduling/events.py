"""What can have happened to a target and to those who were told about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mscc.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEvent(Event):
    """A moment of a clock. `due_at` is the deadline itself, `at` the moment it was noticed."""

    referral_id: UUID
    reference: str
    kind: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAtRisk(TargetEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetBreached(TargetEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvent(Event):
    """About one climb. `about` is what it is for; `rung` counts from 0, `round` from 1."""

    referral_id: UUID
    reference: str
    escalation_id: UUID
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePaged(PageEvent):
    """One rung was told. `told` names them in words; empty when nobody could be reached."""

    rung: int
    round: int
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAcknowledged(PageEvent):
    """`via` is the way the answer came; at `look_again_at` it rings again if it is not done."""

    via: str = ""
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRangAgain(PageEvent):
    """It was to be looked at again, and is not done. `answered_by` had said "I have it"."""

    answered_by: int | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHandedOn(PageEvent):
    """Somebody answered that they cannot take it: the next rung is told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderChanged(Event):
    """An alliance's ladder got a new version; `rungs` says it in words."""

    organisation_id: int
    about: str
    suspicion: str
    target: str
    version: int
    rungs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachExplained(Event):
    """Why a target was missed, who follows it up, and whether it is an incident (1.1.12)."""

    referral_id: UUID
    reference: str
    kind: str
    due_at: datetime
    reason: str
    owner: str
    incident: bool
    correction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEvent(Event):
    """About one turn of duty of `user_id`, for a role at an organisation."""

    shift_id: UUID
    role: str
    organisation_id: int
    user_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPlanned(ShiftEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRemoved(ShiftEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEvent(Event):
    """About one handover of a role at an organisation, at the change of shift `changes_at`."""

    handover_id: UUID
    organisation_id: int
    role: str
    changes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverWritten(HandoverEvent):
    """Notes were kept for the next one. What they say is on the handover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOffered(HandoverEvent):
    """By the outgoing, or by the service at the change of shift when nobody wrote one."""

    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRead(HandoverEvent):
    """Somebody opened the list, which says who the people are."""

    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverAccepted(HandoverEvent):
    """`for_user_id` is whoever the rota named; the actor is whoever accepted."""

    for_user_id: int | None
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverUnaccepted(HandoverEvent):
    """People were told that it still waits. `told` names them; empty when nobody was reached."""

    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLapsed(HandoverEvent):
    """The next change of shift came, and nobody had accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactProven(Event):
    """A test page was answered: the contact point of `user_id` works. `how`: link, reply, said."""

    user_id: int
    channel: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyUnconfirmed(ShiftEvent):
    """A shift has begun, and its holder has not shown that a page reaches them."""

    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPagesSent(Event):
    """The test page of a day went out, to so many people on duty."""

    day: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DowntimeEvent(Event):
    """About a time for which it was announced that the service may be away."""

    downtime_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DowntimeAnnounced(DowntimeEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DowntimeEnded(DowntimeEvent):
    """Called off, or over sooner than announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftShortened(ShiftEvent):
    """A turn gave way to an override: it begins later now. The times are the new ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternEvent(Event):
    """About turns that repeat. Days are ISO dates in London; `turns` is how many it touched."""

    pattern_id: UUID
    role: str
    organisation_id: int
    first_day: str
    last_day: str
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPlanned(PatternEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternEnded(PatternEvent):
    """Its turns that had not begun were taken off the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapEvent(Event):
    """About a colleague being asked to take a turn; `told` names who heard of it by this."""

    swap_id: UUID
    shift_id: UUID | None
    role: str
    organisation_id: int
    starts_at: datetime
    ends_at: datetime
    asked_by_id: int
    asked_id: int
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapAsked(SwapEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapAccepted(SwapEvent):
    """The turn is the asked one's from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapDeclined(SwapEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapWithdrawn(SwapEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapLapsed(SwapEvent):
    """Nobody answered before the turn began: it stays with whoever had it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapChased(SwapEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapToldToLead(SwapEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGapEvent(Event):
    """About a time in which nobody is on shift for a role."""

    gap_id: UUID
    role: str
    specialty: str
    organisation_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGapFound(CoverGapEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGapTold(CoverGapEvent):
    """`stage` is week, day or now; `told` is empty when nobody could be told."""

    stage: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGapClosed(CoverGapEvent):
    """`filled`: somebody is on shift; otherwise it passed with nobody."""

    filled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLinkMade(Event):
    """Somebody made the secret link of their calendar; an older one no longer works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DowntimePackWritten(Event):
    """A copy of the board of an alliance left the database, for when the system is down.

    `people` are on it; `sealed_for` is how many keys open it (0: it is not encrypted).
    """

    alliance_id: int
    people: int
    places: tuple[str, ...]
    sealed_for: int
