"""A rota as a file: read with every error by its row, written whole or not at all; and written out.

Times are London's ("2027-03-27 20:00"), or any moment with its offset; in the hour that comes
twice an offset is asked for.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from mscc import clock
from mscc.events import Actor
from mscc.people.models import Assignment, Organisation
from mscc.people.roles import ROLES
from referrals.clinical.times import TimeError, parse_local, parse_time
from referrals.domain.refusals import Invalid
from scheduling.domain import planning
from scheduling.domain.queries.duty import CONTACT, ON_DUTY
from scheduling.models import Shift

COLUMNS = ("place", "role", "specialty", "email", "starts", "ends")
LIMIT_BYTES, LIMIT_ROWS = 300_000, 2_000
_ROLES = (*ON_DUTY, CONTACT)
# What a spreadsheet would take for a formula (ASVS 1.2.10).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_LOCAL = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}[:.]?\d{2})(?::00)?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row (1 is the headings) and a column; 0 and "" for the whole file."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its turns are good only when there is no problem at all."""

    turns: list[Shift] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(raw: bytes, places: Iterable[Organisation], at: datetime) -> Read:
    """The turns of a file for these places, or every problem in it. Writes nothing."""
    rows, problem = _rows(raw)
    if problem is not None:
        return Read([], [Problem(0, "", problem)])
    reader = _Reader(places, at)
    for number, row in rows:
        reader.take(number, row)
    reader.compare()
    return Read(reader.turns, sorted(reader.problems, key=lambda each: (each.row, each.column)))


def write(raw: bytes, places: Iterable[Organisation], *, by: Actor, at: datetime) -> Read:
    """Put every turn of a file on the plan, unless it has a problem: then nothing is."""
    places = list(places)
    with transaction.atomic():
        planning.hold_plan([place.pk for place in places])
        found = read(raw, places, at)
        if not found.problems:
            for shift in found.turns:
                planning.add(shift, by=by, at=at)
    return found


def export(shifts: Iterable[Shift]) -> str:
    """The same columns, which can be read in again, and the person's name at the end."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, "name"])
    for shift in shifts:
        cells = [
            shift.organisation.name,
            shift.role,
            shift.specialty,
            shift.user.email,
            clock.local(shift.starts_at).isoformat(sep=" ", timespec="minutes"),
            clock.local(shift.ends_at).isoformat(sep=" ", timespec="minutes"),
            shift.user.name,
        ]
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(raw: bytes) -> tuple[list[tuple[int, dict[str, str]]], str | None]:
    if len(raw) > LIMIT_BYTES:
        return [], "The file is larger than 300 kB. Import it in parts."
    if b"\0" in raw:
        return [], "This is not a CSV file. Save the rota as CSV and choose that file."
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What a spreadsheet on Windows writes; every byte of it stands for something here.
        text = raw.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error as error:
        return [], f"The file cannot be read from line {reader.line_num} on: {error}."
    lines = [(number, line) for number, line in lines if any(cell.strip() for cell in line)]
    if not lines:
        return [], "The file is empty."
    heads = [head.strip().lower() for head in lines[0][1]]
    missing = [name for name in COLUMNS if name not in heads]
    if missing:
        return [], f"The first row must name the columns; missing: {', '.join(missing)}."
    if len(lines) > LIMIT_ROWS + 1:
        return [], f"The file has more than {LIMIT_ROWS} rows. Import it in parts."
    if len(lines) == 1:
        return [], "The file has headings, but no turn."
    return [
        (n, dict(zip(heads, map(str.strip, line), strict=False))) for n, line in lines[1:]
    ], None


class _Reader:
    """Takes row after row; remembers what it found and what was wrong."""

    def __init__(self, places: Iterable[Organisation], at: datetime) -> None:
        self.at = at
        self.places: dict[str, list[Organisation]] = {}
        for place in places:
            self.places.setdefault(place.name.casefold(), []).append(place)
        self.held: dict[Any, Assignment] = {}
        ids = [place.pk for same in self.places.values() for place in same]
        held = Assignment.objects.current(at).filter(organisation_id__in=ids, role__in=_ROLES)
        for each in held.filter(user__is_active=True).select_related("user", "organisation"):
            key = (each.user.email, each.organisation_id, each.role, each.specialty or "")
            self.held[key] = each
        self.turns: list[Shift] = []
        self.numbers: list[int] = []
        self.problems: list[Problem] = []

    def take(self, number: int, row: dict[str, str]) -> None:
        """Read one row: a turn, or at least one problem."""
        before = len(self.problems)
        place, role = self._place(number, row), self._role(number, row)
        starts_at = self._moment(number, "starts", row)
        ends_at = self._moment(number, "ends", row)
        held = self._held(number, row, place, role) if place and role else None
        if starts_at and ends_at:
            try:
                planning.check_times(starts_at, ends_at, self.at)
            except Invalid as refusal:
                for name, sentence in refusal.errors.items():
                    self._wrong(number, name.removesuffix("_at"), sentence)
        if len(self.problems) == before and held and starts_at and ends_at:
            self.numbers.append(number)
            self.turns.append(
                Shift(
                    organisation=held.organisation,
                    role=held.role,
                    specialty=held.specialty or "",
                    user=held.user,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    note="Imported from a file",
                )
            )

    def compare(self) -> None:
        """Nobody on duty twice, no two for one role at once: among the rows and on the plan."""
        pairs = sorted(zip(self.turns, self.numbers, strict=True), key=lambda p: p[0].starts_at)
        for index, (turn, number) in enumerate(pairs):
            for other, earlier in pairs[:index]:
                if other.ends_at > turn.starts_at and (word := _against(turn, other)):
                    self._wrong(number, "starts", f"Overlaps row {earlier}: {word}.")
        if not pairs:
            return
        planned = Shift.objects.counting().filter(
            starts_at__lt=max(turn.ends_at for turn in self.turns),
            ends_at__gt=pairs[0][0].starts_at,
        )
        others = list(planned.select_related("user"))
        for turn, number in pairs:
            for other in others:
                if other.starts_at < turn.ends_at and other.ends_at > turn.starts_at:
                    if word := _against(turn, other):
                        on = clock.local(other.starts_at)
                        when = f"{on.day} {on:%b %H:%M}"
                        self._wrong(
                            number,
                            "starts",
                            f"Overlaps the plan, {other.user.name} {when}: {word}.",
                        )

    def _wrong(self, number: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(number, column, sentence))

    def _place(self, number: int, row: dict[str, str]) -> Organisation | None:
        found = self.places.get(row.get("place", "").casefold(), [])
        if len(found) == 1:
            return found[0]
        many = "More than one place has this name." if found else ""
        self._wrong(number, "place", many or "You plan no cover at a place of this name.")
        return None

    def _role(self, number: int, row: dict[str, str]) -> str | None:
        said = row.get("role", "").casefold()
        for key in _ROLES:
            if said in (key, ROLES[key].label.casefold()):
                return key
        self._wrong(number, "role", f"Must be one of: {', '.join(_ROLES)}.")
        return None

    def _held(
        self, number: int, row: dict[str, str], place: Organisation, role: str
    ) -> Assignment | None:
        specialty = row.get("specialty", "").casefold().replace(" ", "_")
        held = self.held.get((row.get("email", "").casefold(), place.pk, role, specialty))
        if held is None:
            what = f"{ROLES[role].label}{f', {specialty}' if specialty else ''}"
            self._wrong(number, "email", f"Nobody with this address is {what} at {place.name}.")
        return held

    def _moment(self, number: int, column: str, row: dict[str, str]) -> datetime | None:
        said = row.get(column, "")
        try:
            return _moment(said)
        except (ValueError, TimeError) as error:
            sentence = getattr(error, "sentence", "") or str(error)
            if not isinstance(error, TimeError):
                sentence = "Write it as 2027-03-27 20:00, or with its offset."
            self._wrong(number, column, sentence)
        return None


def _moment(said: str) -> datetime:
    local = _LOCAL.fullmatch(said)
    if local is not None:
        day = datetime.fromisoformat("-".join(local.groups()[:3])).date()
        return parse_local(day, parse_time(local[4]))
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment


def _against(turn: Shift, other: Shift) -> str:
    if other.user_id == turn.user_id:
        return f"{turn.user.name} would be on duty twice"
    same = (other.organisation_id, other.role, other.specialty)
    if same == (turn.organisation_id, turn.role, turn.specialty):
        return "two people for one role"
    return ""
