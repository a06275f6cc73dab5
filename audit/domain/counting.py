"""Counting stored verdicts in the database: two statements, whatever is counted by.

What comes back is a count as plain JSON (`Count`), so that it can be kept; `tally_of` adds counts
up. The statements read only the journeys that `where` names.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audit.measures.tally import EDGES, Tally, Times
from audit.measures.verdict import Status

# What was counted of one measure: `status`, `times` (by class of EDGES), `reasons` (by status),
# `labels` and `flags`, each with how many. Keys are text, as JSON has it; nothing is left out.
Count = dict[str, Any]
Key = tuple[Any, ...]

_LOCAL = "(j.received_at AT TIME ZONE 'Europe/London')"
# What journeys can be counted by. The groups of 1.1.13 are asked by name: see `by_group`.
BY: Mapping[str, str] = {
    "month": "j.month",
    "trust": "j.trust_id",
    "hospital": "j.hospital_id",
    "imported": "j.imported",
    "suspicion": "j.suspicion",
    "deficit": "j.deficit",
    "hour": f"extract(hour FROM {_LOCAL})::int::text",
    "weekday": f"extract(isodow FROM {_LOCAL})::int::text",
}
_EDGES = ",".join(str(edge) for edge in EDGES)
# The same class as `tally.class_of`. No time is -1.
_CLASS = f"""CASE WHEN v.seconds IS NULL THEN -1 ELSE
    greatest(width_bucket((v.seconds - 1)::float8, '{{{_EDGES}}}'::float8[]) - 1, 0) END"""
_BREACHES = """SELECT b->>0, b->>1, (b->>2)::boolean, count(*)
    FROM audit_journey AS j CROSS JOIN LATERAL jsonb_array_elements(j.details->'0') AS b
    WHERE %(where)s GROUP BY 1, 2, 3"""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on `audit_journey AS j` with its values."""

    sql: str
    values: tuple[Any, ...] = ()


def by_group(cut: str) -> str:
    """The expression of a person's class in one of the cuts of `measures.groups`."""
    if not cut.isidentifier():
        raise ValueError(f"{cut!r} is no cut.")
    return f"coalesce(j.groups->>'{cut}', '')"


def count(
    where: Where, by: Sequence[str] = (), measures: Sequence[int] | None = None
) -> dict[Key, dict[int, Count]]:
    """Counts by the values of these expressions and by measure number; all measures by default."""
    keys = ", ".join([*by, ""])
    found: dict[Key, dict[int, Count]] = {}
    for *key, number, status, in_class, n in _ask(_verdicts(keys, len(by), measures), where):
        one = _one(found, tuple(key), number)
        _add(one["status"], str(status), n)
        if in_class >= 0:
            _add(one["times"], str(in_class), n)
    for *key, number, status, reason, label, flag, n in _ask(
        _details(keys, len(by), measures), where
    ):
        one = _one(found, tuple(key), number)
        if reason:
            _add(one["reasons"].setdefault(str(status), {}), reason, n)
        if label:
            _add(one["labels"], label, n)
        if flag:
            _add(one["flags"], flag, n)
    return found


def breaches(where: Where) -> list[tuple[str, str, bool | None, int]]:
    """Missed targets as (kind, reason, whether it was an incident, how many)."""
    return _ask(_BREACHES, where)


def tally_of(counts: Iterable[Count]) -> Tally:
    """These counts added up."""
    whole = merged(counts)
    status = {Status(int(key)): n for key, n in whole["status"].items()}
    return Tally(
        met=status.get(Status.MET, 0),
        not_met=status.get(Status.NOT_MET, 0),
        not_applicable=status.get(Status.NOT_APPLICABLE, 0),
        running=status.get(Status.RUNNING, 0),
        excluded=_reasons(whole, Status.EXCLUDED),
        missing=_reasons(whole, Status.MISSING),
        late=_reasons(whole, Status.NOT_MET),
        labels=whole["labels"],
        flags=whole["flags"],
        times=Times({int(key): n for key, n in whole["times"].items()}),
    )


def merged(counts: Iterable[Count]) -> Count:
    """The sum of these counts, as a count."""
    whole = _empty()
    for each in counts:
        for name in ("status", "times", "labels", "flags"):
            into = whole[name]
            for key, n in each[name].items():
                into[key] = into.get(key, 0) + n
        for status, reasons in each["reasons"].items():
            into = whole["reasons"].setdefault(status, {})
            for key, n in reasons.items():
                into[key] = into.get(key, 0) + n
    return whole


def _reasons(whole: Count, status: Status) -> Counter[str]:
    """By reason; those that gave none are under the empty one."""
    given = Counter(whole["reasons"].get(str(status.value), {}))
    without = whole["status"].get(str(status.value), 0) - given.total()
    return given + Counter({"": without})


def _empty() -> Count:
    return {"status": {}, "times": {}, "reasons": {}, "labels": {}, "flags": {}}


def _one(found: dict[Key, dict[int, Count]], key: Key, number: int) -> Count:
    return found.setdefault(key, {}).setdefault(number, _empty())


def _add(into: dict[str, int], key: str, n: int) -> None:
    into[key] = into.get(key, 0) + n


def _verdicts(keys: str, depth: int, measures: Sequence[int] | None) -> str:
    if measures is None:
        one = "unnest(j.verdicts, j.seconds) WITH ORDINALITY AS v(status, seconds, place)"
    else:
        # Arrays count from 1 in PostgreSQL, measures from 0 in the stored lists.
        one = f"""(SELECT j.verdicts[m + 1] AS status, j.seconds[m + 1] AS seconds, m + 1 AS place
            FROM unnest('{{{_numbers(measures)}}}'::int[]) AS m) AS v"""
    return f"""SELECT {keys} (v.place - 1)::int, v.status, {_CLASS}, count(*)
        FROM audit_journey AS j CROSS JOIN LATERAL {one}
        WHERE v.status > 0 AND %(where)s GROUP BY {_ordinals(depth + 3)}"""


def _details(keys: str, depth: int, measures: Sequence[int] | None) -> str:
    if measures is None:
        # The place of no measure holds the missed targets.
        one = "(SELECT * FROM jsonb_each(j.details - '0')) AS d(number, said)"
    else:
        one = f"""(SELECT m::text AS number, j.details->(m::text) AS said
            FROM unnest('{{{_numbers(measures)}}}'::int[]) AS m) AS d"""
    return f"""SELECT {keys} d.number::int, j.verdicts[d.number::int + 1],
            d.said->>'reason', d.said->>'label', d.said->>'flag', count(*)
        FROM audit_journey AS j CROSS JOIN LATERAL {one}
        WHERE d.said IS NOT NULL AND %(where)s GROUP BY {_ordinals(depth + 5)}"""


def _numbers(measures: Iterable[int]) -> str:
    return ",".join(str(int(number)) for number in measures)


def _ordinals(count: int) -> str:
    return ", ".join(str(number + 1) for number in range(count))


def _ask(statement: str, where: Where) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement % {"where": where.sql}, where.values)
        return list(cursor.fetchall())
