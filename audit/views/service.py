"""The service as a whole: cover by day and night, new cases, survival, and targets missed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.charts import alive
from audit.domain import figures
from audit.domain.queries import service as query
from audit.domain.report_words import percent
from audit.measures.structure import incidence
from audit.measures.suppression import LEAST, parts, shown, small
from audit.measures.survival import Curve, Step, curve
from audit.views import said
from audit.views.asked import Asked, asked_of
from audit.views.figures import picker
from audit.views.tables import reason_words
from mscc import clock
from mscc.web.filters import duration
from referrals.clinical.library import targets

_GAPS = 20  # the longest are listed
_DAYS = (30, 90, 180, 365)
_MOST_PEOPLE = 100_000_000


@dataclass(frozen=True, slots=True)
class Missed:
    """A target with the reasons it was missed for, and how many became incidents."""

    name: str
    total: str
    incidents: str
    reasons: tuple[tuple[str, str], ...]


@require_GET
def service(request: HttpRequest) -> HttpResponse:
    """The page. A period that cannot be answered is a 400 with the reason."""
    asked = asked_of(request)
    context = {**picker(asked), "asked": asked, "path": request.path}
    if not asked.problem:
        context |= {"cover": _cover(asked)}
        if not asked.below:
            population = request.GET.get("population", "").strip()
            context |= {"missed": _missed(asked), "survival": _survival(asked)}
            context |= {"population": population, **_incidence(asked, population)}
    return render(
        request, "audit/figures/service.html", context, status=400 if asked.problem else 200
    )


def _cover(asked: Asked) -> dict[str, Any]:
    found = query.cover_of(asked.place, asked.period, clock.now())
    longest = sorted(found.gaps, key=lambda gap: gap[0] - gap[1])[:_GAPS]
    return {
        "share": percent(found.share),
        "any": found.covered_s > 0,
        "gaps": len(found.gaps),
        "longest": duration(found.longest_gap_s),
        "without": duration(found.total_s - found.covered_s),
        "listed": [(start, end, duration(end - start)) for start, end in longest],
    }


def _incidence(asked: Asked, population: str) -> dict[str, Any]:
    cases = query.new_cases(asked.place, asked.period, include_imported=asked.imported)
    seen = shown(cases, entitled=asked.entitled)
    told: dict[str, Any] = {"cases": said.number(seen), "rate": None, "population_problem": ""}
    if not population:
        return told
    people = int(population) if population.isdecimal() and len(population) < 10 else 0
    if not 0 < people <= _MOST_PEOPLE:
        return told | {"population_problem": "Give the number of people as digits, like 1500000."}
    if seen is not None:
        told["rate"] = incidence(seen, people, asked.period.months / 12)
    return told


def _survival(asked: Asked) -> dict[str, Any] | None:
    """None where nobody was followed, or too few to be shown."""
    found = curve(figures.survival(asked.place, asked.period, include_imported=asked.imported))
    if not found.n or found.followed_to is None or not (asked.entitled or _enough(found)):
        return {"too_few": bool(found.n)}
    steps = alive.shown(found, entitled=asked.entitled)
    return {
        "too_few": False,
        "n": found.n,
        "deaths": said.number(shown(found.deaths, entitled=asked.entitled)),
        "median": found.median_words,
        "drawing": alive.alive(steps, found.followed_to),
        "rows": [
            _alive_row(days, left, steps)
            for days, left in _followed(found, entitled=asked.entitled)
        ],
    }


def _enough(found: Curve) -> bool:
    alive_still = found.n - found.deaths
    return found.n >= 2 * LEAST and found.deaths >= LEAST and not small(alive_still)


def _followed(found: Curve, *, entitled: bool) -> list[tuple[int, int | None]]:
    """How many are still followed at each of _DAYS, while anybody is. None where it may not be
    shown: one number less the next says how many died or were lost to sight between them."""
    rows: list[tuple[int, int | None]] = []
    told = found.n
    for days in _DAYS:
        left = found.at_risk(days)
        if entitled or (left >= LEAST and not small(told - left)):
            told = left
            rows.append((days, left))
        elif left >= LEAST:
            rows.append((days, None))
    return [row for row in rows if row[1] != 0]


def _alive_row(days: int, left: int | None, steps: list[Step]) -> tuple[int, str, str, str]:
    at = next((step for step in reversed(steps) if step.days <= days), None)
    limits = "–"
    if at and at.low is not None:
        limits = f"{percent(at.low)} to {percent(at.high)}"
    return days, said.number(left), percent(at.alive) if at else "100%", limits


def _missed(asked: Asked) -> list[Missed]:
    names = {target.key: target.name for target in targets()}
    found = figures.breaches(asked.place, asked.period, include_imported=asked.imported)
    return [
        _of_target(names.get(kind, reason_words(kind)), reasons, asked)
        for kind, reasons in sorted(found.items(), key=lambda item: names.get(item[0], item[0]))
    ]


def _of_target(name: str, reasons: dict[str, figures.Breaches], asked: Asked) -> Missed:
    counts = {reason: each.n for reason, each in reasons.items()}
    total = shown(sum(counts.values()), entitled=asked.entitled)
    kept = parts(counts, total, entitled=asked.entitled)
    incidents = sum(each.incidents for each in reasons.values())
    # Beside a total that is shown, those that were none would tell how many were.
    told = parts(
        {"incident": incidents, "none": sum(counts.values()) - incidents},
        total,
        entitled=asked.entitled,
    )
    ordered = sorted(kept.items(), key=lambda item: (-(item[1] or 0), item[0]))
    return Missed(
        name,
        said.number(total),
        said.number(told["incident"]),
        tuple((reason_words(reason), said.number(count)) for reason, count in ordered),
    )
