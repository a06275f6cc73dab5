"""Reading in an audit that was kept elsewhere: with every error by row and column, or whole.

What is kept is the file's name and hash, the mapping word for word, who and when, and of each row
the facts; columns that nobody mapped, dates of birth and postcodes are not. Imported journeys are
judged by the same measures as live ones and marked as imported everywhere.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q

from audit.domain import cells, cohort_facts, deprivation, journeys
from audit.domain.cohort_mapping import MappingFile, absent, parse
from audit.domain.cohort_rows import Reader, table
from audit.events import CohortImported, CohortRemoved
from audit.measures import registry
from audit.models import Cohort, CohortRow, Journey
from mscc.events import Actor, publish
from mscc.people.models import Organisation
from scheduling.domain.rota_csv import Problem

LIMIT_BYTES, LIMIT_ROWS = 50_000_000, 100_000
BATCH = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was read: `number` is its line in the file."""

    number: int
    hospital: Organisation
    facts: dict[str, Any]


@dataclass(slots=True)
class Read:
    """A file and its mapping as read. Good only when there is no problem at all."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mapping: MappingFile | None = None
    sha256: str = ""


def read(raw: bytes, mapping_text: str, at: datetime) -> Read:
    """Every row as facts, or every problem of mapping and file. Writes nothing."""
    found = Read(sha256=hashlib.sha256(raw).hexdigest())
    found.mapping, found.problems = parse(mapping_text)
    if len(raw) > LIMIT_BYTES:
        found.problems.append(Problem(0, "", "The file is larger than 50 MB. Import it in parts."))
    if found.mapping is None or found.problems:
        return found
    found.problems += _known_already(found)
    heads, lines, problem = table(raw, found.mapping.delimiter)
    if problem:
        found.problems.append(problem)
    elif len(lines) > LIMIT_ROWS:
        found.problems.append(
            Problem(0, "", f"The file has more than {LIMIT_ROWS} rows. Import it in parts.")
        )
    else:
        found.problems += absent(found.mapping, heads)
    if found.problems:
        return found
    reader = Reader(found.mapping, at)
    for number, line in lines:
        facts, hospital = reader.take(number, line)
        if hospital is not None:
            found.rows.append(Row(number, hospital, facts))
    found.problems += sorted(reader.problems, key=lambda each: (each.row, each.column))
    if not found.problems:
        _place(found.rows)
    return found


def write(raw: bytes, mapping_text: str, file_name: str, *, by: Actor, at: datetime) -> Read:
    """Keep every row as a journey, unless there is a problem: then nothing is."""
    with transaction.atomic():
        found = read(raw, mapping_text, at)
        if found.problems or found.mapping is None:
            return found
        cohort = Cohort.objects.create(
            name=found.mapping.name,
            source=found.mapping.source,
            file_name=file_name[:200],
            sha256=found.sha256,
            mapping=mapping_text,
            rows=len(found.rows),
            imported_at=at,
            imported_by_id=by.user_id,
            imported_by_name=by.name,
        )
        for batch in _batches(found.rows):
            kept = [(row, _judged(row.facts, row.hospital, cohort.name, at)) for row in batch]
            journeys.save([journey for _, journey in kept])
            CohortRow.objects.bulk_create(
                CohortRow(cohort=cohort, number=row.number, journey=journey, facts=row.facts)
                for row, journey in kept
            )
        publish(
            CohortImported(
                by=by,
                at=at,
                cohort_id=cohort.pk,
                name=cohort.name,
                file_name=cohort.file_name,
                sha256=cohort.sha256,
                rows=cohort.rows,
            )
        )
    return found


def remove(name: str, reason: str, *, by: Actor, at: datetime) -> int:
    """Take an imported audit out again, as when its mapping was wrong; how many journeys it had.

    Cohort.DoesNotExist when there is none of this name. That it was here stays on the trail.
    """
    with transaction.atomic():
        cells.my_turn(patient=True)
        cohort = Cohort.objects.select_for_update().get(name=name)
        of_it = Journey.objects.filter(cohort_row__cohort=cohort)
        counted = of_it.values_list("hospital_id", "alliance_id", "month", "imported")
        touched = {cells.Touched(*row) for row in counted.distinct()}
        keys = list(of_it.values_list("pk", flat=True))
        CohortRow.objects.filter(cohort=cohort).delete()
        Journey.objects.filter(pk__in=keys).delete()
        cohort.delete()
        cells.mark(touched)
        publish(
            CohortRemoved(
                by=by,
                at=at,
                name=name,
                sha256=cohort.sha256,
                rows=cohort.rows,
                reason=reason,
            )
        )
    return cohort.rows


def judge_again(at: datetime) -> int:
    """Judge imported journeys anew whose measures changed since; how many. Nobody else does it."""
    now = registry.definitions()
    old = Q(journey__definitions__lt=now) | Q(journey__definitions__gt=now)
    done = 0
    while True:
        with transaction.atomic():
            waiting = CohortRow.objects.filter(old).select_related("cohort", "journey__hospital")
            rows = list(waiting.select_for_update(of=("self",)).order_by("pk")[:BATCH])
            if not rows:
                return done
            journeys.save([_afresh(row) for row in rows])
        done += len(rows)


def _judged(facts: Mapping[str, Any], hospital: Organisation, name: str, at: datetime) -> Journey:
    return journeys.judged(cohort_facts.journey(facts, hospital, name, at))


def _afresh(row: CohortRow) -> Journey:
    """The same journey, seen from the same day."""
    kept = row.journey
    fresh = _judged(row.facts, kept.hospital, row.cohort.name, kept.as_of)
    fresh.pk = kept.pk
    return fresh


def _known_already(found: Read) -> Iterator[Problem]:
    assert found.mapping is not None
    same = Q(sha256=found.sha256) | Q(name=found.mapping.name)
    for cohort in Cohort.objects.filter(same):
        if cohort.sha256 == found.sha256:
            on = f"{cohort.imported_at:%Y-%m-%d}"
            yield Problem(0, "", f"This file was imported already, as {cohort.name} on {on}.")
        else:
            yield Problem(0, "name", "Another file was imported under this name: choose another.")


def _place(rows: Iterable[Row]) -> None:
    """Turn postcodes into a fifth of deprivation and a distance, unless the row says those."""
    rows = [row for row in rows if "postcode" in row.facts]
    fifths = deprivation.quintiles({row.facts["postcode"] for row in rows})
    away = deprivation.distances({(row.facts["postcode"], row.hospital.pk) for row in rows})
    for row in rows:
        postcode = row.facts.pop("postcode")
        if postcode in fifths:
            row.facts.setdefault("deprivation", fifths[postcode])
        if (postcode, row.hospital.pk) in away:
            row.facts.setdefault("distance_km", round(away[postcode, row.hospital.pk], 1))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch
