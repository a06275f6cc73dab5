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
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHandedOn(PageEvent):
    """Somebody answered that they cannot take it: the next rung is told at once."""


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
