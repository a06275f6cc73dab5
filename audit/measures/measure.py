"""What a measure is: its definition in words beside the function that judges one journey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from audit.measures.journey import JourneyFacts
from audit.measures.verdict import Verdict


class Shape(StrEnum):
    """How its figures are shown."""

    SHARE = "share"  # how many of those it is about
    TIMED = "timed"  # the same, with a distribution of times
    CLASSES = "classes"  # how many fall in each class; no class is better


class Better(StrEnum):
    """Which way is better, so that a chart can say "getting better" in words."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`number` is its place in stored verdicts: given once, never used again, also when a measure
    is withdrawn. `version` counts changes of what it counts: a report says when it changed.
    """

    key: str
    number: int
    section: str  # of the dashboard and the report
    name: str
    clock: str  # "from when suspicion of MSCC arose"; empty when nothing is timed
    numerator: str
    denominator: str
    source: str  # "NICE QS56 statement 3 (September 2023)", "NG234 1.5.2", "Local"
    version: int = 1
    shape: Shape = Shape.SHARE
    better: Better = Better.MORE
    target_s: int | None = None  # elapsed seconds, inclusive: exactly 24:00:00 is within
    note: str = ""  # what a reader must know before comparing it
    headline: bool = False  # on the first page of dashboard and report, and cut by groups
    judge: Callable[[JourneyFacts], Verdict]
