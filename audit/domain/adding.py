"""Counting every measure of many journeys at once, for the counts that are kept.

PostgreSQL needs a row for every verdict to count them; a hundred measures of a million journeys are
a hundred million rows. Here the verdicts of a journey are one string of digits: those of many are
laid end to end, and every so-manieth digit is one measure. What comes out equals `counting.count`:
tests and `cells.differences` hold it to that.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from audit.domain.counting import Count, Where, breach_key, followed_key, value_of
from audit.measures.tally import class_of

# By class of the cut ("" for the whole), by number of the measure.
Counts = dict[str, dict[str, Count]]
WHOLE = ("", "hospital")  # cuts that hold what is counted besides measures as well
_Said = tuple[int, str, str, str, str]  # the number; status, reason, label and flag
_ROWS = 5_000  # that are held at a time
_CLASSES = 1_000  # more than there are of times


@dataclass(slots=True)
class _Part:
    """What is counted together, one by one as far as it is to be counted, and at the end: that is
    several times as fast as counting on the way."""

    verdicts: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)  # the measure and the class, as one number
    said: list[int] = field(default_factory=list)  # places in the list of what is said at all
    besides: Count = field(default_factory=dict)  # as `counting.of_no_measure`


class _Sayings:
    """What verdicts say, each of it known by a number: there is little, and it is said often."""

    def __init__(self) -> None:
        self.all: list[_Said] = []
        self._known: dict[tuple[str, str], tuple[int, int]] = {}

    def read(self, details: str, line: str) -> list[tuple[int, int]]:
        """The measures that something is said of, and what, from JSON as PostgreSQL writes it.

        Taking such a text to pieces that were seen before is ten times as fast as parsing it. No
        piece is cut within a word: a quotation mark has a backslash there.
        """
        if details == "{}":
            return []
        found = []
        for piece in details[2:-2].split('}, "'):
            number = piece[: piece.index('"')]
            key = (piece, line[int(number)])
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = self._add(number, *key)
            found.append(known)
        return found

    def _add(self, number: str, piece: str, status: str) -> tuple[int, int]:
        said = json.loads(f'{{"{piece}}}}}')[number]
        get = said.get
        self.all.append((int(number), status, get("reason", ""), get("label", ""), get("flag", "")))
        return int(number), len(self.all) - 1


def count_cuts(
    where: Where, size: int, cuts: Mapping[str, Collection[int]]
) -> dict[tuple[str, date], Counts]:
    """Journeys counted by month and by each of these cuts ("" is the whole), of its measures.

    `size` is the number of places in a list of verdicts. Everything is read once.
    """
    parts: dict[tuple[str, date], dict[str, _Part]] = {}
    sayings, names = _Sayings(), list(cuts)
    # Many cuts are of the same measures: what is of these is chosen once.
    chosen = {frozenset(measures) for measures in cuts.values()}
    of_cut = {cut: frozenset(measures) for cut, measures in cuts.items()}
    for month, verdicts, seconds, details, missed, days, died, *values in _rows(where, names):
        line = verdicts.ljust(size, "0")[:size]
        times = [
            (n, n * _CLASSES + _class(int(text)))
            for n, text in enumerate(seconds.split(",")[:size])
            if text and line[n] != "0"
        ]
        said = sayings.read(details, line)
        picked = {
            measures: (
                [time for n, time in times if n in measures],
                [place for n, place in said if n in measures],
            )
            for measures in chosen
        }
        for cut, value in zip(names, values, strict=True):
            by_value = parts.setdefault((cut, month), {})
            part = by_value.get(value)
            if part is None:
                part = by_value[value] = _Part()
            part.verdicts.append(line)
            its_times, its_sayings = picked[of_cut[cut]]
            part.times += its_times
            part.said += its_sayings
            if cut in WHOLE:
                _put_besides(part.besides, missed, days, died)
    return {
        key: _turned(
            {
                value: _counted(part, size, cuts[key[0]], sayings.all)
                for value, part in by_value.items()
            }
        )
        for key, by_value in parts.items()
    }


def _put_besides(count: Count, missed: str | None, days: int | None, died: bool) -> None:
    for kind, reason, incident in json.loads(missed or "[]"):
        _more(count.setdefault("b", {}), breach_key(kind, reason, incident), 1)
    if days is not None:
        _more(count.setdefault("d", {}), followed_key(days, died), 1)


def _counted(
    part: _Part, size: int, measures: Iterable[int], sayings: Sequence[_Said]
) -> Iterator[tuple[str, Count]]:
    """Each measure's count; one that nobody was judged by is left out."""
    end_to_end, found = "".join(part.verdicts), {}
    for n in measures:
        column = end_to_end[n::size]
        found[n] = {digit: k for digit in "123456" if (k := column.count(digit))}
    counts: dict[int, Count] = {n: {"s": statuses} for n, statuses in found.items() if statuses}
    for time, k in Counter(part.times).items():
        n, in_class = divmod(time, _CLASSES)
        counts[n].setdefault("t", {})[str(in_class)] = k
    for place, k in Counter(part.said).items():
        n, status, reason, label, flag = sayings[place]
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
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT j.month, array_to_string(j.verdicts, ''),
                    array_to_string(j.seconds, ',', ''), (j.details - '0')::text, j.details->'0',
                    CASE WHEN j.confirmed = 'mscc' THEN j.followed_days END, j.died, {values}
                FROM audit_journey AS j WHERE {where.sql}""",
            where.values,
        )
        while some := cursor.fetchmany(_ROWS):
            yield from some


# The class of a time by its quarter of an hour, up to where classes are days.
_QUARTER = 15 * 60
_QUARTERS = tuple(class_of(quarter * _QUARTER + 1) for quarter in range(8 * 86_400 // _QUARTER))


def _class(seconds: int) -> int:
    quarter = (seconds - 1) // _QUARTER
    if 0 <= quarter < len(_QUARTERS):
        return _QUARTERS[quarter]
    return class_of(seconds)
