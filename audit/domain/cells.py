"""Counts that are kept: a hospital's month by every measure, an alliance's month also by cuts.

Whoever writes a journey marks its cells as stale in the same transaction; whoever reads a stale
cell counts it again first, and a round does so before anybody asks. An alliance's month is the sum
of its hospitals'. Its cuts are of the measures that are shown so; everything else is counted from
the journeys when it is asked for.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from psycopg.errors import LockNotAvailable

from audit.domain import adding
from audit.domain.counting import SPLITS, Count, Where, count, merged, of_no_measure
from audit.measures import groups, registry
from audit.measures.measure import Shape
from audit.measures.period import Period
from audit.models import Cell
from mscc.people.models import Organisation

# One at a time writes journeys or counts cells: of two that read the same, the later must win.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('audit.journeys'))"
_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtext('audit.journeys'))"
_MONTHS = 3  # of a place that are counted together: others wait for their turn meanwhile
_ALL = tuple(each.number for each in registry.ALL)
_SIZE = max(_ALL) + 1
_DISTRIBUTED = ("suspicion", "deficit")  # cuts in which every timed measure is shown

_MARK = """
INSERT INTO audit_cell AS c (place_id, cut, month, imported, counts, stale)
SELECT DISTINCT place, cut, month, imported, '{}'::jsonb, true
FROM (
    SELECT hospital AS place, '' AS cut, month, imported
    FROM unnest(%(hospitals)s::bigint[], %(months)s::date[], %(imported)s::bool[])
        AS h (hospital, month, imported)
    UNION ALL
    SELECT alliance, cut, month, imported
    FROM unnest(%(alliances)s::bigint[], %(months)s::date[], %(imported)s::bool[])
        AS a (alliance, month, imported), unnest(%(cuts)s::text[]) AS cut
) AS touched
ORDER BY place, cut, month, imported
ON CONFLICT (place_id, cut, month, imported) DO UPDATE SET stale = true WHERE NOT c.stale
"""
_TOUCHED_BY_ALL = "SELECT DISTINCT hospital_id, alliance_id, month, imported FROM audit_journey"
_STATUSES = """(SELECT coalesce(jsonb_object_agg(number, jsonb_build_object(
        '', jsonb_build_object('s', coalesce(by_class->''->'s', '{}')))), '{}')
    FROM jsonb_each(one.counts) AS n (number, by_class))"""
_THESE = (
    "j.hospital_id = ANY(%(hospitals)s) AND j.month = ANY(%(months)s) AND j.imported = %(imported)s"
)
_KEEP = """
INSERT INTO audit_cell AS c (place_id, cut, month, imported, counts, stale)
SELECT place, cut, month, %(imported)s, counts::jsonb, false
FROM unnest(%(places)s::bigint[], %(cuts)s::text[], %(months)s::date[], %(counts)s::text[])
    AS n (place, cut, month, counts)
ON CONFLICT (place_id, cut, month, imported)
DO UPDATE SET counts = excluded.counts, stale = false
"""


class NotMyTurn(Exception):
    """Somebody else has been writing journeys or cells for two seconds, and still is."""


class Touched(NamedTuple):
    """Where a journey is counted."""

    hospital: int
    alliance: int
    month: date
    imported: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept count of one measure in one class of a cut."""

    place: int
    month: date
    number: int
    value: str
    count: Count


@cache
def cuts() -> tuple[str, ...]:
    """What an alliance's journeys are kept by: the whole, and cuts. Hospitals have their own."""
    return ("", *SPLITS, *(cut for cut in groups.CUTS if cut != "hospital"))


@cache
def measures_of(cut: str) -> tuple[int, ...]:
    """The numbers of the measures that are kept in a cut; none of one that is not kept."""
    if cut not in cuts():
        return ()
    return tuple(
        each.number
        for each in registry.ALL
        if each.headline or (cut in _DISTRIBUTED and each.shape is Shape.TIMED)
    )


def my_turn(*, patient: bool = False, beside: bool = False) -> None:
    """Wait until nobody else writes journeys or cells, until the end of the transaction.

    NotMyTurn after two seconds, unless `patient`. With `beside` others may count other cells.
    """
    with connection.cursor() as cursor:
        if patient:
            cursor.execute(_SHARED if beside else _LOCK)
            return
        try:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(_LOCK)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise NotMyTurn from error
            raise


def mark(touched: Iterable[Touched]) -> None:
    """Say that these cells are to be counted again; in the transaction that wrote the journeys."""
    rows = sorted(set(touched))
    if not rows:
        return
    hospitals, alliances, months, imported = (list(column) for column in zip(*rows, strict=True))
    given = {
        "hospitals": hospitals,
        "alliances": alliances,
        "months": months,
        "imported": imported,
        "cuts": list(cuts()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, given)


def mark_all() -> None:
    """The same of every journey there is: after many were written by other means, or when what is
    kept is doubted."""
    with transaction.atomic():
        my_turn(patient=True)
        Cell.objects.update(stale=True)
        with connection.cursor() as cursor:
            cursor.execute(_TOUCHED_BY_ALL)
            mark(Touched(*row) for row in cursor.fetchall())


def read(
    places: Sequence[int],
    period: Period,
    numbers: Sequence[int],
    *,
    cut: str = "",
    include_imported: bool = False,
    statuses: bool = False,
) -> list[Kept]:
    """What is kept of these measures, counted again where it is stale; with `statuses` only how
    many are of each status, which is a small part of it."""
    rows = _rows(places, period, numbers, cut, include_imported, statuses)
    stale = sorted({place for _, place, _, is_stale, _ in rows if is_stale})
    if stale:
        # Also a cut that was counted when a measure was not yet shown so.
        Cell.objects.filter(pk__in=[row[0] for row in rows if row[3]]).update(stale=True)
        freshen(stale, cut, period)
        rows = _rows(places, period, numbers, cut, include_imported, statuses)
    wanted = {str(number) for number in numbers}
    return [
        Kept(place, month, int(number), value, count)
        for _, place, month, _, counts in rows
        for number, by_class in json.loads(counts).items()
        if number in wanted
        for value, count in (by_class or {}).items()
    ]


def freshen(places: Sequence[int], cut: str | None = None, period: Period | None = None) -> int:
    """Count what is stale of these places (of a cut and a period, or all); how many cells."""
    stale = Cell.objects.filter(stale=True, place__in=places)
    if cut is not None:
        stale = stale.filter(cut=cut)
    if period is not None:
        stale = stale.filter(month__gte=period.first, month__lte=period.last)
    return sum(_count_again(each, months) for each, months in _work(stale))


def freshen_all(limit: int | None = None) -> int:
    """Count every stale cell; at most about `limit` cells. How many."""
    of_alliances = Q(place__kind="alliance")
    done = 0
    # With the cuts of an alliance the months of its hospitals are counted, which it then adds up.
    for kind in (of_alliances & ~Q(cut=""), ~of_alliances, of_alliances):
        for each, months in _work(Cell.objects.filter(kind, stale=True)):
            if limit is not None and done >= limit:
                return done
            done += _count_again(each, months)
    return done


def stale_cuts() -> list[tuple["_Same", list[date]]]:
    """The months of alliances whose cuts are stale, each for one call of `count_beside`."""
    return list(_work(Cell.objects.filter(~Q(cut=""), stale=True)))


def count_beside(work: tuple["_Same", list[date]]) -> int:
    """Count some months while others count other ones; how many cells."""
    return _count_again(*work, beside=True)


def differences() -> list[str]:
    """How kept cells differ from counting again; stale ones say so themselves."""
    found = []
    for each, months in _by_months(_each(Cell.objects.filter(stale=False))):
        rows = Cell.objects.filter(
            place_id=each.place, cut=each.cut, imported=each.imported, month__in=months
        )
        kept = dict(rows.values_list("month", "counts"))
        wanted = _counted_again(each, months)
        found += [
            f"{each.place} {month:%Y-%m} {each.cut}".strip() + " was counted otherwise"
            for month in months
            if _full(kept[month]) != wanted.get(month, {})
        ]
    return found


def _counted_again(each: "_Same", months: list[date]) -> dict[date, dict[str, Any]]:
    found: dict[date, dict[str, Any]] = {}
    numbers = measures_of(each.cut) if each.cut else None
    given = {"months": months, "imported": each.imported, "hospitals": _hospitals(each)}
    if not each.cut:
        for month, besides in of_no_measure(Where(_THESE, given)).items():
            found[month] = {"0": {"": besides}}
    for one in count(Where(_THESE, given), numbers, by_month=True, cut=each.cut):
        assert one.month is not None
        found.setdefault(one.month, {}).setdefault(str(one.number), {})[one.value] = one.count
    return found


def _full(counts: dict[str, Any]) -> dict[str, Any]:
    return {number: by_class for number, by_class in counts.items() if by_class}


_CUTS = "*"  # all cuts of an alliance's month, which are counted in one go


class _Same(NamedTuple):
    place: int
    kind: str
    cut: str
    imported: bool


def _work(stale: QuerySet[Cell]) -> Iterator[tuple[_Same, list[date]]]:
    """What is counted together: all cuts of some months, as they are of the same journeys."""
    return _by_months({(key._replace(cut=key.cut and _CUTS), at) for key, at in _each(stale)})


def _by_months(
    cells: Iterable[tuple[_Same, date]],
) -> Iterator[tuple[_Same, list[date]]]:
    for key, same in groupby(sorted(cells), key=lambda each: each[0]):
        months = [month for _, month in same]
        for first in range(0, len(months), _MONTHS):
            yield key, months[first : first + _MONTHS]


def _each(rows: QuerySet[Cell]) -> Iterator[tuple[_Same, date]]:
    for *key, month in rows.values_list("place_id", "place__kind", "cut", "imported", "month"):
        yield _Same(*key), month


def _count_again(each: _Same, months: list[date], *, beside: bool = False) -> int:
    hospitals = _hospitals(each)
    if each.kind != "alliance" or each.cut:
        with transaction.atomic():
            my_turn(patient=True, beside=beside)
            return _count(each, months, hospitals)
    months_of_it = Period(months[0], months[-1])
    freshen(hospitals, "", months_of_it)  # in turns of their own, so that others get theirs
    with transaction.atomic():
        my_turn(patient=True)
        freshen(hospitals, "", months_of_it)  # what was written in between
        _add_up(each, months, hospitals)
    return len(months)


def _hospitals(each: _Same) -> list[int]:
    if each.kind != "alliance":
        return [each.place]
    inside = Organisation.objects.filter(kind="hospital", alliance_id=each.place)
    return list(inside.values_list("pk", flat=True))


def _count(each: _Same, months: list[date], hospitals: list[int]) -> int:
    """Count these cells, and whatever else is kept of the same journeys; how many cells."""
    cut_by = [cut for cut in cuts() if cut] if each.cut else [""]
    measures = {cut: frozenset(measures_of(cut) if cut else _ALL) for cut in cut_by}
    if each.cut:
        measures["hospital"] = frozenset(_ALL)
    given = {"hospitals": hospitals, "months": months, "imported": each.imported}
    found = adding.count_cuts(Where(_THESE, given), _SIZE, measures)
    rows = [
        (each.place, cut, month, _written(cut, found.get((cut, month), {})))
        for cut in cut_by
        for month in months
    ]
    if each.cut:
        rows += _of_hospitals(found, months, hospitals)
    places, kept_cuts, kept_months, counts = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "places": places,
                "imported": each.imported,
                "cuts": kept_cuts,
                "months": kept_months,
                "counts": counts,
            },
        )
    return len(rows)


def _of_hospitals(
    found: Mapping[tuple[str, date], adding.Counts], months: list[date], hospitals: list[int]
) -> Iterator[tuple[int, str, date, str]]:
    """The cells of each hospital, from the cut by hospital."""
    for month in months:
        by_number = found.get(("hospital", month), {})
        for hospital in hospitals:
            value = str(hospital)
            own = {n: {"": by[value]} for n, by in by_number.items() if value in by}
            if own:
                yield hospital, "", month, _written("", own)


def _written(cut: str, counts: adding.Counts) -> str:
    # A measure that is kept in a cut and has nobody is there; one that is not kept is not.
    nobody = {str(number): {} for number in measures_of(cut)} if cut else {}
    return json.dumps({**nobody, **counts})


def _add_up(each: _Same, months: list[date], hospitals: list[int]) -> None:
    rows = Cell.objects.filter(
        place__in=hospitals, cut="", imported=each.imported, month__in=months
    ).values_list("month", "counts")
    parts: dict[date, dict[str, list[Count]]] = {month: {} for month in months}
    for month, counts in rows:
        for number, by_class in counts.items():
            parts[month].setdefault(number, []).extend(by_class.values())
    for month, measured in parts.items():
        whole = {number: {"": merged(counts)} for number, counts in measured.items()}
        Cell.objects.filter(
            place_id=each.place, cut="", imported=each.imported, month=month
        ).update(counts=whole, stale=False)


def _rows(
    places: Sequence[int],
    period: Period,
    numbers: Sequence[int],
    cut: str,
    include_imported: bool,
    statuses: bool,
) -> list[tuple[int, int, date, bool, str]]:
    some = ", ".join(f"'{int(number)}', one.counts->'{int(number)}'" for number in numbers)
    # Many are faster read whole than picked; what was not asked for is left out afterwards.
    picked = f"jsonb_build_object({some})" if len(numbers) <= 40 else "one.counts"
    picked = _STATUSES if statuses else picked
    unknown = f" OR NOT one.counts ? '{int(numbers[0])}'" if cut and numbers else ""
    # Each look into a large value unpacks all of it, unless it lies unpacked.
    asked = f"""SELECT id, place_id, month, stale{unknown}, {picked}
        FROM audit_cell, LATERAL (SELECT counts || '{{}}' AS counts OFFSET 0) AS one
        WHERE place_id = ANY(%(places)s) AND cut = %(cut)s
          AND month BETWEEN %(first)s AND %(last)s AND imported = ANY(%(imported)s)"""
    given: Mapping[str, Any] = {
        "places": list(places),
        "cut": cut,
        "first": period.first,
        "last": period.last,
        "imported": [False, True] if include_imported else [False],
    }
    with connection.cursor() as cursor:
        cursor.execute(asked, given)
        return list(cursor.fetchall())
