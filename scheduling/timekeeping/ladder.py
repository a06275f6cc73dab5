"""Who is told next while nobody answers: rungs with roles, channels, waits and repeats.

A ladder is a value: it is frozen onto the escalation that climbs it, so that changing the rule
never changes a climb already under way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Rung:
    """Tell `roles` by `channels`; climb on after `wait_s` seconds without an answer."""

    roles: tuple[str, ...]
    channels: tuple[str, ...]
    wait_s: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs from the first; after the last it begins again every `repeat_s`, until answered.

    `version` is the alliance's that it comes from, 0 for the product's own.
    """

    key: str
    rungs: tuple[Rung, ...]
    repeat_s: int
    version: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As JSON, to be frozen; not to be written to, since it may be shared."""
        return _as_dict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Ladder:
        """The frozen ladder again."""
        return cls(
            data["key"],
            rungs_from(data["rungs"]),
            int(data["repeat_s"]),
            int(data.get("version", 0)),
        )


@lru_cache(maxsize=256)
def _as_dict(ladder: Ladder) -> dict[str, Any]:
    return asdict(ladder)


def rungs_from(data: Iterable[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """Rungs out of JSON."""
    return tuple(Rung(tuple(r["roles"]), tuple(r["channels"]), int(r["wait_s"])) for r in data)


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


# What rings at once, and what is read: each where a person has it.
RINGS = ("pager", "sms", "push", "teams", "email")
COORDINATOR, SENIOR = ("coordinator",), ("senior_clinician",)
# The place's own contact points, where somebody sits at any hour.
SWITCHBOARD = "switchboard"


def _two(key: str, first_s: int, repeat_s: int, *last: str) -> Ladder:
    rungs = (Rung(COORDINATOR, RINGS, first_s), Rung((*SENIOR, *last), RINGS, repeat_s))
    return Ladder(key, rungs, repeat_s)


# The coordinator on duty, then the senior clinician (1.1.7, 1.1.18) and, for what cannot wait, the
# switchboard. Local times, to be fixed by the service's clinical safety officer.
BREACH = _two("breach", 300, 600, SWITCHBOARD)
AT_RISK = _two("at_risk", 900, 1800)
# A referral that no clock watches, or new signs on one that is an emergency already: it rings until
# somebody takes it.
ARRIVAL = _two("new_referral", 1800, 3600)
NEW_SIGNS = _two("new_signs", 300, 600, SWITCHBOARD)
# A specialty was asked and has not answered in time (1.1.10): somebody rings them.
OPINION = _two("opinion", 900, 1800)
LADDERS = {ladder.key: ladder for ladder in (BREACH, AT_RISK, ARRIVAL, NEW_SIGNS, OPINION)}

SHORTEST_S, LONGEST_S, MOST_RUNGS = 60, 4 * 3600, 6
ROLES = (
    "coordinator",
    "designated_clinician",
    "senior_clinician",
    "service_lead",
    "specialty_contact",
    SWITCHBOARD,
)


def default(about: str, suspicion: str = "") -> Ladder:
    """The product's own ladder. A new referral with suspected MSCC rings like new signs."""
    if about == ARRIVAL.key and suspicion == "mscc":
        return NEW_SIGNS
    return LADDERS[about]


def problems(ladder: Ladder) -> list[str]:
    """What is wrong with a ladder as somebody wrote it, in sentences; empty when nothing is."""
    if not ladder.rungs:
        return ["A ladder needs at least one rung."]
    found = []
    if len(ladder.rungs) > MOST_RUNGS:
        found.append(f"A ladder has at most {MOST_RUNGS} rungs.")
    for number, rung in enumerate(ladder.rungs, start=1):
        if not rung.roles:
            found.append(f"Rung {number}: choose who is told.")
        if not rung.channels:
            found.append(f"Rung {number}: choose how they are told.")
        if not SHORTEST_S <= rung.wait_s <= LONGEST_S:
            found.append(f"Rung {number}: wait from 1 minute to 4 hours.")
        if not set(rung.roles) <= set(ROLES) or not set(rung.channels) <= set(RINGS):
            found.append(f"Rung {number}: choose from the list.")
    if not SHORTEST_S <= ladder.repeat_s <= LONGEST_S:
        found.append("Begin again after 1 minute to 4 hours.")
    return found


# How soon somebody who said "I have it" is asked again while it is not done: minutes.
LOOK_AGAIN = (15, 30, 60, 120)
_LOOK_AGAIN_DEFAULT = {"at_risk": 60, "opinion": 60}


def look_again_after(about: str) -> timedelta:
    """How long an answer holds when nobody says otherwise."""
    return timedelta(minutes=_LOOK_AGAIN_DEFAULT.get(about, 30))
