"""What a file of journeys holds: each column once, explained, and nothing that names anybody."""

import pytest

from audit.exports import lines, rows
from audit.measures import registry


@pytest.mark.parametrize(
    "columns", [rows.columns(identified=True), rows.columns(identified=False), lines.COLUMNS]
)
def test_every_column_is_there_once_and_explained(columns):
    names = [column.name for column in columns]
    assert sorted(set(names)) == sorted(names)
    assert all(column.help for column in columns)
    assert all(name == name.lower() and name.isidentifier() for name in names)


def test_without_a_reason_nothing_identifies():
    assert not any(column.identifies for column in rows.columns(identified=False))
    named = [column.name for column in rows.columns(identified=True) if column.identifies]
    assert named == ["local_reference", "nhs_number", "received_at", "age"]


def test_without_a_reason_no_hour_narrows_the_month_down():
    names = {column.name for column in rows.columns(identified=False)}
    more = {column.name for column in rows.columns(identified=True)} - names
    assert {"hour", "hour_class", "weekday", "weekday_class", "received_at"} <= more
    assert "out_of_hours" in names


def test_every_measure_has_its_columns():
    names = {column.name for column in rows.columns(identified=True)}
    assert {name for each in registry.ALL for name in (each.key, f"{each.key}_why")} <= names
    assert "qs56_3_seconds" in names
