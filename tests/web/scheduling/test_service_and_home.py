"""Is anybody watching; and what each person begins with."""

from datetime import timedelta

import pytest

from mscc import clock
from scheduling.domain import watch
from scheduling.models import Heartbeat
from tests.factories.notify import posted
from tests.factories.people import Place, UserFactory, person
from tests.factories.referrals import AT, ReferralFactory, Team, refer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    moment = [AT]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


def all_beat(at=AT):
    for component in ("sweep", "dispatch", "guardian"):
        watch.beat(component, at)


def test_all_is_well(signed_in, noon, text_of):
    all_beat()
    noon[0] = AT + timedelta(seconds=4)
    text = text_of(signed_in(person("coordinator")).get("/service/"))
    assert "Yes. Targets are being watched and pages go out." in text
    assert "Last done 4 s ago" in text
    assert "No message waits to be sent" in text


@pytest.mark.parametrize("silent", ["sweep", "dispatch"])
def test_silence_of_either_is_said_first(signed_in, noon, text_of, silent):
    all_beat()
    Heartbeat.objects.filter(component=silent).update(progress_at=AT - timedelta(seconds=11))
    text = text_of(signed_in(person("service_lead")).get("/service/"))
    assert "No. Do not rely on pages now." in text
    assert text.count("Silent.") == 1


def test_a_process_that_runs_and_finishes_nothing_is_silent(signed_in, text_of):
    for component in ("sweep", "dispatch", "guardian"):
        watch.beat(component, AT, progress=False)
    text = text_of(signed_in(person("coordinator")).get("/service/"))
    assert text.count("Silent. Never done") == 3


def test_a_silent_guardian_is_said_without_an_alarm(signed_in, noon, text_of):
    all_beat()
    Heartbeat.objects.filter(component="guardian").delete()
    text = text_of(signed_in(person("coordinator")).get("/service/"))
    assert "Yes." in text
    assert "The guardian is silent." in text


def test_work_that_waits_too_long_is_said(signed_in, noon, text_of):
    all_beat()
    posted(at=AT - timedelta(seconds=61))
    browser = signed_in(person("coordinator"))
    text = text_of(browser.get("/service/"))
    assert "No. Do not rely on pages now." in text
    assert "Late: 1 message waits to be sent, the oldest since 1 min" in text
    refer(Team.build(), at=AT - timedelta(hours=25))
    text = text_of(browser.get("/service/"))
    assert "Late: 4 targets are due, the oldest since 24 h 52 min" in text
    assert "Late: 1 page is to go on to the next person" in text


def test_the_ward_is_not_asked_to_watch_the_computers(signed_in):
    assert signed_in(person("referrer")).get("/service/").status_code == 403


class TestHome:
    @pytest.mark.parametrize(
        ("role", "where"), [("referrer", "/refer/"), ("specialty_contact", "/opinions/")]
    )
    def test_those_with_a_page_of_their_own_go_there(self, signed_in, role, where):
        answer = signed_in(person(role)).get("/")
        assert (answer.status_code, answer.url) == (302, where)

    @pytest.mark.parametrize(
        "role", ["coordinator", "designated_clinician", "senior_clinician", "service_lead"]
    )
    def test_those_who_work_from_the_board_start_there(self, signed_in, role):
        assert 'id="board"' in signed_in(person(role)).get("/").content.decode()

    def test_an_alliance_lead_sees_figures_of_their_alliance_and_no_name(self, signed_in, text_of):
        team, stranger = Team.build(), Team.build()
        late = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=30))
        refer(team)
        ReferralFactory(team=team, discharged=True)
        refer(stranger)
        text = text_of(signed_in(person("alliance_lead", team.place)).get("/"))
        assert "2 open, 1 with something overdue" in text
        assert f"{team.place.hospital.name} 2 1" in text
        assert stranger.place.hospital.name not in text
        for private in (late.reference, late.patient.family_name, "Robin"):
            assert private not in text

    def test_an_administrator_is_led_to_people_and_sees_no_figures(self, signed_in, text_of):
        team = Team.build()
        refer(team)
        page = signed_in(person("administrator", team.place)).get("/")
        assert 'href="/admin/"' in page.content.decode()
        assert "overdue" not in text_of(page)

    def test_somebody_without_a_role_is_told_whom_to_ask(self, signed_in, text_of):
        Place.build()
        text = text_of(signed_in(UserFactory()).get("/"))
        assert "You hold no role now" in text

    def test_a_stranger_is_asked_to_sign_in(self, client):
        answer = client.get("/")
        assert answer.url == "/accounts/login/?next=/"
