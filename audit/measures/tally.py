"""Many verdicts on one measure, added up: n with data of n eligible, and the worst case."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from audit.measures.verdict import Status, Verdict

K = TypeVar("K", int, str)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# Where the classes of a time begin, in seconds: a quarter of an hour up to two days, an hour up to
# eight days, a day up to a year. A target's own edge is one of them, so shares are never estimated.
EDGES: tuple[int, ...] = (
    *range(0, 2 * _DAY, 15 * _MINUTE),
    *range(2 * _DAY, 8 * _DAY, _HOUR),
    *range(8 * _DAY, 366 * _DAY, _DAY),
)


def class_of(seconds: int) -> int:
    """The class of a time: `EDGES[n] < seconds <= EDGES[n + 1]`; nothing and less is class 0."""
    return max(bisect_right(EDGES, seconds - 1) - 1, 0)


@dataclass(frozen=True, slots=True)
class Times:
    """A distribution of elapsed times as counts by class of `EDGES`."""

    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many times there are."""
        return sum(self.counts.values())

    def centile(self, share: float) -> int | None:
        """Seconds within which this share (0 to 1) of the times lie; None without any.

        Taken to the upper edge of its class: never better than it was, and late by a quarter of an
        hour at most up to two days.
        """
        if not self.counts:
            return None
        wanted, seen = max(share * self.n, 1), 0
        for number in sorted(self.counts):
            seen += self.counts[number]
            if seen >= wanted:
                break
        return EDGES[min(number + 1, len(EDGES) - 1)]

    def __add__(self, other: Times) -> Times:
        return Times(_added(self.counts, other.counts))


def _added(one: Mapping[K, int], other: Mapping[K, int]) -> Mapping[K, int]:
    """Both together. Most of what is added up is empty on one side: that costs nothing."""
    return Counter(one) + Counter(other) if one and other else one or other


@dataclass(frozen=True, slots=True)
class Tally:
    """`of` is the denominator with data. What is missing is never dropped: it is beside it."""

    met: int = 0
    not_met: int = 0
    not_applicable: int = 0
    running: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)  # by reason
    missing: Mapping[str, int] = field(default_factory=dict)  # by reason
    late: Mapping[str, int] = field(default_factory=dict)  # not met, by reason; "" unexplained
    labels: Mapping[str, int] = field(default_factory=dict)  # of measures that count classes
    flags: Mapping[str, int] = field(default_factory=dict)  # bad data seen on the way
    times: Times = Times()

    @property
    def of(self) -> int:
        """The denominator with data."""
        return self.met + self.not_met

    @property
    def n_missing(self) -> int:
        """How many it is about whose data are missing."""
        return sum(self.missing.values())

    @property
    def n_excluded(self) -> int:
        """How many were left out for a reason."""
        return sum(self.excluded.values())

    @property
    def eligible(self) -> int:
        """All whom the measure is about and whose time is over, with data or without."""
        return self.of + self.n_missing

    @property
    def share(self) -> float | None:
        """Met of those with data, 0 to 1; None when there are none."""
        return self.met / self.of if self.of else None

    @property
    def worst(self) -> float | None:
        """Met of all eligible, as if whatever is missing had not been met."""
        return self.met / self.eligible if self.eligible else None

    @property
    def completeness(self) -> float | None:
        """With data of those eligible, 0 to 1; None when none is eligible."""
        return self.of / self.eligible if self.eligible else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            met=self.met + other.met,
            not_met=self.not_met + other.not_met,
            not_applicable=self.not_applicable + other.not_applicable,
            running=self.running + other.running,
            excluded=_added(self.excluded, other.excluded),
            missing=_added(self.missing, other.missing),
            late=_added(self.late, other.late),
            labels=_added(self.labels, other.labels),
            flags=_added(self.flags, other.flags),
            times=self.times + other.times,
        )


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Add up the verdicts of one measure."""
    by_status: Counter[Status] = Counter()
    reasons: dict[Status, Counter[str]] = {status: Counter() for status in Status}
    labels: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    times: Counter[int] = Counter()
    for verdict in verdicts:
        by_status[verdict.status] += 1
        reasons[verdict.status][verdict.reason] += 1
        labels.update([verdict.label] if verdict.label else [])
        flags.update([verdict.flag] if verdict.flag else [])
        if verdict.seconds is not None:
            times[class_of(verdict.seconds)] += 1
    return Tally(
        met=by_status[Status.MET],
        not_met=by_status[Status.NOT_MET],
        not_applicable=by_status[Status.NOT_APPLICABLE],
        running=by_status[Status.RUNNING],
        excluded=reasons[Status.EXCLUDED],
        missing=reasons[Status.MISSING],
        late=reasons[Status.NOT_MET],
        labels=labels,
        flags=flags,
        times=Times(times),
    )
