"""When nobody is on shift for a role, and when somebody must be told of it.

A gap is a time without a shift, whoever holds a role and may stand in. A designated clinician on
shift leaves no gap for the coordinator: that is how NG234 1.1.6 covers a night. All times are
aware; all lengths are elapsed time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduling.timekeeping.cover import FILLED_BY, Cover, Turn, covering

AHEAD = timedelta(days=14)
WEEK = timedelta(days=7)
DAY = timedelta(hours=24)
AGAIN = timedelta(minutes=30)
_CHASE, _TELL = timedelta(hours=24), timedelta(hours=48)

Span = tuple[datetime, datetime]


class Stage(StrEnum):
    """How near a gap is when the service lead is told of it."""

    WEEK = "week"
    DAY = "day"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the same one answers. `gap`: nobody is on shift, so `cover` stands in."""

    starts_at: datetime
    ends_at: datetime
    cover: Cover | None
    gap: bool


def stretches(
    role: str, start: datetime, end: datetime, shifts: Iterable[Turn], holders: Iterable[Turn]
) -> list[Stretch]:
    """Who answers for a role from `start` to `end`: stretches that join without gap or overlap."""
    shifts, holders = list(shifts), list(holders)
    fills = FILLED_BY.get(role, (role,))
    found: list[Stretch] = []
    for begins, ends in _pieces(start, end, shifts):
        cover = covering(role, begins, shifts, holders)
        on = cover is not None and cover.by_role in fills and cover.turn.ends_at is not None
        last = found[-1] if found else None
        if last is not None and last.cover == cover:
            found[-1] = Stretch(last.starts_at, ends, cover, not on)
        else:
            found.append(Stretch(begins, ends, cover, not on))
    return found


def gaps(role: str, start: datetime, end: datetime, shifts: Iterable[Turn]) -> list[Span]:
    """The times from `start` to `end` in which nobody is on shift, merged, in order."""
    return merged(
        (stretch.starts_at, stretch.ends_at)
        for stretch in stretches(role, start, end, shifts, [])
        if stretch.gap
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same times as few spans as will do: what touches or overlaps is one."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        elif begins < ends:
            found.append((begins, ends))
    return found


def without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The times of `spans` that are not also times of `others`, in order."""
    left = merged(spans)
    for begins, ends in merged(others):
        left = [
            piece
            for one, two in left
            for piece in ((one, min(two, begins)), (max(one, ends), two))
            if piece[0] < piece[1]
        ]
    return left


def stage_due(
    starts_at: datetime,
    at: datetime,
    told: Stage | None = None,
    told_at: datetime | None = None,
) -> Stage | None:
    """What the service lead has to be told of a gap at `at`, after what they were told last.

    Once a week and once a day before it; at once when it has begun, and every half hour as long
    as it lasts. A stage that was passed unnoticed is not told later: the nearest one says it all.
    """
    if starts_at <= at:
        fresh = told is not Stage.NOW or told_at is None or at - told_at >= AGAIN
        return Stage.NOW if fresh else None
    if starts_at - DAY <= at:
        return Stage.DAY if told in (None, Stage.WEEK) else None
    if starts_at - WEEK <= at:
        return Stage.WEEK if told is None else None
    return None


def follow_ups(asked_at: datetime, starts_at: datetime) -> Span:
    """When an unanswered request to swap is chased, and when the service lead hears of it.

    A day and two days later, but never later than a quarter and half of the time that is left.
    """
    left = max(starts_at - asked_at, timedelta(0))
    return asked_at + min(_CHASE, left / 4), asked_at + min(_TELL, left / 2)


def _pieces(start: datetime, end: datetime, shifts: Iterable[Turn]) -> list[Span]:
    edges = {
        edge
        for turn in shifts
        for edge in (turn.starts_at, turn.ends_at)
        if edge is not None and start < edge < end
    }
    marks = [start, *sorted(edges), end]
    return [(one, two) for one, two in zip(marks, marks[1:], strict=False) if one < two]
