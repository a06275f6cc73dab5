"""Finding a person: by POST alone, only among one's own, and never without a trace."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from audit.models import Trail
from mscc import clock
from referrals.domain import intake
from scheduling.domain.queries import search as searching
from tests.factories.people import person
from tests.factories.referrals import AT, ReferralFactory, Team, command, intake_for, refer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(hours=1))


@pytest.fixture
def team():
    return Team.build()


@pytest.fixture
def named(team):
    """A referral of somebody with a given and a family name."""

    def refer_one(given, family, at=AT):
        asked = intake_for(team.place)
        asked = replace(asked, person=replace(asked.person, given_name=given, family_name=family))
        return intake.receive(asked, command=command(team.nurse, at))

    return refer_one


@pytest.fixture
def look(signed_in, team, token_in):
    browser = signed_in(team.coordinator)
    token = token_in(browser.get("/board/"))
    return lambda q: browser.post("/board/search/", {"csrfmiddlewaretoken": token, "q": q})


def test_by_reference_however_it_is_typed(look, team, text_of):
    referral, other = refer(team), refer(team)
    typed = referral.reference
    for q in (typed, typed.lower(), typed.replace("-", ""), f" {typed.replace('-', ' ')} "):
        text = text_of(look(q))
        assert "1 referral fits" in text
        assert referral.reference in text
        assert other.reference not in text


def test_by_nhs_number_with_or_without_spaces(look, team, text_of):
    referral, _ = refer(team), refer(team)
    number = referral.patient.nhs_number
    for q in (number, f"{number[:3]} {number[3:6]} {number[6:]}"):
        text = text_of(look(q))
        assert "1 referral fits" in text
        assert referral.reference in text


@pytest.mark.parametrize(
    "q", ["O'Brien", "o'br", "O’BRIEN-SMITH", "o'brien zoë", "Zoë O'Brien", "O'Brien-Smith, Zoë"]
)
def test_by_name_in_any_order(look, named, q, text_of):
    wanted = named("Zoë", "O'Brien-Smith")
    named("Robin", "Brien")
    text = text_of(look(q))
    assert "1 referral fits" in text
    assert wanted.reference in text


def test_a_family_name_of_two_words_is_found_whole(look, named, text_of):
    wanted = named("Ana", "van Dyke")
    assert wanted.reference in text_of(look("van dyke"))


def test_closed_ones_are_found_after_the_open_ones(look, team, text_of):
    closed = ReferralFactory(team=team, discharged=True)
    still = refer(team)
    text = text_of(look("Example"))
    assert "2 referrals fit" in text
    assert text.index(still.reference) < text.index(closed.reference)
    assert "closed Sat 21 Nov, 09:25 GMT" in text


def test_nobody_of_another_trust_is_found_or_counted(look, text_of):
    stranger = refer(Team.build())
    for q in (stranger.reference, stranger.patient.nhs_number, "Example"):
        assert "Nothing fits" in text_of(look(q))
    assert not Trail.objects.filter(action="record_read").exists()


def test_each_one_shown_is_on_the_trail_as_looked_up(look, team):
    found = {refer(team).reference, refer(team).reference}
    look("Example")
    reads = Trail.objects.filter(action="record_read")
    assert {read.details["reference"] for read in reads} == found
    assert {read.details["how"] for read in reads} == {"search"}
    assert {read.actor_id for read in reads} == {team.coordinator.pk}


@pytest.mark.parametrize("q", ["", " ", "a", "%", "__", "%%", "a%"])
def test_less_than_two_letters_are_not_looked_for(look, team, q, text_of):
    refer(team)
    answer = look(q)
    assert answer.status_code == 422
    assert "Enter at least two letters or digits." in text_of(answer)


def test_signs_that_mean_something_to_a_database_mean_themselves(look, team, text_of):
    refer(team)
    for q in ("Ex%ple", "Ex_mple", "E.*e", "Example' OR 1=1", "Exa\0mplex"):
        assert "Nothing fits" in text_of(look(q))


def test_a_search_that_takes_too_long_is_stopped_and_says_to_narrow_it(
    look, team, monkeypatch, text_of
):
    refer(team)
    slow = Q(RawSQL("pg_sleep(2) IS NOT NULL", (), output_field=BooleanField()))
    monkeypatch.setattr(searching, "_meant_by", lambda text: slow)
    monkeypatch.setattr(searching, "_SLOWEST_MS", 50)
    answer = look("Example")
    assert answer.status_code == 422
    assert "Narrow the search." in text_of(answer)


def test_more_than_a_screenful_says_to_narrow_it(look, named, text_of):
    for _ in range(21):
        named("Robin", "Many")
    text = text_of(look("Many"))
    assert "More than 20 fit. Narrow the search." in text
    assert Trail.objects.filter(action="record_read").count() == 20


def test_what_was_typed_is_in_no_address_and_in_no_log(look, team, caplog):
    referral = refer(team)
    with caplog.at_level(logging.DEBUG):
        logging.disable(logging.NOTSET)
        try:
            answer = look(referral.patient.family_name)
        finally:
            logging.disable(logging.INFO)
    assert answer.status_code == 200
    assert referral.patient.family_name not in caplog.text


def test_there_is_no_searching_by_address(signed_in, team):
    answer = signed_in(team.coordinator).get("/board/search/", {"q": "Example"})
    assert (answer.status_code, answer.url) == (302, "/board/")


def test_a_ward_has_no_search(signed_in, team, token_in):
    browser = signed_in(person("referrer", team.place))
    token = token_in(browser.get("/me/"))
    answer = browser.post("/board/search/", {"csrfmiddlewaretoken": token, "q": "Example"})
    assert answer.status_code == 403
