"""Counting every measure of many journeys at once, for the counts that are kept.

PostgreSQL needs a row for every verdict to count them; a hundred measures of a million journeys are
a hundred million rows. Here the verdicts of a journey are one string of digits: those of many are
laid end to end, and every so-manieth digit is one measure. What comes out equals `counting.count`:
tests and `cells.differences` hold it to that.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from audit.domain.counting import Count, Where, value_of
from audit.measures.tally import class_of

# By class of the cut ("" for the whole), by number of the measure.
Counts = dict[str, dict[str, Count]]
_ROWS = 5_000  # that are held at a time


@dataclass(slots=True)
class _Part:
    """What is counted together: the strings are counted at the end, the rest on the way."""

    verdicts: list[str] = field(default_factory=list)
    times: dict[int, dict[str, int]] = field(default_factory=dict)
    said: dict[str, Count] = field(default_factory=dict)


def count_cuts(
    where: Where, size: int, cuts: Mapping[str, Collection[int]]
) -> dict[tuple[str, date], Counts]:
    """Journeys counted by month and by each of these cuts ("" is the whole), of its measures.

    `size` is the number of places in a list of verdicts. Everything is read once.
    """
    parts: dict[tuple[str, date], dict[str, _Part]] = {}
    names = list(cuts)
    for month, verdicts, seconds, details, *values in _rows(where, names):
        line = verdicts.ljust(size, "0")[:size]
        times = [(n, _class(text)) for n, text in enumerate(seconds.split(",")) if text]
        said = json.loads(details) if details != "{}" else {}
        for cut, value in zip(names, values, strict=True):
            of_cut = parts.setdefault((cut, month), {})
            part = of_cut.get(value)
            if part is None:
                part = of_cut[value] = _Part()
            _put(part, line, times, said, cuts[cut])
    return {
        key: _turned({value: _counted(part, size, cuts[key[0]]) for value, part in by.items()})
        for key, by in parts.items()
    }


def _put(
    part: _Part,
    line: str,
    times: Sequence[tuple[int, str]],
    said: Mapping[str, Mapping[str, Any]],
    measures: Collection[int],
) -> None:
    part.verdicts.append(line)
    for n, in_class in times:
        if n in measures and line[n] != "0":
            into = part.times.setdefault(n, {})
            into[in_class] = into.get(in_class, 0) + 1
    for number, each in said.items():
        n = int(number)
        if n in measures:
            _note(part.said.setdefault(number, {}), line[n], each)


def _note(count: Count, status: str, said: Mapping[str, Any]) -> None:
    if reason := said.get("reason"):
        _one_more(count.setdefault("r", {}).setdefault(status, {}), reason)
    if label := said.get("label"):
        _one_more(count.setdefault("l", {}), label)
    if flag := said.get("flag"):
        _one_more(count.setdefault("f", {}), flag)


def _one_more(into: dict[str, int], key: str) -> None:
    into[key] = into.get(key, 0) + 1


def _counted(part: _Part, size: int, measures: Iterable[int]) -> Iterator[tuple[str, Count]]:
    """Each measure's count; one that nobody was judged by is left out."""
    end_to_end = "".join(part.verdicts)
    for n in measures:
        column = end_to_end[n::size]
        statuses = {digit: k for digit in "123456" if (k := column.count(digit))}
        if statuses:
            count: Count = {"s": statuses, **part.said.get(str(n), {})}
            if n in part.times:
                count["t"] = part.times[n]
            yield str(n), count


def _turned(by_value: Mapping[str, Iterable[tuple[str, Count]]]) -> Counts:
    """By measure first: a page reads one measure of many months."""
    found: Counts = {}
    for value, counted in by_value.items():
        for number, count in counted:
            found.setdefault(number, {})[value] = count
    return found


def _rows(where: Where, cuts: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    values = ", ".join(value_of(cut) if cut else "''" for cut in cuts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT j.month, array_to_string(j.verdicts, ''),
                    array_to_string(j.seconds, ',', ''), (j.details - '0')::text, {values}
                FROM audit_journey AS j WHERE {where.sql}""",
            where.values,
        )
        while some := cursor.fetchmany(_ROWS):
            yield from some


@lru_cache(maxsize=100_000)
def _class(seconds: str) -> str:
    return str(class_of(int(seconds)))
