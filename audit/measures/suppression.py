"""Small numbers, for whoever may not see the rows: 1 to 4 is not shown, and cannot be worked out.

The rule over rows with a total: rows that hold a small count are left out together, at least two of
them, with further ones until every count of those left out, added up, is 0 or at least 5. What is
shown then says no more than a table with one row for all of them, in which nothing is small. When
that cannot be reached, because the total itself is small, no row is shown.

Met and not met go together: with their sum known, one tells the other. Nobody (0) is not a small
number: it is shown wherever nothing else has to be left out.

Twins are two measures of the same people, one of which leaves some of them out, as statement 7 of
QS56 with and without deaths in hospital: one less the other would tell how many those are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from audit.measures.tally import Tally

LEAST = 5  # the smallest number of people that is shown
WORDS = "fewer than 5, or left out so that fewer than 5 cannot be worked out"
# From here on only one of met and not met can be small, and saying which leaves 1 to 4 possible.
_SIDE_TOLD = 2 * LEAST - 1

# A measure that leaves some out, and the one beside which it is read: keys of the registry.
TWINS: Mapping[str, str] = {"qs56_7_alive": "qs56_7"}

K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)


def small(count: int) -> bool:
    """Whether so few people may not be shown."""
    return 0 < count < LEAST


def is_twin(key: str) -> bool:
    """Whether the measure of this key leaves out some of those of another one: `seen`, `safe` and
    `nested` are to be told so."""
    return key in TWINS


def shown(count: int, *, entitled: bool = False) -> int | None:
    """A count that stands alone, part of no sum; None when it may not be shown."""
    return count if entitled or not small(count) else None


def left_out(
    rows: Mapping[K, tuple[int, ...]], already: frozenset[K] = frozenset()
) -> frozenset[K]:
    """Which rows may not be shown beside their total; every row has the same columns, and those
    of `already` are left out in any case."""
    out = already | {key for key, counts in rows.items() if any(map(small, counts))}
    if not out:
        return out
    # The fewest people first: the least is lost.
    others = sorted((key for key in rows if key not in out), key=lambda key: sum(rows[key]))
    while others and (len(out) < 2 or _any_small(rows[key] for key in out)):
        out |= {others.pop(0)}
    return frozenset(rows) if _any_small(rows[key] for key in out) else out


def _any_small(rows: Iterable[tuple[int, ...]]) -> bool:
    return any(small(sum(column)) for column in zip(*rows, strict=True))


def parts(
    counts: Mapping[K, int], whole: int | None, *, entitled: bool = False
) -> dict[K, int | None]:
    """The parts of a sum, e.g. reasons; None for what may not be shown.

    `whole` is the sum as it is shown: where it is not, no part is, or they would add up to it.
    """
    if entitled:
        return dict(counts)
    if whole is None:
        return dict.fromkeys(counts)
    out = left_out({key: (count,) for key, count in counts.items()})
    return {key: None if key in out else count for key, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """A tally as somebody may see it: None is "not shown", except in a share of nobody.

    `of` may be shown where its split is not. `few` is then the side that is small, `met` or
    `not_met`, where saying so tells nothing more; empty otherwise.
    """

    of: int | None
    met: int | None
    not_met: int | None
    missing: int | None
    excluded: int | None
    running: int | None
    few: str = ""

    @property
    def is_split(self) -> bool:
        """Whether met and not met are shown."""
        return self.met is not None

    @property
    def share(self) -> float | None:
        """Met of those with data, 0 to 1."""
        return self.met / self.of if self.met is not None and self.of else None

    @property
    def eligible(self) -> int | None:
        """With data or without."""
        if self.of is None or self.missing is None:
            return None
        return self.of + self.missing

    @property
    def worst(self) -> float | None:
        """Met of all eligible, as if whatever is missing had not been met; 0 to 1."""
        return self.met / self.eligible if self.met is not None and self.eligible else None

    @property
    def completeness(self) -> float | None:
        """With data of those eligible, 0 to 1."""
        return self.of / self.eligible if self.of is not None and self.eligible else None


@dataclass(frozen=True, slots=True)
class Safe(Generic[K]):
    """Rows and their total as somebody may see them. `together` adds up the rows whose split is
    not shown, where there are such and it tells nothing small."""

    rows: Mapping[K, Seen]
    total: Seen
    together: Seen | None = None

    @property
    def held_back(self) -> bool:
        """Whether anything at all is not shown."""
        return any(
            value is None
            for seen in (*self.rows.values(), self.total)
            for value in (seen.met, seen.missing, seen.excluded, seen.running)
        )


def seen(tally: Tally, *, entitled: bool = False, twin: bool = False) -> Seen:
    """One tally that stands alone. What a `twin` leaves out goes with its split and their sum: of
    these and the other measure's, each tells the rest."""
    if entitled:
        return _all(tally)
    hidden = small(tally.met) or small(tally.not_met)
    if twin and (hidden or small(tally.n_excluded)):
        return Seen(None, None, None, shown(tally.n_missing), None, shown(tally.running))
    few = ""
    if hidden and tally.of >= _SIDE_TOLD:
        few = "met" if small(tally.met) else "not_met"
    return Seen(
        of=shown(tally.of),
        met=None if hidden else tally.met,
        not_met=None if hidden else tally.not_met,
        missing=shown(tally.n_missing),
        excluded=shown(tally.n_excluded),
        running=shown(tally.running),
        few=few,
    )


def _all(tally: Tally) -> Seen:
    return Seen(
        tally.of, tally.met, tally.not_met, tally.n_missing, tally.n_excluded, tally.running
    )


def safe(rows: Mapping[K, Tally], *, entitled: bool = False, twin: bool = False) -> Safe[K]:
    """Rows that are parts of one total: each referral is in exactly one of them."""
    total = sum(rows.values(), Tally())
    if entitled:
        return Safe({key: _all(row) for key, row in rows.items()}, _all(total))
    sums, split = _sums_and_split(rows)
    missing = left_out({key: (row.n_missing,) for key, row in rows.items()})
    excluded = left_out({key: (row.n_excluded,) for key, row in rows.items()})
    running = left_out({key: (row.running,) for key, row in rows.items()})
    if twin:
        sums = split = excluded = _of_twin(rows)
    kept = {
        key: Seen(
            of=None if key in sums else row.of,
            met=None if key in split else row.met,
            not_met=None if key in split else row.not_met,
            missing=None if key in missing else row.n_missing,
            excluded=None if key in excluded else row.n_excluded,
            running=None if key in running else row.running,
        )
        for key, row in rows.items()
    }
    rest = [rows[key] for key in split]
    together = seen(sum(rest, Tally()), twin=twin) if 0 < len(rest) < len(rows) else None
    return Safe(kept, seen(total, twin=twin), together)


def _sums_and_split(rows: Mapping[K, Tally]) -> tuple[frozenset[K], frozenset[K]]:
    """The rows whose number of people is left out, and those whose met and not met are."""
    sums = left_out({key: (row.of,) for key, row in rows.items()})
    split = left_out({key: (row.met, row.not_met) for key, row in rows.items()}, sums)
    return (sums if _sums_are_safe(rows, sums, split) else split), split


def _of_twin(rows: Mapping[K, Tally]) -> frozenset[K]:
    """The rows of which a twin shows nothing: also those the other measure holds back, in which
    whoever is left out here was not met."""
    other = {key: Tally(row.met, row.not_met + row.n_excluded) for key, row in rows.items()}
    columns = {key: (row.met, row.not_met, row.n_excluded) for key, row in rows.items()}
    return left_out(columns, _sums_and_split(other)[1])


def nested(
    groups: Mapping[P, Mapping[K, Tally]], *, twin: bool = False
) -> tuple[Safe[P], dict[K, Seen]]:
    """Two levels below one total, e.g. trusts and their hospitals: the upper rows, and the lower.

    What is left out of an upper row is left out of all its parts: each level is then held back
    under a sum that is shown.
    """
    upper = safe({key: sum(rows.values(), Tally()) for key, rows in groups.items()}, twin=twin)
    lower: dict[K, Seen] = {}
    for key, rows in groups.items():
        above = upper.rows[key]
        for part, row in safe(rows, twin=twin).rows.items():
            lower[part] = above if len(rows) == 1 else _under(above, row)
    return upper, lower


def _under(above: Seen, row: Seen) -> Seen:
    """A row without what its sum does not show."""
    return Seen(
        of=None if above.of is None else row.of,
        met=None if above.met is None else row.met,
        not_met=None if above.met is None else row.not_met,
        missing=None if above.missing is None else row.missing,
        excluded=None if above.excluded is None else row.excluded,
        running=None if above.running is None else row.running,
    )


def _sums_are_safe(rows: Mapping[K, Tally], sums: frozenset[K], split: frozenset[K]) -> bool:
    """Whether the number of people of a row may stand where its split is left out: only if a small
    count is not known more closely by it. The others left out must have room for all of its column.
    """
    pool = sum((rows[key] for key in split), Tally())
    return all(
        pooled <= pool.of - rows[key].of
        for key in split
        for count, pooled in ((rows[key].met, pool.met), (rows[key].not_met, pool.not_met))
        if small(count)
    )
