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
from typing import Any

from django.db import connection

from audit.domain.counting import Count, Where, breach_key, followed_key, value_of
from audit.measures.tally import class_of

# By class of the cut ("" for the whole), by number of the measure.
Counts = dict[str, dict[str, Count]]
_Time = tuple[int, str]  # the number of the measure, and the class of the time
_Said = tuple[int, str, str, str, str]  # the number; status, reason, label and flag
_ROWS = 5_000  # that are held at a time


@dataclass(slots=True)
class _Part:
    """What is counted together: the strings are counted at the end, the rest on the way."""

    verdicts: list[str] = field(default_factory=list)
    times: dict[_Time, int] = field(default_factory=dict)
    said: dict[_Said, int] = field(default_factory=dict)
    besides: Count = field(default_factory=dict)  # as `counting.of_no_measure`


def count_cuts(
    where: Where, size: int, cuts: Mapping[str, Collection[int]]
) -> dict[tuple[str, date], Counts]:
    """Journeys counted by month and by each of these cuts ("" is the whole), of its measures.

    `size` is the number of places in a list of verdicts. Everything is read once.
    """
    parts: dict[tuple[str, date], dict[str, _Part]] = {}
    names = list(cuts)
    for month, verdicts, seconds, details, days, died, *values in _rows(where, names):
        line = verdicts.ljust(size, "0")[:size]
        times = [
            (n, _class(int(text)))
            for n, text in enumerate(seconds.split(",")[:size])
            if text and line[n] != "0"
        ]
        told = json.loads(details) if details != "{}" else {}
        missed = told.pop("0", ())
        said = list(_said(line, told))
        for cut, value in zip(names, values, strict=True):
            of_cut = parts.setdefault((cut, month), {})
            part = of_cut.get(value)
            if part is None:
                part = of_cut[value] = _Part()
            _put(part, line, times, said, cuts[cut])
            if not cut:
                _put_besides(part.besides, missed, days, died)
    return {
        key: _turned({value: _counted(part, size, cuts[key[0]]) for value, part in by.items()})
        for key, by in parts.items()
    }


def _said(line: str, details: Mapping[str, Mapping[str, str]]) -> Iterator[_Said]:
    for number, said in details.items():
        n, get = int(number), said.get
        yield n, line[n], get("reason", ""), get("label", ""), get("flag", "")


def _put(
    part: _Part,
    line: str,
    times: Sequence[_Time],
    said: Sequence[_Said],
    measures: Collection[int],
) -> None:
    part.verdicts.append(line)
    of_part = part.times
    for time in times:
        if time[0] in measures:
            of_part[time] = of_part.get(time, 0) + 1
    all_said = part.said
    for each in said:
        if each[0] in measures:
            all_said[each] = all_said.get(each, 0) + 1


def _put_besides(
    count: Count, missed: Iterable[tuple[str, str, bool | None]], days: int | None, died: bool
) -> None:
    for kind, reason, incident in missed:
        _more(count.setdefault("b", {}), breach_key(kind, reason, incident), 1)
    if days is not None:
        _more(count.setdefault("d", {}), followed_key(days, died), 1)


def _counted(part: _Part, size: int, measures: Iterable[int]) -> Iterator[tuple[str, Count]]:
    """Each measure's count; one that nobody was judged by is left out."""
    end_to_end, found = "".join(part.verdicts), {}
    for n in measures:
        column = end_to_end[n::size]
        found[n] = {digit: k for digit in "123456" if (k := column.count(digit))}
    counts: dict[int, Count] = {n: {"s": statuses} for n, statuses in found.items() if statuses}
    for (n, in_class), k in part.times.items():
        counts[n].setdefault("t", {})[in_class] = k
    for (n, status, reason, label, flag), k in part.said.items():
        if n in counts:
            if reason:
                _more(counts[n].setdefault("r", {}).setdefault(status, {}), reason, k)
            if label:
                _more(counts[n].setdefault("l", {}), label, k)
            if flag:
                _more(counts[n].setdefault("f", {}), flag, k)
    if part.besides:
        counts[0] = part.besides
    return ((str(n), count) for n, count in counts.items())


def _more(into: dict[str, int], key: str, n: int) -> None:
    into[key] = into.get(key, 0) + n


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
                    array_to_string(j.seconds, ',', ''), j.details::text,
                    CASE WHEN j.confirmed = 'mscc' THEN j.followed_days END, j.died, {values}
                FROM audit_journey AS j WHERE {where.sql}""",
            where.values,
        )
        while some := cursor.fetchmany(_ROWS):
            yield from some


# The class of a time by its quarter of an hour, up to where classes are days.
_QUARTER = 15 * 60
_QUARTERS = tuple(
    str(class_of(quarter * _QUARTER + 1)) for quarter in range(8 * 86_400 // _QUARTER)
)


def _class(seconds: int) -> str:
    quarter = (seconds - 1) // _QUARTER
    if 0 <= quarter < len(_QUARTERS):
        return _QUARTERS[quarter]
    return str(class_of(seconds))
