"""Figures on pages: who sees which, what is held back, and what an odd question is told."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.measures import registry
from audit.measures.measure import Shape
from audit.measures.verdict import Status
from audit.models import Trail
from mscc.people.roles import ROLES, Permission
from tests.factories.journeys import journey, many, saved
from tests.factories.people import AssignmentFactory, Place, person
from tests.factories.referrals import ReferralFactory, Team

pytestmark = pytest.mark.django_db
MRI = registry.by_key("qs56_3")
PAGE = "/figures/qs56_3/"
SEPTEMBER = date(2026, 9, 1)
READ_IN = {"imported": "on"}


def test_a_line_says_how_many_of_how_many_and_how_complete(alliance_lead, place, text_of):
    many(place, SEPTEMBER, MRI, met=44, not_met=6, missing=10)
    text = text_of(alliance_lead.get("/figures/", READ_IN))
    assert "May to October 2026, compared with the 6 months before, with audits" in text
    assert "88% 44 of 50" in text
    assert "50 of 60 (83%)" in text
    assert "too few to say" in text


def test_what_was_read_in_counts_only_where_it_is_asked_for(alliance_lead, place, text_of):
    many(place, SEPTEMBER, MRI, met=44, not_met=6)
    assert "44 of 50" not in text_of(alliance_lead.get("/figures/"))


def test_a_measure_says_its_worst_case_and_what_is_missing(alliance_lead, place, text_of):
    many(place, SEPTEMBER, MRI, met=40, not_met=10, missing=30)
    text = text_of(alliance_lead.get(PAGE, READ_IN))
    assert "80% 40 of 50" in text
    assert "At worst, if whatever is missing was not met 50%" in text
    assert "Data missing 30" in text
    assert MRI.numerator in text
    assert MRI.source in text


def test_figures_are_compared_with_the_months_before(alliance_lead, place, text_of):
    many(place, SEPTEMBER, MRI, met=40, not_met=10)
    many(place, date(2026, 3, 1), MRI, met=30, not_met=20)
    text = text_of(alliance_lead.get(PAGE, READ_IN))
    assert "The 6 months before: 60%, 30 of 50. Now 20 points higher." in text


def test_figures_are_compared_with_another_place(signed_in, place, text_of):
    other = Place.build(place.alliance)
    lead = signed_in(person("service_lead", place))
    many(place, SEPTEMBER, MRI, met=40, not_met=10)
    many(other, SEPTEMBER, MRI, met=2, not_met=2)
    asked = READ_IN | {"place": place.hospital.pk, "with": other.hospital.pk}
    text = text_of(lead.get(PAGE, asked))
    assert f"{other.hospital.name}: 50%, 2 of 4. Now 30 points higher." in text


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"service_lead", "alliance_lead"}))
@pytest.mark.parametrize("page", ["/figures/", PAGE, f"{PAGE}rows/", "/figures/service/"])
def test_whoever_follows_no_figures_is_refused(signed_in, place, role, page):
    assert Permission.SEE_FIGURES not in ROLES[role].permissions
    assert signed_in(person(role, place)).get(page).status_code == 403


def test_another_alliance_is_refused(alliance_lead):
    elsewhere = Place.build()
    for page in ("/figures/", PAGE, "/figures/service/"):
        assert alliance_lead.get(page, {"place": elsewhere.hospital.pk}).status_code == 403
    assert alliance_lead.get("/figures/", {"with": elsewhere.hospital.pk}).status_code == 200


def test_the_lead_of_a_hospital_is_not_shown_the_rest_of_the_alliance(signed_in, place, text_of):
    other = Place.build(place.alliance)
    lead = signed_in(person("service_lead", place.hospital))
    page = lead.get("/figures/")
    assert f"Figures of {place.hospital.name}" in text_of(page)
    assert other.hospital.name not in page.content.decode()
    assert lead.get("/figures/", {"place": place.alliance.pk}).status_code == 403


def test_small_numbers_are_held_back_from_whoever_may_not_see_rows(
    alliance_lead, service_lead, place, text_of
):
    many(place, SEPTEMBER, MRI, met=47, not_met=3)
    text = text_of(alliance_lead.get(PAGE, READ_IN))
    assert "over 90% all but fewer than 5 of 50" in text
    assert "47 of" not in text
    assert "94%" not in text
    assert "47 of 50" in text_of(service_lead.get(PAGE, READ_IN))


def test_a_reason_that_few_had_is_held_back(alliance_lead, service_lead, place, text_of):
    rows = [
        journey(place, SEPTEMBER, MRI, Status.NOT_MET, reason=reason)
        for reason in ["no_slot"] * 12 + ["transfer"] * 2
    ]
    saved([*rows, *(journey(place, SEPTEMBER, MRI, Status.MET) for _ in range(30))])
    text = text_of(alliance_lead.get(PAGE, READ_IN))
    assert "No scanner or slot in time held back" in text
    assert "Transport or a bed elsewhere took too long held back" in text
    text = text_of(service_lead.get(PAGE, READ_IN))
    assert "No scanner or slot in time 12" in text
    assert "Transport or a bed elsewhere took too long 2" in text


def test_a_flag_is_held_back_where_it_tells_a_reason_that_is(
    alliance_lead, service_lead, place, text_of
):
    """Of 9 missing 3 have no start: 9 less the 6 that were flagged would tell them."""
    rows = [journey(place, SEPTEMBER, MRI, Status.MISSING, reason="no start") for _ in range(3)]
    rows += [
        journey(place, SEPTEMBER, MRI, Status.MISSING, reason="before its start", flag="negative")
        for _ in range(6)
    ]
    saved([*rows, *(journey(place, SEPTEMBER, MRI, Status.MET) for _ in range(30))])
    text = text_of(alliance_lead.get(PAGE, READ_IN))
    assert "Data missing 9" in text
    assert "Before its start held back" in text
    assert "Negative held back" in text
    assert "Negative 6" in text_of(service_lead.get(PAGE, READ_IN))
    more = [journey(place, SEPTEMBER, MRI, Status.MISSING, reason="no start") for _ in range(2)]
    saved(more)
    text = text_of(alliance_lead.get(PAGE, READ_IN))
    assert "No start 5" in text
    assert "Negative 6" in text


def test_classes_are_shown_of_the_whole_only(alliance_lead, service_lead, place, text_of):
    other = Place.build(place.alliance)
    about = next(each for each in registry.ALL if each.shape is Shape.CLASSES)
    saved(
        journey(where, SEPTEMBER, about, Status.MET, label=label)
        for where, label, n in ((place, "mscc", 7), (place, "none", 8), (other, "mscc", 3))
        for _ in range(n)
    )
    page = f"/figures/{about.key}/"
    one = READ_IN | {"place": place.hospital.pk}
    assert "Neither 8 MSCC 7" in text_of(service_lead.get(page, one))
    assert "MSCC 10" in text_of(alliance_lead.get(page, READ_IN))
    assert "By class" not in text_of(alliance_lead.get(page, one))


@pytest.mark.parametrize(("deaths", "told"), [(2, False), (6, True)])
def test_few_deaths_in_hospital_are_not_told_by_both_readings_of_statement_7(
    alliance_lead, service_lead, place, text_of, submit, deaths, told
):
    """40 with them, beside 38 without them, would be 2."""
    literal, alive = registry.by_key("qs56_7"), registry.by_key("qs56_7_alive")
    rows = []
    for first, second, n in (
        (Status.MET, Status.MET, 30),
        (Status.NOT_MET, Status.NOT_MET, 8),
        (Status.NOT_MET, Status.EXCLUDED, deaths),
    ):
        for _ in range(n):
            row = journey(place, SEPTEMBER, literal, first)
            row.verdicts[alive.number] = second.value
            rows.append(row)
    saved(rows)
    page = "/figures/qs56_7_alive/"
    assert "30 of 38" in text_of(service_lead.get(page, READ_IN))
    assert f"30 of {38 + deaths}" in text_of(alliance_lead.get("/figures/qs56_7/", READ_IN))
    for each in ("/figures/", page):
        assert ("30 of 38" in text_of(alliance_lead.get(each, READ_IN))) is told
    text = text_of(alliance_lead.get(page, READ_IN))
    # The figure, a half-year, hospitals, groups and moments: nowhere.
    assert told or not re.search(r"\b38\b|79%", text)
    assert f"Left out, for a reason {deaths if told else 'held back'}" in text
    answer = submit(alliance_lead, "/figures/export/?imported=on", what="figures", format="csv")
    file = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = [line for line in csv.DictReader(io.StringIO(file)) if line["measure"] == alive.key]
    assert [line["level"] for line in lines] == ["alliance", "trust", "hospital"]
    assert {line["with_data"] for line in lines} == ({"38"} if told else {""})


def test_a_hospital_is_held_back_where_the_others_would_tell_it(alliance_lead, place, text_of):
    """The alliance's figure less that of the other hospital would be this one's."""
    other = Place.build(place.alliance)
    many(place, SEPTEMBER, MRI, met=27, not_met=3)
    many(other, SEPTEMBER, MRI, met=21, not_met=9)
    for hospital in (place.hospital, other.hospital):
        text = text_of(alliance_lead.get(PAGE, READ_IN | {"place": hospital.pk}))
        assert "held back, of 30" in text
        assert "21 of" not in text
        assert "70%" not in text
    text = text_of(alliance_lead.get(PAGE, READ_IN))
    assert "48 of 60" in text
    assert text.count("held back, of 30") == 2


def test_hospitals_are_set_beside_each_other_with_what_chance_does(service_lead, place, text_of):
    other = Place.build(place.alliance)
    many(place, SEPTEMBER, MRI, met=48, not_met=2)
    many(other, SEPTEMBER, MRI, met=20, not_met=30)
    page = service_lead.get(PAGE, READ_IN)
    text = text_of(page)
    assert f"{other.hospital.name} is lower than 99.8% limits" in text
    assert f"{place.hospital.name} is higher than 99.8% limits" in text
    assert 'id="funnel-chart-title"' in page.content.decode()


def test_how_long_it_took_is_said_by_deficit_with_medians(service_lead, place, text_of):
    hour = 3600
    rows = [
        journey(place, SEPTEMBER, MRI, Status.MET, seconds=n * hour, deficit=deficit)
        for deficit, times in (("yes", range(1, 6)), ("no", range(11, 16)))
        for n in times
    ]
    saved(rows)
    text = text_of(service_lead.get(PAGE, READ_IN))
    assert "With symptoms or signs 5 of 5 1 h 2 h 3 h 4 h 5 h" in text
    assert "Without 5 of 5 11 h 12 h 13 h 14 h 15 h" in text


def test_who_has_no_time_is_in_the_table_of_times_without_one(service_lead, place, text_of):
    """All but those of one group would tell that group."""
    hour = 3600
    rows = [journey(place, SEPTEMBER, MRI, Status.MET, seconds=n * hour) for n in range(1, 6)]
    rows += [journey(place, SEPTEMBER, MRI, Status.NOT_MET, deficit="no") for _ in range(3)]
    rows += [journey(place, SEPTEMBER, MRI, Status.MISSING, deficit="not_known")]
    saved(rows)
    text = text_of(service_lead.get(PAGE, READ_IN))
    assert "With symptoms or signs 5 of 5 1 h 2 h 3 h 4 h 5 h" in text
    assert "Without 0 of 3 – – – – –" in text
    assert "Not known nobody – – – – –" in text
    assert "All 5 of 8 1 h 2 h 3 h 4 h 5 h" in text


def test_a_change_is_told_in_a_word_and_marked_in_the_chart(service_lead, place, text_of):
    for n in range(23):
        month = date(2024 + (n + 10) // 12, (n + 10) % 12 + 1, 1)
        many(place, month, MRI, met=8 + n % 2, not_met=2 - n % 2)
    many(place, date(2026, 10, 1), MRI, met=2, not_met=8)
    page = service_lead.get("/figures/", READ_IN)
    text = text_of(page)
    assert "1 measure is getting worse:" in text
    assert "getting worse" in text.split("Headlines", 1)[1]
    page = service_lead.get(PAGE, READ_IN)
    assert "The newest point is outside the limits: getting worse." in text_of(page)
    assert "mscc-plot__bad" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "2027-01", "to": "2027-06"}, "June 2027 is in the future"),
        ({"from": "2026-10", "to": "2026-04"}, "The last month is before the first: swap them."),
        ({"from": "last year"}, "A period is given by its first and its last month"),
        ({"from": "2026-13", "to": "2026-13"}, "A period is given by its first and its last month"),
        ({"from": "1826-01", "to": "2026-01"}, "more than 10 years"),
        ({"from": "2020-01", "to": "2020-03"}, "Nothing is on record for January to March 2020"),
    ],
)
@pytest.mark.parametrize("page", ["/figures/", PAGE, f"{PAGE}rows/", "/figures/service/"])
def test_a_period_without_an_answer_gets_a_sentence(
    service_lead, place, text_of, page, asked, said
):
    many(place, SEPTEMBER, MRI, met=1, not_met=1)
    answer = service_lead.get(page, asked)
    assert answer.status_code == 400
    assert said in text_of(answer)


def test_a_period_with_nobody_says_so(service_lead, place, text_of):
    many(place, date(2025, 1, 1), MRI, met=1, not_met=1)
    text = text_of(service_lead.get("/figures/", READ_IN))
    assert "No referral that any measure is about was received in May to October 2026." in text
    assert "the first on record is of January 2025" in text
    text = text_of(service_lead.get(PAGE, READ_IN))
    assert "It was about nobody in May to October 2026 , so there is no share" in text


def test_before_the_first_referral_the_page_says_what_it_waits_for(service_lead, text_of):
    assert "figures begin with the first referral" in text_of(service_lead.get("/figures/"))


def test_completeness_is_said_by_hospital_and_month(service_lead, alliance_lead, place, text_of):
    many(place, SEPTEMBER, MRI, met=3, not_met=1, missing=2)
    text = text_of(service_lead.get(PAGE, READ_IN))
    assert f"{place.hospital.name} – – – – 4 of 6 –" in text
    assert "4 of 6" not in text_of(alliance_lead.get(PAGE, READ_IN))


@pytest.mark.parametrize("page", ["/figures/", PAGE])
def test_a_page_asks_as_often_for_four_hospitals_as_for_one(signed_in, place, page):
    lead = signed_in(person("alliance_lead", place))

    def asked():
        lead.get(page, READ_IN)  # counts what is stale
        with CaptureQueriesContext(connection) as found:
            assert lead.get(page, READ_IN).status_code == 200
        return len(found)

    many(place, SEPTEMBER, MRI, met=5, not_met=5)
    one = asked()
    for _ in range(3):
        many(Place.build(place.alliance), SEPTEMBER, MRI, met=5, not_met=5)
    assert asked() == one
    assert one <= 80


def test_a_measure_that_is_none_is_not_found(service_lead):
    assert service_lead.get("/figures/no-such-thing/").status_code == 404


def test_the_list_behind_a_figure_leads_to_the_referrals_and_is_on_the_trail(signed_in, text_of):
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    lead = person("service_lead", team.place)
    answer = signed_in(lead).get(f"{PAGE}rows/", {"from": "2026-11", "to": "2026-11"})
    assert referral.reference in text_of(answer)
    assert referral.patient.family_name not in answer.content.decode()
    looked = Trail.objects.get(action="figure_opened")
    assert (looked.actor_id, looked.details) == (
        lead.pk,
        {
            "place_id": team.place.alliance.pk,
            "measure": "qs56_3",
            "first": "2026-11",
            "last": "2026-11",
            "status": "",
            "rows": 1,
        },
    )


def test_an_alliance_lead_never_sees_rows(alliance_lead, place):
    many(place, SEPTEMBER, MRI, met=44, not_met=6)
    assert alliance_lead.get(f"{PAGE}rows/", READ_IN).status_code == 403
    assert "/rows/" not in alliance_lead.get(PAGE, READ_IN).content.decode()
    assert not Trail.objects.filter(action="figure_opened").exists()


def test_rows_are_only_of_the_place_where_they_may_be_seen(signed_in, place):
    """Leading one hospital does not open the rows of an alliance whose figures one follows."""
    lead = person("alliance_lead", place)
    AssignmentFactory(user=lead, role="service_lead", organisation=place.hospital)
    browser = signed_in(lead)
    assert browser.get(f"{PAGE}rows/", {"place": place.hospital.pk}).status_code == 200
    assert browser.get(f"{PAGE}rows/", {"place": place.alliance.pk}).status_code == 403
