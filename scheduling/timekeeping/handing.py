"""When a role changes hands, and how often somebody is told that nobody has accepted it.

Everything is compared as instants: on the nights when the clocks change, a shift is an hour
shorter or longer and the moment of change is still one moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.timekeeping.cover import FALLS_BACK_TO, Cover, Turn, covering

AGAIN = timedelta(minutes=15)
_JUST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """At `at` the role goes from one person to another; None where nobody at all is named."""

    at: datetime
    before: Cover | None
    after: Cover | None

    @property
    def from_user(self) -> int | None:
        return self.before.turn.user_id if self.before else None

    @property
    def to_user(self) -> int | None:
        return self.after.turn.user_id if self.after else None


def changes(
    role: str, since: datetime, until: datetime, shifts: Iterable[Turn], holders: Iterable[Turn]
) -> list[Change]:
    """The moments after `since`, up to `until`, at which somebody else answers for `role`.

    Falling back counts: from the coordinator to the designated clinician is a change, too. Two
    turns of one person that touch are none.
    """
    shifts, holders = list(shifts), list(holders)
    chain = (role, *FALLS_BACK_TO.get(role, ()))
    moments = {
        moment
        for turn in shifts
        if turn.role in chain
        for moment in (turn.starts_at, turn.ends_at)
        if moment is not None and since < moment <= until
    }
    found = (
        Change(
            moment,
            covering(role, moment - _JUST, shifts, holders),
            covering(role, moment, shifts, holders),
        )
        for moment in sorted(moments)
    )
    return [change for change in found if change.from_user != change.to_user]


def told_again(changes_at: datetime, told_at: datetime | None, at: datetime) -> int | None:
    """Which telling of an unaccepted handover is due at `at`, from 0; None when none is.

    The first is at the moment of the change, then one every quarter of an hour; tellings that
    were slept through are not made up for.
    """
    if at < changes_at:
        return None
    number = (at - changes_at) // AGAIN
    if told_at is not None and (told_at - changes_at) // AGAIN >= number:
        return None
    return number
