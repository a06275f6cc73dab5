"""Is anybody watching; and what each person begins with."""

from datetime import timedelta
from uuid import uuid4

import pytest

from audit.models import Trail
from mscc import clock
from scheduling.domain import auditor, watch
from scheduling.models import Heartbeat, PlannedDowntime, Watching
from scheduling.views.announced import ANNOUNCED
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
    auditor.keep(auditor.Audit(at))


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


def test_what_the_auditor_finds_is_said_with_what_to_do(signed_in, noon, text_of):
    all_beat()
    late = auditor.Finding("late_steps", 2, AT - timedelta(minutes=3), ("an-id",))
    auditor.keep(auditor.Audit(AT, (late,)))
    page = signed_in(person("coordinator")).get("/service/")
    text = text_of(page)
    assert "No. Do not rely on pages now." in text
    assert "2 targets passed more than a minute ago and nobody was told." in text
    assert "Restart the worker and the guardian" in text
    assert "an-id" not in page.content.decode()


def test_an_auditor_that_no_longer_looks_is_said(signed_in, noon, text_of):
    all_beat()
    Watching.objects.update(audited_at=AT - timedelta(minutes=4))
    assert "The auditor is silent." in text_of(signed_in(person("coordinator")).get("/service/"))


def test_a_switch_outside_that_cannot_be_told_is_said(signed_in, noon, text_of, settings):
    all_beat()
    browser = signed_in(person("service_lead"))
    assert "There is none." in text_of(browser.get("/service/"))
    settings.DEADMAN_URL = "https://outside.example/ping"
    Watching.objects.update(switch_tried_at=AT, switch_error="ConnectError")
    text = text_of(browser.get("/service/"))
    assert "Yes." in text
    assert "It cannot be told (ConnectError)" in text


def test_it_says_which_processes_watch(signed_in, noon, text_of, settings):
    settings.PROCESS = "worker"
    all_beat()
    assert ", by the worker" in text_of(signed_in(person("coordinator")).get("/service/"))


def boxes(name, moment):
    """A time as the form's boxes send it; it is November, so London is on GMT."""
    said = {"day": moment.day, "month": moment.month, "year": moment.year}
    said |= {"time": f"{moment:%H:%M}", "zone": ""}
    return {f"{name}-{box}": str(value) for box, value in said.items()}


class TestDowntime:
    def announce(self, browser, submit, hours=1, reason="A new database"):
        return submit(
            browser,
            "/service/",
            reason=reason,
            **boxes("starts_at", AT + timedelta(hours=1)),
            **boxes("ends_at", AT + timedelta(hours=1 + hours)),
        )

    @pytest.mark.parametrize("role", ["service_lead", "administrator"])
    def test_it_stands_on_every_page_and_can_be_called_off(
        self, signed_in, submit, noon, role, text_of
    ):
        place = Place.build()
        browser = signed_in(person(role, place))
        ward = signed_in(person("referrer", place))
        answer = self.announce(browser, submit)
        assert answer.status_code == 302, text_of(answer)
        made = PlannedDowntime.objects.get()
        assert (made.starts_at, made.ends_at) == (
            AT + timedelta(hours=1),
            AT + timedelta(hours=2),
        )
        assert "Planned downtime" in ward.get("/refer/").content.decode()
        submit(browser, f"/service/downtime/{made.pk}/end/", page="/service/")
        ANNOUNCED.forget()
        assert 'aria-label="Planned downtime"' not in ward.get("/refer/").content.decode()
        found = Trail.objects.filter(action__startswith="downtime").order_by("pk")
        assert [row.action for row in found] == ["downtime_announced", "downtime_ended"]

    def test_one_that_is_not_there_cannot_be_called_off(self, signed_in, submit, noon):
        lead = signed_in(person("service_lead"))
        path = f"/service/downtime/{uuid4()}/end/"
        assert submit(lead, path, page="/service/").status_code == 404

    def test_more_than_a_day_is_refused_in_words(self, signed_in, submit, noon, text_of):
        answer = self.announce(signed_in(person("service_lead")), submit, hours=25)
        assert answer.status_code == 422
        assert "At most 24 hours at a time" in text_of(answer)

    def test_a_coordinator_may_read_of_it_and_not_announce_it(self, signed_in, submit, noon):
        browser = signed_in(person("coordinator"))
        assert self.announce(browser, submit).status_code == 403


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
        for _ in range(4):
            refer(team)
        ReferralFactory(team=team, discharged=True)
        refer(stranger)
        text = text_of(signed_in(person("alliance_lead", team.place)).get("/"))
        # A hospital with one referral would tell who it is.
        assert "5 open, fewer than 5 with something overdue" in text
        assert team.place.hospital.name not in text
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
