"""The service as a whole: cover, new cases, survival, and targets that were missed."""

from datetime import UTC, date, datetime

import pytest

from audit.measures import registry
from audit.measures.verdict import Status
from tests.factories.journeys import journey, saved
from tests.factories.people import person
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
PAGE = "/figures/service/"
ANY = registry.by_key("qs56_3")
CONFIRMED = registry.by_key("confirmed")
OCTOBER = date(2026, 10, 1)
ASKED = {"from": "2026-10", "to": "2026-10", "imported": "on"}


def confirmed(place, number, *, days=None, died=False):
    return [
        journey(
            place,
            OCTOBER,
            CONFIRMED,
            Status.MET,
            label="mscc",
            confirmed="mscc",
            followed_days=day,
            died=died,
        )
        for day in (days or [None] * number)
    ]


def test_cover_is_the_share_of_elapsed_time_also_when_the_clocks_go_back(signed_in, place, text_of):
    lead = person("service_lead", place)
    coordinator = person("coordinator", place)
    # October 2026 has 745 hours in London; 24 hours on duty leave two gaps, 721 hours.
    on_duty(coordinator, place, datetime(2026, 10, 20, 8, tzinfo=UTC), hours=24)
    text = text_of(signed_in(lead).get(PAGE, ASKED))
    assert "Somebody was on duty for 3% of the time." in text
    assert "There were 2 gaps, 30 days 1 h in all; the longest lasted 19 days 9 h." in text


def test_without_a_rota_nothing_is_said_of_its_share(signed_in, place, text_of):
    text = text_of(signed_in(person("alliance_lead", place)).get(PAGE, ASKED))
    assert "No turn of a coordinator is on the rota in October 2026." in text


def test_new_cases_are_said_per_100_000_a_year_with_their_interval(signed_in, place, text_of):
    saved(confirmed(place, 10))
    lead = signed_in(person("alliance_lead", place))
    # 10 in a twelfth of a year in 1,200,000: 10 a year in 100,000; exact limits 4.795 and 18.39.
    text = text_of(lead.get(PAGE, ASKED | {"population": "1200000"}))
    assert "in 10 of those referred: 10.0 a year in 100,000 people" in text
    assert "(95% interval 4.8 to 18.4)" in text
    for odd in ("0", "many", "-5", "99999999999"):
        text = text_of(lead.get(PAGE, ASKED | {"population": odd}))
        assert "Give the number of people as digits" in text


def test_few_new_cases_are_held_back_with_the_rate_that_would_tell_them(signed_in, place, text_of):
    saved(confirmed(place, 3))
    text = text_of(
        signed_in(person("alliance_lead", place)).get(PAGE, ASKED | {"population": "1200000"})
    )
    assert "in held back of those referred" in text
    assert "a year in 100,000" not in text


def test_survival_says_its_median_and_how_many_are_still_followed(signed_in, place, text_of):
    saved(confirmed(place, 0, days=[20, 40, 60, 80], died=True))
    saved(confirmed(place, 0, days=[100, 100]))
    text = text_of(signed_in(person("service_lead", place)).get(PAGE, ASKED))
    assert "Of 6 people with MSCC confirmed and followed, 4 died." in text
    assert "Median survival from referral: 60 days" in text
    # After 30 days 5 of 6 live.
    assert "30 5 83%" in text
    text = text_of(signed_in(person("alliance_lead", place)).get(PAGE, ASKED))
    assert "Too few were followed to be shown." in text


def test_survival_is_held_back_where_few_are_alive(signed_in, place, text_of):
    """Of 12 who were followed 9 died: that 3 did not would be told."""
    saved(confirmed(place, 0, days=range(20, 110, 10), died=True))
    saved(confirmed(place, 0, days=[100] * 3))
    lead = signed_in(person("alliance_lead", place))
    assert "Too few were followed to be shown." in text_of(lead.get(PAGE, ASKED))
    saved(confirmed(place, 0, days=[100] * 2))
    assert "Of 14 people with MSCC confirmed and followed, 9 died." in text_of(
        lead.get(PAGE, ASKED)
    )


def test_how_many_are_still_followed_does_not_tell_how_few_left(signed_in, place, text_of):
    # 30 people: 2 leave before day 30, 4 more before day 90, none more before 180; 12 before 365.
    saved(confirmed(place, 0, days=[10, 20]))
    saved(confirmed(place, 0, days=[60, 61, 62, 63]))
    saved(confirmed(place, 0, days=range(200, 206), died=True))
    saved(confirmed(place, 0, days=[300] * 6))
    saved(confirmed(place, 0, days=[400] * 12))
    text = text_of(signed_in(person("service_lead", place)).get(PAGE, ASKED))
    assert "30 28 100% – 90 24 100% – 180 24 100% – 365 12 75%" in text
    text = text_of(signed_in(person("alliance_lead", place)).get(PAGE, ASKED))
    assert "30 held back 100% – 90 24 100% – 180 24 100% – 365 12" in text
    assert "counts as alive until they left hospital, and leaves then" in text


def test_missed_targets_are_said_by_reason_with_incidents(signed_in, place, text_of):
    def missed(reason, incident, n):
        rows = [journey(place, OCTOBER, ANY, Status.NOT_MET) for _ in range(n)]
        for row in rows:
            row.details["0"] = [["mri_24h", reason, incident]]
        saved(rows)

    missed("no_slot", True, 6)
    missed("transfer", False, 7)
    text = text_of(signed_in(person("alliance_lead", place)).get(PAGE, ASKED))
    assert "MRI within 24 hours Missed 13; reported as an incident: 6." in text
    assert "Transport or a bed elsewhere took too long 7 No scanner or slot in time 6" in text
    missed("staff", True, 1)
    text = text_of(signed_in(person("alliance_lead", place)).get(PAGE, ASKED))
    assert "Not enough staff on duty held back" in text
    assert "No scanner or slot in time held back" in text
    text = text_of(signed_in(person("service_lead", place)).get(PAGE, ASKED))
    assert "Not enough staff on duty 1" in text


def test_of_one_hospital_a_lead_without_rows_sees_only_its_cover(signed_in, place, text_of):
    saved(confirmed(place, 10))
    lead = signed_in(person("alliance_lead", place))
    text = text_of(lead.get(PAGE, ASKED | {"place": place.hospital.pk}))
    assert "A coordinator by day and night" in text
    assert "New cases" not in text
