"""Many at once: one message a person, each climb for itself, and never silence."""

from datetime import timedelta

import pytest

from mscc.events import Actor
from referrals.domain import imaging
from scheduling.domain import escalation, sweep
from scheduling.domain.rerouting import move_on
from scheduling.models import DigestLine, Escalation, Notice
from tests.factories.referrals import AT, METASTASES, ReferralFactory, command, refer

pytestmark = pytest.mark.django_db
DUE = AT + timedelta(hours=24)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def storm(team):
    """Seven scans that were due at the same moment, and have just been found to be missed."""
    found = [ReferralFactory(team=team, triaged=True) for _ in range(7)]
    sweep.sweep(DUE)
    return found


def digests():
    return list(Notice.objects.filter(kind="digest").order_by("next_attempt_at"))


def test_more_than_five_at_once_are_one_message_with_a_count_and_the_list(team, storm, told):
    assert told("breach") == []
    (digest,) = digests()
    assert (digest.address, digest.recipient, digest.next_attempt_at) == (
        "1001",
        team.coordinator,
        DUE,
    )
    assert digest.fields == {"count": 7, "link": "/notices/climbs/"}
    assert digest.ack_token


def test_five_ring_by_themselves(team, told):
    for _ in range(5):
        ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    assert told("breach") == ["1001"] * 5
    assert digests() == []


def test_each_climb_keeps_its_own_state_and_climbs(team, storm, told):
    climbs = list(Escalation.objects.filter(about="breach").order_by("pk"))
    assert {climb.state for climb in climbs} == {"open"}
    assert DigestLine.objects.count() == 7
    escalation.acknowledge(climbs[0].pk, by=Actor.user(team.coordinator), at=DUE + MINUTE)

    sweep.sweep(DUE + 5 * MINUTE)
    coordinators, seniors = digests()
    assert (seniors.address, seniors.fields["count"]) == ("2002", 6)


def test_i_have_them_all(team, storm):
    ids = Escalation.objects.filter(about="breach").values_list("pk", flat=True)
    escalation.acknowledge_all(ids, by=Actor.user(team.coordinator), at=DUE + MINUTE)
    sweep.sweep(DUE + 20 * MINUTE)
    assert len(digests()) == 1
    assert not Escalation.objects.filter(state="open").exists()


def test_a_red_flag_that_comes_later_rings_by_itself(team, storm, told):
    ReferralFactory(team=team, triaged=True, at=AT + 20 * SECOND)
    sweep.sweep(DUE + 20 * SECOND)
    assert told("breach") == ["1001"]


def test_what_is_no_red_flag_waits_in_the_next_digest_a_minute_later(team, storm, told):
    late = refer(team, METASTASES, at=DUE - 30 * MINUTE + 20 * SECOND)
    Notice.objects.filter(referral_id=late.pk).update(created_at=DUE - 20 * MINUTE)
    Notice.objects.filter(kind="digest").update(state="sent", sent_at=DUE)
    climb = Escalation.objects.get(referral=late)
    Escalation.objects.filter(pk=climb.pk).update(rung=1)
    sweep.sweep(DUE + 20 * SECOND)

    first, second = digests()
    assert second.next_attempt_at == DUE + MINUTE
    assert second.fields["count"] == 1
    assert DigestLine.objects.get(escalation=climb).digest.user == team.coordinator


def test_a_digest_that_waits_still_counts_further(team, storm):
    for _ in range(6):
        ReferralFactory(team=team, triaged=True, at=AT + 10 * SECOND)
    sweep.sweep(DUE + 10 * SECOND)
    (digest,) = digests()
    assert digest.fields["count"] == 13


def test_a_digest_that_is_lost_lets_every_climb_go_on_at_once(team, storm):
    Notice.objects.filter(kind="digest").update(
        state="dead", failed_at=DUE, reroute_at=DUE, last_error="permanent: 550"
    )
    move_on(DUE + 2 * SECOND)
    sweep.sweep(DUE + 3 * SECOND)

    assert [(each.address, each.fields["count"]) for each in digests()] == [
        ("1001", 7),
        ("2002", 7),
    ]
    assert set(Escalation.objects.values_list("about", "rung", "state")) >= {("breach", 1, "open")}


def test_those_who_were_told_by_a_digest_are_told_that_one_is_over(team, storm, told):
    Notice.objects.filter(kind="digest").update(state="sent", sent_at=DUE)
    at = DUE + MINUTE
    imaging.record_scan(
        storm[0].pk, imaging.ScanPerformed(at), command=command(team.coordinator, at)
    )
    over = Notice.objects.get(kind="stood_down")
    assert (over.address, over.fields) == ("1001", {"reference": storm[0].reference})


def test_a_poisoned_one_in_the_storm_stops_none_of_the_others(team, storm):
    broken = Escalation.objects.filter(about="breach").first()
    Escalation.objects.filter(pk=broken.pk).update(ladder={"key": "broken"})
    swept = sweep.sweep(DUE + 5 * MINUTE)
    assert (swept.fired, swept.failed) == (6, 1)
    assert Escalation.objects.filter(about="breach", rung=1).count() == 6
    rang = Notice.objects.filter(kind="breach", address="2002").count()
    assert (rang, DigestLine.objects.filter(rung=1).count()) == (5, 1)
