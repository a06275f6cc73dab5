"""Loading the public lookups: the IMD by area or postcode, postcodes on the map, hospitals' sites.

A file is taken whole or not at all, and every error is told by its row. What is loaded already
stays unless the file says otherwise, so that an IMD by area and a postcode directory add up.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from django.db import connection, transaction

from audit.domain.deprivation import is_postcode, plain
from audit.models import HospitalSite, LookupFile
from mscc.people.models import Organisation
from scheduling.domain.rota_csv import Problem

SHIPPED = Path(__file__).resolve().parents[1] / "data"
SYNTHETIC = ("synthetic-deprivation.csv", "synthetic-hospitals.csv")
AREAS_OF_ENGLAND = 33_755  # LSOAs of 2021, ranked by the IMD of 2025; 32,844 in that of 2019
PROBLEMS_TOLD = 100
_AREA = re.compile(r"[0-9A-Z]{8,9}")
_NOWHERE = 99.9  # the postcode directory's latitude of what has no place
# How the public files call their columns, without signs and in small letters; the beginnings.
_HEADS = {
    "postcode": ("postcode", "pcds", "pcd"),
    "area": ("lsoa code", "lsoa11", "lsoa21", "lsoa"),
    "quintile": ("imd quintile", "quintile"),
    "decile": (
        "imd decile",
        "decile",
        "index of multiple deprivation decile",
        "index of multiple deprivation imd decile",
    ),
    "rank": (
        "imd rank",
        "index of multiple deprivation rank",
        "index of multiple deprivation imd rank",
    ),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long"),
    "hospital": ("hospital", "ods code", "organisation code"),
}
_NOT = ("postcode status", "lsoa name", "latitude of", "pcd status")


@dataclass(slots=True)
class Loaded:
    """What a file held. With a problem, nothing of it was loaded."""

    kind: str = ""  # areas, postcodes, hospitals
    rows: int = 0
    without: int = 0  # rows that say nothing we can use, such as postcodes without a place
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0  # beyond those told

    def wrong(self, row: int, column: str, sentence: str) -> None:
        """Note a problem; beyond the first hundred they are only counted."""
        if len(self.problems) < PROBLEMS_TOLD:
            self.problems.append(Problem(row, column, sentence))
        else:
            self.more_problems += 1


class _Undo(Exception):
    """The file has problems: nothing of it stays."""


def load(path: Path, *, by: str, at: datetime, ranked: int = AREAS_OF_ENGLAND) -> Loaded:
    """Load one file: CSV with headings, by postcode, by area (LSOA) or of hospitals.

    `ranked` is how many areas a rank is one of. Raises OSError when it cannot be opened.
    """
    loaded = Loaded()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file, transaction.atomic():
            _take(file, loaded, ranked)
            if loaded.problems:
                raise _Undo
            LookupFile.objects.create(
                name=path.name[:200],
                sha256=_hash(path),
                kind=loaded.kind,
                rows=loaded.rows,
                loaded_at=at,
                loaded_by=by,
            )
    except UnicodeDecodeError:
        loaded.wrong(0, "", "The file is not UTF-8. Save it as CSV in UTF-8.")
    except csv.Error as error:
        loaded.wrong(0, "", f"The file cannot be read as CSV: {error}.")
    except _Undo:
        pass
    return loaded


def load_shipped(*, by: str, at: datetime) -> list[Loaded]:
    """The small made-up lookups that ship: for the demo and for trying out, never for real use."""
    return [load(SHIPPED / name, by=by, at=at) for name in SYNTHETIC]


def _take(file: TextIO, loaded: Loaded, ranked: int) -> None:
    reader = csv.reader(file)
    heads = _columns(next(reader, []))
    reading = _Row(heads, loaded, ranked)
    if "hospital" in heads and "postcode" in heads:
        loaded.kind = "hospitals"
        _hospitals(reader, reading)
    elif "postcode" in heads and len(heads) > 1:
        loaded.kind = "postcodes"
        _copy(_POSTCODES, reader, reading, reading.postcode)
    elif "area" in heads and {"quintile", "decile", "rank"} & set(heads):
        loaded.kind = "areas"
        _copy(_AREAS, reader, reading, reading.area)
    else:
        loaded.wrong(
            1,
            "",
            "The first row must name a postcode or an LSOA code, and what is known of it: an IMD "
            "decile, quintile or rank, an LSOA code, or latitude and longitude; or a hospital "
            "and its postcode.",
        )
        return
    if not loaded.rows and not loaded.problems:
        loaded.wrong(0, "", "The file has headings and nothing that can be used.")


def _columns(heads: list[str]) -> dict[str, int]:
    """Which column is which; the first that fits counts."""
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        said = " ".join(re.findall(r"[a-z0-9]+", head.lower()))
        for name, beginnings in _HEADS.items():
            fits = any(re.match(rf"{beginning}(\b|$|\d)", said) for beginning in beginnings)
            if fits and name not in found and not said.startswith(_NOT):
                found[name] = at
                break
    return found


class _Row:
    """Reads one row after another; what is wrong goes to `loaded`."""

    def __init__(self, heads: dict[str, int], loaded: Loaded, ranked: int) -> None:
        self.heads, self.loaded, self.ranked = heads, loaded, ranked
        self.number, self.cells = 1, list[str]()

    def cell(self, name: str) -> str:
        at = self.heads.get(name)
        return self.cells[at].strip() if at is not None and at < len(self.cells) else ""

    def postcode(self) -> tuple[object, ...] | None:
        """postcode, area, quintile, latitude, longitude; None when there is nothing to keep."""
        said, area = self.said_postcode(), self.said_area()
        quintile, (latitude, longitude) = self.quintile(area), self.place()
        if said is None or (not area and quintile is None and latitude is None):
            return None
        return said, area, quintile, latitude, longitude

    def area(self) -> tuple[object, ...] | None:
        """code, quintile; None when there is nothing to keep."""
        area = self.said_area()
        quintile = self.quintile(area)
        if not self.cell("area"):
            self._wrong("area", "The LSOA code is missing.")
        elif not any(map(self.cell, ("quintile", "decile", "rank"))):
            self._wrong("decile", "The decile, quintile or rank is missing.")
        return (area, quintile) if area and quintile else None

    def said_postcode(self) -> str | None:
        said = plain(self.cell("postcode"))
        if is_postcode(said):
            return said
        self._wrong("postcode", "This is not a postcode." if said else "The postcode is missing.")
        return None

    def said_area(self) -> str:
        said = self.cell("area").upper()
        if said and not _AREA.fullmatch(said):
            self._wrong("area", "This is not an LSOA code, such as E01012345.")
            return ""
        return said

    def quintile(self, area: str) -> int | None:
        """From a quintile, a decile or a rank; England's only: no other country has this index."""
        if area and not area.startswith("E"):
            return None
        for name, most in (("quintile", 5), ("decile", 10), ("rank", self.ranked)):
            said = self.cell(name)
            if not said:
                continue
            if not re.fullmatch(r"[0-9]{1,6}", said) or not 1 <= int(said) <= most:
                self._wrong(name, f"Must be a whole number from 1 to {most}.")
                return None
            return -(-int(said) * 5 // most)
        return None

    def place(self) -> tuple[float | None, float | None]:
        said = self.cell("latitude"), self.cell("longitude")
        if not any(said):
            return None, None
        try:
            latitude, longitude = (float(each) for each in said)
        except ValueError:
            self._wrong("latitude", "Latitude and longitude are degrees, such as 50.72 and -3.53.")
            return None, None
        if latitude > _NOWHERE:
            return None, None
        if not (49 <= latitude <= 61 and -9 <= longitude <= 2.5):
            self._wrong("latitude", "This place does not lie in the United Kingdom.")
            return None, None
        return latitude, longitude

    def _wrong(self, column: str, sentence: str) -> None:
        self.loaded.wrong(self.number, column, sentence)


_Rows = Iterator[list[str]]


def _each(reader: _Rows, reading: _Row) -> Iterator[None]:
    for reading.number, reading.cells in enumerate(reader, start=2):
        if any(cell.strip() for cell in reading.cells):
            yield


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: str  # of the file's own table, with their types
    merge: str  # what becomes of a key that is there already


_POSTCODES = _Table(
    "audit_postcode",
    "postcode text, area text, quintile smallint, latitude float8, longitude float8",
    # A file without a column does not wipe what another one said.
    "area = COALESCE(NULLIF(excluded.area, ''), kept.area),"
    " quintile = COALESCE(excluded.quintile, kept.quintile),"
    " latitude = COALESCE(excluded.latitude, kept.latitude),"
    " longitude = COALESCE(excluded.longitude, kept.longitude)",
)
_AREAS = _Table("audit_area", "code text, quintile smallint", "quintile = excluded.quintile")


def _copy(table: _Table, reader: _Rows, reading: _Row, read: object) -> None:
    """Every row through COPY: the directory of all postcodes has 2.7 million of them."""
    names = ", ".join(column.split()[0] for column in table.columns.split(", "))
    key = names.split(",")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE given ({table.columns}, line integer) ON COMMIT DROP"
        )
        with _copying(cursor, f"COPY given ({names}, line) FROM STDIN") as write:
            for _ in _each(reader, reading):
                values = read()  # type: ignore[operator]
                if values is None:
                    reading.loaded.without += 1
                elif not reading.loaded.problems:
                    write((*values, reading.number))
                    reading.loaded.rows += 1
        _told_twice(cursor, key, reading.loaded)
        if not reading.loaded.problems:
            cursor.execute(
                f"INSERT INTO {table.name} AS kept ({names}) SELECT {names} FROM given"
                f" ON CONFLICT ({key}) DO UPDATE SET {table.merge}"
            )
        cursor.execute("DROP TABLE given")


@contextmanager
def _copying(cursor, statement: str):  # noqa: ANN001, ANN202  psycopg's own, under Django's
    with cursor.copy(statement) as copy:
        yield copy.write_row


def _told_twice(cursor, key: str, loaded: Loaded) -> None:  # noqa: ANN001
    cursor.execute(
        f"SELECT max(line), min(line) FROM given GROUP BY {key} HAVING count(*) > 1"
        f" ORDER BY 1 LIMIT {PROBLEMS_TOLD}"
    )
    for later, earlier in cursor.fetchall():
        loaded.wrong(later, key, f"It is in row {earlier} already.")


def _hospitals(reader: _Rows, reading: _Row) -> None:
    places = Organisation.objects.filter(kind=Organisation.Kind.HOSPITAL)
    by_name: dict[str, list[Organisation]] = {}
    for place in places:
        for said in {place.name.casefold(), place.code.casefold()} - {""}:
            by_name.setdefault(said, []).append(place)
    sites: dict[int, HospitalSite] = {}
    for _ in _each(reader, reading):
        postcode = reading.said_postcode()
        found = by_name.get(reading.cell("hospital").casefold(), [])
        if len(found) > 1:
            reading.loaded.wrong(reading.number, "hospital", "Two hospitals are called so.")
        elif not found:
            # A list of all hospitals of the country is welcome: ours are picked out of it.
            reading.loaded.without += 1
        elif found[0].pk in sites:
            reading.loaded.wrong(reading.number, "hospital", "It is in a row above already.")
        elif postcode:
            sites[found[0].pk] = HospitalSite(hospital=found[0], postcode=postcode)
    HospitalSite.objects.bulk_create(
        sites.values(),
        update_conflicts=True,
        update_fields=["postcode"],
        unique_fields=["hospital"],
    )
    reading.loaded.rows = len(sites)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
