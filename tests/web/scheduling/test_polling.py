"""What an open board hears by itself, and how soon; and that it says when nobody is watching."""

from datetime import timedelta

import pytest

from referrals.domain import intake
from referrals.domain.closing import Withdrawal, withdraw
from scheduling.domain import escalation, watch
from scheduling.models import Escalation, Notice
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import (
    AT,
    ReferralFactory,
    Team,
    command,
    refer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


class TestThePoll:
    def test_an_unchanged_board_is_answered_without_a_body(self, poll, signed_in):
        team = Team.build()
        refer(team)
        browser = signed_in(team.coordinator)
        first = poll(browser)
        again = poll(browser, first.headers["ETag"])
        assert (first.status_code, again.status_code) == (200, 304)
        assert again.content == b""

    @pytest.mark.parametrize("what", ["new", "taken", "closed", "acknowledged", "sent"])
    def test_whatever_happens_is_on_the_next_one(self, poll, signed_in, what):

        team = Team.build()
        ContactPointFactory(user=team.coordinator)
        ContactPointFactory(user=team.senior)
        referral = refer(team)
        browser = signed_in(team.coordinator)
        tag = poll(browser).headers["ETag"]
        climb = Escalation.objects.get()
        if what == "new":
            refer(team)
        elif what == "taken":
            intake.take(referral.pk, command=command(team.coordinator))
        elif what == "closed":
            withdraw(referral.pk, Withdrawal("A mistake"), command=command(team.coordinator))
        elif what == "acknowledged":
            escalation.acknowledge(climb.pk, by=command(team.senior).by, at=AT)
        else:
            Notice.objects.filter(escalation_id=climb.pk).update(state="sent", sent_at=AT)
        assert poll(browser, tag).status_code == 200

    def test_a_target_that_is_passed_is_on_the_next_one(self, poll, signed_in, noon):
        team = Team.build()
        refer(team)
        browser = signed_in(team.coordinator)
        # Two moments of the same minute, before and after the 15 minutes for contact are over.
        noon[0] = AT + timedelta(minutes=15)
        tag = poll(browser).headers["ETag"]
        noon[0] += timedelta(seconds=1)
        assert poll(browser, tag).status_code == 200

    def test_the_words_count_down_with_the_minute(self, poll, signed_in, noon, text_of):
        team = Team.build()
        ReferralFactory(team=team, triaged=True)
        browser = signed_in(team.coordinator)
        first = poll(browser)
        noon[0] += timedelta(minutes=1)
        second = poll(browser, first.headers["ETag"])
        assert "MRI due in 23 h 30 min" in first.content.decode()
        assert "MRI due in 23 h 29 min" in second.content.decode()

    def test_two_people_with_different_powers_are_not_given_the_same_buttons(self, poll, signed_in):
        team = Team.build()
        refer(team)
        lead = person("service_lead", team.place)
        mine, theirs = poll(signed_in(team.coordinator)), poll(signed_in(lead))
        assert "/take/" in mine.content.decode()
        assert "/take/" not in theirs.content.decode()
        assert "Open" in theirs.content.decode()

    def test_after_signing_out_it_is_refused_and_not_a_sign_in_page(self, poll, client):
        assert poll(client).status_code == 401


class TestWatching:
    WARNING = "Nobody is watching targets now: pages may not go out."

    def test_silence_is_said_on_the_board_and_on_the_wall(self, poll, signed_in, text_of, noon):
        team = Team.build()
        browser = signed_in(team.coordinator)
        for component in ("sweep", "dispatch"):
            assert self.WARNING in text_of(browser.get("/board/"))
            watch.beat(component, noon[0])
        assert self.WARNING not in text_of(browser.get("/board/"))
        tag = poll(browser).headers["ETag"]
        noon[0] += timedelta(seconds=31)
        answer = poll(browser, tag)
        assert answer.status_code == 200
        walls = [browser.get("/board/wall/"), browser.get("/board/wall/rows/")]
        assert all(self.WARNING in text_of(each) for each in (answer, *walls))

    def test_a_beat_alone_changes_nothing_on_the_board(self, poll, signed_in, noon):
        team = Team.build()
        for component in ("sweep", "dispatch"):
            watch.beat(component, noon[0])
        browser = signed_in(team.coordinator)
        tag = poll(browser).headers["ETag"]
        noon[0] += timedelta(seconds=2)
        watch.beat("sweep", noon[0])
        assert poll(browser, tag).status_code == 304
