"""Answering a page from its link or from the board: one screen, two buttons, and who may."""

from datetime import timedelta

import pytest

from audit.models import Trail
from mscc import clock
from referrals.domain import intake, opinions
from scheduling.domain import escalation
from scheduling.domain.sweep import sweep
from scheduling.models import Escalation, Notice
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import AT, ReferralFactory, Team, command, refer

pytestmark = pytest.mark.django_db
UNKNOWN = "Code not recognised. The escalation continues."


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    moment = [AT + timedelta(minutes=1)]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


@pytest.fixture
def team():
    """A team whose coordinator and senior clinician can be reached."""
    team = Team.build()
    ContactPointFactory(user=team.coordinator, channel="pager", address="4711")
    ContactPointFactory(user=team.senior, channel="pager", address="4712")
    return team


@pytest.fixture
def paged(team):
    """A new referral whose first page is out; the senior clinician stands in for a coordinator."""
    return refer(team)


def link_of(referral):
    notice = Notice.objects.filter(referral_id=referral.pk, ack_token__isnull=False).earliest(
        "created_at"
    )
    return f"/notices/ack/{notice.ack_token}/"


def test_one_screen_says_what_since_when_the_reference_and_who_was_told(
    signed_in, team, paged, text_of
):
    page = signed_in(team.senior).get(link_of(paged))
    text = text_of(page)
    assert "A new referral waits for a coordinator" in text
    assert f"Reference {paged.reference}" in text
    assert "Since Sat 21 Nov, 09:00 GMT (1 min ago)" in text
    assert "You by pager: waiting to be sent" in text
    assert "I have it" in text
    assert "I cannot take it" in text


def test_it_says_nothing_of_the_person(signed_in, team, paged):
    body = signed_in(team.senior).get(link_of(paged)).content.decode()
    person_ = paged.patient
    for private in (person_.family_name, person_.given_name, person_.nhs_number, "1960"):
        assert private not in body


def test_signing_in_leads_back_to_it(client, team, paged, submit):
    link = link_of(paged)
    door = client.get(link)
    assert door.status_code == 302
    assert door.url == f"/accounts/login/?next={link}"


def test_i_have_it_ends_the_telling(signed_in, team, paged, submit, text_of):
    link = link_of(paged)
    browser = signed_in(team.senior)
    answer = submit(browser, link, answer="have")
    assert (answer.status_code, answer.url) == (302, link)
    climb = Escalation.objects.get()
    assert (climb.state, climb.acknowledged_by) == ("acknowledged", team.senior)
    text = text_of(browser.get(link))
    assert f"You have {paged.reference}. Nobody further is told." in text
    assert "You have it since 09:01." in text
    assert "I cannot take it" not in text
    assert Trail.objects.filter(action="page_acknowledged", actor=team.senior).count() == 1


def test_i_cannot_take_it_tells_the_next_one_at_once(signed_in, team, paged, submit, text_of):
    before = Escalation.objects.get()
    answer = submit(signed_in(team.senior), link_of(paged), answer="cannot")
    assert answer.status_code == 302
    after = Escalation.objects.get()
    assert after.state == "open"
    assert (after.round, after.rung) > (before.round, before.rung)
    assert Trail.objects.filter(action="page_handed_on", actor=team.senior).exists()


def test_answering_twice_says_who_has_it(signed_in, team, paged, submit, token_in, text_of):
    link = link_of(paged)
    second = signed_in(team.coordinator)
    page = second.get(link)
    submit(signed_in(team.senior), link, answer="have")
    answer = second.post(link, {"csrfmiddlewaretoken": token_in(page), "answer": "have"})
    assert f"{team.senior.name} has it since 09:01." in text_of(answer)
    assert Escalation.objects.get().acknowledged_by == team.senior


def test_a_page_of_an_earlier_round_still_counts(signed_in, team, paged, submit, noon):
    link = link_of(paged)
    for _ in range(3):
        climb = Escalation.objects.get()
        escalation.climb_on(climb, climb.referral, noon[0])
    assert Escalation.objects.get().round > 1
    submit(signed_in(team.senior), link, answer="have")
    assert Escalation.objects.get().state == "acknowledged"


def test_when_it_is_over_the_page_says_so(signed_in, team, paged, text_of):
    link = link_of(paged)
    intake.take(paged.pk, command=command(team.coordinator, AT + timedelta(minutes=1)))
    text = text_of(signed_in(team.senior).get(link))
    assert "This ended at 09:01: it is dealt with. Nothing more is needed from you." in text
    assert "I cannot take it" not in text


@pytest.mark.parametrize("code", ["x", "A" * 32, "K7Q-4F", "null", "%00"])
def test_a_wrong_code_is_not_recognised_and_the_escalation_continues(
    signed_in, team, paged, code, text_of
):
    answer = signed_in(team.senior).get(f"/notices/ack/{code}/")
    assert answer.status_code == 404
    assert UNKNOWN in text_of(answer)
    assert Escalation.objects.get().state == "open"


def test_a_code_of_another_trust_is_not_recognised_and_the_attempt_is_on_the_trail(
    signed_in, team, paged, text_of
):
    stranger = person("coordinator")
    link = link_of(paged)
    answer = signed_in(stranger).get(link)
    assert answer.status_code == 404
    assert UNKNOWN in text_of(answer)
    assert paged.reference not in answer.content.decode()
    refused = Trail.objects.get(action="access_refused")
    assert refused.actor_id == stranger.pk
    assert link.split("/")[3] not in str(refused.details)


def test_a_clinician_of_the_place_who_was_not_paged_may_answer_and_it_is_recorded(
    signed_in, team, paged, submit
):
    other = person("designated_clinician", team.place)
    submit(signed_in(other), link_of(paged), answer="have")
    assert Escalation.objects.get().acknowledged_by == other


def test_a_nurse_of_the_ward_may_not(signed_in, team, paged):
    assert signed_in(team.nurse).get(link_of(paged)).status_code == 403


def test_neither_button_is_no_answer(signed_in, team, paged, submit, text_of):
    answer = submit(signed_in(team.senior), link_of(paged), answer="perhaps")
    assert answer.status_code == 422
    assert "Choose one of them." in text_of(answer)
    assert Escalation.objects.get().state == "open"


class TestFromTheBoard:
    def test_the_row_has_a_button_that_works_without_script(
        self, signed_in, team, token_in, text_of
    ):
        referral = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=25))
        sweep(AT)
        climb = Escalation.objects.get(referral=referral, about="breach")
        browser = signed_in(team.coordinator)
        page = browser.get("/board/")
        path = f"/notices/climbs/{climb.pk}/ack/"
        assert f'formaction="{path}"' in page.content.decode()
        answer = browser.post(path, {"csrfmiddlewaretoken": token_in(page)}, follow=True)
        assert f"You have {referral.reference}. Nobody further is told." in text_of(answer)
        climb.refresh_from_db()
        assert climb.acknowledged_by == team.coordinator

    def test_not_for_a_stranger_and_not_for_a_nurse(self, signed_in, team, paged, token_in):
        path = f"/notices/climbs/{Escalation.objects.get().pk}/ack/"
        for user, status in ((person("coordinator"), 404), (team.nurse, 403)):
            browser = signed_in(user)
            token = token_in(browser.get("/me/"))
            assert browser.post(path, {"csrfmiddlewaretoken": token}).status_code == status
        assert Escalation.objects.get().state == "open"


class TestTheList:
    def test_every_page_is_there_in_plain_words(self, signed_in, team, paged, text_of):
        notice = Notice.objects.get(referral_id=paged.pk, kind="new_referral")
        Notice.objects.filter(pk=notice.pk).update(
            state="dead", failed_at=AT, last_error="permanent: 550"
        )
        notice.tries.create(number=1, token=notice.pk, started_at=AT, outcome="permanent")
        text = text_of(signed_in(team.coordinator).get("/notices/"))
        assert paged.reference in text
        assert "New referral" in text
        assert f"{team.senior.name}, by pager" in text
        assert "Could not be delivered, 09:00" in text
        assert "Try 1 at 09:00: this address was refused" in text
        assert "Nobody has answered" in text

    def test_by_reference(self, signed_in, team, paged, text_of):
        other = refer(team)
        browser = signed_in(team.coordinator)
        text = text_of(browser.get("/notices/", {"reference": paged.reference.lower()}))
        assert paged.reference in text
        assert other.reference not in text

    @pytest.mark.parametrize("reference", ["x", "\0\0\0-\0\0", "K7Q-4F-1"])
    def test_what_is_no_reference_is_refused_with_an_example(
        self, signed_in, team, reference, text_of
    ):
        answer = signed_in(team.coordinator).get("/notices/", {"reference": reference})
        assert answer.status_code == 400
        assert "as K7Q-4F" in text_of(answer)

    def test_nothing_of_another_trust(self, signed_in, paged, text_of):
        text = text_of(signed_in(person("coordinator")).get("/notices/"))
        assert paged.reference not in text
        assert "Nobody has been told anything yet." in text

    def test_a_specialty_contact_sees_what_is_about_their_question(self, signed_in, team, text_of):
        surgeon = person("specialty_contact", team.place, specialty="spinal_surgery")
        ContactPointFactory(user=surgeon)
        asked, other = ReferralFactory(team=team, triaged=True), refer(team)
        question = opinions.Question(specialty="spinal_surgery", question="Stable?")
        at = AT + timedelta(minutes=30)
        opinions.ask_opinion(asked.pk, question, command=command(team.coordinator, at))
        text = text_of(signed_in(surgeon).get("/notices/"))
        assert "Opinion asked: spinal surgery opinion" in text
        assert other.reference not in text

    @pytest.mark.parametrize("number", ["0", "-1", "x", "201", "99999999999"])
    def test_a_page_that_cannot_be_is_refused(self, signed_in, team, number):
        assert signed_in(team.coordinator).get("/notices/", {"page": number}).status_code == 400

    def test_who_answers_no_pages_has_no_list(self, signed_in, team):
        assert signed_in(team.nurse).get("/notices/").status_code == 403
