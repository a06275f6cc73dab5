"""What the person and their family are told on paper (1.2.1 to 1.2.4, 1.3.6), by language.

The words are data, one file a language in `leaflets/`: a translation is added by adding a file.
Each is checked against the English one when it is read, so that no translation leaves out a sign.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from referrals.clinical.facts import Confirmed, Facts
from referrals.clinical.library import LibraryError
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer

HERE = Path(__file__).parent / "leaflets"
ENGLISH = "en"
ALWAYS, LYING_FLAT, STEROID, SCAN = "always", "lying_flat", "steroid", "scan"


class Sheet(StrEnum):
    """Which of the sheets somebody is given."""

    SUSPECTED_MSCC = "suspected_mscc"
    SUSPECTED_METASTASES = "suspected_metastases"
    NO_EVIDENCE = "no_evidence"
    FOUND_MSCC = "found_mscc"
    FOUND_METASTASES = "found_metastases"
    GOING_HOME = "going_home"

    @property
    def label(self) -> str:
        """As a clinician chooses it."""
        return _LABELS[self]


_LABELS = {
    Sheet.SUSPECTED_MSCC: "MSCC is suspected",
    Sheet.SUSPECTED_METASTASES: "Spinal metastases are suspected",
    Sheet.NO_EVIDENCE: "Back pain, no sign of either",
    Sheet.FOUND_MSCC: "MSCC is found",
    Sheet.FOUND_METASTASES: "Spinal metastases are found",
    Sheet.GOING_HOME: "Going home",
}
_SHEETS = frozenset(sheet.value for sheet in Sheet)
_CONDITIONS = frozenset((ALWAYS, LYING_FLAT, STEROID, SCAN))
_FOUND = {
    Confirmed.MSCC: Sheet.FOUND_MSCC,
    Confirmed.SPINAL_METASTASES: Sheet.FOUND_METASTASES,
    Confirmed.RULED_OUT: Sheet.NO_EVIDENCE,
}
_SUSPECTED = {
    Suspicion.MSCC: Sheet.SUSPECTED_MSCC,
    Suspicion.SPINAL_METASTASES: Sheet.SUSPECTED_METASTASES,
    Suspicion.NONE: Sheet.NO_EVIDENCE,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, and a list; shown when one of `for_whom` applies."""

    key: str
    title: str
    say: tuple[str, ...]
    points: tuple[str, ...]
    for_whom: frozenset[str]


@dataclass(frozen=True, slots=True)
class Language:
    """All sheets in one language. `code` is for the page (BCP 47), `direction` ltr or rtl."""

    code: str
    name: str
    direction: str
    names: frozenset[str]
    words: Mapping[str, str]
    sections: tuple[Section, ...]

    def sheet(self, applies: Iterable[str]) -> tuple[Section, ...]:
        """The sections to print, in order: those for everybody and those that apply."""
        wanted = {ALWAYS, *applies}
        return tuple(section for section in self.sections if section.for_whom & wanted)


def proposed(facts: Facts, *, going_home: bool = False) -> Sheet:
    """The sheet these facts point to; whoever gives it may choose another."""
    shown = _FOUND.get(facts.confirmed) or _SUSPECTED[facts.suspicion]
    if going_home and shown is not Sheet.NO_EVIDENCE:
        return Sheet.GOING_HOME
    return shown


def conditions(facts: Facts, sheet: Sheet) -> frozenset[str]:
    """What else is told: lying flat and the steroid while they last, the scan until it is done."""
    found = set()
    if sheet is not Sheet.GOING_HOME and facts.spine.immobilised is Answer.YES:
        found.add(LYING_FLAT)
    if facts.steroids.running is Answer.YES:
        found.add(STEROID)
    suspected = sheet in (Sheet.SUSPECTED_MSCC, Sheet.SUSPECTED_METASTASES)
    if suspected and facts.scans.whole_spine_done is not Answer.YES:
        found.add(SCAN)
    return frozenset(found)


@cache
def languages() -> Mapping[str, Language]:
    """Every language there is a file for, English first, by the name of its file."""
    english = read_language(_load(HERE / f"{ENGLISH}.toml"))
    found = {ENGLISH: english}
    for path in sorted(HERE.glob("*.toml")):
        if path.stem != ENGLISH:
            found[path.stem] = read_language(_load(path), like=english)
    return MappingProxyType(found)


def language_of(recorded: str, among: Mapping[str, Language]) -> str | None:
    """The key of the language a record names; None when there is no translation.

    Nothing recorded is English: the sheet then says nothing about an interpreter.
    """
    said = recorded.strip().casefold()
    if not said:
        return ENGLISH
    return next((key for key, each in among.items() if said in each.names), None)


def read_language(data: Mapping[str, Any], *, like: Language | None = None) -> Language:
    """Check one file; LibraryError when it is not whole, or says less than `like` does."""
    try:
        made = Language(
            code=data["code"],
            name=data["name"],
            direction=data["direction"],
            names=frozenset(name.casefold() for name in data["names"]),
            words=MappingProxyType(dict(data["words"])),
            sections=tuple(_section(row) for row in data["section"]),
        )
    except KeyError as missing:
        raise LibraryError(f"A leaflet has no {missing}.") from missing
    if made.direction not in ("ltr", "rtl"):
        raise LibraryError(f"Leaflet {made.name}: direction is ltr or rtl.")
    if like is not None:
        _compare(made, like)
    return made


def _section(row: Mapping[str, Any]) -> Section:
    for_whom = frozenset(row["for"])
    if not for_whom or for_whom - _SHEETS - _CONDITIONS:
        raise LibraryError(f"Leaflet section {row['key']}: for whom is it?")
    return Section(row["key"], row["title"], tuple(row["say"]), tuple(row["points"]), for_whom)


def _compare(made: Language, like: Language) -> None:
    """The same words, sections and number of points, in the same order."""
    if made.words.keys() != like.words.keys():
        odd = ", ".join(sorted(made.words.keys() ^ like.words.keys()))
        raise LibraryError(f"Leaflet {made.name}: words differ from {like.name}: {odd}.")
    ours, theirs = _shape(made), _shape(like)
    if ours != theirs:
        raise LibraryError(f"Leaflet {made.name}: sections or points differ from {like.name}.")


def _shape(language: Language) -> list[tuple[str, frozenset[str], int]]:
    return [(each.key, each.for_whom, len(each.points)) for each in language.sections]


def _load(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
