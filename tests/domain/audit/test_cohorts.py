"""Importing an audit: whole or not at all, with where it came from, and judged like a live one."""

import hashlib
import shutil
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.domain import cohorts, figures, lookups
from audit.measures import registry
from audit.measures.period import Period
from audit.measures.verdict import Status
from audit.models import Cohort, CohortRow, Journey, Trail
from mscc.events import Actor
from mscc.runtime.places import ROOT
from tests.factories.people import OrganisationFactory, Place, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
EXAMPLE = ROOT / "docs" / "import" / "example.csv"
MAPPING = ROOT / "docs" / "import" / "example.toml"


@pytest.fixture
def hospital():
    return OrganisationFactory(
        kind="hospital", name="Northmoor General", parent=Place.build().trust
    )


@pytest.fixture
def lead(hospital):
    return person("service_lead", hospital.trust)


def write(lead, raw=None, mapping=None):
    return cohorts.write(
        EXAMPLE.read_bytes() if raw is None else raw,
        MAPPING.read_text() if mapping is None else mapping,
        "example.csv",
        by=Actor.user(lead),
        at=NOW,
    )


def test_the_documented_example_comes_in_with_where_it_came_from(hospital, lead):
    lookups.load_shipped(by="Sam Example", at=NOW)
    found = write(lead)
    assert found.problems == []
    kept = Cohort.objects.get()
    raw = EXAMPLE.read_bytes()
    assert (kept.name, kept.file_name, kept.rows) == ("example-2024", "example.csv", 6)
    assert kept.sha256 == hashlib.sha256(raw).hexdigest()
    assert kept.mapping == MAPPING.read_text()
    assert (kept.imported_by, kept.imported_at, kept.imported_by_name) == (lead, NOW, lead.name)
    rows = CohortRow.objects.order_by("number").select_related("journey")
    assert [row.number for row in rows] == [2, 3, 4, 5, 6, 7]
    first = rows[0].journey
    assert (first.imported, first.referral_id, first.month) == (True, None, date(2024, 1, 1))
    assert (first.hospital, first.trust) == (hospital, hospital.trust)
    assert first.definitions == registry.definitions()
    assert (first.followed_days, first.died) == (115, True)
    assert rows[0].facts["deprivation"] == 2
    # The night of 27 October: 01:30 in summer time, so the MRI four hours later was at 04:30 UTC.
    assert rows[4].facts["mri_at"] == "2024-10-27T04:30:00+00:00"


def test_nothing_that_names_a_person_is_kept(hospital, lead):
    write(lead)
    everything = str(list(CohortRow.objects.values_list("facts", flat=True)))
    everything += str(list(Journey.objects.values()))
    assert "Example" not in everything
    assert "XA1" not in everything


def test_imported_journeys_are_judged_by_the_same_measures(hospital, lead):
    write(lead)
    number = next(each.number for each in registry.ALL if each.key == "qs56_3")
    rows = CohortRow.objects.order_by("number").values_list("journey__verdicts", flat=True)
    judged = [Status(row[number]) for row in rows]
    # In 5.5 h; in 26 h; metastases; no deficit; only the lumbar spine; signs not recorded.
    assert judged[:2] == [Status.MET, Status.NOT_MET]
    assert judged[2:4] == [Status.NOT_APPLICABLE] * 2
    assert judged[4] is Status.NOT_MET
    assert judged[5] is Status.MISSING


def test_the_import_is_on_the_trail(hospital, lead):
    write(lead)
    row = Trail.objects.get(action="cohort_imported")
    assert row.actor == lead
    assert row.details["rows"] == 6
    assert row.details["sha256"] == Cohort.objects.get().sha256


def test_with_one_error_nothing_is_imported(hospital, lead):
    raw = EXAMPLE.read_bytes().replace(b"20/02/2024,22:40", b"20/02/2024,25:40")
    found = write(lead, raw)
    assert [(each.row, each.column, each.sentence) for each in found.problems] == [
        (5, "Referred on", "Write it as 14:05.")
    ]
    assert not Cohort.objects.exists()
    assert not Journey.objects.exists()
    assert not Trail.objects.filter(action="cohort_imported").exists()


def test_the_same_file_is_refused_and_so_is_the_same_name(hospital, lead):
    write(lead)
    again = write(lead, mapping=MAPPING.read_text().replace("example-2024", "other"))
    assert [each.sentence for each in again.problems] == [
        "This file was imported already, as example-2024 on 2026-11-20."
    ]
    other = write(lead, raw=EXAMPLE.read_bytes() + b"\n")
    assert [(each.column, each.sentence) for each in other.problems] == [
        ("name", "Another file was imported under this name: choose another.")
    ]
    assert Journey.objects.count() == 6


def test_when_measures_change_imported_journeys_are_judged_again(hospital, lead):
    write(lead)
    before = list(Journey.objects.order_by("pk").values())
    assert cohorts.judge_again(NOW) == 0
    Journey.objects.update(definitions="0" * 16, verdicts=[0], seconds=[None], details={})
    assert cohorts.judge_again(NOW) == 6
    assert list(Journey.objects.order_by("pk").values()) == before


def run(*arguments):
    out = StringIO()
    call_command("import_cohort", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def test_a_dry_run_keeps_nothing(hospital):
    said = run(EXAMPLE, "--mapping", MAPPING, "--dry-run")
    assert said[0] == "example-2024: 6 journeys can be imported."
    assert not Cohort.objects.exists()
    assert not Journey.objects.exists()


def test_the_command_imports_in_somebodys_name(hospital, lead):
    assert run(EXAMPLE, "--mapping", MAPPING, "--by", lead.email.upper()) == [
        "example-2024: 6 journeys imported.",
        f"SHA-256 of the file: {Cohort.objects.get().sha256}",
    ]
    assert Cohort.objects.get().imported_by == lead
    assert run("--judge-again") == ["0 imported journeys judged again."]


def test_without_an_account_the_machines_name_is_kept(hospital):
    run(EXAMPLE, "--mapping", MAPPING)
    kept = Cohort.objects.get()
    assert kept.imported_by is None
    assert kept.imported_by_name
    assert Trail.objects.get(action="cohort_imported").process == "import_cohort"


def test_the_command_tells_every_error_and_fails(hospital, tmp_path):
    bad = tmp_path / "bad.csv"
    shutil.copy(EXAMPLE, bad)
    bad.write_text(bad.read_text().replace("whole", "neck").replace(",71,", ",171,"))
    out = StringIO()
    with pytest.raises(CommandError, match=r"^Nothing was imported\.$"):
        call_command("import_cohort", bad, mapping=MAPPING, stdout=out)
    said = out.getvalue().splitlines()
    assert said[0] == "row 2, Age: Must be a whole number from 0 to 120."
    assert said[1].startswith("row 2, MRI: Must be yes or no")
    assert len(said) == 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name the file"),
        ((Path("none.csv"), "--mapping", MAPPING), r"none\.csv cannot be opened"),
        ((EXAMPLE, "--mapping", MAPPING, "--by", "nobody@example.org"), "Nobody has this email"),
    ],
)
def test_the_command_refuses_in_a_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)


def test_an_import_with_a_wrong_mapping_is_taken_out_and_comes_in_again(hospital, lead):
    period = Period(date(2024, 1, 1), date(2024, 12, 1))
    measure = registry.by_key("qs56_3")

    def eligible():
        found = figures.totals([measure], hospital, period, include_imported=True)
        return found[measure.number].eligible

    write(lead)
    assert eligible() == 4
    said = run("--remove", "example-2024", "--reason", "Hours were minutes", "--by", lead.email)
    assert said == ["example-2024: 6 journeys taken out."]
    assert eligible() == 0
    assert not Journey.objects.exists()
    row = Trail.objects.get(action="cohort_removed")
    assert (row.actor, row.details["reason"]) == (lead, "Hours were minutes")
    assert (row.details["name"], row.details["rows"]) == ("example-2024", 6)
    assert write(lead).problems == []
    assert eligible() == 4


def test_nothing_is_taken_out_without_a_reason_or_by_a_wrong_name(hospital, lead):
    write(lead)
    with pytest.raises(CommandError, match="Say why"):
        run("--remove", "example-2024")
    with pytest.raises(CommandError, match="No audit was imported under the name other"):
        run("--remove", "other", "--reason", "Because")
    assert Journey.objects.count() == 6
