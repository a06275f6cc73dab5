"""An audit kept elsewhere: its mapping, its rows, and every error by row and column."""

from datetime import UTC, datetime

import pytest

from audit.domain import cohorts
from audit.models import Cohort, HospitalSite, Journey, Postcode
from tests.factories.people import OrganisationFactory, Place

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MAPPING = """
name = "old-audit"
source = "A spreadsheet"
missing = ["NK"]
[columns]
hospital = "Site"
suspicion = "Pathway"
[columns.received_at]
column = "Referred"
format = "%d/%m/%Y %H:%M"
"""


@pytest.fixture
def hospital():
    return OrganisationFactory(
        kind="hospital", name="Northmoor General", code="RXX01", parent=Place.build().trust
    )


def read(*lines, mapping=MAPPING, more=""):
    return cohorts.read("\n".join(lines).encode(), mapping + more, NOW)


def one(head="", cell="", more=""):
    """One good row with a further column."""
    return read(f"Site,Pathway,Referred,{head}", f"RXX01,mscc,02/03/2024 10:00,{cell}", more=more)


def told(found):
    return [(each.row, each.column, each.sentence) for each in found.problems]


def test_a_row_becomes_facts_in_utc(hospital):
    found = read(
        "Site,Pathway,Referred",
        "northmoor general,Spinal metastases,02/07/2024 10:00",
        "RXX01,mscc,02/01/2024 10:00",
    )
    assert told(found) == []
    assert [(row.number, row.hospital, row.facts) for row in found.rows] == [
        (
            2,
            hospital,
            {"suspicion": "spinal_metastases", "received_at": "2024-07-02T09:00:00+00:00"},
        ),
        (3, hospital, {"suspicion": "mscc", "received_at": "2024-01-02T10:00:00+00:00"}),
    ]


def test_every_error_is_told_by_row_and_column_at_once(hospital):
    found = read(
        "Site,Pathway,Referred",
        "RXX01,mscc,02/03/2024 10:00",
        "Elsewhere,perhaps,31/02/2024 10:00",
        "RXX01,NK,21/11/2026 10:00",
        ",mscc,02/03/1924 10:00",
    )
    assert told(found) == [
        (
            3,
            "Pathway",
            "Must be one of: mscc, spinal_metastases, none; or say in values what it means.",
        ),
        (3, "Referred", "Write it as 27/03/2026 14:05."),
        (3, "Site", "No hospital has this name or ODS code."),
        (4, "Pathway", "Empty, and every journey needs suspicion."),
        (4, "Referred", "This lies in the future."),
        (5, "Referred", "This lies before 1990: check the year."),
        (5, "Site", "Empty, and every journey needs hospital."),
    ]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("31/03/2024 01:30", "01:30 did not exist on 31 March 2024 (clocks went forward)."),
        ("27/10/2024 01:30", "01:30 happened twice. Choose BST or GMT. Say in the mapping: twice."),
    ],
)
def test_the_nights_the_clocks_change_are_asked_about(hospital, cell, sentence):
    more = '[columns.mri_at]\ncolumn = "MRI"\nformat = "%d/%m/%Y %H:%M"\n'
    assert told(one("MRI", cell, more)) == [(2, "MRI", sentence)]


@pytest.mark.parametrize(("said", "hour"), [("bst", "00"), ("gmt", "01")])
def test_the_mapping_says_which_of_two_hours_is_meant(hospital, said, hour):
    more = f'[columns.mri_at]\ncolumn = "MRI"\nformat = "%d/%m/%Y %H:%M"\ntwice = "{said}"\n'
    found = one("MRI", "27/10/2024 01:30", more)
    assert found.rows[0].facts["mri_at"] == f"2024-10-27T{hour}:30:00+00:00"


@pytest.mark.parametrize(
    ("entry", "cells", "moment"),
    [
        ('format = "%d/%m/%Y"\ntime_column = "At"', "02/03/2024,14:05", "02T14:05"),
        ('format = "%d/%m/%Y"\ntime = "12:00"', "02/03/2024,", "02T12:00"),
        ('format = "%d/%m/%Y"\ntime_column = "At"\ntime = "12:00"', "02/03/2024,NK", "02T12:00"),
        ('format = ["%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"]', "2024-03-02 08:00,", "02T08:00"),
        ('format = "iso"', "2024-03-02T08:00:00+02:00,", "02T06:00"),
        ('after = "received_at"\nunit = "minutes"', "90,", "02T11:30"),
        ('after = "received_at"', "1.5,", "02T11:30"),
        # Scanned before they were referred: kept as it is, for the measures to call bad data.
        ('after = "received_at"', "-26,", "01T08:00"),
    ],
)
def test_a_time_can_be_written_in_many_ways(hospital, entry, cells, moment):
    found = one("MRI,At", cells, f'[columns.mri_at]\ncolumn = "MRI"\n{entry}\n')
    assert told(found) == []
    assert found.rows[0].facts["mri_at"] == f"2024-03-{moment}:00+00:00"


@pytest.mark.parametrize(
    ("entry", "cells", "column", "sentence"),
    [
        ('format = "iso"', "2024-03-02T08:00:00,", "MRI", "Write it as 2026-03-27T14:05:00+00:00."),
        (
            'format = "%d/%m/%Y"\ntime_column = "At"',
            "02/03/2024,",
            "MRI",
            "The time is missing, in At.",
        ),
        ('after = "received_at"', "soon,", "MRI", "Must be a number, such as 23.5."),
        (
            'after = "received_at"\nunit = "days"',
            "-999999,",
            "MRI",
            "This reaches a year that no calendar has: check it.",
        ),
        (
            'format = "%Y-%m-%d %H:%M%z"',
            "0001-01-01 00:00+0500,",
            "MRI",
            "This reaches a year that no calendar has: check it.",
        ),
        (
            'after = "mri_booked_at"',
            "3,",
            "MRI",
            "Counts from mri_booked_at, which this row does not say.",
        ),
    ],
)
def test_a_time_that_cannot_be_read_is_told(hospital, entry, cells, column, sentence):
    more = (
        f'[columns.mri_at]\ncolumn = "MRI"\n{entry}\n[columns.mri_booked_at]\ncolumn = "Booked"\n'
    )
    found = one("MRI,At,Booked", f"{cells},", more + 'format = "%d/%m/%Y %H:%M"\n')
    assert told(found) == [(2, column, sentence)]


@pytest.mark.parametrize(
    ("fact", "cell", "sentence"),
    [
        ("age", "121", "Must be a whole number from 0 to 120."),
        ("age", "70.5", "Must be a whole number from 0 to 120."),
        ("age", "１2", "Must be a whole number from 0 to 120."),
        ("distance_km", "-1", "Must be a number from 0 to 2000."),
        ("deficit", "maybe", "Must be yes or no; or say in values what it means."),
        ("postcode", "NOWHERE", "This is not a postcode."),
        ("language", "x" * 61, "This can have up to 60 characters. Yours has 61."),
    ],
)
def test_a_cell_out_of_range_is_told(hospital, fact, cell, sentence):
    assert told(one("Cell", cell, f'[columns.{fact}]\ncolumn = "Cell"\n')) == [
        (2, "Cell", sentence)
    ]


def test_of_a_date_of_birth_only_the_age_is_kept(hospital):
    more = '[columns.born_on]\ncolumn = "Born"\nformat = "%d/%m/%Y"\n'
    assert one("Born", "03/03/1950", more).rows[0].facts["age"] == 73
    kept = one("Born", "02/03/1950", more).rows[0].facts
    assert kept["age"] == 74
    assert "1950" not in str(kept)
    assert told(one("Born", "03/03/2024", more)) == [
        (2, "born_on", "Born after the referral was received.")
    ]


def test_a_postcode_becomes_a_fifth_and_a_distance_and_is_not_kept(hospital):
    Postcode.objects.create(postcode="XA11BA", quintile=2, latitude=55, longitude=1)
    Postcode.objects.create(postcode="XA11AA", latitude=54, longitude=1)
    HospitalSite.objects.create(hospital=hospital, postcode="XA11AA")
    facts = one("Home", "xa1 1ba", '[columns.postcode]\ncolumn = "Home"\n').rows[0].facts
    assert (facts["deprivation"], facts["distance_km"]) == (2, 111.2)
    assert "postcode" not in facts


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", (0, "", "The file is empty.")),
        (b"Site,Pathway,Referred\n", (0, "", "The file has headings, but no row.")),
        (b"\0\0", (0, "", "This is not a CSV file. Save the audit as CSV.")),
        (
            b"Site,Pathway\nRXX01,mscc\n",
            (1, "Referred", "The mapping names this column, and the file does not have it."),
        ),
        (b"Site,Site\n1,2\n", (1, "Site", "Two columns have this heading: rename one.")),
        (
            b"Site,Pathway,Referred\nRXX01,mscc,a,b\n",
            (2, "", "The row has more cells than there are headings: is a comma not in quotes?"),
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(hospital, raw, problem):
    assert told(cohorts.read(raw, MAPPING, NOW)) == [problem]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_what_spreadsheets_write_is_read(hospital, separator):
    lines = [["Site", "Pathway", "Referred"], ["RXX01", "mscc", "02/03/2024 10:00"]]
    raw = "\r\n".join(separator.join(line) for line in lines).encode("utf-8-sig")
    assert len(cohorts.read(raw, MAPPING, NOW).rows) == 1


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            "[columns.mri]\ncolumn='a'",
            ("mri", "There is no such fact. The data dictionary lists them."),
        ),
        ("[columns.mri_at]\ncolumn='a'", ("mri_at", 'Needs a format, such as "%d/%m/%Y %H:%M".')),
        (
            "[columns.mri_at]\ncolumn='a'\nformat='%d/%m/%Y'",
            ("mri_at", "A date alone has no hours: give it a time_column, or a time."),
        ),
        (
            "[columns.mri_at]\ncolumn='a'\nformat='%d/%m/%y %H:%M'",
            ("mri_at", "%d/%m/%y %H:%M has a year of two digits: 26 could be 1926."),
        ),
        (
            "[columns.mri_at]\ncolumn='a'\nafter='age'",
            ("mri_at", "after must name another mapped fact that is a date and time."),
        ),
        (
            "[columns.mri_at]\ncolumn='a'\nafter='received_at'\nunit='weeks'",
            ("mri_at", "unit must be one of: minutes, hours, days."),
        ),
        (
            "[columns.age]\ncolumn='a'\nformat='x'",
            ("age", "format means nothing for a whole number."),
        ),
        (
            "[columns.mri_at]\ncolumn='a'\nformat='iso'\nvalues={soon='2024-01-01'}",
            ("mri_at", "values means nothing for a date and time."),
        ),
        (
            "[columns.died_on]\ncolumn='a'\nformat='%Y-%m-%d'\nvalues={lately='last week'}",
            ("died_on", "values means nothing for a date."),
        ),
        (
            "[columns.sex]\ncolumn='a'\nvalues={f='woman'}",
            ("sex", "woman is not one of: female, male, other, not_known."),
        ),
        (
            "[columns.deficit]\ncolumn='a'\nvalues={j='yes'}",
            ("deficit", "yes is not true or false."),
        ),
        ("[columns.sex]\nformat='a'", ("sex", "Must name a column.")),
        (
            "[defaults]\nmri_at = 'a'",
            ("mri_at", "This differs from row to row: it cannot be a default."),
        ),
        (
            "[defaults]\nsuspicion = 'mscc'",
            ("suspicion", "Give it a column or a default, not both."),
        ),
        ("[defaults]\nsex = 'woman'", ("sex", "Must be one of: female, male, other, not_known.")),
    ],
)
def test_a_mapping_that_does_not_hold_together_is_told_before_any_row(hospital, more, problem):
    assert told(read("Site", "x", more=more)) == [(0, *problem)]


def test_all_that_is_wrong_with_a_mapping_is_told_at_once():
    found = cohorts.read(b"a,b\n1,2", "colour = 'red'\nname = ''\n[columns]\nsuspicion='b'", NOW)
    assert [(each.row, each.column) for each in found.problems] == [
        (0, "colour"),
        (0, "name"),
        (0, "source"),
        (0, "hospital"),
        (0, "received_at"),
    ]
    assert "not TOML" in cohorts.read(b"", "name = ", NOW).problems[0].sentence


def test_reading_writes_nothing(hospital):
    assert one().rows
    assert not Journey.objects.exists()
    assert not Cohort.objects.exists()
