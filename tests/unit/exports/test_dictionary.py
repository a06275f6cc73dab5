"""The data dictionary says what the files hold, and the committed one is current."""

from audit.domain.cohort_facts import FACTS
from audit.exports import lines, rows
from audit.exports.dictionary import markdown
from audit.measures import registry
from mscc.runtime.places import ROOT


def test_the_committed_dictionary_is_current():
    kept = (ROOT / "docs" / "audit-data-dictionary.md").read_text()
    assert kept == markdown(), (
        "Write it again: ./dev manage data_dictionary > docs/audit-data-dictionary.md"
    )


def test_it_has_every_column_measure_and_fact():
    said = markdown()
    for column in (*lines.COLUMNS, *rows.PLAIN, *rows.IDENTIFYING):
        assert f"| `{column.name}` |" in said
    for measure in registry.ALL:
        assert f"### `{measure.key}`: {measure.name}" in said
    for fact in FACTS:
        assert f"| `{fact.key}` |" in said
    assert registry.definitions() in said


def test_no_cell_breaks_a_table():
    rows_of_tables = [line for line in markdown().splitlines() if line.startswith("|")]
    assert len(rows_of_tables) > 100
    for line in rows_of_tables:
        assert line.endswith("|")
        assert line.replace("\\|", "").count("|") in (3, 4, 5)
