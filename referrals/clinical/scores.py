"""Scores that add up: the published tables as data, and what a set of answers comes to.

An answer that is not known is worth anything from the least to the most its component can give,
so it blocks the total and leaves a range. A table that contradicts itself stops the program
while it loads.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from referrals.clinical.library import HERE, LibraryError

UNKNOWN = "not_known"


class Points(NamedTuple):
    """What one answer is worth: `low` and `high` differ where the table leaves it open."""

    low: int
    high: int
    words: str
    question: str = ""


class Band(NamedTuple):
    """A range of totals, the last included, and what it stands for."""

    low: int
    high: int
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Component:
    """One question of a score; `options` are worth `Points`, in the order of the table.
    `unknown` is what "not known" is worth: anything from the least to the most."""

    key: str
    label: str
    question: str
    options: Mapping[str, Points]
    unknown: Points

    def worth(self, answer: str) -> Points:
        """The points of an answer."""
        return self.options.get(answer, self.unknown)


@dataclass(frozen=True, slots=True)
class Table:
    """A published score, with the version that stands beside every total made with it."""

    key: str
    name: str
    short_name: str
    version: str
    source: str
    most: int
    bands: tuple[Band, ...]
    components: tuple[Component, ...]

    def add_up(self, answers: Mapping[str, str]) -> Total:
        """The total of `answers`, component to answer; one that is left out is not known."""
        parts = tuple(each.worth(answers.get(each.key, UNKNOWN)) for each in self.components)
        low, high = sum(part.low for part in parts), sum(part.high for part in parts)
        return Total(
            low,
            high,
            tuple(band for band in self.bands if band.low <= high and band.high >= low),
            tuple(part.question for part in parts if part.low != part.high),
        )


class Total(NamedTuple):
    """What a score comes to. While a component is not known there is a range and no total;
    `questions` are those that would settle it, `bands` every one it may still be in."""

    low: int
    high: int
    bands: tuple[Band, ...]
    questions: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """There is one total."""
        return self.low == self.high

    @property
    def number(self) -> str:
        """The total, or the range: "7", "5 to 9"."""
        return str(self.low) if self.complete else f"{self.low} to {self.high}"

    @property
    def band(self) -> str:
        """In words: "stable", "may be stable or potentially unstable"."""
        words = [band.words for band in self.bands]
        if len(words) == 1:
            return words[0]
        return f"may be {', '.join(words[:-1])} or {words[-1]}"


@cache
def table(key: str) -> Table:
    """The table called `key` in scores.toml. LibraryError when it contradicts itself."""
    with (HERE / "scores.toml").open("rb") as file:
        return read(key, tomllib.load(file)[key])


def read(key: str, data: Mapping[str, Any]) -> Table:
    """Check and freeze one table."""
    components = tuple(_component(row) for row in data["components"])
    bands = tuple(Band(**row) for row in data["bands"])
    most = sum(max(each.high for each in part.options.values()) for part in components)
    if most != data["most"]:
        raise LibraryError(f"{key}: the components add up to {most}, not {data['most']}.")
    totals = [total for band in bands for total in range(band.low, band.high + 1)]
    if totals != list(range(most + 1)):
        raise LibraryError(f"{key}: the bands leave a gap, or overlap.")
    return Table(
        key=key,
        name=data["name"],
        short_name=data["short_name"],
        version=data["version"],
        source=data["source"],
        most=most,
        bands=bands,
        components=components,
    )


def _component(row: Mapping[str, Any]) -> Component:
    options = {each["value"]: _points(each) for each in row["options"]}
    if len(options) != len(row["options"]):
        raise LibraryError(f"{row['key']}: an answer stands there twice.")
    worth = options.values()
    least, most = min(each.low for each in worth), max(each.high for each in worth)
    return Component(
        key=row["key"],
        label=row["label"],
        question=row["question"],
        options=MappingProxyType(options),
        unknown=Points(least, most, "Not known", row["question"]),
    )


def _points(row: Mapping[str, Any]) -> Points:
    low, high = row["points"] if isinstance(row["points"], list) else (row["points"],) * 2
    return Points(low, high, row["words"], row.get("question", ""))
