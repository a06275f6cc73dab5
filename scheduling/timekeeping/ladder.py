"""Who is told next while nobody answers: rungs with roles, channels, waits and repeats.

A ladder is a value: it is frozen onto the escalation that climbs it, so that changing the rule
never changes a climb already under way.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Rung:
    """Tell `roles` by `channels`; climb on after `wait_s` seconds without an answer."""

    roles: tuple[str, ...]
    channels: tuple[str, ...]
    wait_s: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs from the first; after the last it begins again every `repeat_s`, until answered."""

    key: str
    rungs: tuple[Rung, ...]
    repeat_s: int

    def as_dict(self) -> dict[str, Any]:
        """As JSON, to be frozen."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Ladder:
        """The frozen ladder again."""
        rungs = tuple(
            Rung(tuple(r["roles"]), tuple(r["channels"]), int(r["wait_s"])) for r in data["rungs"]
        )
        return cls(data["key"], rungs, int(data["repeat_s"]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a climb stands: the rung just told (from 0), in which round (from 1), and what next."""

    rung: int
    round: int
    next_at: datetime


def begin(ladder: Ladder, at: datetime) -> Place:
    """The first rung is told now."""
    return Place(0, 1, at + timedelta(seconds=ladder.rungs[0].wait_s))


def climb(ladder: Ladder, rung: int, round_: int, at: datetime) -> Place:
    """Nobody answered rung `rung` of round `round_`: the next one is told now.

    There is no top: after the last rung the first is told again, for ever, until a human answers
    or the clock stops.
    """
    if rung + 1 < len(ladder.rungs):
        up = rung + 1
        last = up == len(ladder.rungs) - 1
        wait = ladder.repeat_s if last else ladder.rungs[up].wait_s
        return Place(up, round_, at + timedelta(seconds=wait))
    return Place(0, round_ + 1, at + timedelta(seconds=ladder.rungs[0].wait_s))


# The coordinator on duty, then the senior clinician (1.1.7, 1.1.18). Local times, to be fixed by
# the service's clinical safety officer.
BREACH = Ladder(
    key="breach-1",
    rungs=(
        Rung(("coordinator",), ("pager", "email"), wait_s=300),
        Rung(("senior_clinician",), ("pager", "email"), wait_s=600),
    ),
    repeat_s=600,
)
AT_RISK = Ladder(
    key="at-risk-1",
    rungs=(
        Rung(("coordinator",), ("pager", "email"), wait_s=900),
        Rung(("senior_clinician",), ("pager", "email"), wait_s=1800),
    ),
    repeat_s=1800,
)
# A referral that no clock watches, or new signs on one that is an emergency already: it rings until
# somebody takes it.
ARRIVAL = Ladder(
    key="arrival-1",
    rungs=(
        Rung(("coordinator",), ("pager", "email"), wait_s=1800),
        Rung(("senior_clinician",), ("pager", "email"), wait_s=1800),
    ),
    repeat_s=3600,
)
NEW_SIGNS = Ladder(
    key="new-signs-1",
    rungs=(
        Rung(("coordinator",), ("pager", "email"), wait_s=300),
        Rung(("senior_clinician",), ("pager", "email"), wait_s=600),
    ),
    repeat_s=600,
)
# A specialty was asked and has not answered in time (1.1.10): somebody rings them.
OPINION = Ladder(
    key="opinion-1",
    rungs=(
        Rung(("coordinator",), ("pager", "email"), wait_s=900),
        Rung(("senior_clinician",), ("pager", "email"), wait_s=1800),
    ),
    repeat_s=1800,
)
LADDERS = {ladder.key: ladder for ladder in (BREACH, AT_RISK, ARRIVAL, NEW_SIGNS, OPINION)}
