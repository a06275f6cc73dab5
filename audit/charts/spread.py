"""How long it took, for groups side by side: from the 10th to the 90th of a hundred, the middle
half as a box, the median as a bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.charts.frame import Tick, round_up

WIDTH, LABELS, ROW, TOP, FOOT = 640, 190, 38, 6, 40
_RIGHT = 24
_HOUR, _DAY = 3600, 86_400
_ENDS = (4, 8, 12, 24, 48, 96)  # of an axis in four parts that can be read


@dataclass(frozen=True, slots=True)
class Strip:
    """One group. Ends are None where too few people lie beyond them."""

    label: str
    y: float
    low: float | None
    box: tuple[float, float] | None
    median: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """What is drawn. `target` is where the target lies, None without one."""

    strips: tuple[Strip, ...]
    height: int
    target: float | None
    across: tuple[Tick, ...]
    unit: str

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def floor(self) -> int:
        """Where the axis is."""
        return self.height - FOOT


def spread(
    rows: Sequence[tuple[str, Sequence[int | None]]], target_s: int | None = None
) -> Spread | None:
    """Draw groups by their centiles (10, 25, 50, 75, 90; seconds); None without any to draw."""
    longest = max((value for _, found in rows for value in found if value is not None), default=0)
    if not longest:
        return None
    longest = max(longest, target_s or 0)
    size, unit = (_HOUR, "hours") if longest <= _ENDS[-1] * _HOUR else (_DAY, "days")
    parts = longest / size
    end = next((each for each in _ENDS if parts <= each), None) or 4 * round_up(parts / 4)

    def x(seconds: float) -> float:
        return round(LABELS + (WIDTH - _RIGHT - LABELS) * seconds / size / end, 1)

    def place(seconds: int | None) -> float | None:
        return None if seconds is None else x(seconds)

    strips = []
    for index, (label, (low, first, middle, third, high)) in enumerate(rows):
        box = None if first is None or third is None else (x(first), x(third))
        y = TOP + ROW * index + ROW / 2
        strips.append(Strip(label, y, place(low), box, place(middle), place(high)))
    return Spread(
        tuple(strips),
        TOP + ROW * len(rows) + FOOT,
        place(target_s),
        tuple(Tick(x(end * part / 4 * size), f"{end * part / 4:g}") for part in range(5)),
        unit,
    )
