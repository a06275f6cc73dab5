"""Drawing the figures of a report: plain JSON with nothing in it that a small number could betray.

The whole report is for people who may not see the rows, so it is held back for everybody alike.
A cell is a dict; None in it means "not shown".
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Q

from audit.domain import figures, journeys
from audit.domain.queries import service
from audit.measures import groups, registry, suppression
from audit.measures.change import Word, compared
from audit.measures.measure import Better, Measure, Shape
from audit.measures.period import Period
from audit.measures.suppression import LEAST, Seen, small
from audit.measures.survival import curve
from audit.measures.tally import Tally, Times
from audit.models import Journey, JourneyChanged
from mscc import clock
from mscc.people.models import Organisation
from referrals.clinical.library import targets
from scheduling.models import BreachRecord

SCHEMA = 2  # 1: a share of 1 of measures that count classes, and p90_s from 5 people on
Cell = dict[str, Any]
K = TypeVar("K", bound=Hashable)
_UNEXPLAINED = "Nobody has said why yet"


def waits(alliance: Organisation) -> bool:
    """Whether journeys of an alliance are not as of now, after reading as many as a page does:
    changed, overdue, or judged by other definitions. One that cannot be read counts too."""
    at = clock.now()
    journeys.refresh(at, journeys.ASKED, redefined=True)
    now = registry.definitions()
    # As ranges, which an index answers.
    old = Q(changes_at__lte=at) | Q(definitions__lt=now) | Q(definitions__gt=now)
    rows = Journey.objects.filter(old, referral__isnull=False, alliance=alliance)
    changed = JourneyChanged.objects.filter(referral__alliance=alliance)
    return rows.exists() or changed.exists()


def draw(alliance: Organisation, period: Period, at: datetime) -> dict[str, Any]:
    """Everything measured that a report says of an alliance in a period."""
    now = figures.totals(registry.ALL, alliance, period)
    before = figures.totals(registry.ALL, alliance, period.before)
    parts = _Parts.of(alliance, period)
    return {
        "schema": SCHEMA,
        "as_of": at.isoformat(),
        "definitions_hash": registry.definitions(),
        "referrals": _shown(_everybody(now)),
        "referrals_before": _shown(_everybody(before)),
        "measures": [
            _measure(each, parts, now[each.number], before[each.number]) for each in registry.ALL
        ],
        "breaches": _breaches(alliance, period),
        "service": _service(alliance, period, at),
    }


@dataclass(frozen=True, slots=True)
class _Parts:
    """An alliance's figures by hospital and by month, all measures asked for at once."""

    alliance: Organisation
    period: Period
    hospitals: dict[int, str]  # names by number
    by_hospital: dict[int, dict[date | int, Tally]]
    by_month: dict[int, dict[date | int, Tally]]

    @classmethod
    def of(cls, alliance: Organisation, period: Period) -> "_Parts":
        hospitals = Organisation.objects.within(alliance.ref).filter(kind="hospital")
        return cls(
            alliance,
            period,
            dict(hospitals.order_by("name", "pk").values_list("pk", "name")),
            figures.every(registry.ALL, alliance, period, "hospital"),
            figures.every(registry.ALL, alliance, period, "month"),
        )


def cells(alliance: Organisation, period: Period) -> dict[str, Cell]:
    """Only the alliance's own figures of a period, by the key of the measure."""
    found = figures.totals(registry.ALL, alliance, period)
    return {each.key: cell(found[each.number], each) for each in registry.ALL}


def cell(tally: Tally, measure: Measure) -> Cell:
    """One figure that stands alone, as far as it may be shown."""
    seen = suppression.seen(tally, twin=suppression.is_twin(measure.key))
    drawn = _cell(seen, measure)
    if measure.shape is Shape.TIMED:
        drawn["median_s"], drawn["p90_s"] = _centile(tally.times, 0.5), _centile(tally.times, 0.9)
    if measure.shape is Shape.CLASSES:
        parts = suppression.parts(tally.labels, _shown(sum(tally.labels.values())))
        drawn["classes"] = [{"name": name, "n": n} for name, n in sorted(parts.items())]
    drawn["why_missing"] = _reasons(tally.missing, seen.missing)
    drawn["why_excluded"] = _reasons(tally.excluded, seen.excluded)
    return drawn


def _centile(times: Times, share: float) -> int | None:
    """Seconds; None with too few people on one side of it to show it to whoever may not see rows.

    So a median from 10 people on, nine of ten from 50 on.
    """
    # Rounded: 50 people less nine tenths of them are 5, not a little less.
    beside = round(times.n * min(share, 1 - share), 6)
    return times.centile(share) if beside >= LEAST else None


def _measure(measure: Measure, parts: _Parts, now: Tally, before: Tally) -> dict[str, Any]:
    hospitals = parts.by_hospital[measure.number]
    drawn: dict[str, Any] = {
        "key": measure.key,
        "number": measure.number,
        "version": measure.version,
        "section": measure.section,
        "name": measure.name,
        "headline": measure.headline,
        "shape": str(measure.shape),
        "better": str(measure.better),
        "clock": measure.clock,
        "numerator": measure.numerator,
        "denominator": measure.denominator,
        "source": measure.source,
        "note": measure.note,
        "target_s": measure.target_s,
        "now": cell(now, measure),
        "before": cell(before, measure),
        "hospitals": _rows(
            {pk: hospitals.get(pk, Tally()) for pk in parts.hospitals},
            parts.hospitals.__getitem__,
            measure,
        ),
        "groups": [],
        "months": [],
    }
    drawn["change"] = changed(drawn)
    if measure.headline:
        drawn["groups"] = [
            _grouped(cut, measure, parts.alliance, parts.period)
            for cut in groups.CUTS.values()
            if cut.classes
        ]
        found = parts.by_month[measure.number]
        monthly = {month: found.get(month, Tally()) for month in parts.period}
        drawn["months"] = _rows(monthly, lambda month: f"{month:%B %Y}", measure)
    return drawn


def _grouped(
    cut: groups.Cut, measure: Measure, alliance: Organisation, period: Period
) -> dict[str, Any]:
    found = figures.by_group(measure, alliance, period, cut.key)
    ordered = {key: found[key] for key in cut.classes if key in found}
    return {"cut": cut.label, "rows": _rows(ordered, lambda key: cut.classes[key], measure)}


def _rows(
    tallies: Mapping[K, Tally], name: Callable[[K], str], measure: Measure
) -> list[dict[str, Any]]:
    """Parts of one total; what one part holds back another does not give away."""
    safe = suppression.safe(tallies, twin=suppression.is_twin(measure.key))
    return [{"name": name(key), "cell": _cell(seen, measure)} for key, seen in safe.rows.items()]


def _cell(seen: Seen, measure: Measure) -> Cell:
    """Where people are counted by class, whoever has one is "met": a share of it says nothing."""
    is_share = measure.shape is not Shape.CLASSES
    return {
        "of": seen.of,
        "met": seen.met,
        "missing": seen.missing,
        "excluded": seen.excluded,
        "running": seen.running,
        "share": seen.share if is_share else None,
        "worst": seen.worst if is_share else None,
        "completeness": seen.completeness,
    }


def changed(drawn: dict[str, Any]) -> str:
    """The word for a drawn measure beside the period before, as a `Word`. A number that is not
    shown is not hinted at by a word either."""
    now, before = drawn["now"], drawn["before"]
    if now["met"] is None or before["met"] is None:
        return str(Word.FEW)
    better = Better(drawn["better"])
    return str(compared((now["met"], now["of"]), (before["met"], before["of"]), better))


def _everybody(tallies: Mapping[int, Tally]) -> int:
    """How many referrals there are: every measure has a verdict on each of them."""
    one = next(iter(tallies.values()))
    return one.eligible + one.n_excluded + one.not_applicable + one.running


def _shown(count: int) -> int | None:
    return None if small(count) else count


def _reasons(counts: Mapping[str, int], whole: int | None) -> list[dict[str, Any]]:
    parts = suppression.parts({why or "not said": n for why, n in counts.items() if n}, whole)
    return [{"why": why, "n": n} for why, n in sorted(parts.items())]


def _service(alliance: Organisation, period: Period, at: datetime) -> dict[str, Any]:
    """Of the service as a whole: cover by turns on duty, new cases, survival."""
    covered = service.cover_of(alliance.ref, period, at)
    followed = curve(figures.survival(alliance, period))
    few = any(map(small, (followed.n, followed.deaths, followed.n - followed.deaths)))
    return {
        "cover": covered.share,
        "gaps": len(covered.gaps),
        "longest_gap_s": covered.longest_gap_s,
        "new_cases": _shown(service.new_cases(alliance.ref, period)),
        "followed": None if few else followed.n,
        "median_days": None if few else followed.median,
    }


def _breaches(alliance: Organisation, period: Period) -> list[dict[str, Any]]:
    """Missed targets with what was said of them, the most missed first."""
    names = {each.key: each.name for each in targets()}
    why = dict(BreachRecord.Reason.choices)
    drawn = []
    found = figures.breaches(alliance, period)
    for kind, reasons in sorted(found.items(), key=lambda one: -sum(r.n for r in one[1].values())):
        missed = sum(each.n for each in reasons.values())
        whole = _shown(missed)
        shown = suppression.parts({reason: each.n for reason, each in reasons.items()}, whole)
        incidents = sum(each.incidents for each in reasons.values())
        # Beside all that were missed, those that were no incident would tell how many were.
        told = suppression.parts({"incident": incidents, "none": missed - incidents}, whole)
        drawn.append(
            {
                "name": names.get(kind, kind),
                "n": whole,
                "incidents": told["incident"],
                "reasons": [
                    {"why": why.get(reason, reason) or _UNEXPLAINED, "n": n}
                    for reason, n in sorted(shown.items(), key=lambda one: -reasons[one[0]].n)
                ],
            }
        )
    return drawn
