"""Every measure on a line, with the word for what became of it; the way in to all figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.charts import control
from audit.domain import figures as counted
from audit.measures import registry
from audit.measures.measure import Measure
from audit.measures.period import Period, shifted
from audit.measures.spc import Change
from audit.measures.suppression import Seen
from audit.views import held, said
from audit.views.asked import BEFORE, YEAR_BEFORE, Asked, asked_of
from audit.views.series import MONTHS, Series, over_time

_PRESETS = (3, 6, 12, 24)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure on the page."""

    measure: Measure
    seen: Seen
    beside: Seen | None
    series: Series | None

    @property
    def counted(self) -> str:
        if not said.is_share(self.measure):
            return said.number(self.seen.of)
        return said.counted(self.seen)

    @property
    def share(self) -> str:
        return said.share_of(self.seen) if said.is_share(self.measure) else ""

    @property
    def complete(self) -> str:
        return said.complete(self.seen)

    @property
    def compared(self) -> str:
        """What it is compared with, and by how much it differs."""
        if self.beside is None:
            return ""
        if not said.is_share(self.measure):
            return said.number(self.beside.of)
        words = said.share_of(self.beside)
        return f"{words}, {said.counted(self.beside)}" if self.beside.of else said.NOBODY

    @property
    def difference(self) -> str:
        return said.difference(self.seen, self.beside)

    @property
    def change(self) -> Change | None:
        """The word for its change; none where nobody was counted over time."""
        found = self.series
        return found.change if found is not None and found.anybody else None

    @property
    def drawing(self) -> control.Control | None:
        found = self.series
        if found is None or found.chart is None or found.chart.n < 2:
            return None
        return control.spark(found.chart, len(found.stretches), found.at, self.measure.better)


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """The page. A period that cannot be answered is a 400 with the reason."""
    asked = asked_of(request)
    context = {**picker(asked), "asked": asked, "path": request.path}
    if not asked.problem:
        context |= _page(asked)
    return render(
        request, "audit/figures/figures.html", context, status=400 if asked.problem else 200
    )


def _page(asked: Asked) -> dict[str, Any]:
    lines = _lines(asked)
    by_section = {
        key: (name, [line for line in lines if line.measure.section == key])
        for key, name in registry.SECTIONS.items()
    }
    return {
        "anybody": any(line.seen.of != 0 or line.seen.eligible != 0 for line in lines),
        "sections": {key: found for key, found in by_section.items() if found[1]},
        "headlines": [line for line in lines if line.measure.headline],
        "worse": [line for line in lines if line.change is Change.WORSE],
        "better": [line for line in lines if line.change is Change.BETTER],
        "other": [line for line in lines if line.change in (Change.HIGHER, Change.LOWER)],
        "told": any(line.change not in (None, Change.TOO_FEW) for line in lines),
        "few": sum(line.change is Change.TOO_FEW for line in lines),
    }


def _lines(asked: Asked) -> list[Line]:
    measures = registry.ALL
    _, now = held.totals(measures, asked, asked.place, asked.period)
    beside: dict[int, Seen] = {}
    if asked.beside is not None:
        _, beside = held.totals(measures, asked, asked.beside.place, asked.beside.period)
    series = _over_time(measures, asked)
    return [
        Line(each, now[each.number], beside.get(each.number), series.get(each.number))
        for each in measures
    ]


def _over_time(measures: Sequence[Measure], asked: Asked) -> dict[int, Series]:
    if asked.below:
        return {}
    upto = asked.period.last
    span = Period(shifted(upto, 1 - MONTHS), upto)
    months = counted.shares(measures, asked.place, span, include_imported=asked.imported)
    shares = [each for each in measures if said.is_share(each)]
    return over_time(shares, months, upto, entitled=asked.entitled)


def picker(asked: Asked) -> dict[str, Any]:
    """What the choice of place, months and comparison offers."""
    first = min(asked.first or asked.period.first, asked.period.first)
    months = [*Period(first, max(asked.newest, asked.period.last))][::-1]
    ready = shifted(asked.newest, -1)
    presets = [(n, Period.ending(ready, n)) for n in _PRESETS if _reaches(ready, n, asked.first)]
    return {
        "months": [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months],
        "presets": [
            {
                "words": f"Last {n} months",
                "query": asked.asking(**_ends(period)),
                "current": period == asked.period,
            }
            for n, period in presets
        ],
        "comparisons": [
            ("none", "Nothing"),
            (BEFORE, "As many months before"),
            (YEAR_BEFORE, "The same months a year before"),
            *[(str(each.id), each.name) for each in asked.places if each.id != asked.place.id],
        ],
    }


def _reaches(ready: date, months: int, first: date | None) -> bool:
    return first is not None and shifted(ready, 1 - months) >= first


def _ends(period: Period) -> dict[str, str]:
    return {"from": f"{period.first:%Y-%m}", "to": f"{period.last:%Y-%m}"}
