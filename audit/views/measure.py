"""One measure: what it counts, whether it changed, where it differs, for whom, and why not."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.charts import control
from audit.domain import figures
from audit.domain.report_words import percent
from audit.measures import registry
from audit.measures.measure import Measure, Shape
from audit.measures.period import Period, shifted
from audit.measures.suppression import Seen
from audit.views import held, said, tables
from audit.views.asked import Asked, asked_of
from audit.views.between import between
from audit.views.figures import Line, picker
from audit.views.series import MONTHS, Series, over_time, with_twins


@require_GET
def measure(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a measure; 404 for a key that is none's."""
    about = measure_of(key)
    asked = asked_of(request)
    context = {**picker(asked), "asked": asked, "measure": about, "path": request.path}
    if not asked.problem:
        context |= _page(about, asked)
    return render(
        request, "audit/figures/measure.html", context, status=400 if asked.problem else 200
    )


def measure_of(key: str) -> Measure:
    """The measure of an address; Http404 when there is none."""
    try:
        return registry.by_key(key)
    except KeyError:
        raise Http404 from None


def _page(about: Measure, asked: Asked) -> dict[str, Any]:
    counts, now = held.totals([about], asked, asked.place, asked.period)
    tally, seen = counts[about.number], now[about.number]
    beside = None
    if asked.beside is not None:
        _, then = held.totals([about], asked, asked.beside.place, asked.beside.period)
        beside = then[about.number]
    found = None if asked.below or not said.is_share(about) else _series(about, asked)
    entitled = asked.entitled
    return {
        "line": Line(about, seen, beside, found),
        "summary": _summary(seen),
        "over_time": found,
        "control": _control(about, found),
        "between": between(about, asked, _span(asked), found) if found else None,
        # Of a part of what is seen as a whole, no parts: the whole and the other parts tell them.
        "classes": tables.classes(tally, seen, entitled=entitled) if not asked.below else [],
        "reasons": tables.reasons(tally, seen, entitled=entitled) if not asked.below else [],
        **(_parts(about, asked) if not asked.below and seen.of != 0 else {}),
    }


def _summary(seen: Seen) -> list[tuple[str, str]]:
    """What stands beside the figure, always: what is missing, left out, and not over."""
    return [
        ("With data, of those eligible", said.complete(seen)),
        ("At worst, if whatever is missing was not met", percent(seen.worst)),
        ("Data missing", said.number(seen.missing)),
        ("Left out, for a reason", said.number(seen.excluded)),
        ("Time not over yet", said.number(seen.running)),
    ]


def _parts(about: Measure, asked: Asked) -> dict[str, Any]:
    complete = {"completeness": tables.completeness(about, asked)}
    if not said.is_share(about):
        return complete
    timed = about.shape is Shape.TIMED
    return complete | {
        "hospitals": tables.hospitals(about, asked),
        "times": tables.times(about, asked) if timed else [],
        "groups": tables.groups(about, asked) if about.headline else [],
        "moments": tables.moments(about, asked) if about.headline else [],
    }


def _span(asked: Asked) -> Period:
    return Period(shifted(asked.period.last, 1 - MONTHS), asked.period.last)


def _series(about: Measure, asked: Asked) -> Series:
    months = figures.shares(
        with_twins(about), asked.place, _span(asked), include_imported=asked.imported
    )
    found = over_time([about], months, asked.period.last, entitled=asked.entitled)
    return found[about.number]


def _control(about: Measure, found: Series | None) -> control.Control | None:
    if found is None or found.chart is None or found.chart.n < 2:
        return None
    labels = [stretch.words for stretch in found.stretches]
    return control.control(found.chart, labels, found.at, about.better)
