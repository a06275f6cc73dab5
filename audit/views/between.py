"""What lies between one miss and the next, where a share a month says little: cases where cases
are few (a G chart), days where misses are (a T chart). Only for whoever may see rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from audit.charts import control
from audit.domain import figures
from audit.measures.measure import Better, Measure
from audit.measures.period import Period
from audit.measures.spc import Xmr, cases_between, days_between
from audit.measures.verdict import Status
from audit.views.asked import Asked
from audit.views.series import MONTHS, Series
from mscc import clock
from mscc.web.filters import plural

_FEW_CASES = 10 * MONTHS  # with as many, a share a month says enough
_FEW_MISSES = 2 * MONTHS  # with as many, a month has misses enough to compare
_LEAST = 5  # what lies between fewer misses than these is not drawn


@dataclass(frozen=True, slots=True)
class Between:
    """A chart and what is said around it. `rows`: when the later miss was received, and what lies
    between it and the one before; `head` names that."""

    heading: str
    lead: str
    head: str
    drawing: control.Control
    said: str
    rows: tuple[tuple[str, str], ...]


def between(about: Measure, asked: Asked, span: Period, found: Series) -> Between | None:
    """The chart that fits; None where months say enough, or too little was missed to draw."""
    people = sum(each.seen.of or 0 for each in found.stretches)
    misses = sum(each.seen.not_met or 0 for each in found.stretches)
    if not asked.entitled or about.better is not Better.MORE or misses < _LEAST:
        return None
    if people < _FEW_CASES:
        rows = figures.behind(about, asked.place, span, include_imported=asked.imported)
        return _cases(rows.values_list(f"verdicts__{about.number}", "received_at"), people)
    if misses < _FEW_MISSES:
        missed = figures.behind(
            about, asked.place, span, Status.NOT_MET, include_imported=asked.imported
        )
        return _days(list(missed.values_list("received_at", flat=True)), people)
    return None


def _cases(verdicts: Iterable[tuple[int, datetime]], people: int) -> Between | None:
    gaps, ended = _gaps(verdicts)
    if len(gaps) < _LEAST - 1:
        return None  # a row that changed since it was counted
    chart = cases_between(gaps)
    return Between(
        "How many were met between one miss and the next",
        f"With {plural(people, 'person', 'people')} in {MONTHS} months a share a month says "
        f"little. Each point is a miss: how many were met since the miss before ({len(gaps)} of "
        "them). Higher is better.",
        "Met since the miss before",
        _drawn(chart, ended),
        f"{plural(len(gaps), 'point')}; the median is {chart.mean:.0f}, and more than "
        f"{chart.upper:.0f} would be no chance.",
        tuple(zip(_months(ended), map(str, gaps), strict=True)),
    )


def _days(missed: Sequence[datetime], people: int) -> Between | None:
    if len(missed) < _LEAST:
        return None
    gaps = [(after - before) / timedelta(days=1) for before, after in pairwise(missed)]
    chart = days_between(gaps)
    return Between(
        "How many days there were between one miss and the next",
        f"Of {people} people in {MONTHS} months only {len(missed)} were missed: a share a month "
        "says little of it. Each point is a miss: how many days after the miss before it was "
        f"received ({len(gaps)} of them). Higher is better.",
        "Days since the miss before",
        _drawn(chart, missed[1:]),
        f"{plural(len(gaps), 'point')}; the mean is {chart.mean:.0f} days, and fewer than "
        f"{chart.lower:.0f} or more than {chart.upper:.0f} would be no chance.",
        tuple(zip(_months(missed[1:]), [f"{gap:.1f}" for gap in gaps], strict=True)),
    )


def _drawn(chart: Xmr, ended: Sequence[datetime]) -> control.Control:
    places = range(len(chart.values))
    return control.control(chart, _months(ended), places, Better.MORE, percent=False)


def _months(moments: Iterable[datetime]) -> list[str]:
    return [f"{clock.local(at):%b %Y}" for at in moments]


def _gaps(verdicts: Iterable[tuple[int, datetime]]) -> tuple[list[int], list[datetime]]:
    """How many were met between each miss and the next, and when the next was received."""
    gaps: list[int] = []
    ended: list[datetime] = []
    since: int | None = None
    for status, at in verdicts:
        if status == Status.MET and since is not None:
            since += 1
        elif status == Status.NOT_MET:
            if since is not None:
                gaps.append(since)
                ended.append(at)
            since = 0
    return gaps, ended
