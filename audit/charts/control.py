"""A series with its mean and limits. A circle is chance; a triangle is a change for the better or
upwards, a square one for the worse or downwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.charts.frame import Frame, Tick, line, percent_ticks, round_up
from audit.measures.measure import Better
from audit.measures.spc import Signal, Xmr

_LABELS = 4  # words below the axis, at most: on a phone more run into each other


@dataclass(frozen=True, slots=True)
class Dot:
    """A point. `kind` is chance, good or bad, or up and down where no way is better."""

    x: float
    y: float
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Control:
    """What is drawn, in the units of its frame."""

    frame: Frame
    dots: tuple[Dot, ...]
    path: str
    mean: float
    lower: float
    upper: float
    across: tuple[Tick, ...]
    upright: tuple[Tick, ...]


def control(
    chart: Xmr,
    labels: Sequence[str],
    at: Sequence[int],
    better: Better,
    *,
    frame: Frame | None = None,
    percent: bool = True,
    lowest: float = 0.0,
    highest: float = 1.0,
) -> Control:
    """Draw a chart whose values stand at the places `at` of `labels` (all of the axis)."""
    frame = frame or Frame()
    if not percent:
        highest = float(round_up(max(*chart.values, chart.upper, 1.0)))
    steps = max(len(labels) - 1, 1)

    def y(value: float) -> float:
        return frame.y((value - lowest) / (highest - lowest))

    dots = tuple(
        Dot(frame.x(place / steps), y(value), kind(signal, better), labels[place])
        for place, value, signal in zip(at, chart.values, chart.signals, strict=True)
    )
    every = -(-len(labels) // _LABELS)
    shown = range(len(labels) - 1, -1, -every)  # the newest always has its word
    return Control(
        frame,
        dots,
        line([(dot.x, dot.y) for dot in dots]),
        y(chart.mean),
        y(chart.lower),
        y(chart.upper),
        tuple(Tick(frame.x(place / steps), labels[place]) for place in reversed(shown)),
        tuple(
            percent_ticks(frame)
            if percent
            else [Tick(y(value), f"{value:g}") for value in (0, highest / 2, highest)]
        ),
    )


def kind(signal: Signal | None, better: Better) -> str:
    """What a point's shape is to say."""
    if signal is None:
        return "chance"
    if better is Better.NEITHER:
        return "up" if signal.up else "down"
    return "good" if signal.up == (better is Better.MORE) else "bad"


SMALL = Frame(width=150, height=40, left=5, right=7, top=6, bottom=6)


def spark(chart: Xmr, places: int, at: Sequence[int], better: Better) -> Control:
    """The same without words, for a line of a table. It fills its height, so that a change is seen
    in so small a drawing; between charts the heights cannot be compared.
    """
    low, high = min(*chart.values, chart.lower), max(*chart.values, chart.upper)
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    return control(chart, [""] * places, at, better, frame=SMALL, lowest=low, highest=high)
