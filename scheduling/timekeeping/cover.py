"""Who covers a role at a moment: the shift, else the next role that must always answer.

NG234 1.1.6 and 1.1.7: when no coordinator works, a designated clinician does their work; 1.1.18:
a senior clinician is there at all times. Every fall back is said, never silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

FALLS_BACK_TO: dict[str, tuple[str, ...]] = {
    "coordinator": ("designated_clinician", "senior_clinician", "service_lead"),
    "designated_clinician": ("senior_clinician", "service_lead"),
    "senior_clinician": ("service_lead",),
    # Not the designated clinician, who does the coordinator's work: a colleague's advice is wanted.
    "specialty_contact": ("senior_clinician", "service_lead"),
}

# Whose turns leave no gap: a designated clinician on shift is how 1.1.6 covers a night.
FILLED_BY: dict[str, tuple[str, ...]] = {"coordinator": ("coordinator", "designated_clinician")}


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn of a role; `ends_at` None for somebody who simply holds the role."""

    role: str
    user_id: int
    name: str
    phone: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """Who answers for `role`; `by_role` differs from it when somebody else had to step in."""

    role: str
    by_role: str
    turn: Turn

    @property
    def fell_back(self) -> bool:
        return self.role != self.by_role


def covering(
    role: str, at: datetime, shifts: Iterable[Turn], holders: Iterable[Turn]
) -> Cover | None:
    """The one who covers `role` at `at`; None only when nobody holds any of the roles at all.

    A shift wins over merely holding a role; of two shifts at once the one that began last wins
    (an override). `holders` of a role without a rota are tried in the order given. Coordinators
    are reached by shift only: holding the role does not mean being awake.
    """
    shifts, holders = list(shifts), list(holders)
    for candidate in (role, *FALLS_BACK_TO.get(role, ())):
        turn = _on_shift(candidate, at, shifts)
        if turn is None and candidate != "coordinator":
            turn = next((held for held in holders if held.role == candidate), None)
        if turn is not None:
            return Cover(role, candidate, turn)
    return None


def _on_shift(role: str, at: datetime, shifts: Iterable[Turn]) -> Turn | None:
    on = [
        turn
        for turn in shifts
        if turn.role == role
        and turn.starts_at
        and turn.ends_at
        and turn.starts_at <= at < turn.ends_at
    ]
    return max(on, key=lambda turn: turn.starts_at or at, default=None)
