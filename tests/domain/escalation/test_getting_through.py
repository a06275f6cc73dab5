"""A page that does not get through goes on at once; when nobody can be reached it is loud."""

from datetime import timedelta

import pytest

from referrals.domain import opinions
from scheduling.domain import sweep
from scheduling.domain.rerouting import move_on
from scheduling.models import Escalation, Notice
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import AT, ReferralFactory, command

pytestmark = pytest.mark.django_db
DUE = AT + timedelta(hours=24)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def breached(team):
    referral = ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    return referral


def switchboard_told(climb):
    """What the switchboard was told about one climb; an arrival nobody could be told of rang it."""
    found = Notice.objects.filter(kind="last_resort", escalation_id=climb.pk)
    return list(found.values_list("address", flat=True))


def lose(kind="breach", error="config: 401", **where):
    Notice.objects.filter(kind=kind, state="pending", **where).update(
        state="dead", failed_at=DUE, reroute_at=DUE, last_error=error
    )


def test_a_page_that_is_refused_goes_on_at_once(breached, told):
    lose()
    move_on(DUE + SECOND)
    assert told("breach") == ["1001", "2002"]


def test_after_the_last_rung_the_switchboard_is_told_and_it_is_not_tried_every_second(
    team, breached, told, climb_of, switchboard
):
    lose()
    move_on(DUE + SECOND)
    lose()
    lose("last_resort")
    for second in range(2, 30):
        move_on(DUE + second * SECOND)
        lose()
    assert told("breach") == ["1001", "2002"]
    assert climb_of().state == "open"
    assert climb_of().last_error == "nobody could be reached"
    assert climb_of().next_at == DUE + SECOND + 10 * MINUTE


def test_the_switchboard_is_told_with_the_last_rung(team, told, switchboard):
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    assert told("last_resort") == []
    sweep.sweep(DUE + 5 * MINUTE)
    assert told("breach") == ["1001", "2002"]
    assert told("last_resort") == ["9000"]


def test_when_nobody_can_be_reached_the_switchboard_is_told_at_every_try(
    team, climb_of, switchboard
):
    team.coordinator.contacts.all().delete()
    team.senior.contacts.all().delete()
    ReferralFactory(team=team, triaged=True)
    at = DUE
    for _ in range(3):
        sweep.sweep(at)
        at = climb_of().next_at
        assert at is not None
    assert switchboard_told(climb_of()) == ["9000"] * 3
    assert climb_of().last_error == "only the switchboard could be told"


def test_at_risk_too_reaches_the_switchboard_when_nobody_else_can_be_reached(
    team, climb_of, switchboard
):
    team.coordinator.contacts.all().delete()
    team.senior.contacts.all().delete()
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(AT + timedelta(hours=12))
    assert switchboard_told(climb_of("at_risk")) == ["9000"]
    assert climb_of("at_risk").state == "open"


def test_the_nearest_switchboard_is_told(team, climb_of, switchboard):
    ContactPointFactory(user=None, organisation=team.place.trust, channel="pager", address="8000")
    team.coordinator.contacts.all().delete()
    team.senior.contacts.all().delete()
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    assert switchboard_told(climb_of()) == ["9000"]


def test_a_specialty_is_asked_by_whatever_way_its_contact_has(team, told):
    surgeon = person("specialty_contact", team.place, specialty="spinal_surgery")
    ContactPointFactory(user=surgeon, channel="sms", address="07700900123")
    referral = ReferralFactory(team=team, triaged=True)
    question = opinions.Question("spinal_surgery", "Stable?")
    opinions.ask_opinion(referral.pk, question, command=command(team.coordinator, AT + 30 * MINUTE))
    assert told("opinion_asked") == ["07700900123"]


class TestReceipts:
    @pytest.fixture(autouse=True)
    def receipts(self, settings):
        settings.NOTIFY = {**settings.NOTIFY, "GOVUK_CALLBACK_TOKEN": "example"}

    @pytest.fixture
    def texted(self, team):
        """The coordinator is reached by text alone, and the gateway took it."""
        team.coordinator.contacts.all().delete()
        ContactPointFactory(user=team.coordinator, channel="sms", address="07700900123")
        referral = ReferralFactory(team=team, triaged=True)
        sweep.sweep(DUE)
        Notice.objects.filter(channel="sms").update(state="sent", sent_at=DUE)
        return referral

    def test_a_text_without_a_receipt_goes_on_after_two_minutes(self, texted, told):
        move_on(DUE + 119 * SECOND)
        assert told("breach") == ["07700900123"]
        move_on(DUE + 120 * SECOND)
        assert told("breach") == ["07700900123", "2002"]

    def test_one_found_lost_by_somebody_who_was_killed_then_goes_on_all_the_same(
        self, texted, told
    ):
        Notice.objects.filter(channel="sms").update(reroute_at=DUE + 2 * MINUTE)
        move_on(DUE + 3 * MINUTE)
        assert told("breach") == ["07700900123", "2002"]

    def test_one_that_arrived_waits_for_its_answer(self, texted, told):
        Notice.objects.filter(channel="sms").update(delivered_at=DUE + 5 * SECOND)
        move_on(DUE + 4 * MINUTE)
        assert told("breach") == ["07700900123"]

    def test_where_nobody_tells_us_of_receipts_none_is_missed(self, texted, told, settings):
        settings.NOTIFY = {**settings.NOTIFY, "GOVUK_CALLBACK_TOKEN": ""}
        move_on(DUE + 4 * MINUTE)
        assert told("breach") == ["07700900123"]

    def test_what_was_answered_is_not_looked_at(self, texted, told):
        Escalation.objects.update(state="closed", next_at=None, ended_at=DUE)
        move_on(DUE + 4 * MINUTE)
        assert told("breach") == ["07700900123"]
