"""The rows of a file read by its mapping: plain values, or what is wrong by row and column."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from audit.domain.cohort_facts import REQUIRED, Kind
from audit.domain.cohort_mapping import ISO, Column, MappingFile
from audit.domain.deprivation import is_postcode, plain
from mscc import clock
from mscc.people.models import Organisation
from referrals.clinical.identity import age
from referrals.clinical.text import InputError, clean_text
from referrals.clinical.times import TimeError, parse_instant, parse_local
from scheduling.domain.rota_csv import Problem

EARLIEST = 1990  # a year before it is a slip of the pen
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")
Lines = list[tuple[int, dict[str, str]]]


class _Wrong(Exception):
    """What is wrong with a cell, in a sentence."""


def table(raw: bytes, delimiter: str) -> tuple[list[str], Lines, Problem | None]:
    """Headings, and each row by its line with its cells by heading; or what is wrong with it all.

    Without a `delimiter`, the one that the first row has most of.
    """
    if b"\0" in raw:
        return [], [], Problem(0, "", "This is not a CSV file. Save the audit as CSV.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a spreadsheet on Windows writes; every byte of it stands for something here.
        text = raw.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter or max(",;\t", key=first.count)
    )
    try:
        read = [(reader.line_num, line) for line in reader]
    except csv.Error as error:
        said = f"The file cannot be read from line {reader.line_num} on: {error}."
        return [], [], Problem(reader.line_num, "", said)
    lines = [(number, line) for number, line in read if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        said = "The file has headings, but no row." if lines else "The file is empty."
        return [], [], Problem(0, "", said)
    heads = [head.strip() for head in lines[0][1]]
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        return [], [], Problem(1, twice[0], "Two columns have this heading: rename one.")
    for number, line in lines[1:]:
        if len(line) > len(heads):
            said = "The row has more cells than there are headings: is a comma not in quotes?"
            return [], [], Problem(number, "", said)
    return heads, [(n, dict(zip(heads, line, strict=False))) for n, line in lines[1:]], None


class Reader:
    """Takes row after row; remembers what was wrong."""

    def __init__(self, mapping: MappingFile, at: datetime) -> None:
        self.mapping, self.at = mapping, at
        self.problems: list[Problem] = []
        self.hospitals = _by_name(Organisation.objects.filter(kind=Organisation.Kind.HOSPITAL))

    def take(self, number: int, cells: dict[str, str]) -> tuple[dict[str, Any], Any]:
        """The facts of a row and its hospital; the hospital is None when anything was wrong."""
        before = len(self.problems)
        facts: dict[str, Any] = {}
        # Those that count from another fact come after it.
        for column in sorted(self.mapping.columns, key=lambda each: bool(each.after)):
            key = column.item.key
            try:
                value = self._value(column, cells, facts)
            except _Wrong as wrong:
                self._wrong(number, column, str(wrong))
                continue
            except OverflowError:
                self._wrong(number, column, "This reaches a year that no calendar has: check it.")
                continue
            if value is not None:
                facts[key] = value
            elif key in REQUIRED:
                self._wrong(number, column, f"Empty, and every journey needs {key}.")
        hospital = facts.pop("hospital", None)
        born = facts.pop("born_on", None)
        if len(self.problems) > before:
            return {}, None
        if born is not None:
            day = clock.local(datetime.fromisoformat(facts["received_at"])).date()
            if date.fromisoformat(born) > day:
                self._at(number, "born_on", "Born after the referral was received.")
                return {}, None
            facts.setdefault("age", age(date.fromisoformat(born), day))
        return facts, hospital

    def _value(self, column: Column, cells: dict[str, str], facts: dict[str, Any]) -> Any:
        if not column.column:
            return self._meant(column, next(iter(column.values.values())))
        said = " ".join(cells.get(column.column, "").split())
        if said.casefold() in column.missing:
            return None
        if said.casefold() in column.values:
            return self._meant(column, column.values[said.casefold()])
        if column.item.kind is Kind.MOMENT:
            moment = self._moment(column, said, cells, facts)
            return None if moment is None else moment.isoformat()
        if column.item.kind is Kind.DAY:
            return self._day(column, said).isoformat()
        return self._meant(column, said)

    def _meant(self, column: Column, said: Any) -> Any:
        item = column.item
        if item.kind is Kind.PLACE:
            return self._hospital(str(said))
        if item.kind is Kind.YES_NO:
            return said if isinstance(said, bool) else _yes_or_no(str(said))
        if item.kind is Kind.CHOICE:
            key = str(said).casefold().replace(" ", "_")
            if key not in item.choices:
                allowed = ", ".join(item.choices)
                raise _Wrong(f"Must be one of: {allowed}; or say in values what it means.")
            return key
        if item.kind in (Kind.WHOLE, Kind.NUMBER):
            return _number(str(said), item.least, item.most, whole=item.kind is Kind.WHOLE)
        if item.kind is Kind.POSTCODE:
            postcode = plain(str(said))
            if not is_postcode(postcode):
                raise _Wrong("This is not a postcode.")
            return postcode
        try:
            return clean_text(str(said), 60)
        except InputError as error:
            raise _Wrong(error.sentence) from None

    def _hospital(self, said: str) -> Organisation:
        found = self.hospitals.get(said.casefold(), [])
        if len(found) != 1:
            many = "Two hospitals are called so: give its ODS code."
            raise _Wrong(many if found else "No hospital has this name or ODS code.")
        return found[0]

    def _moment(
        self, column: Column, said: str, cells: dict[str, str], facts: dict[str, Any]
    ) -> datetime | None:
        if column.after:
            return self._not_ahead(_after(column, said, facts))
        read = _read(said, column.formats, column)
        if read.tzinfo is not None:
            return self._not_ahead(read.astimezone(UTC))
        hour = read.time()
        if column.time_column:
            clocked = " ".join(cells.get(column.time_column, "").split())
            if clocked.casefold() not in column.missing:
                hour = _read(clocked, column.time_formats or ("%H:%M", "%H:%M:%S"), column).time()
            elif column.hour is None:
                raise _Wrong(f"The time is missing, in {column.time_column}.")
            else:
                hour = column.hour
        elif column.hour is not None:
            hour = column.hour
        return self._not_ahead(_local(read.date(), hour, column))

    def _day(self, column: Column, said: str) -> date:
        day = _read(said, column.formats, column).date()
        if day > clock.local(self.at).date():
            raise _Wrong("This lies in the future.")
        return day

    def _not_ahead(self, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        if moment > self.at:
            raise _Wrong("This lies in the future.")
        if moment.year < EARLIEST:
            raise _Wrong(f"This lies before {EARLIEST}: check the year.")
        return moment

    def _wrong(self, number: int, column: Column, sentence: str) -> None:
        self._at(number, column.column or column.item.key, sentence)

    def _at(self, number: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(number, column, sentence))


def _by_name(places: Iterable[Organisation]) -> dict[str, list[Organisation]]:
    found: dict[str, list[Organisation]] = {}
    for place in places.select_related("trust", "alliance"):  # type: ignore[attr-defined]
        for said in {place.name.casefold(), place.code.casefold()} - {""}:
            found.setdefault(said, []).append(place)
    return found


def _read(said: str, formats: Iterable[str], column: Column) -> datetime:
    """The first format that fits; without an offset the time is London's, still to be placed."""
    for each in formats:
        try:
            if each == ISO:
                return parse_instant(said)
            return datetime.strptime(said, each)  # noqa: DTZ007  placed in London by `_local`
        except ValueError:
            continue
    raise _Wrong(f"Write it as {' or '.join(_example(each) for each in formats)}.")


def _example(pattern: str) -> str:
    moment = datetime(2026, 3, 27, 14, 5, tzinfo=UTC)
    return moment.isoformat() if pattern == ISO else moment.strftime(pattern)


def _local(day: date, hour: time, column: Column) -> datetime:
    try:
        return parse_local(day, hour, column.twice)
    except TimeError as error:
        tell = " Say in the mapping: twice." if error.code == "time-twice" else ""
        raise _Wrong(error.sentence + tell) from None


def _after(column: Column, said: str, facts: dict[str, Any]) -> datetime | None:
    """So long after another fact; negative when it was before, as the measures then say."""
    if not _NUMBER.fullmatch(said):
        raise _Wrong("Must be a number, such as 23.5.")
    start = facts.get(column.after)
    if start is None:
        raise _Wrong(f"Counts from {column.after}, which this row does not say.")
    return datetime.fromisoformat(start) + timedelta(seconds=round(float(said) * column.unit))


def _yes_or_no(said: str) -> bool:
    word = said.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise _Wrong("Must be yes or no; or say in values what it means.")


def _number(said: str, least: int, most: int, *, whole: bool) -> float:
    number = float(said) if _NUMBER.fullmatch(said) else None
    if number is None or not least <= number <= most or (whole and number != int(number)):
        raise _Wrong(f"Must be a {'whole ' if whole else ''}number from {least} to {most}.")
    return int(number) if whole else number
