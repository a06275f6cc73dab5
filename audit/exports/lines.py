"""Figures as rows: one measure at one place in one span of months, as somebody may see it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from audit.exports.table import Cell, Column, Holds
from audit.measures.measure import Measure, Shape
from audit.measures.period import Period
from audit.measures.suppression import WORDS, Seen
from mscc.people.places import OrganisationRef


@dataclass(frozen=True, slots=True)
class Line:
    """`median_s` and `most_s` (of nine in ten) are None where there are none, or may not be told.

    `month` is given in a line that is about one month of the period; `label` in one about a class
    of a measure that counts classes, with how many are in it.
    """

    measure: Measure
    place: OrganisationRef
    period: Period
    seen: Seen
    median_s: int | None = None
    most_s: int | None = None
    month: date | None = None
    label: str = ""
    in_class: int | None = None


_W, _N = Holds.WHOLE, Holds.NUMBER
COLUMNS: tuple[Column, ...] = (
    Column("level", "what kind of place", choices=("alliance", "trust", "hospital")),
    Column("place", "the place that the figure is of"),
    Column("first_month", "first month of the referrals counted, as 2026-04"),
    Column("last_month", "last month of them, included"),
    Column("measure", "key of the measure, as in the dictionary"),
    Column("measure_name", "its name"),
    Column("version", "version of its definition", _W),
    Column("source", "where it comes from"),
    Column("clock", "from when time counts; empty when nothing is timed"),
    Column("eligible", "whom it is about and whose time is over, with data or without", _W),
    Column("with_data", "denominator: those with data", _W),
    Column("met", "numerator", _W),
    Column("not_met", "the others with data", _W),
    Column("missing", "eligible without data", _W),
    Column("excluded", "left out for a reason the measure names", _W),
    Column("running", "time not over yet", _W),
    Column("share", "met of those with data, 0 to 1", _N),
    Column("share_worst_case", "met of all eligible, as if missing were not met, 0 to 1", _N),
    Column("completeness", "with data of those eligible, 0 to 1", _N),
    Column("median_seconds", "half took no longer", _W),
    Column("centile_90_seconds", "nine in ten took no longer", _W),
    Column("class", "of measures that count classes: which; the line is about it alone"),
    Column("in_class", "how many are in it", _W),
    Column("held_back", f"whether an empty cell is held back: {WORDS}", Holds.YES_NO),
)


def rows(lines: Iterable[Line]) -> Iterator[tuple[Cell, ...]]:
    """The cells of each line, as COLUMNS names them."""
    for line in lines:
        seen, first, last = line.seen, line.month, line.month
        # Whoever has a class is "met": a share of it says nothing.
        is_share = line.measure.shape is not Shape.CLASSES
        counts = (seen.of, seen.met, seen.not_met, seen.missing, seen.excluded, seen.running)
        yield (
            str(line.place.kind),
            line.place.name,
            f"{first or line.period.first:%Y-%m}",
            f"{last or line.period.last:%Y-%m}",
            line.measure.key,
            line.measure.name,
            line.measure.version,
            line.measure.source,
            line.measure.clock,
            seen.eligible,
            *counts,
            seen.share if is_share else None,
            seen.worst if is_share else None,
            seen.completeness,
            line.median_s,
            line.most_s,
            line.label,
            line.in_class,
            None in counts or bool(line.label and line.in_class is None),
        )
