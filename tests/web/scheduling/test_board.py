"""The board: what is due next, who has it, and nothing that is not theirs."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.clinical.milestones import Suspicion
from referrals.domain import intake, triage
from referrals.models import Referral
from scheduling.domain import escalation
from scheduling.domain.queries.board import ClimbFacts
from scheduling.domain.sweep import sweep
from scheduling.models import Escalation, Notice
from scheduling.views import board, words
from tests.factories.people import AssignmentFactory, ContactPointFactory, Place, person
from tests.factories.referrals import (
    AT,
    METASTASES,
    MSCC,
    NEITHER,
    ReferralFactory,
    Team,
    command,
    intake_for,
    refer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def references_on(page):
    return re.findall(r'<li id="r-(\w{3}-\w{2})"', page.content.decode())


def test_a_coordinator_starts_at_the_board(signed_in):
    team = Team.build()
    referral = refer(team)
    page = signed_in(team.coordinator).get("/")
    assert page.status_code == 200
    assert references_on(page) == [referral.reference]


def test_unread_ones_are_on_top_then_the_next_due_then_those_without_a_clock(signed_in):
    team = Team.build()
    later = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=2))
    sooner = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=5))
    clockless = ReferralFactory(team=team, triaged=True, presentation=NEITHER)
    unread_later = refer(team, METASTASES)
    unread = refer(team, MSCC)
    page = signed_in(team.coordinator).get("/board/")
    assert references_on(page) == [
        each.reference for each in (unread, unread_later, sooner, later, clockless)
    ]


def test_a_row_says_who_where_what_is_due_who_has_it_and_what_is_missing(signed_in, text_of):
    team = Team.build()
    ReferralFactory(team=team, triaged=True)
    text = text_of(signed_in(team.coordinator).get("/board/"))
    patient = Referral.objects.get().patient
    assert f"{patient.family_name.upper()}, Robin" in text
    assert "66, not known" in text
    assert f"{team.place.hospital.name}, {team.place.ward.name}" in text
    assert "MRI due in 23 h 30 min" in text
    assert "Sun 22 Nov, 09:00 GMT" in text
    assert team.coordinator.name in text
    assert re.search(r"\d+ safety items?, \d+ others missing", text)


def test_a_row_opens_in_place_with_every_clock_and_the_last_three_events(signed_in, text_of):
    team = Team.build()
    ReferralFactory(team=team, scanned=True)
    text = text_of(signed_in(team.coordinator).get("/board/"))
    assert "MRI met, 23 h 45 min to spare" in text
    assert "Report due in" in text
    events = text[text.index("Last events") :]
    assert "MRI of the whole spine performed" in events
    assert "MRI booked" in events
    assert "received" not in events.split("Call back")[0]


def test_the_figures_are_those_of_the_rows(signed_in, text_of, noon):
    team = Team.build()
    refer(team, MSCC)
    ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=30))
    ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=14))
    ReferralFactory(team=team, triaged=True)
    ReferralFactory(team=team, discharged=True)
    noon[0] = AT + timedelta(minutes=26)
    page = signed_in(team.coordinator).get("/board/")
    assert "2 overdue 1 at risk 1 new and unread 4 open" in text_of(page)
    severities = re.findall(r'class="mscc-row" data-severity="(\w+)"', page.content.decode())
    assert sorted(severities) == ["at_risk", "due", "overdue", "overdue"]


def test_somebody_of_another_trust_sees_nothing_of_it(poll, signed_in, text_of):
    mine, theirs = Team.build(), Team.build()
    refer(theirs)
    same_alliance = Place.build(mine.place.alliance)
    elsewhere = person("coordinator", same_alliance.trust)
    refer(mine)
    for stranger in (elsewhere, person("coordinator")):
        browser = signed_in(stranger)
        assert references_on(browser.get("/board/")) == []
        assert references_on(poll(browser)) == []
        assert "0 open" in text_of(browser.get("/board/"))


@pytest.mark.parametrize(
    "role", ["referrer", "specialty_contact", "alliance_lead", "administrator"]
)
def test_who_does_not_work_from_the_board_is_not_shown_it(signed_in, role):
    browser = signed_in(person(role))
    for path in ("/board/", "/board/rows/", "/board/wall/", "/board/wall/rows/"):
        assert browser.get(path).status_code == 403
    assert browser.post("/board/search/").status_code == 403


def test_a_coordinator_who_also_refers_elsewhere_sees_the_board_of_their_own_places(signed_in):
    team, other = Team.build(), Team.build()
    user = person("coordinator", team.place)
    AssignmentFactory(user=user, role="referrer", organisation=other.place.ward)
    mine = refer(team)
    refer(other)
    assert references_on(signed_in(user).get("/board/")) == [mine.reference]


def test_a_board_of_two_trusts_shows_both_in_one_order(signed_in):
    place = Place.build()
    other, third = Place.build(place.alliance), Place.build(place.alliance)
    teams = [Team.build(each) for each in (place, other, third)]
    user = person("coordinator", place.trust)
    AssignmentFactory(user=user, role="coordinator", organisation=other.hospital)
    late = ReferralFactory(team=teams[0], triaged=True)
    soon = ReferralFactory(team=teams[1], triaged=True, at=AT - timedelta(hours=3))
    refer(teams[2])
    assert references_on(signed_in(user).get("/board/")) == [soon.reference, late.reference]


def test_names_are_text_and_never_markup(signed_in):
    team = Team.build()
    asked = intake_for(team.place)
    nasty = "<script>alert(1)</script>"
    asked = replace(asked, person=replace(asked.person, given_name=nasty, family_name='"><b>x'))
    intake.receive(asked, command=command(team.nurse))
    for path in ("/board/", "/board/rows/"):
        body = signed_in(team.coordinator).get(path).content.decode()
        assert "<script>alert" not in body
        assert "<bdi>&#34;&gt;&lt;B&gt;X, &lt;script&gt;alert(1)&lt;/script&gt;</bdi>" in body


def test_nothing_open_says_what_was_closed_last(signed_in, text_of):
    team = Team.build()
    browser = signed_in(team.coordinator)
    assert "No referral yet." in text_of(browser.get("/board/"))
    ReferralFactory(team=team, discharged=True)
    text = text_of(browser.get("/board/"))
    assert (
        "Nothing open. The last referral was discharged at 09:25 on Saturday 21 November." in text
    )


def test_it_is_said_when_nobody_has_answered_and_when_somebody_has(signed_in, text_of, noon):
    team = Team.build()
    refer(team)
    browser = signed_in(team.coordinator)
    # Neither of the two has a pager or an address on record.
    assert "Nobody could be reached" in text_of(browser.get("/board/"))
    for user in (team.coordinator, team.senior):
        ContactPointFactory(user=user)
    sweep(AT + timedelta(minutes=10))
    noon[0] = AT + timedelta(minutes=11)
    assert "Page going out" in text_of(browser.get("/board/"))
    noon[0] = AT + timedelta(minutes=14)
    assert "No page has gone out since 09:10" in text_of(browser.get("/board/"))
    climb = Escalation.objects.get(about="at_risk")

    sent = Notice.objects.filter(escalation_id=climb.pk)
    sent.update(state="sent", sent_at=AT + timedelta(minutes=11))
    # The climb of its arrival still reaches nobody; the later one is what matters now.
    assert "Paged 09:11, nobody has answered" in text_of(browser.get("/board/"))


class TestFilters:
    def test_by_hospital_state_and_overdue(self, poll, signed_in):
        place = Place.build()
        here, there = Team.build(place), Team.build(Place.build(place.alliance))
        old = ReferralFactory(team=here, triaged=True, at=AT - timedelta(hours=30))
        fresh = ReferralFactory(team=here, triaged=True)
        booked = ReferralFactory(team=there, mri_booked=True)
        browser = signed_in(here.coordinator)
        hospital = {"hospital": place.hospital.pk}
        assert references_on(browser.get("/board/", hospital)) == [old.reference, fresh.reference]
        assert references_on(poll(browser, **hospital)) == [old.reference, fresh.reference]
        state = browser.get("/board/", {"state": "mri_booked"})
        assert references_on(state) == [booked.reference]
        assert references_on(browser.get("/board/", {"overdue": "1"})) == [old.reference]

    def test_the_figures_stay_those_of_the_whole_board(self, signed_in, text_of):
        team = Team.build()
        ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=30))
        ReferralFactory(team=team, mri_booked=True)
        text = text_of(signed_in(team.coordinator).get("/board/", {"state": "mri_booked"}))
        assert "1 referral fits these filters" in text
        assert "1 overdue" in text
        assert "2 open" in text

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ({"page": "2"}, "Page is from 1 to 1."),
            ({"page": "-1"}, "Page is a whole number from 1."),
            ({"page": "1000000000"}, "Page is a whole number from 1."),
            ({"page": "²"}, "Page is a whole number from 1."),
            ({"state": "discharged"}, "State is one of: referred, triaged, mri_booked"),
            ({"overdue": "yes"}, "Overdue is 1, or left out."),
            ({"hospital": "x"}, "Hospital is a whole number from 1."),
        ],
    )
    def test_what_cannot_be_is_refused_with_what_could(self, signed_in, text_of, query, sentence):
        answer = signed_in(Team.build().coordinator).get("/board/", query)
        assert answer.status_code == 400
        assert sentence in text_of(answer)

    def test_a_hospital_of_another_trust_is_not_a_filter(self, signed_in, text_of):
        stranger = Place.build()
        answer = signed_in(Team.build().coordinator).get(
            "/board/", {"hospital": stranger.hospital.pk}
        )
        assert answer.status_code == 400
        assert stranger.hospital.name not in text_of(answer)


def test_the_page_costs_the_same_whatever_is_open(signed_in):
    team = Team.build()
    ReferralFactory(team=team, triaged=True)
    refer(team)
    browser = signed_in(team.coordinator)
    browser.get("/board/")

    board.FRAGMENTS.forget()  # another's look at the same board would spare some of it
    with CaptureQueriesContext(connection) as few:
        assert len(references_on(browser.get("/board/"))) == 2
    for _ in range(6):
        ReferralFactory(team=team, scanned=True)
        refer(team)
    with CaptureQueriesContext(connection) as many:
        assert len(references_on(browser.get("/board/"))) == 14
    assert len(many) == len(few) <= 9


def test_the_wall_shows_no_name_no_ward_and_no_age(signed_in, text_of):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=30))
    browser = signed_in(team.coordinator)
    for path in ("/board/wall/", "/board/wall/rows/"):
        text = text_of(browser.get(path))
        assert referral.reference in text
        assert "MRI overdue by 6 h 30 min" in text
        assert team.place.hospital.name in text
        for private in (referral.patient.family_name, "Robin", "66", team.place.ward.name):
            assert private not in text
    tag = browser.get("/board/wall/rows/").headers["ETag"]
    again = browser.get("/board/wall/rows/", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_judging_a_suspicion_again_changes_the_row(signed_in, text_of):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    triage.reassess(
        referral.pk,
        triage.Triage(Suspicion.SPINAL_METASTASES, reason="No signs on examination"),
        command=command(team.coordinator, AT + timedelta(minutes=10)),
    )
    text = text_of(signed_in(team.coordinator).get("/board/"))
    assert "Suspected spinal metastases" in text


def test_everybody_is_led_to_who_is_on_duty_and_the_board_is_marked_where_it_is(signed_in):
    team = Team.build()
    for user in (team.coordinator, team.nurse):
        page = signed_in(user).get("/duty/").content.decode()
        assert '<a href="/duty/" aria-current="page">On duty</a>' in page
    for path in ("/", "/board/"):
        page = signed_in(team.coordinator).get(path).content.decode()
        assert '<a href="/" aria-current="page">Board</a>' in page


def test_an_escalation_of_a_taken_one_is_answered_on_its_row_and_then_it_says_by_whom(
    signed_in, text_of, noon
):
    team = Team.build()
    ContactPointFactory(user=team.senior)
    ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=25))
    sweep(AT)
    Notice.objects.filter(kind="breach").update(state="sent", sent_at=AT)
    browser = signed_in(team.coordinator)
    page = browser.get("/board/")
    assert "I have it" in text_of(page)
    climb = Escalation.objects.get(about="breach")
    by = command(team.senior).by
    escalation.acknowledge(climb.pk, by=by, at=AT, look_again=timedelta(minutes=45))
    text = text_of(browser.get("/board/"))
    assert f"Paged 09:00, seen by {team.senior.name}, rings again 09:45" in text
    assert "I have it" not in text


def test_on_the_night_the_clocks_go_back_the_two_hours_of_one_are_told_apart():
    first = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    later = first + timedelta(hours=3)
    assert [words.hour(first + timedelta(hours=n), later) for n in range(3)] == [
        "01:10 BST",
        "01:10 GMT",
        "02:10 GMT",
    ]
    assert words.hour(first - timedelta(days=1), later) == "Sat 24 Oct 01:10 BST"
    assert words.hour(AT, AT + timedelta(hours=1)) == "09:00"


@pytest.mark.parametrize(("minutes", "word"), [(44, "rings"), (45, "was to ring")])
def test_an_answer_that_nobody_looked_at_again_in_time_is_said(minutes, word):
    until = AT + timedelta(minutes=45)
    climb = ClimbFacts(uuid4(), "breach", "acknowledged", AT, "", "Ada", AT, AT, 0, 0, until)
    said, loud = words.paged(climb, AT + timedelta(minutes=minutes))
    assert (said, loud) == (f"Paged 09:00, seen by Ada, {word} again 09:45", False)
