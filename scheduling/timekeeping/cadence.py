"""The steering group's own clock: it meets at least twice a year (NG234 1.1.2).

Reckoned in calendar days and months, not in elapsed hours: nobody meets at 08:00 sharp half a year
later. What counts is a meeting that was held and at which treatment outcomes were reported.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = 6  # twice a year, evenly
SOON = timedelta(days=42)  # the notice that people need to keep a day free
CLOSE = timedelta(days=14)
AGAIN = timedelta(days=28)  # once it is late, it is said every four weeks


class Standing(StrEnum):
    """Where the clock stands on a day."""

    IN_TIME = "in_time"
    SOON = "soon"  # due within six weeks, and no meeting is planned in time
    OVERDUE = "overdue"


class Reminder(StrEnum):
    """Which reminder is due; each is given once for one due day, the last again and again."""

    SOON = "soon"
    CLOSE = "close"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Cadence:
    """How a group stands. `held` is how many meetings counted in the twelve months up to `on`."""

    on: date
    last: date | None
    due_on: date
    planned: date | None  # the next meeting that is planned
    held: int
    standing: Standing

    @property
    def days(self) -> int:
        """Days left; below nothing, days late."""
        return (self.due_on - self.on).days


def months_on(day: date, months: int) -> date:
    """The same day of a later month, or its last day: six months from 31 August is 28 February."""
    years, zero_based = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, zero_based + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def cadence(formed_on: date, held: Iterable[date], planned: Iterable[date], on: date) -> Cadence:
    """How a group stands on a day: formed when, with the days on which meetings that count were
    held, and those that are planned. A day from the future is no meeting that was held.
    """
    past = sorted(day for day in held if day <= on)
    last = past[-1] if past else None
    due_on = months_on(max(last or formed_on, formed_on), MONTHS)
    coming = min((day for day in planned if day >= on), default=None)
    if on > due_on:
        standing = Standing.OVERDUE
    elif due_on - on <= SOON and (coming is None or coming > due_on):
        standing = Standing.SOON
    else:
        standing = Standing.IN_TIME
    year = months_on(on, -12)
    return Cadence(on, last, due_on, coming, sum(day > year for day in past), standing)


def reminder(now: Cadence, told: Reminder | None, told_on: date | None) -> Reminder | None:
    """The reminder that is due, given the last one for the same due day; None when none is.

    A meeting planned in time needs none. One that is planned too late still does.
    """
    if now.standing is Standing.IN_TIME:
        return None
    if now.standing is Standing.OVERDUE:
        late = told is not Reminder.LATE or told_on is None or now.on - told_on >= AGAIN
        return Reminder.LATE if late else None
    due = Reminder.CLOSE if now.due_on - now.on <= CLOSE else Reminder.SOON
    order = (None, Reminder.SOON, Reminder.CLOSE, Reminder.LATE)
    return due if order.index(due) > order.index(told) else None
