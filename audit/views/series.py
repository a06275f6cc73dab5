"""One measure over time: a point for each month, or for longer stretches where months are too
small to be shown to whoever may not see rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from audit.domain.report_words import percent
from audit.measures import registry
from audit.measures.measure import Measure
from audit.measures.period import Period, shifted
from audit.measures.spc import FEWEST, Change, Signal, Xmr, change, xmr
from audit.measures.suppression import TWINS, Seen, is_twin, safe, seen
from audit.measures.tally import Tally
from audit.views.said import counted, share_of
from mscc.web.filters import plural

MONTHS = 24  # that a chart goes back
# Met and not met by month; of a twin, how many it leaves out as well.
Monthly = Mapping[date, tuple[int, ...]]
_STEPS = (1, 3, 6)
_STEP_WORDS = {1: "month", 3: "quarter", 6: "half-year"}
_ENOUGH = 0.75  # of the points with anybody in them must be shown


@dataclass(frozen=True, slots=True)
class Stretch:
    """A point of the series."""

    first: date
    months: int
    seen: Seen

    @property
    def words(self) -> str:
        """ "Apr 2026", or "Apr to Jun 2026"."""
        if self.months == 1:
            return f"{self.first:%b %Y}"
        last = shifted(self.first, self.months - 1)
        year = f" {self.first:%Y}" if last.year != self.first.year else ""
        return f"{self.first:%b}{year} to {last:%b %Y}"


@dataclass(frozen=True, slots=True)
class Series:
    """From old to new. `chart` is of the points with a share, whose places are `at`."""

    stretches: tuple[Stretch, ...]
    chart: Xmr | None
    at: tuple[int, ...]
    change: Change
    step: int

    @property
    def anybody(self) -> bool:
        """Whether it was about anybody at all in this time."""
        return any(each.seen.of != 0 for each in self.stretches)

    @property
    def said(self) -> str:
        """What the chart shows, in a sentence."""
        if self.chart is None:
            return ""
        mean, (lower, upper) = self.chart.mean, (self.chart.lower, self.chart.upper)
        return (
            f"{plural(self.chart.n, 'point')}; the mean is {percent(mean)}, and by chance it would "
            f"lie between {percent(lower)} and {percent(upper)}. {self._newest}"
        )

    @property
    def _newest(self) -> str:
        signal = self.chart.signals[-1] if self.chart else None
        if self.change is Change.TOO_FEW and self.chart and self.chart.n >= FEWEST:
            return (
                f"The newest {self.step_words} is held back or had nobody: nothing is said of now."
            )
        if self.change is Change.TOO_FEW:
            return "That is too few to say whether it changed."
        if signal is None:
            return "The newest point is no more than chance: no change."
        return f"The newest point is {signal.rule.value}: {self.change.value}."

    @property
    def rows(self) -> list[dict[str, str]]:
        """For the table, the newest first."""
        shows = dict(zip(self.at, self.chart.signals if self.chart else (), strict=True))
        return [
            {
                "words": each.words,
                "counted": counted(each.seen),
                "share": share_of(each.seen),
                "shows": _shows(shows.get(index)),
            }
            for index, each in reversed(list(enumerate(self.stretches)))
        ]

    @property
    def step_words(self) -> str:
        """What a point stands for: month, quarter, half-year."""
        return _STEP_WORDS[self.step]


def _shows(signal: Signal | None) -> str:
    if signal is None:
        return "–"
    return f"{signal.rule.value}, {'high' if signal.up else 'low'}"


def over_time(
    measures: Sequence[Measure], months: Mapping[int, Monthly], upto: date, *, entitled: bool
) -> dict[int, Series]:
    """Each measure's line; `months`, by measure number, are of `with_twins` at least."""
    found = {}
    for each in measures:
        monthly = months[each.number]
        if not entitled and is_twin(each.key):
            monthly = _with_the_left_out(monthly, months[registry.by_key(TWINS[each.key]).number])
        found[each.number] = series(each, monthly, upto, entitled=entitled)
    return found


def with_twins(measure: Measure) -> list[Measure]:
    """The measure, and the one that tells how many it leaves out."""
    other = TWINS.get(measure.key)
    return [measure, registry.by_key(other)] if other else [measure]


def _with_the_left_out(monthly: Monthly, other: Monthly) -> Monthly:
    """With how many the other measure counts beyond this one."""
    return {
        month: (*(here := monthly.get(month, (0, 0))), sum(whole) - sum(here))
        for month, whole in other.items()
    }


def series(measure: Measure, monthly: Monthly, upto: date, *, entitled: bool) -> Series:
    """The months up to and with `upto`; a month that is not there had nobody."""
    chosen: tuple[Stretch, ...] = ()
    for step in _STEPS:
        chosen = _stretches(monthly, upto, step, entitled, is_twin(measure.key))
        if entitled or _shows_enough(chosen):
            break
    at = tuple(i for i, each in enumerate(chosen) if each.seen.share is not None)
    values = [chosen[i].seen.share or 0.0 for i in at]
    chart = xmr(values, low=0.0, high=1.0) if values else None
    # A stretch at the end without anybody: then nothing is said of now.
    newest = bool(at) and at[-1] == len(chosen) - 1
    word = change(chart, measure.better) if newest else Change.TOO_FEW
    return Series(chosen, chart, at, word, chosen[0].months)


def _stretches(
    monthly: Monthly, upto: date, step: int, entitled: bool, twin: bool
) -> tuple[Stretch, ...]:
    tallies: dict[date, Tally] = {}
    for months in _grid(upto, step):
        met = not_met = left_out = 0
        for month in months:
            one, other, *more = monthly.get(month, (0, 0))
            met, not_met, left_out = met + one, not_met + other, left_out + sum(more)
        excluded = {"": left_out} if left_out else {}
        tallies[months[0]] = Tally(met, not_met, excluded=excluded)
    if entitled:
        return tuple(
            Stretch(first, step, seen(tally, entitled=True)) for first, tally in tallies.items()
        )
    rows = safe(tallies, twin=twin).rows
    return tuple(Stretch(first, step, rows[first]) for first in tallies)


@lru_cache(maxsize=64)
def _grid(upto: date, step: int) -> tuple[tuple[date, ...], ...]:
    """The months of each stretch, from old to new: the same for every measure of a page."""
    begins = [shifted(upto, 1 - step - n) for n in range(0, MONTHS, step)][::-1]
    return tuple(tuple(Period(first, shifted(first, step - 1))) for first in begins)


def _shows_enough(stretches: tuple[Stretch, ...]) -> bool:
    with_people = [each for each in stretches if each.seen.of != 0]
    shown = [each for each in with_people if each.seen.is_split]
    return len(shown) >= _ENOUGH * len(with_people)
