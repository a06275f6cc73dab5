"""Counting stored verdicts in the database: one statement (counting.sql), whatever is counted by.

What comes back is a count as plain JSON (`Count`), so that it can be kept; `tally_of` adds counts
up. The statement reads only the journeys that `where` names.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from audit.measures.tally import EDGES, Tally, Times
from audit.measures.verdict import Status

# What was counted of one measure, each with how many: `s` by status, `t` by class of EDGES, `r` by
# status and reason, `l` by label, `f` by flag. Keys are text, as JSON has it.
Count = dict[str, Any]

_STATEMENT = (Path(__file__).parent / "counting.sql").read_text()
_LOCAL = "(j.received_at AT TIME ZONE 'Europe/London')"
# What the journeys of a place and month can be split by, besides the groups of 1.1.13.
SPLITS: Mapping[str, str] = {
    "suspicion": "j.suspicion",
    "deficit": "j.deficit",
    "hour": f"extract(hour FROM {_LOCAL})::int::text",
    "weekday": f"extract(isodow FROM {_LOCAL})::int::text",
}
_EACH = "unnest(j.verdicts, j.seconds) WITH ORDINALITY"
_SAID = "jsonb_each(j.details - '0')"  # the place of no measure holds the missed targets
_BREACHES = """SELECT j.month, b->>0, b->>1, (b->>2)::boolean, count(*)
    FROM audit_journey AS j CROSS JOIN LATERAL jsonb_array_elements(j.details->'0') AS b
    WHERE {where} GROUP BY 1, 2, 3, 4"""
_FOLLOWED = """SELECT j.month, j.followed_days, j.died, count(*) FROM audit_journey AS j
    WHERE j.followed_days IS NOT NULL AND j.confirmed = 'mscc' AND {where} GROUP BY 1, 2, 3"""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on `audit_journey AS j` with its values by name."""

    sql: str
    values: Mapping[str, Any]


class Counted(NamedTuple):
    """The count of one measure; what was not counted by is 0, None, False or empty."""

    place: int
    month: date | None
    imported: bool
    value: str
    number: int
    count: Count


def value_of(cut: str) -> str:
    """The expression of a journey's class in a split, or in a cut of `measures.groups`."""
    if not cut.isidentifier():
        raise ValueError(f"{cut!r} is no cut.")
    if cut == "hospital":
        return "j.hospital_id::text"
    return SPLITS.get(cut) or f"coalesce(j.groups->>'{cut}', '')"


def count(
    where: Where,
    measures: Iterable[int] | None = None,
    *,
    place: str = "",
    by_month: bool = False,
    by_imported: bool = False,
    cut: str = "",
) -> list[Counted]:
    """The verdicts on these measures (all by default), counted by `place` (a column), month, and
    the classes of a cut."""
    asked = statement(
        where, measures, place=place, by_month=by_month, by_imported=by_imported, cut=cut
    )
    return [
        Counted(at, month if by_month else None, imported, value, number, json.loads(counted))
        for at, month, imported, value, number, counted in _ask(asked, where)
    ]


def statement(
    where: Where,
    measures: Iterable[int] | None = None,
    *,
    place: str = "",
    by_month: bool = False,
    by_imported: bool = False,
    cut: str = "",
) -> str:
    """The same as a statement, for whoever keeps what it finds."""
    told, said = (_EACH, _SAID) if measures is None else _only(measures)
    return _STATEMENT.format(
        place=f"j.{place}" if place else "0",
        month="j.month" if by_month else "'0001-01-01'::date",
        imported="j.imported" if by_imported else "false",
        value=value_of(cut) if cut else "''",
        edges=",".join(str(edge) for edge in EDGES),
        verdicts=told,
        details=said,
        where=where.sql,
    )


def of_no_measure(where: Where) -> dict[date, Count]:
    """By month what is counted of journeys besides measures, at the place of no measure: `b` missed
    targets by `breach_key`, `d` how long people with MSCC were followed by `followed_key`."""
    found: dict[date, Count] = {}
    for month, kind, reason, incident, n in _ask(_BREACHES.format(where=where.sql), where):
        found.setdefault(month, {}).setdefault("b", {})[breach_key(kind, reason, incident)] = n
    for month, days, died, n in _ask(_FOLLOWED.format(where=where.sql), where):
        found.setdefault(month, {}).setdefault("d", {})[followed_key(days, died)] = n
    return found


def breach_key(kind: str, reason: str, incident: bool | None) -> str:
    """A missed target as a key: its kind, the reason, and whether it was an incident if known."""
    return f"{kind}|{reason}|{'' if incident is None else int(incident)}"


def followed_key(days: int, died: bool) -> str:
    """How many days, and whether they ended with death, as a key."""
    return f"{days}|{int(died)}"


def tally_of(counts: Iterable[Count]) -> Tally:
    """These counts added up."""
    whole = merged(counts)
    status = {Status(int(key)): n for key, n in whole.get("s", {}).items()}
    return Tally(
        met=status.get(Status.MET, 0),
        not_met=status.get(Status.NOT_MET, 0),
        not_applicable=status.get(Status.NOT_APPLICABLE, 0),
        running=status.get(Status.RUNNING, 0),
        excluded=_reasons(whole, Status.EXCLUDED),
        missing=_reasons(whole, Status.MISSING),
        late=_reasons(whole, Status.NOT_MET),
        labels=whole.get("l", {}),
        flags=whole.get("f", {}),
        times=Times({int(key): n for key, n in whole.get("t", {}).items()}),
    )


def merged(counts: Iterable[Count]) -> Count:
    """The sum of these counts, as a count; nothing that was given is changed."""
    whole: Count = {}
    for each in counts:
        for name, found in each.items():
            if name == "r":
                for status, reasons in found.items():
                    _add(whole.setdefault("r", {}).setdefault(status, {}), reasons)
            else:
                _add(whole.setdefault(name, {}), found)
    return whole


def _add(into: dict[str, int], more: Mapping[str, int]) -> None:
    for key, n in more.items():
        into[key] = into.get(key, 0) + n


def _reasons(whole: Count, status: Status) -> Counter[str]:
    """By reason; those that gave none are under the empty one."""
    given = Counter(whole.get("r", {}).get(str(status.value), {}))
    without = whole.get("s", {}).get(str(status.value), 0) - given.total()
    return given + Counter({"": without})


def _only(measures: Iterable[int]) -> tuple[str, str]:
    """The same of some measures. Arrays count from 1 in PostgreSQL, stored lists from 0."""
    some = f"unnest('{{{','.join(str(int(number)) for number in measures)}}}'::int[]) AS m"
    return (
        f"(SELECT j.verdicts[m + 1], j.seconds[m + 1], m + 1 FROM {some})",
        f"(SELECT m::text, j.details->(m::text) FROM {some})",
    )


def _ask(asked: str, where: Where) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(asked, where.values)
        return list(cursor.fetchall())
