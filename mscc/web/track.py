"""Where things stand on a clock's horizontal track, in per cent of its width.

Percentages rather than coordinates: the shapes keep their form at every width, and the words
beside the track carry the meaning for a screen reader and on paper.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

# Room at both ends, so that a mark on the edge is drawn whole.
_LEFT, _RIGHT = 1.5, 98.5


class ClockLike(Protocol):
    """What a clock must have to be drawn; a row and a judged clock both do."""

    started_at: datetime
    at_risk_at: datetime
    due_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the track: `kind` is run, risk, late or ahead; where it is, in per cent."""

    kind: str
    x: str
    width: str
    end: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the track: `kind` is started, at_risk, due, now or stopped."""

    kind: str
    x: str
    word: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Track:
    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]


def track(clock: ClockLike, at: datetime) -> Track:
    """The track of one clock as of `at`: time used, time at risk, time late, time left."""
    start, risk, due = clock.started_at, clock.at_risk_at, clock.due_at
    reached = clock.stopped_at or max(at, start)
    end = max(due, reached, start + timedelta(seconds=1))

    def x(moment: datetime) -> float:
        share = (moment - start) / (end - start)
        return _LEFT + (_RIGHT - _LEFT) * min(max(share, 0.0), 1.0)

    parts = (
        ("run", start, min(reached, risk)),
        ("risk", risk, min(reached, due)),
        ("late", due, reached),
        ("ahead", reached, due),
    )
    stretches = tuple(
        Stretch(kind, _percent(x(begin)), _percent(x(finish) - x(begin)), _percent(x(finish)))
        for kind, begin, finish in parts
        if finish > begin
    )
    marks = (Mark(kind, _percent(x(when)), word, when) for kind, word, when in _moments(clock, at))
    return Track(stretches, tuple(marks))


def _moments(clock: ClockLike, at: datetime) -> list[tuple[str, str, datetime]]:
    last = (
        ("now", "Now", at) if clock.stopped_at is None else ("stopped", "Stopped", clock.stopped_at)
    )
    return [
        ("started", "Started", clock.started_at),
        ("at_risk", "At risk from", clock.at_risk_at),
        ("due", "Due", clock.due_at),
        last,
    ]


def _percent(value: float) -> str:
    return f"{value:.2f}%"


GLOBALS = {"track_of": track}
