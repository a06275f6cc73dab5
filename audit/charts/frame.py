"""The frame of a chart: where a share between 0 and 1 lies on the paper, and its ticks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis with its word."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The whole paper, and the field within it on which things are drawn."""

    width: int = 640
    height: int = 280
    left: int = 62
    right: int = 24
    top: int = 16
    bottom: int = 44

    @property
    def floor(self) -> int:
        """Where the field ends below."""
        return self.height - self.bottom

    @property
    def end(self) -> int:
        """Where the field ends on the right."""
        return self.width - self.right

    def x(self, part: float) -> float:
        """Of the width of the field, 0 to 1."""
        return round(self.left + (self.end - self.left) * part, 1)

    def y(self, part: float) -> float:
        """Of the height of the field, 0 below to 1 above; what lies outside stays on its edge."""
        return round(self.floor - (self.floor - self.top) * min(max(part, 0.0), 1.0), 1)


def line(points: Sequence[tuple[float, float]]) -> str:
    """The path that joins these points."""
    return "".join(
        f"{'M' if index == 0 else 'L'}{x:g} {y:g}" for index, (x, y) in enumerate(points)
    )


def percent_ticks(frame: Frame, step: int = 25) -> list[Tick]:
    """0% to 100% on the upright axis."""
    return [Tick(frame.y(share / 100), f"{share}%") for share in range(0, 101, step)]


def round_up(value: float) -> int:
    """The next number that is easy on an axis: 1, 2 or 5 times a power of ten."""
    size = 1
    while size < value:
        for times in (2, 5, 10):
            if size * times >= value:
                return size * times
        size *= 10
    return size
