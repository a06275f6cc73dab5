"""Neurology over time as a small drawing: one line of grades for each limb or sign.

Drawn on the server as SVG coordinates, without script or colour that matters; the table beside
it says the same in numbers. A grade nobody recorded is a gap, never a zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, LABELS, ROW, TOP = 400, 96, 46, 8
_RIGHT = 20  # room for the last grade's figure


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    value: int
    worse: bool  # lower than the grade before


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the drawing. `path` joins only grades with no gap between them."""

    label: str
    base: float  # y of the lowest grade
    top: float  # y of the highest grade
    points: tuple[Point, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    lines: tuple[Line, ...]
    times: tuple[datetime, ...]
    rows: tuple[tuple[datetime, tuple[str, ...]], ...]  # newest first, for the table
    height: int
    high: int

    @property
    def width(self) -> int:
        return WIDTH


def chart(
    times: Sequence[datetime], grades: Mapping[str, Sequence[int | None]], high: int = 5
) -> Chart:
    """Lay out the grades (0 to `high`) of each label at `times`, which run from old to new.

    Raises ValueError when a label has not one grade (or None) for each time.
    """
    xs = _across(times)
    lines = tuple(
        _line(label, [*zip(xs, values, strict=True)], index, high)
        for index, (label, values) in enumerate(grades.items())
    )
    columns = [["–" if value is None else str(value) for value in row] for row in grades.values()]
    rows = [(time, tuple(column[i] for column in columns)) for i, time in enumerate(times)]
    return Chart(lines, tuple(times), tuple(reversed(rows)), TOP + ROW * len(grades), high)


def _across(times: Sequence[datetime]) -> list[float]:
    left, right = LABELS + 8, WIDTH - _RIGHT
    if len(times) < 2:
        return [float(left)] * len(times)
    span = max(times[-1] - times[0], timedelta(seconds=1))
    return [round(left + (right - left) * ((time - times[0]) / span), 1) for time in times]


def _line(label: str, grades: list[tuple[float, int | None]], index: int, high: int) -> Line:
    base, top = TOP + ROW * (index + 1) - 12, TOP + ROW * index + 8
    points: list[Point] = []
    path: list[str] = []
    before: int | None = None
    joined = False
    for x, value in grades:
        if value is None:
            joined = False
            continue
        y = round(base - (base - top) * value / high, 1)
        points.append(Point(x, y, value, before is not None and value < before))
        path.append(f"{'L' if joined else 'M'}{x} {y}")
        joined, before = True, value
    return Line(label, base, top, tuple(points), "".join(path))


GLOBALS = {"grade_chart": chart}
