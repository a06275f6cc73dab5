"""The guideline and its timed targets as data, loaded once and checked while loading.

`ng234.toml` says what each recommendation asks for, in our own words, and where the product acts
on it; `targets.toml` says what is timed. A number that is missing, a milestone nobody records or
a pointer to a clock that does not exist stops the program at start-up, not in the middle of a
night. That the other pointers lead somewhere is proved by the tests, which may import anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any

from referrals.clinical.milestones import MilestoneKind, Suspicion

HERE = Path(__file__).parent
SEVERITIES = ("emergency", "urgent", "standard")
# What a pointer of `acts` may start with.
POINTERS = (
    "rule",
    "item",
    "clock",
    "form",
    "screen",
    "action",
    "role",
    "letter",
    "setting",
    "measure",
)
# The years of a recommendation: a few were kept from the guideline before.
YEARS = (2008, 2023)
# Where a source that is no number of NG234 comes from: "summary: taper", "local: ...".
ELSEWHERE = {"summary": "Management summary", "local": "Local rule"}

_NUMBER = re.compile(r"(1\.[1-9]\d*)\.([1-9]\d*)")
_BETWEEN = re.compile(r"[^0-9a-z]+")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class LibraryError(ValueError):
    """The clinical library contradicts itself; nothing may start on top of it."""


class Strength(StrEnum):
    """How strongly NG234 puts a recommendation."""

    ENSURE = "ensure"
    OFFER = "offer"
    CONSIDER = "consider"
    DO_NOT = "do_not"
    BE_AWARE = "be_aware"

    @property
    def label(self) -> str:
        """The strength as a screen says it: "Do not"."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the guideline: "1.8", its name, and how many recommendations it has."""

    number: str
    name: str
    recommendations: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation in our own short words, and where the product acts on it.

    `number` is one of NG234, or a source such as "summary: taper". `part` is a heading within the
    section, if it has any. `acts` are pointers; where no software can act there is none, and
    `practice` says why. `remains` is what stays with people although the product acts.
    """

    number: str
    section: str
    strength: Strength
    for_whom: str
    wording: str
    year: int
    acts: tuple[str, ...]
    part: str = ""
    remains: str = ""
    practice: str = ""

    @property
    def label(self) -> str:
        """The year as the guideline puts it, or whose rule it is."""
        if self.number.startswith("summary: "):
            return f"September {self.year}"
        return f"Ours, {self.year}" if self.number.startswith("local: ") else str(self.year)


@dataclass(frozen=True, slots=True)
class Target:
    """A timed target: which milestone starts its clock, which stop it, and how long there is.

    Times are whole elapsed seconds. `suspicion` is empty when the target is for anyone.
    `excepts` are milestones that end its clock without meeting it. When the starting milestone
    can mean several things, `starts_when` and `excepted_when` say what its details must be.
    `counts_from_before`: when something becomes suspected only later, the clock counts from the
    start that came before it, unless it was met meanwhile.
    """

    key: str
    name: str
    short_name: str
    within_s: int
    at_risk_after_s: int
    severity: str
    starts: frozenset[str]
    stops: frozenset[str]
    suspicion: frozenset[str]
    source: tuple[str, ...]
    note: str
    excepts: frozenset[str] = frozenset()
    starts_when: Mapping[str, str] = field(default_factory=dict, hash=False)
    excepted_when: Mapping[str, str] = field(default_factory=dict, hash=False)
    counts_from_before: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A source as a screen says it. `is_number`: a number of NG234, said after those letters."""

    text: str
    anchor: str
    is_number: bool


@cache
def said(source: str) -> Said:
    """A source in words and its place on the library's page: "1.8.1" is at "r-1-8-1"."""
    kind, _, rest = source.partition(": ")
    anchor = "r-" + _BETWEEN.sub("-", source.lower()).strip("-")
    if not rest:
        return Said(source, anchor, is_number=True)
    return Said(f"{ELSEWHERE[kind]}: {rest}", anchor, is_number=False)


def seconds(duration: str) -> int:
    """Turn an ISO 8601 duration of days, hours, minutes and seconds into elapsed seconds.

    A day is 86,400 s. Months and years have no fixed length and are refused with LibraryError.
    """
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        raise LibraryError(f"{duration!r} is not a duration such as PT24H or P7D.")
    days, hours, minutes, secs = (int(part or 0) for part in match.groups())
    return days * 86_400 + hours * 3_600 + minutes * 60 + secs


@cache
def sections() -> tuple[Section, ...]:
    """The guideline's twelve sections, in its order."""
    return tuple(Section(**row) for row in _rows("ng234.toml", "section"))


@cache
def recommendations() -> Mapping[str, Recommendation]:
    """Every recommendation of NG234, by number, in the guideline's order."""
    return MappingProxyType(
        {number: each for number, each in entries().items() if _NUMBER.fullmatch(number)}
    )


@cache
def entries() -> Mapping[str, Recommendation]:
    """The recommendations, then what the management summary adds, then this product's own rules."""
    read = _numbered() | read_recommendations(
        row | {"number": f"{kind}: {row['key']}"}
        for kind in ELSEWHERE
        for row in _rows("ng234.toml", kind)
    )
    known = {target.key for target in targets()}
    for each in read.values():
        _check_clocks(each, known)
    return MappingProxyType(read)


def sources() -> frozenset[str]:
    """All that a rule may name as its source: each entry, and each heading of the summary."""
    headings = {
        f"summary: {each.part.lower()}"
        for number, each in entries().items()
        if number.startswith("summary: ")
    }
    return frozenset(entries()) | headings


@cache
def targets() -> tuple[Target, ...]:
    """Every timed target, in the order of `targets.toml`."""
    return read_targets(_rows("targets.toml", "target"), _numbered())


def recommendation(number: str) -> Recommendation:
    """One entry by its number or source; LibraryError when the library does not have it."""
    try:
        return entries()[number]
    except KeyError:
        raise LibraryError(f"{number!r} is not in the library.") from None


def target(key: str) -> Target:
    """One timed target by its key; LibraryError when there is none."""
    for each in targets():
        if each.key == key:
            return each
    raise LibraryError(f"There is no target {key!r}.")


def read_recommendations(rows: Iterable[Mapping[str, Any]]) -> dict[str, Recommendation]:
    """Check and freeze rows of `ng234.toml`, each by itself."""
    found: dict[str, Recommendation] = {}
    for row in rows:
        try:
            each = _recommendation(row)
        except (KeyError, ValueError) as wrong:
            raise LibraryError(f"NG234 {row.get('number', '?')}: {wrong!r}") from wrong
        if each.number in found:
            raise LibraryError(f"NG234 {each.number} is in the library twice.")
        found[each.number] = each
    return found


def check_whole(found: Mapping[str, Recommendation], wanted: Iterable[Section]) -> None:
    """LibraryError unless every number of every section is there once, in order, under its name."""
    numbers = {
        f"{section.number}.{last}": section.name
        for section in wanted
        for last in range(1, section.recommendations + 1)
    }
    for number, each in found.items():
        if number not in numbers:
            raise LibraryError(f"NG234 {number} is in no section.")
        if each.section != numbers[number]:
            raise LibraryError(f"NG234 {number} belongs to {numbers[number]!r}.")
    for number, there in zip_longest(numbers, found):
        if number != there:
            raise LibraryError(f"NG234 {number} is missing or out of its place; {there} is there.")


def _recommendation(row: Mapping[str, Any]) -> Recommendation:
    each = Recommendation(
        number=row["number"],
        section=row["section"],
        strength=Strength(row["strength"]),
        for_whom=row["for_whom"],
        wording=row["wording"],
        year=row["year"],
        acts=tuple(row.get("acts", ())),
        part=row.get("part", ""),
        remains=row.get("remains", ""),
        practice=row.get("practice", ""),
    )
    if not (each.section and each.for_whom and each.wording):
        raise LibraryError("it needs a section, somebody it is for, and words.")
    if each.year not in YEARS and not each.number.startswith("local: "):
        raise LibraryError(f"{each.year} is no year of the guideline.")
    if bool(each.acts) is bool(each.practice):
        raise LibraryError("it needs a place in the product, or a reason why there is none.")
    if len(set(each.acts)) != len(each.acts):
        raise LibraryError("it points at one place twice.")
    for pointer in each.acts:
        kind, _, place = pointer.partition(":")
        if kind not in POINTERS or not place:
            raise LibraryError(f"{pointer!r} points nowhere.")
    return each


@cache
def _numbered() -> dict[str, Recommendation]:
    read = read_recommendations(_rows("ng234.toml", "recommendation"))
    check_whole(read, sections())
    return read


def read_targets(rows: Iterable[Mapping[str, Any]], numbers: Iterable[str]) -> tuple[Target, ...]:
    """Check and freeze the rows of `targets.toml`; `numbers` are the recommendations known."""
    known = frozenset(numbers)
    found: dict[str, Target] = {}
    for row in rows:
        try:
            each = _target(row)
        except (KeyError, ValueError) as wrong:
            raise LibraryError(f"Target {row.get('key', '?')}: {wrong}") from wrong
        unknown = [number for number in each.source if number not in known]
        if unknown or not each.source:
            raise LibraryError(f"Target {each.key}: no recommendation {unknown or 'named'}.")
        if each.key in found:
            raise LibraryError(f"Target {each.key} is there twice.")
        found[each.key] = each
    return tuple(found.values())


def _target(row: Mapping[str, Any]) -> Target:
    within, at_risk = seconds(row["within"]), seconds(row["at_risk_after"])
    if not 0 < at_risk < within:
        raise LibraryError("it must be at risk after its start and before it is due.")
    if row["severity"] not in SEVERITIES:
        raise LibraryError(f"severity {row['severity']!r} is not one of {SEVERITIES}.")
    starts, stops = _kinds(row["starts"]), _kinds(row["stops"])
    excepts = _kinds(row.get("excepts", []))
    if not starts or not stops or starts & stops or excepts & (starts | stops):
        raise LibraryError("it needs milestones that start it and others that stop it.")
    return Target(
        key=row["key"],
        name=row["name"],
        short_name=row["short_name"],
        within_s=within,
        at_risk_after_s=at_risk,
        severity=row["severity"],
        starts=starts,
        stops=stops,
        suspicion=frozenset(Suspicion(each).value for each in row.get("for", [])),
        source=tuple(row["source"]),
        note=row["note"],
        excepts=excepts,
        starts_when=MappingProxyType(dict(row.get("starts_when", {}))),
        excepted_when=MappingProxyType(dict(row.get("excepted_when", {}))),
        counts_from_before=bool(row.get("counts_from_before", False)),
    )


def _kinds(names: Iterable[str]) -> frozenset[str]:
    return frozenset(MilestoneKind(name).value for name in names)


def _check_clocks(each: Recommendation, target_keys: set[str]) -> None:
    for pointer in each.acts:
        kind, _, place = pointer.partition(":")
        if kind == "clock" and place not in target_keys:
            raise LibraryError(f"NG234 {each.number}: there is no clock {place!r}.")


def _rows(name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(name)[table]
    return rows


@cache
def _read(name: str) -> dict[str, Any]:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)
