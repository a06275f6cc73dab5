"""Turns that repeat: written in London's time, worked out as moments in UTC.

A night of 20:00 to 08:00 lasts 11 hours when the clocks go forward and 13 when they go back:
people keep to the clock on the wall, and the turns must still join without a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mscc.clock import LONDON

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One turn that a pattern repeats: begins on these weekdays (Monday is 0) at a local time.

    An end that is not after the start is on the next day. `place_in_order` is who works it in the
    first week: 0 for the first of the people. Lines of the same place are one person's week.
    """

    days: frozenset[int]
    starts: time
    ends: time
    place_in_order: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """Lines, and the people who work them by turns; `first` and `last` are days turns begin on.

    Every `weeks_each` weeks, counted from the Monday of the first week, everybody moves on to the
    place of the one before them in the order; 0 never moves anybody.
    """

    lines: tuple[Line, ...]
    people: tuple[int, ...]
    first: date
    last: date
    weeks_each: int = 1


@dataclass(frozen=True, slots=True)
class PatternTurn:
    """One turn of one person, in UTC."""

    user_id: int
    starts_at: datetime
    ends_at: datetime


def expand(pattern: Pattern) -> list[PatternTurn]:
    """Every turn of a pattern, in the order in which they begin.

    A turn that lies wholly in the hour that does not exist is left out.
    """
    turns = [
        PatternTurn(_who(pattern, line, day), starts, ends)
        for day in _days(pattern.first, pattern.last)
        for line in pattern.lines
        if day.weekday() in line.days
        for starts, ends in [span_of(line, day)]
        if ends > starts
    ]
    return sorted(turns, key=lambda turn: (turn.starts_at, turn.ends_at, turn.user_id))


def span_of(line: Line, day: date) -> tuple[datetime, datetime]:
    """When the turn of a line that begins on a day starts and ends, in UTC."""
    last = day if line.ends > line.starts else day + _DAY
    return moment_of(day, line.starts), moment_of(last, line.ends)


def moment_of(day: date, at: time) -> datetime:
    """The UTC moment of a time on a clock in London.

    In the hour that does not exist it is the moment the clocks went forward; in the one that comes
    twice, the first. Ends and starts are read alike, so turns that join on paper join in fact.
    """
    local = datetime.combine(day, at, tzinfo=LONDON)
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _change_between(local.replace(fold=1).astimezone(UTC), moment)


def longer_by(starts_at: datetime, ends_at: datetime) -> timedelta:
    """How much longer than the clock on the wall says a turn lasts: an hour in October, minus one
    in March, else nothing."""
    before, after = (each.astimezone(LONDON).utcoffset() for each in (starts_at, ends_at))
    assert before is not None
    assert after is not None
    return before - after


def _change_between(early: datetime, late: datetime) -> datetime:
    """The moment between two at which London's offset changes, to the second."""
    offset = early.astimezone(LONDON).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(LONDON).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late


def _who(pattern: Pattern, line: Line, day: date) -> int:
    weeks = (_monday(day) - _monday(pattern.first)) // _WEEK
    moved = weeks // pattern.weeks_each if pattern.weeks_each else 0
    return pattern.people[(line.place_in_order + moved) % len(pattern.people)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
