"""The data dictionary, written from the code: what is said here is what files hold."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from audit.domain.cohort_facts import FACTS, Item, Kind
from audit.exports import lines, rows
from audit.exports.table import Column
from audit.measures import registry
from audit.measures.groups import CUTS
from audit.measures.measure import Measure, Shape
from audit.measures.suppression import LEAST
from audit.measures.verdict import Status
from referrals.clinical.times import said_span

_VERDICTS = {
    Status.MET: "in the numerator",
    Status.NOT_MET: "in the denominator, not in the numerator",
    Status.NOT_APPLICABLE: "the measure is not about this person",
    Status.EXCLUDED: "it would be about them, but for a reason that is named",
    Status.MISSING: "about them, but what it needs was never recorded or cannot be right",
    Status.RUNNING: "neither yet: the time is not over",
}


def markdown() -> str:
    """The whole page. It changes only when the code does."""
    return "\n".join([*_page(), ""])


def _page() -> Iterator[str]:
    yield "# Data dictionary of the audit"
    yield ""
    yield "Written from the code by `manage.py data_dictionary`; a test holds it to the code. Files"
    yield "are made at `/figures/export/`; what may be read in stands in [import.md](import.md)."
    yield ""
    yield f"Definitions: `{registry.definitions()}`"
    yield from _figures()
    yield from _journeys()
    yield from _groups()
    yield from _measures()
    yield from _imports()


def _figures() -> Iterator[str]:
    yield from ("", "## A file of figures", "")
    yield "One row for a measure at a place: the place asked for, the trusts and hospitals in it,"
    yield "and, for those who may see rows, each month. Whoever may not see rows is shown no number"
    yield f"from 1 to {LEAST - 1}, nor one from which such a number could be worked out: its cell"
    yield "is empty and `held_back` says so."
    yield ""
    yield from _columns(lines.COLUMNS)


def _journeys() -> Iterator[str]:
    yield from ("", "## A file of journeys", "")
    yield "One row for a referral, or for a row of an imported audit. Only those who may read the"
    yield "referrals can take it. Without a reason it holds no name, no number and no day."
    yield ""
    yield from _columns(rows.PLAIN)
    yield ""
    yield "With a typed reason, which is kept on the trail with the file's SHA-256, also:"
    yield ""
    yield from _columns(rows.IDENTIFYING)
    yield ""
    left = " and ".join(f"`{key}`" for key in rows.TELL_WHEN)
    yield f"And for each of the measures below ({left} only with a reason: with the month they"
    yield "come close to a day), by its key:"
    yield ""
    yield "| column | holds |"
    yield "|---|---|"
    yield "| key | the verdict |"
    yield "| key`_why` | why not met, missing or excluded; or which data cannot be right |"
    yield "| key`_seconds` | elapsed seconds, of timed measures; 24 hours are 86,400 on any day |"
    yield "| key`_class` | the class, of measures that count classes |"
    yield ""
    yield "| verdict | means |"
    yield "|---|---|"
    for status, words in _VERDICTS.items():
        yield f"| `{status.name.lower()}` | {words} |"


def _columns(columns: Iterable[Column]) -> Iterator[str]:
    yield "| column | holds | means | item of the NHS |"
    yield "|---|---|---|---|"
    for each in columns:
        values = f": {_codes(each.choices)}" if each.choices else ""
        yield f"| `{each.name}` | {each.holds.value} | {_cell(each.help)}{values} | {each.nhs} |"


def _groups() -> Iterator[str]:
    yield from ("", "## Groups", "")
    yield "| group | class | means |"
    yield "|---|---|---|"
    for cut in CUTS.values():
        for key, words in cut.classes.items():
            yield f"| {cut.label} | `{key}` | {_cell(words)} |"


def _measures() -> Iterator[str]:
    for section, name in registry.SECTIONS.items():
        measures = [each for each in registry.ALL if each.section == section]
        if measures:
            yield from ("", f"## Measures: {name}")
        for measure in measures:
            yield from _measure(measure)


def _measure(measure: Measure) -> Iterator[str]:
    yield from ("", f"### `{measure.key}`: {measure.name}", "")
    if measure.shape is Shape.CLASSES:
        yield f"- Counts classes: {_cell(measure.numerator)}"
    else:
        yield f"- Numerator: {_cell(measure.numerator)}"
    yield f"- Denominator: {_cell(measure.denominator)}"
    if measure.clock:
        within = ""
        if measure.target_s is not None:
            within = f", within {said_span(timedelta(seconds=measure.target_s))} (inclusive)"
        yield f"- Clock: {_cell(measure.clock)}{within}"
    yield f"- Source: {_cell(measure.source)}; version {measure.version}"
    yield f"- Better: {measure.better.value}"
    if measure.note:
        yield f"- Note: {_cell(measure.note)}"


def _imports() -> Iterator[str]:
    yield from ("", "## Facts of an imported journey", "")
    yield "What a mapping can give a column to. What no column says is not known, never a no."
    yield ""
    yield "| fact | read as | means |"
    yield "|---|---|---|"
    for item in FACTS:
        needed = " **Always needed.**" if item.required else ""
        yield f"| `{item.key}` | {_read(item)} | {_cell(item.help)}{needed} |"


def _read(item: Item) -> str:
    if item.choices:
        return f"one of {_codes(item.choices)}"
    if item.kind in (Kind.WHOLE, Kind.NUMBER):
        return f"{item.kind.value}, {item.least} to {item.most:,}"
    return item.kind.value


def _codes(choices: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in choices)


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")
