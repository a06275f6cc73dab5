"""Files that leave the product: who gets which, what is in them, and that it is written down."""

import csv
import hashlib
import io
import re
from datetime import date

import pytest
from pyarrow import parquet as arrow

from audit.exports import csv as as_csv
from audit.measures import registry
from audit.measures.measure import Shape
from audit.models import Trail
from mscc.people.roles import ROLES
from tests.factories.journeys import many
from tests.factories.people import PASSWORD, AssignmentFactory, Place, person
from tests.factories.referrals import ReferralFactory, Team

pytestmark = pytest.mark.django_db
MRI = registry.by_key("qs56_3")
SEPTEMBER = date(2026, 9, 1)
PAGE = "/figures/export/"
READ_IN = f"{PAGE}?imported=on"
NOVEMBER = f"{PAGE}?from=2026-11&to=2026-11"
REASON = "Linkage with the cancer registry, agreed on 1 November"


@pytest.fixture
def taken(submit):
    """The file somebody gets, as rows by heading."""

    def take(browser, page, what, **typed):
        answer = submit(browser, page, what=what, format="csv", **typed)
        assert answer.status_code == 200, answer.content.decode()
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return take


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"service_lead", "alliance_lead"}))
def test_whoever_follows_no_figures_takes_none(signed_in, place, role):
    assert signed_in(person(role, place)).get(PAGE).status_code == 403


def test_what_is_counted_by_class_has_no_share(signed_in, place, taken):
    measure = next(each for each in registry.ALL if each.shape is Shape.CLASSES)
    many(place, SEPTEMBER, measure, met=44, not_met=0)
    rows = taken(signed_in(person("alliance_lead", place)), READ_IN, "figures")
    line = next(row for row in rows if row["measure"] == measure.key)
    told = (line["with_data"], line["share"], line["share_worst_case"])
    assert told == ("44", "", "")


def test_figures_are_what_the_page_says(signed_in, place, taken):
    many(place, SEPTEMBER, MRI, met=44, not_met=6, missing=10)
    rows = taken(signed_in(person("alliance_lead", place)), READ_IN, "figures")
    line = next(row for row in rows if row["measure"] == "qs56_3")
    assert {key: line[key] for key in ("level", "place", "first_month", "last_month")} == {
        "level": "alliance",
        "place": place.alliance.name,
        "first_month": "2026-05",
        "last_month": "2026-10",
    }
    counted = ("eligible", "with_data", "met", "not_met", "missing", "share", "held_back")
    assert [line[key] for key in counted] == ["60", "50", "44", "6", "10", "0.88", "no"]
    assert round(float(line["share_worst_case"]), 3) == 0.733
    levels = [row["level"] for row in rows if row["measure"] == "qs56_3"]
    assert levels == ["alliance", "trust", "hospital"]
    assert {row["measure"] for row in rows} == {each.key for each in registry.ALL}


def test_small_numbers_are_held_back_from_whoever_sees_no_rows(signed_in, place, taken):
    other = Place.build(place.alliance)
    many(place, SEPTEMBER, MRI, met=40, not_met=7)
    many(other, SEPTEMBER, MRI, met=9, not_met=2)
    rows = taken(signed_in(person("alliance_lead", place)), READ_IN, "figures")
    lines = {row["place"]: row for row in rows if row["measure"] == "qs56_3"}
    assert [lines[place.alliance.name][key] for key in ("met", "not_met")] == ["49", "9"]
    # The other would follow from the whole: both are held back.
    for each in (place.hospital, other.hospital):
        assert [lines[each.name][key] for key in ("met", "not_met", "held_back")] == ["", "", "yes"]


def test_whoever_may_see_rows_gets_every_number_and_the_months(signed_in, place, taken):
    many(place, SEPTEMBER, MRI, met=4, not_met=1)
    rows = taken(signed_in(person("service_lead", place)), READ_IN, "figures")
    lines = [row for row in rows if row["measure"] == "qs56_3" and row["with_data"] == "5"]
    assert [(row["level"], row["first_month"]) for row in lines] == [
        ("alliance", "2026-05"),
        ("trust", "2026-05"),
        ("hospital", "2026-05"),
        ("alliance", "2026-09"),
    ]
    assert all((row["met"], row["held_back"]) == ("4", "no") for row in lines)


def test_an_alliance_lead_is_never_given_journeys(signed_in, place, submit):
    many(place, SEPTEMBER, MRI, met=44, not_met=6)
    browser = signed_in(person("alliance_lead", place))
    assert "Journeys, one a row" not in browser.get(READ_IN).content.decode()
    for what in ("journeys", "identified"):
        answer = submit(browser, READ_IN, what=what, format="csv", reason=REASON)
        assert answer.status_code == 422
    assert not Trail.objects.filter(action="export_made").exists()


def test_leading_one_hospital_gives_no_journeys_of_the_alliance(signed_in, place, submit):
    lead = person("alliance_lead", place)
    AssignmentFactory(user=lead, role="service_lead", organisation=place.hospital)
    browser = signed_in(lead)
    whole = submit(browser, f"{PAGE}?place={place.alliance.pk}", what="journeys", format="csv")
    part = submit(browser, f"{PAGE}?place={place.hospital.pk}", what="journeys", format="csv")
    assert (whole.status_code, part.status_code) == (422, 200)


@pytest.fixture
def sure(signed_in, submit):
    """Somebody who has just given their password once more."""

    def sign_in(user):
        browser = signed_in(user)
        submit(browser, "/accounts/reauthenticate/", password=PASSWORD)
        return browser

    return sign_in


@pytest.fixture
def referral():
    found = ReferralFactory(team=Team.build(), scanned=True)
    patient = found.patient
    patient.nhs_number, patient.nhs_number_absent_reason = "9434765919", ""
    patient.date_of_birth, patient.postcode = date(1951, 3, 4), "XA1 1AA"
    patient.save()
    return found


def lead_of(referral):
    return person("service_lead", referral.alliance)


def test_journeys_name_nobody_and_no_day(signed_in, referral, taken):
    rows = taken(signed_in(lead_of(referral)), NOVEMBER, "journeys")
    assert [(row["row"], row["month_received"], row["hospital"]) for row in rows] == [
        ("1", "2026-11", referral.hospital.name)
    ]
    assert rows[0]["qs56_3"] in ("met", "not_met", "missing", "not_applicable")
    said = " ".join(rows[0].values())
    patient = referral.patient
    for known in (
        referral.reference,
        patient.nhs_number,
        patient.family_name,
        patient.given_name,
        patient.postcode,
        "1951",
        str(referral.pk),
        str(referral.journey.pk),
        f"{referral.received_at:%Y-%m-%d}",
    ):
        assert known not in said
    assert not {"nhs_number", "local_reference", "received_at", "age"} & set(rows[0])


def test_journeys_name_people_only_with_a_reason(sure, referral, taken, submit):
    browser = sure(lead_of(referral))
    for reason in ("", "because"):
        answer = submit(browser, NOVEMBER, what="identified", format="csv", reason=reason)
        assert answer.status_code == 422
        assert "Say why, in a sentence." in answer.content.decode()
    assert not Trail.objects.filter(action="export_made").exists()
    row = taken(browser, NOVEMBER, "identified", reason=REASON)[0]
    assert (row["local_reference"], row["nhs_number"]) == (referral.reference, "9434765919")
    assert row["received_at"][:4] == "2026"
    assert row["age"] in ("74", "75")
    assert referral.patient.family_name not in " ".join(row.values())


def test_a_screen_left_open_gives_no_names(signed_in, referral, submit):
    browser = signed_in(lead_of(referral))
    answer = submit(browser, NOVEMBER, what="identified", format="csv", reason=REASON)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Trail.objects.filter(action="export_made").exists()
    assert submit(browser, NOVEMBER, what="journeys", format="csv").status_code == 200


def test_what_was_taken_is_on_the_trail_with_its_hash(sure, referral, submit):
    lead = lead_of(referral)
    answer = submit(sure(lead), NOVEMBER, what="identified", format="parquet", reason=REASON)
    raw = b"".join(answer.streaming_content)
    row = Trail.objects.get(action="export_made")
    assert (row.actor, row.referral) == (lead, None)
    assert row.details == {
        "place_id": referral.alliance.pk,
        "what": "journeys",
        "format": "parquet",
        "identified": True,
        "reason": REASON,
        "first": "2026-11-01",
        "last": "2026-11-01",
        "rows": 1,
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
    found = arrow.read_table(io.BytesIO(raw))
    assert found.schema.metadata[b"Identifies people, because"] == REASON.encode()
    assert found.column("local_reference").to_pylist() == [referral.reference]


def test_a_reason_typed_and_then_not_needed_identifies_nobody(signed_in, referral, taken):
    rows = taken(signed_in(lead_of(referral)), NOVEMBER, "journeys", reason=REASON)
    assert "nhs_number" not in rows[0]
    details = Trail.objects.get(action="export_made").details
    assert (details["identified"], details["reason"]) == (False, "")


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_a_file_has_a_name_that_tells_no_one(signed_in, referral, submit, format):
    answer = submit(signed_in(lead_of(referral)), NOVEMBER, what="journeys", format=format)
    name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])[1]
    assert name == f"mscc-journeys-2026-11-to-2026-11.{format}"
    assert answer["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content)


def test_a_hospitals_name_cannot_be_a_formula(signed_in, place, taken):
    place.hospital.name = "=HYPERLINK(1)"
    place.hospital.save()
    many(place, SEPTEMBER, MRI, met=1, not_met=0)
    rows = taken(signed_in(person("service_lead", place)), READ_IN, "journeys")
    assert rows[0]["hospital"] == "'=HYPERLINK(1)"


def test_too_many_journeys_are_not_cut_short_but_refused(signed_in, place, submit, monkeypatch):
    monkeypatch.setattr(as_csv, "LIMIT_ROWS", 2)
    many(place, SEPTEMBER, MRI, met=2, not_met=1)
    answer = submit(
        signed_in(person("service_lead", place)), READ_IN, what="journeys", format="csv"
    )
    assert answer.status_code == 422
    assert "These are 3 journeys; CSV takes at most 2." in answer.content.decode()
    assert not Trail.objects.filter(action="export_made").exists()


def test_a_period_with_nobody_is_a_file_without_journeys(signed_in, place, taken):
    assert taken(signed_in(person("service_lead", place)), PAGE, "journeys") == []


def test_a_period_in_the_future_is_refused(signed_in, place):
    answer = signed_in(person("service_lead", place)).get(f"{PAGE}?from=2030-01&to=2030-02")
    assert answer.status_code == 400
    assert "is in the future" in answer.content.decode()


def test_many_journeys_cost_no_more_statements_than_one(
    signed_in, place, submit, django_assert_max_num_queries
):
    browser = signed_in(person("service_lead", place))
    many(place, SEPTEMBER, MRI, met=30, not_met=30)
    page = browser.get(READ_IN)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    with django_assert_max_num_queries(30):
        answer = browser.post(
            READ_IN, {"csrfmiddlewaretoken": token, "what": "journeys", "format": "csv"}
        )
    assert b"".join(answer.streaming_content).count(b"\r\n") == 61


def test_the_page_of_figures_leads_there_for_the_same_place_and_months(signed_in, place):
    many(place, SEPTEMBER, MRI, met=44, not_met=6)
    page = signed_in(person("alliance_lead", place)).get("/figures/", {"imported": "on"})
    link = re.search(r'href="(/figures/export/[^"]*)"', page.content.decode())[1]
    assert "from=2026-05&amp;to=2026-10" in link
    assert "imported=on" in link
