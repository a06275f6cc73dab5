"""The mapping file of an imported audit: which column is which fact, and how its cells are read.

TOML, checked as a whole before any row is read. `docs/import.md` shows one.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from audit.domain.cohort_facts import BY_KEY, REQUIRED, Item, Kind
from referrals.clinical.times import Fold, TimeError, parse_time
from scheduling.domain.rota_csv import Problem

_TOP = {"name", "source", "delimiter", "missing", "defaults", "columns"}
_COMMON = {"column", "missing"}
_TIMED = {"format", "time_column", "time_format", "time", "twice", "after", "unit"}
# A word can stand for a choice, a number or a hospital; a time is read by its format alone.
_OWN = {kind: {"values"} for kind in Kind} | {Kind.MOMENT: _TIMED, Kind.DAY: {"format"}}
_UNITS = {"minutes": 60, "hours": 3600, "days": 86_400}
ISO = "iso"  # 2026-03-27T14:05:00Z, with its offset
_TRY = datetime(2001, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """How one fact is read. `values` has its keys in lower case.

    A moment comes from one column with date and time, from two, from a date with a fixed `hour`,
    or as so many `unit` seconds after another fact. `twice`: which of the two hours is meant when
    the clocks went back.
    """

    item: Item
    column: str
    values: Mapping[str, Any] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()
    time_column: str = ""
    time_formats: tuple[str, ...] = ()
    hour: time | None = None
    twice: Fold | None = None
    after: str = ""
    unit: int = 0


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping that holds together; `text` is the file, word for word."""

    name: str
    source: str
    text: str
    delimiter: str
    columns: tuple[Column, ...]

    @property
    def heads(self) -> set[str]:
        """The columns of the file that are used."""
        named = {each.column for each in self.columns} | {c.time_column for c in self.columns}
        return named - {""}


def parse(text: str) -> tuple[MappingFile | None, list[Problem]]:
    """The mapping, or everything that is wrong with it (row 0, the fact as the column)."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [Problem(0, "", f"The mapping is not TOML: {error}.")]
    reading = _Reading(said)
    columns = tuple(reading.columns())
    problems = reading.problems
    if problems:
        return None, problems
    return (
        MappingFile(said["name"], said["source"], text, said.get("delimiter", ""), columns),
        [],
    )


class _Reading:
    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.problems: list[Problem] = []
        self._top()
        self.missing = self._words("missing", said.get("missing", [""]))

    def _top(self) -> None:
        for key in sorted(set(self.said) - _TOP):
            self._wrong(key, "A mapping has no such entry.")
        for key, most in (("name", 60), ("source", 500)):
            value = self.said.get(key)
            if not isinstance(value, str) or not value.strip() or len(value) > most:
                self._wrong(key, f"Must be words, of at most {most} characters.")
        delimiter = self.said.get("delimiter", ",")
        if not isinstance(delimiter, str) or len(delimiter) != 1:
            self._wrong("delimiter", "Must be one character.")
        for key in ("defaults", "columns"):
            if not isinstance(self.said.get(key, {}), dict):
                self._wrong(key, "Must be a table.")
                self.said[key] = {}

    def columns(self) -> Iterator[Column]:
        defaults, columns = self.said.get("defaults", {}), self.said.get("columns", {})
        for key in [*columns, *defaults]:
            if key not in BY_KEY:
                self._wrong(key, "There is no such fact. The data dictionary lists them.")
        for key in sorted(set(defaults) & set(columns)):
            self._wrong(key, "Give it a column or a default, not both.")
        for key in REQUIRED:
            if key not in columns and key not in defaults:
                self._wrong(key, "Every journey needs it: give it a column or a default.")
        known = {*columns, *defaults}
        for key, entry in columns.items():
            if key in BY_KEY and (column := self._column(BY_KEY[key], entry, known)):
                yield column
        for key, value in defaults.items():
            if key in BY_KEY and (column := self._default(BY_KEY[key], value)):
                yield column

    def _default(self, item: Item, value: Any) -> Column | None:
        """A default is a column whose every cell says the same: `values` has it for any."""
        if item.kind in (Kind.MOMENT, Kind.DAY, Kind.POSTCODE):
            self._wrong(item.key, "This differs from row to row: it cannot be a default.")
            return None
        if not isinstance(value, str | int | float):
            self._wrong(item.key, "Must be a word, a number, true or false.")
            return None
        if item.choices and value not in item.choices:
            self._wrong(item.key, f"Must be one of: {', '.join(item.choices)}.")
        return Column(item, "", {"": value})

    def _column(self, item: Item, entry: Any, known: set[str]) -> Column | None:
        if isinstance(entry, str):
            entry = {"column": entry}
        if not isinstance(entry, dict) or not isinstance(entry.get("column"), str):
            self._wrong(item.key, "Must name a column.")
            return None
        for key in sorted(set(entry) - _COMMON - _OWN[item.kind]):
            self._wrong(item.key, f"{key} means nothing for a {item.kind.value}.")
        column = Column(
            item=item,
            column=entry["column"].strip(),
            values=self._values(item, entry.get("values", {})),
            missing=self.missing | self._words(item.key, entry.get("missing", [])),
            formats=self._formats(item.key, entry.get("format", [])),
            time_column=str(entry.get("time_column", "")).strip(),
            time_formats=self._formats(item.key, entry.get("time_format", [])),
            hour=self._time(item.key, entry.get("time")),
            twice=self._twice(item.key, entry.get("twice")),
            after=str(entry.get("after", "")),
            unit=_UNITS.get(str(entry.get("unit", "hours")), 0),
        )
        self._check(column, known)
        return column

    def _check(self, column: Column, known: set[str]) -> None:
        key, kind = column.item.key, column.item.kind
        if column.after:
            other = BY_KEY.get(column.after)
            if other is None or other.kind is not Kind.MOMENT or column.after not in known:
                self._wrong(key, "after must name another mapped fact that is a date and time.")
            elif self.said["columns"].get(column.after, {}) and self._is_after(column.after):
                self._wrong(key, "after must name a fact with times of its own.")
            if not column.unit:
                self._wrong(key, f"unit must be one of: {', '.join(_UNITS)}.")
            return
        if kind in (Kind.MOMENT, Kind.DAY) and not column.formats:
            self._wrong(key, 'Needs a format, such as "%d/%m/%Y %H:%M".')
        elif kind is Kind.MOMENT:
            hours = all(each == ISO or "%H" in each or "%I" in each for each in column.formats)
            if not hours and not column.time_column and column.hour is None:
                self._wrong(key, "A date alone has no hours: give it a time_column, or a time.")

    def _is_after(self, key: str) -> bool:
        entry = self.said["columns"][key]
        return isinstance(entry, dict) and bool(entry.get("after"))

    def _values(self, item: Item, said: Any) -> dict[str, Any]:
        if not isinstance(said, dict):
            self._wrong(item.key, "values must be a table of what cells say to what it means.")
            return {}
        for value in said.values():
            if item.choices and value not in item.choices:
                choices = ", ".join(item.choices)
                self._wrong(item.key, f"{value} is not one of: {choices}.")
            elif item.kind is Kind.YES_NO and not isinstance(value, bool):
                self._wrong(item.key, f"{value} is not true or false.")
        return {str(key).strip().casefold(): value for key, value in said.items()}

    def _formats(self, key: str, said: Any) -> tuple[str, ...]:
        formats = [said] if isinstance(said, str) else said
        if not isinstance(formats, list) or not all(isinstance(each, str) for each in formats):
            self._wrong(key, 'A format is text, such as "%d/%m/%Y", or a list of such.')
            return ()
        for each in formats:
            if each == ISO:
                continue
            try:
                datetime.strptime(_TRY.strftime(each), each).replace(tzinfo=UTC)
            except ValueError:
                self._wrong(key, f"{each} is not a format of a date or time.")
            if "%y" in each:
                self._wrong(key, f"{each} has a year of two digits: 26 could be 1926.")
        return tuple(formats)

    def _time(self, key: str, said: Any) -> time | None:
        if said is None or isinstance(said, time):
            return said
        try:
            return parse_time(str(said))
        except TimeError as error:
            self._wrong(key, error.sentence)
            return None

    def _twice(self, key: str, said: Any) -> Fold | None:
        if said is None:
            return None
        try:
            return Fold(said)
        except ValueError:
            self._wrong(key, "twice says which hour is meant when it came twice: bst or gmt.")
            return None

    def _words(self, key: str, said: Any) -> frozenset[str]:
        if not isinstance(said, list):
            self._wrong(key, "missing must be a list of what cells say when nothing is known.")
            return frozenset()
        return frozenset(str(each).strip().casefold() for each in said) | {""}

    def _wrong(self, key: str, sentence: str) -> None:
        self.problems.append(Problem(0, key, sentence))


def absent(mapping: MappingFile, heads: Iterable[str]) -> list[Problem]:
    """The columns that the mapping names and the file does not have."""
    there = set(heads)
    return [
        Problem(1, head, "The mapping names this column, and the file does not have it.")
        for head in sorted(mapping.heads - there)
    ]
