"""Figures as pages, reports and exports ask for them: many journeys added up, by measure, month,
place and group. Whatever waits to be read again is read first, so that a figure is of now.

Imported journeys are left out unless they are asked for. A referral counts in the month in which
it was received (`measures.period`), whatever happened to it later.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from audit.domain import cells, counting, journeys
from audit.domain.counting import SPLITS, Count, Where, merged, tally_of
from audit.measures.measure import Measure
from audit.measures.period import Period, shifted
from audit.measures.tally import Tally
from audit.measures.verdict import Status
from audit.models import Journey
from mscc import clock
from mscc.people.models import Organisation
from mscc.people.places import Located, OrganisationRef

Place = Located


@dataclass(frozen=True, slots=True)
class Breaches:
    """Missed targets of one kind for one reason (empty: nobody said why), and how many of them
    were reported as an incident."""

    n: int = 0
    incidents: int = 0


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of those eligible have data."""

    with_data: int
    eligible: int


def totals(
    measures: Iterable[Measure], place: Place, period: Period, *, include_imported: bool = False
) -> dict[int, Tally]:
    """The tally of each of these measures, by its number; an empty tally when there is nothing."""
    numbers = [each.number for each in measures]
    kept = _kept(place, period, numbers, include_imported)
    found = _summed(kept, lambda each: each.number)
    return {number: found.get(number, Tally()) for number in numbers}


def monthly(
    measure: Measure, place: Place, period: Period, *, include_imported: bool = False
) -> dict[date, Tally]:
    """One measure by month; every month of the period is there, in order, also an empty one."""
    kept = _kept(place, period, [measure.number], include_imported)
    found = _summed(kept, lambda each: each.month)
    return {month: found.get(month, Tally()) for month in period}


def every(
    measures: Iterable[Measure],
    place: Place,
    period: Period,
    by: str,
    *,
    include_imported: bool = False,
) -> dict[int, dict[date | int, Tally]]:
    """Many measures by month (its first day), or by trust or hospital (its number), by measure
    number: in as many statements as one measure. Only what there is; ValueError for another `by`.
    """
    if by not in ("month", "trust", "hospital"):
        raise ValueError("Many measures are counted by month, trust or hospital.")
    numbers = [each.number for each in measures]
    kept = _kept(place, period, numbers, include_imported, level="" if by == "month" else by)
    key = {"month": lambda each: each.month, "hospital": lambda each: each.place}.get(by)
    if key is None:
        trusts = _trusts(place)
        key = lambda each: trusts[each.place]  # noqa: E731
    summed = _summed(kept, lambda each: (each.number, key(each)))
    found: dict[int, dict[date | int, Tally]] = {number: {} for number in numbers}
    for (number, each), tally in sorted(summed.items()):
        found[number][each] = tally
    return found


def shares(
    measures: Iterable[Measure], place: Place, period: Period, *, include_imported: bool = False
) -> dict[int, dict[date, tuple[int, int]]]:
    """How many were met and not met, by measure number and month: all that a line over time needs,
    and much less to add up than tallies. Only the months there are."""
    numbers = [each.number for each in measures]
    found: dict[int, dict[date, tuple[int, int]]] = {number: {} for number in numbers}
    met, not_met = str(Status.MET.value), str(Status.NOT_MET.value)
    for each in _kept(place, period, numbers, include_imported, statuses=True):
        status = each.count.get("s", {})
        months = found[each.number]
        before = months.get(each.month, (0, 0))
        months[each.month] = (
            before[0] + status.get(met, 0),
            before[1] + status.get(not_met, 0),
        )
    return found


def by_place(
    measure: Measure, place: Place, period: Period, level: str, *, include_imported: bool = False
) -> dict[Organisation, Tally]:
    """One measure by trust or hospital (`level`) within a place, by name; all that there are."""
    if level not in ("trust", "hospital"):
        raise ValueError("Figures are compared by trust or by hospital.")
    found = every([measure], place, period, level, include_imported=include_imported)
    return {each: found[measure.number].get(each.pk, Tally()) for each in _places(place, level)}


def by_group(
    measure: Measure, place: Place, period: Period, cut: str, *, include_imported: bool = False
) -> dict[str, Tally]:
    """One measure by the classes of a cut of `measures.groups`, as far as anybody is in them."""
    return _by(cut, measure, place, period, include_imported)


def split(
    measure: Measure, place: Place, period: Period, by: str, *, include_imported: bool = False
) -> dict[str, Tally]:
    """One measure by suspicion, deficit, hour (of the local day, "0" to "23") or weekday ("1" is
    Monday); only the values there are."""
    if by not in SPLITS:
        raise ValueError(f"Figures are split by {', '.join(SPLITS)}.")
    return _by(by, measure, place, period, include_imported)


def behind(
    measure: Measure,
    place: Place,
    period: Period,
    status: Status | None = None,
    *,
    include_imported: bool = False,
) -> QuerySet[Journey]:
    """The journeys behind a figure, oldest first: those the measure is about, or of one status.

    Who may see rows is for the caller to say: a row may tell who somebody is.
    """
    rows = journeys_of(place, period, include_imported=include_imported)
    of = f"verdicts__{measure.number}"  # Django counts places of an array from nought
    if status is not None:
        return rows.filter(**{of: status.value}).order_by("received_at", "pk")
    about = [each.value for each in Status if each is not Status.NOT_APPLICABLE]
    return rows.filter(**{f"{of}__in": about}).order_by("received_at", "pk")


def journeys_of(
    place: Place, period: Period, *, include_imported: bool = False
) -> QuerySet[Journey]:
    """Every journey of a place that was received in these months."""
    journeys.up_to_date(clock.now())
    # By moments as well as by months: an index gives the first of a long list in order.
    rows = Journey.objects.filter(
        month__gte=period.first,
        month__lte=period.last,
        received_at__gte=_midnight(period.first),
        received_at__lt=_midnight(shifted(period.last, 1)),
        hospital__in=_hospitals(place),
    )
    return rows if include_imported else rows.filter(imported=False)


def survival(
    place: Place, period: Period, *, include_imported: bool = False
) -> list[tuple[int, bool, int]]:
    """(days from referral, whether they died then, how many), in order: for a Kaplan-Meier curve.

    Of people with MSCC confirmed by imaging. Who was not followed up counts as alive until they
    left hospital, and leaves then; who is still in hospital is not in it.
    """
    kept = merged(each.count for each in _kept(place, period, [0], include_imported))
    followed = [(*map(int, key.split("|")), n) for key, n in kept.get("d", {}).items()]
    return sorted((days, bool(died), n) for days, died, n in followed)


def completeness(
    measures: Iterable[Measure], place: Place, period: Period, *, include_imported: bool = False
) -> dict[int, dict[Organisation, dict[date, Completeness]]]:
    """By measure number, hospital and month, where anybody is eligible."""
    numbers = [each.number for each in measures]
    hospitals = {each.pk: each for each in _places(place, "hospital")}
    kept = _kept(place, period, numbers, include_imported, level="hospital")
    summed = _summed(kept, lambda each: (each.number, each.place, each.month))
    found: dict[int, dict[Organisation, dict[date, Completeness]]] = {n: {} for n in numbers}
    for (number, hospital, month), tally in sorted(summed.items()):
        if tally.eligible:
            months = found[number].setdefault(hospitals[hospital], {})
            months[month] = Completeness(tally.of, tally.eligible)
    return found


def breaches(
    place: Place, period: Period, *, include_imported: bool = False
) -> dict[str, dict[str, Breaches]]:
    """Missed targets by their kind and the reason that was given, of the journeys of a period."""
    kept = merged(each.count for each in _kept(place, period, [0], include_imported))
    found: dict[str, dict[str, Breaches]] = {}
    for key, n in sorted(kept.get("b", {}).items()):
        kind, reason, incident = key.split("|")
        reasons = found.setdefault(kind, {})
        before = reasons.get(reason, Breaches())
        incidents = n if incident == "1" else 0
        reasons[reason] = Breaches(before.n + n, before.incidents + incidents)
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.LONDON)


def _by(
    cut: str, measure: Measure, place: Place, period: Period, include_imported: bool
) -> dict[str, Tally]:
    journeys.up_to_date(clock.now())
    found: dict[str, list[Count]] = {}
    if place.kind == "alliance" and measure.number in cells.measures_of(cut):
        kept = cells.read(
            [place.id], period, [measure.number], cut=cut, include_imported=include_imported
        )
        for each in kept:
            found.setdefault(each.value, []).append(each.count)
    else:
        where = _where(place, period, include_imported)
        for counted in counting.count(where, [measure.number], cut=cut):
            found.setdefault(counted.value, []).append(counted.count)
    return {value: tally_of(counts) for value, counts in sorted(found.items())}


def _kept(
    place: Place,
    period: Period,
    numbers: list[int],
    include_imported: bool,
    level: str = "",
    *,
    statuses: bool = False,
) -> list[cells.Kept]:
    """Kept counts: of an alliance as one, unless its hospitals (or trusts) are to be told apart."""
    journeys.up_to_date(clock.now())
    whole = place.kind == "alliance" and not level
    places = [place.id] if whole else _hospitals(place)
    return cells.read(places, period, numbers, include_imported=include_imported, statuses=statuses)


def _summed(kept: Iterable[cells.Kept], key: Callable[[cells.Kept], Any]) -> dict[Any, Tally]:
    parts: dict[Any, list[Count]] = {}
    for each in kept:
        parts.setdefault(key(each), []).append(each.count)
    return {each: tally_of(counts) for each, counts in parts.items()}


def _hospitals(place: Place) -> list[int]:
    if place.kind == "ward":
        raise ValueError("Figures are of an alliance, a trust or a hospital.")
    if place.kind == "hospital":
        return [place.id]
    inside = Organisation.objects.filter(kind="hospital", **{f"{place.kind}_id": place.id})
    return list(inside.values_list("pk", flat=True))


def _where(place: Place, period: Period, include_imported: bool) -> Where:
    """By hospital and month, as the journeys are indexed."""
    sql = "j.hospital_id = ANY(%(hospitals)s) AND j.month BETWEEN %(first)s AND %(last)s"
    if not include_imported:
        sql += " AND NOT j.imported"
    hospitals = _hospitals(place)
    return Where(sql, {"hospitals": hospitals, "first": period.first, "last": period.last})


def _places(place: Place, level: str) -> list[Organisation]:
    within = Organisation.objects.within(OrganisationRef.of(place))
    return list(within.filter(kind=level).order_by("name", "pk"))


def _trusts(place: Place) -> dict[int, int]:
    """The trust of each hospital of a place."""
    inside = Organisation.objects.within(OrganisationRef.of(place)).filter(kind="hospital")
    return dict(inside.values_list("pk", "trust_id"))
