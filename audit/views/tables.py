"""One measure in parts: by hospital, by group, by reason; each as it may be seen."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from audit.charts import funnel, spread
from audit.domain import figures
from audit.domain.report_words import percent
from audit.measures import case_mix
from audit.measures.funnel import Standing, standing
from audit.measures.groups import CUTS
from audit.measures.measure import Measure
from audit.measures.period import Period
from audit.measures.suppression import Safe, Seen, is_twin, nested, parts, safe, shown
from audit.measures.tally import Tally
from audit.views import held, said
from audit.views.asked import Asked
from mscc.web.filters import plural

K = TypeVar("K", bound=Hashable)
_SUSPICION = {
    "mscc": "Suspected MSCC",
    "spinal_metastases": "Suspected spinal metastases",
    "none": "Neither suspected",
}
_DEFICIT = {
    "yes": "With symptoms or signs",
    "no": "Without",
    "not_known": "Not known",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS = {
    **dict.fromkeys(range(8, 17), "08:00 to 16:59"),
    **dict.fromkeys(range(17, 22), "17:00 to 21:59"),
    **dict.fromkeys((22, 23, *range(8)), "22:00 to 07:59"),
}
_MONTHS = 12  # that stand beside each other in a table


@dataclass(frozen=True, slots=True)
class Row:
    """One part: its name, its figure, and whatever else is said of it."""

    label: str
    seen: Seen
    more: tuple[str, ...] = ()

    @property
    def counted(self) -> str:
        return said.counted(self.seen)

    @property
    def share(self) -> str:
        return said.share_of(self.seen)

    @property
    def complete(self) -> str:
        return said.complete(self.seen)


@dataclass(frozen=True, slots=True)
class Table:
    """Parts of one total. `together` are those whose own figure is held back, as one."""

    heading: str
    rows: tuple[Row, ...]
    total: Row
    together: Row | None = None
    more: tuple[str, ...] = ()  # headings of what else is said of a row
    drawing: funnel.Funnel | spread.Spread | None = None
    note: str = ""

    @property
    def lines(self) -> list[Row]:
        """Rows, those held back together, and all."""
        return [*self.rows, *([self.together] if self.together else []), self.total]


def _table(heading: str, found: Safe[K], label: Callable[[K], str], **more: Any) -> Table:
    together = found.together
    return Table(
        heading,
        tuple(Row(label(key), seen) for key, seen in found.rows.items()),
        Row("All", found.total),
        Row("Those held back, together", together) if together else None,
        **more,
    )


def hospitals(measure: Measure, asked: Asked) -> Table | None:
    """Hospitals beside each other with their funnel; None with fewer than two."""
    found = figures.every(
        [measure], asked.place, asked.period, "hospital", include_imported=asked.imported
    )[measure.number]
    inside = [each for each in asked.places if asked.place.covers(each)]
    names = {each.id: each.name for each in inside}
    groups = held.by_trust(found, inside)
    if sum(map(len, groups.values())) < 2:
        return None
    if asked.entitled:
        every = {key: row for rows in groups.values() for key, row in rows.items()}
        seen = safe(every, entitled=True)
        rows, total = dict(seen.rows), seen.total
    else:
        upper, rows = nested(groups, twin=is_twin(measure.key))
        total = upper.total
    drawn = _standings(rows, names, total)
    number = {place.name: str(n) for n, place in enumerate(drawn, start=1)}
    words = {place.name: place.standing for place in drawn}
    ordered = sorted(rows, key=lambda key: names[key])
    return Table(
        "Between hospitals",
        tuple(
            Row(names[key], rows[key], (number.get(names[key], "–"), words.get(names[key], "–")))
            for key in ordered
        ),
        Row("All", total, ("", "")),
        more=("In the chart", "Compared with all"),
        drawing=funnel.funnel(drawn, total.share)
        if len(drawn) > 1 and total.share is not None
        else None,
        note=_note(drawn, total),
    )


def _note(drawn: list[funnel.Place], total: Seen) -> str:
    out = [
        f"{each.name} is {each.standing.value}"
        for each in drawn
        if each.standing is not Standing.WITHIN
    ]
    which = f"{'; '.join(out)}." if out else "None lies outside what chance does."
    return f"{plural(len(drawn), 'hospital')} around {percent(total.share)}. {which}"


def _standings(
    rows: Mapping[int, Seen], names: Mapping[int, str], total: Seen
) -> list[funnel.Place]:
    if total.share is None:
        return []
    return [
        funnel.Place(names[key], seen.met, seen.of, standing(seen.met, seen.of, total.share))
        for key, seen in sorted(rows.items(), key=lambda item: names[item[0]])
        if seen.met is not None and seen.of
    ]


def times(measure: Measure, asked: Asked) -> list[Table]:
    """How long it took, by suspicion and by neurological deficit."""
    return [
        table
        for by, heading, labels in (
            ("suspicion", "By what was suspected", _SUSPICION),
            ("deficit", "By neurological symptoms or signs", _DEFICIT),
        )
        if (table := _times(measure, asked, by, heading, labels)) is not None
    ]


def _times(
    measure: Measure, asked: Asked, by: str, heading: str, labels: Mapping[str, str]
) -> Table | None:
    found = _split(measure, asked, by)
    # Also those without a time: left out, they would be told by the whole less the others.
    found = {
        key: found[key]
        for key in labels
        if key in found and (found[key].of or found[key].n_missing)
    }
    if not any(row.times.n for row in found.values()):
        return None
    seen = safe(found, entitled=asked.entitled, twin=is_twin(measure.key))
    total = sum(found.values(), Tally())
    lines = [(labels[key], seen.rows[key], row) for key, row in found.items()]
    if len(lines) > 1:
        lines.append(("All", seen.total, total))
    at = [
        said.centiles(row.times, entitled=asked.entitled)
        if figure.of is not None
        else [None] * len(said.CENTILES)
        for _, figure, row in lines
    ]
    rows = tuple(
        Row(label, figure, tuple(map(said.time, centiles)))
        for (label, figure, _), centiles in zip(lines, at, strict=True)
    )
    return Table(
        heading,
        rows,
        rows[-1],
        drawing=spread.spread(
            [(label, found) for (label, _, _), found in zip(lines, at, strict=True)],
            measure.target_s,
        ),
    )


def _split(measure: Measure, asked: Asked, by: str) -> dict[str, Tally]:
    return figures.split(measure, asked.place, asked.period, by, include_imported=asked.imported)


def groups(measure: Measure, asked: Asked) -> list[Table]:
    """By the groups of people in which inequality is looked for (1.1.13)."""
    tables = []
    for cut in CUTS.values():
        if cut.key == "hospital":
            continue  # a table of its own
        found = figures.by_group(
            measure, asked.place, asked.period, cut.key, include_imported=asked.imported
        )
        rows = {key: found[key] for key in (*cut.classes, *sorted(found)) if key in found}
        words = {
            key: cut.classes.get(key) or (key and reason_words(key)) or "Not known" for key in rows
        }
        seen = safe(rows, entitled=asked.entitled, twin=is_twin(measure.key))
        tables.append(_table(cut.label, seen, words.__getitem__, note=cut.note))
    return [table for table in tables if table.rows]


def completeness(
    measure: Measure, asked: Asked
) -> tuple[list[str], list[tuple[str, list[str]]]] | None:
    """How many had data, by hospital and month (the newest 12): for whoever may see rows."""
    if not asked.entitled:
        return None
    months = list(asked.period)[-_MONTHS:]
    found = figures.completeness(
        [measure],
        asked.place,
        Period(months[0], months[-1]),
        include_imported=asked.imported,
    )[measure.number]
    lines = [
        (
            hospital.name,
            [
                f"{each.with_data} of {each.eligible}" if (each := by_month.get(month)) else "–"
                for month in months
            ],
        )
        for hospital, by_month in sorted(found.items(), key=lambda item: item[0].name)
    ]
    return ([f"{month:%b %Y}" for month in months], lines) if lines else None


def moments(measure: Measure, asked: Asked) -> list[Table]:
    """By when the referral was received: day of the week, time of day."""
    hours: dict[str, Tally] = {}
    for hour, tally in _split(measure, asked, "hour").items():
        band = _HOURS[int(hour)]
        hours[band] = hours.get(band, Tally()) + tally
    return [
        _table(heading, safe(rows, entitled=asked.entitled, twin=is_twin(measure.key)), str)
        for heading, rows in (
            ("Day of the week", _weekdays(measure, asked)),
            ("Time of day", dict(sorted(hours.items()))),
        )
        if rows
    ]


def _weekdays(measure: Measure, asked: Asked) -> dict[str, Tally]:
    found = _split(measure, asked, "weekday")
    return {
        name: found[str(number)]
        for number, name in enumerate(_WEEKDAYS, start=1)
        if str(number) in found
    }


def reasons(tally: Tally, seen: Seen, *, entitled: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Why not met, why missing, why excluded; and what looked wrong in the data."""
    missing = parts(tally.missing, seen.missing, entitled=entitled)
    # A flag is why some of the missing are missing: beside their sum it would tell the others.
    told = None not in missing.values()
    flags = {
        key: shown(count, entitled=entitled) if told else None for key, count in tally.flags.items()
    }
    found = [
        ("Not met", parts(tally.late, seen.not_met, entitled=entitled)),
        ("Data missing", missing),
        ("Left out, for a reason", parts(tally.excluded, seen.excluded, entitled=entitled)),
        ("Data that cannot be right", flags),
    ]
    return [(heading, _lines(counts)) for heading, counts in found if counts]


def _lines(counts: Mapping[str, int | None]) -> list[tuple[str, str]]:
    ordered = sorted(counts.items(), key=lambda item: (-(item[1] or 0), item[0]))
    return [(reason_words(key), said.number(count)) for key, count in ordered]


def reason_words(key: str) -> str:
    """A reason or a flag as it is stored, in words."""
    if not key:
        return "No reason given"
    return case_mix.words(key)


def classes(tally: Tally, seen: Seen, *, entitled: bool) -> list[tuple[str, str]]:
    """How many in each class, of a measure that counts classes."""
    return _lines(parts(tally.labels, seen.of, entitled=entitled))
