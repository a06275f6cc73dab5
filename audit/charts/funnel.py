"""Hospitals by how many cases they had, between the limits of chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.charts.frame import Frame, Tick, line, percent_ticks, round_up
from audit.measures.funnel import Limits, Standing, limits

_STEPS = 48  # how finely limits are drawn


@dataclass(frozen=True, slots=True)
class Place:
    """A hospital: `met` of `of`, and where it lies."""

    name: str
    met: int
    of: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Dot:
    """A hospital on the paper; `mark` is its number in the table beneath."""

    x: float
    y: float
    mark: str
    out: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """What is drawn, in the units of its frame."""

    frame: Frame
    dots: tuple[Dot, ...]
    mean: float
    inner: tuple[str, str]
    outer: tuple[str, str]
    across: tuple[Tick, ...]
    upright: tuple[Tick, ...]


def funnel(places: Sequence[Place], share: float, frame: Frame | None = None) -> Funnel:
    """Draw hospitals with at least one case around the share of all (0 to 1)."""
    frame = frame or Frame(height=300)
    widest = round_up(max(place.of for place in places) * 1.05)
    sizes = sorted({max(round(widest * (n / _STEPS) ** 2), 1) for n in range(1, _STEPS + 1)})
    found = [limits(n, share) for n in sizes]

    def path(limit: str) -> str:
        return line([(frame.x(each.n / widest), frame.y(_value(each, limit))) for each in found])

    return Funnel(
        frame,
        tuple(
            Dot(
                frame.x(place.of / widest),
                frame.y(place.met / place.of),
                str(number),
                place.standing is not Standing.WITHIN,
            )
            for number, place in enumerate(places, start=1)
        ),
        frame.y(share),
        (path("low_95"), path("high_95")),
        (path("low_998"), path("high_998")),
        tuple(Tick(frame.x(part / 4), f"{widest * part / 4:g}") for part in range(5)),
        tuple(percent_ticks(frame)),
    )


def _value(each: Limits, name: str) -> float:
    value: float = getattr(each, name)
    return value
