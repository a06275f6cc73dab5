"""Two things measured in turns, so that a machine that drifts drifts under both."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some rounds, with the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        found = sorted(values)
        return cls(statistics.median(found), found[0], found[-1])

    def show(self, pattern: str = "{:.2f}") -> str:
        """E.g. 2.31 (2.20-2.44)"""
        least, most = pattern.format(self.least), pattern.format(self.most)
        return f"{pattern.format(self.median)} ({least}-{most})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `judged` is what is held against `aim`; smaller is better.

    `must` is the limit beyond the aim where there is one. `floor` and `product` are as printed.
    """

    key: str
    what: str
    floor: str
    product: str
    judged: Spread
    unit: str
    aim: float
    must: float | None = None

    @property
    def verdict(self) -> str:
        """pass, or miss; within the limit where one is set beyond the aim."""
        if self.judged.median <= self.aim:
            return "pass"
        return "miss (within must)" if self.must and self.judged.median <= self.must else "miss"

    @property
    def aimed(self) -> str:
        must = f" (must {self.must:g})" if self.must else ""
        return f"<= {self.aim:g}{must}"


@dataclass(frozen=True, slots=True)
class Compared:
    """Rounds of a floor and of the product in its place; the ratio is taken round by round."""

    floor: tuple[float, ...]
    product: tuple[float, ...]

    @property
    def ratio(self) -> Spread:
        """How many times the floor, when the values are costs (seconds)."""
        return Spread.of(p / f for f, p in zip(self.floor, self.product, strict=True))


def in_turns(rounds: int, floor: Measure, product: Measure, slices: int = 3) -> Compared:
    """Measure both in every round, in thin slices so that a burst of other work meets both.

    A round's value is the mean of its slices; who goes first is swapped from one to the next.
    """
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        costs: tuple[list[float], list[float]] = ([], [])
        for number in range(slices):
            sides = ((0, floor), (1, product))
            for side, measure in sides if number % 2 == 0 else reversed(sides):
                costs[side].append(measure())
        for side in (0, 1):
            found[side].append(statistics.fmean(costs[side]))
    return Compared(tuple(found[0]), tuple(found[1]))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    found = sorted(values)
    return found[min(len(found) - 1, int(share * len(found)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures in Markdown, which a terminal and docs/performance.md both show well."""
    head = ("", "what", "floor", "product", "measured, median (min-max)", "aim", "")
    rows = [
        (
            figure.key,
            figure.what,
            figure.floor,
            figure.product,
            f"{figure.judged.show()} {figure.unit}",
            figure.aimed,
            figure.verdict,
        )
        for figure in figures
    ]
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (head, rule, *rows)
    )
