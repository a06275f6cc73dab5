"""What is due fires once, pages a human, and climbs until one answers."""

from datetime import timedelta

import pytest

from audit.models import Trail
from mscc.events import Actor
from referrals.domain import imaging, intake
from scheduling.domain import clocks, escalation, sweep
from scheduling.domain.sweep import Swept
from scheduling.models import Clock, ClockStep, Escalation, Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, METASTASES, ReferralFactory, Team, command, refer
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db

DUE = AT + timedelta(hours=24)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def team() -> Team:
    """A coordinator on duty and a senior clinician, both with a pager."""
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1), hours=400)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    ContactPointFactory(user=team.senior, channel="pager", address="2002")
    return team


def pages(about: str = "breach") -> list[tuple[str, str]]:
    """(address, state) of the pages about something, in the order they were written."""
    found = Notice.objects.filter(kind=about).order_by("created_at", "address")
    return [(notice.address, notice.state) for notice in found]


def climbing(about: str = "breach") -> Escalation:
    return Escalation.objects.get(about=about, state="open")


def test_a_breach_is_paged_to_the_coordinator_on_duty_when_it_falls_due(team):
    referral = ReferralFactory(team=team, triaged=True)

    assert sweep.sweep(DUE - MINUTE).failed == 0
    assert pages() == []
    sweep.sweep(DUE)
    assert pages() == [("1001", "pending")]
    step = ClockStep.objects.get(referral=referral, step="breach", clock__kind="mri_24h")
    assert (step.state, step.fired_at) == ("fired", DUE)


def test_it_fires_once_however_often_it_is_swept(team):
    ReferralFactory(team=team, triaged=True)
    for _ in range(3):
        sweep.sweep(DUE)

    assert len(pages()) == 1
    assert Trail.objects.filter(action="target_breached").count() == 1


def test_at_risk_warns_first_and_gives_way_to_the_breach(team):
    referral = ReferralFactory(team=team, triaged=True)
    sweep.sweep(AT + timedelta(hours=12))
    assert pages("at_risk") == [("1001", "pending")]

    sweep.sweep(DUE)
    assert pages("at_risk") == [("1001", "superseded")]
    states = Escalation.objects.filter(referral=referral, clock__kind="mri_24h")
    assert sorted(states.values_list("about", "state")) == [
        ("at_risk", "closed"),
        ("breach", "open"),
    ]


def test_without_an_answer_the_senior_clinician_is_next_and_then_round_again(team):
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    for at in (DUE + 5 * MINUTE, DUE + 15 * MINUTE):
        sweep.sweep(at)

    assert [address for address, _ in pages()] == ["1001", "2002", "1001"]
    assert climbing().round == 2


def test_an_answer_ends_the_climb_and_withdraws_what_was_not_sent(team):
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    escalation.acknowledge(climbing().pk, by=Actor.user(team.coordinator), at=DUE + MINUTE)
    sweep.sweep(DUE + timedelta(minutes=20))

    assert pages() == [("1001", "superseded")]
    climb = Escalation.objects.get(about="breach")
    assert (climb.state, climb.acknowledged_by) == ("acknowledged", team.coordinator)


def test_answering_twice_is_the_same_answer(team):
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    climb = climbing()
    escalation.acknowledge(climb.pk, by=Actor.user(team.coordinator), at=DUE + MINUTE)
    again = escalation.acknowledge(climb.pk, by=Actor.user(team.senior), at=DUE + 2 * MINUTE)

    assert again.acknowledged_by == team.coordinator
    assert Trail.objects.filter(action="page_acknowledged").count() == 1


def test_who_cannot_take_it_passes_it_on_at_once(team):
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    escalation.hand_on(climbing().pk, by=Actor.user(team.coordinator), at=DUE + MINUTE)

    assert [address for address, _ in pages()] == ["1001", "2002"]


def test_the_scan_ends_the_climb_by_itself_and_those_paged_are_told(team):
    referral = ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    Notice.objects.filter(kind="breach").update(state="sent", sent_at=DUE)
    at = DUE + timedelta(hours=1)
    imaging.record_scan(
        referral.pk, imaging.ScanPerformed(at), command=command(team.coordinator, at)
    )

    assert Escalation.objects.get(about="breach").state == "closed"
    assert pages("stood_down") == [("1001", "pending")]


def test_a_late_entry_that_was_in_time_takes_the_breach_back(team):
    referral = ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    in_time, told = AT + timedelta(hours=20), DUE + timedelta(hours=1)
    imaging.record_scan(
        referral.pk, imaging.ScanPerformed(in_time), command=command(team.coordinator, told)
    )

    assert Clock.objects.get(referral=referral, kind="mri_24h").state == "met"
    assert Escalation.objects.get(about="breach").state == "closed"


def test_a_rung_that_nobody_can_be_reached_on_is_skipped_at_once(team):
    team.coordinator.contacts.all().delete()
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)

    assert [address for address, _ in pages()] == ["2002"]


def test_nobody_at_all_is_loud_and_it_goes_on_trying():
    team = Team.build()
    ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)

    climb = climbing()
    assert climb.last_error == "nobody could be reached"
    assert climb.next_at is not None
    assert climb.next_at <= DUE + timedelta(minutes=10)


def test_one_poisoned_referral_does_not_stop_the_others(team):
    poisoned = ReferralFactory(team=team, triaged=True)
    healthy = ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    Escalation.objects.filter(referral=poisoned, state="open").update(ladder={"key": "broken"})

    later = DUE + 5 * MINUTE
    assert sweep.sweep(later) == Swept(fired=1, failed=1)
    assert Escalation.objects.get(referral=healthy, about="breach").rung == 1
    stuck = Escalation.objects.get(referral=poisoned, about="breach")
    assert (stuck.last_error, stuck.next_at) == ("KeyError", later + timedelta(seconds=5))


def test_a_referral_that_arrives_pages_until_somebody_takes_it(team):
    referral = refer(team, METASTASES)
    assert pages("new_referral") == [("1001", "pending")]
    sweep.sweep(AT + timedelta(minutes=30))
    assert [address for address, _ in pages("new_referral")] == ["1001", "2002"]

    intake.take(referral.pk, command=command(team.coordinator, AT + timedelta(minutes=31)))
    assert not Escalation.objects.filter(state="open").exists()


def test_a_page_about_a_red_flag_goes_out_before_any_other(team):
    other, red_flag = refer(team, METASTASES), refer(team)
    found = Notice.objects.filter(kind="new_referral").values_list("referral_id", "priority")
    assert dict(found) == {red_flag.pk: 0, other.pk: 2}


def test_once_nobody_took_it_in_time_only_that_rings(team):
    refer(team)
    sweep.sweep(AT + timedelta(minutes=15))

    ringing = Escalation.objects.filter(state="open")
    assert [climb.about for climb in ringing] == ["breach"]


def test_new_signs_on_an_emergency_page_again_although_it_was_taken(team):
    referral = ReferralFactory(team=team, triaged=True)
    at = AT + timedelta(hours=2)
    signs = intake.NewSigns(items=("bladder_bowel",), found_at=at)
    intake.report_new_signs(referral.pk, signs, command=command(team.nurse, at))

    assert pages("new_signs") == [("1001", "pending")]


def examined(referral, by, at, legs):
    found = {"power_left_leg": legs, "power_right_leg": legs}
    addition = intake.Addition(sections={"neurology": found})
    intake.add_information(referral.pk, addition, command=command(by, at))


def test_an_examination_worse_than_the_last_one_pages_like_new_signs(team):
    referral = ReferralFactory(team=team, triaged=True)
    examined(referral, team.nurse, AT + timedelta(hours=1), legs=4)
    assert pages("new_signs") == []

    examined(referral, team.nurse, AT + timedelta(hours=2), legs=3)
    assert pages("new_signs") == [("1001", "pending")]
    referral.refresh_from_db()
    assert referral.unread_since == AT + timedelta(hours=2)


def test_one_sign_that_is_added_does_not_hide_what_was_examined_before_it(team):
    referral = ReferralFactory(team=team, triaged=True)
    examined(referral, team.nurse, AT + timedelta(hours=1), legs=4)
    addition = intake.Addition(sections={"neurology": {"perianal_sensation_reduced": "no"}})
    asking = command(team.nurse, AT + timedelta(hours=2))
    intake.add_information(referral.pk, addition, command=asking)

    examined(referral, team.nurse, AT + timedelta(hours=3), legs=3)
    assert pages("new_signs") == [("1001", "pending")]


@pytest.mark.parametrize(
    ("found", "paged"),
    [
        ({"power_left_leg": 2}, True),
        ({"bladder_problem": "yes"}, True),
        ({"mobility": "cannot_walk"}, True),
        ({"complete_paralysis": "yes"}, True),
        ({"power_left_leg": 5, "bladder_problem": "no", "mobility": "walks_unaided"}, False),
    ],
)
def test_a_first_examination_with_a_deficit_pages_while_mscc_is_not_suspected(team, found, paged):
    referral = ReferralFactory(team=team, presentation=METASTASES, triaged=True)
    at = AT + timedelta(hours=1)
    addition = intake.Addition(sections={"neurology": found})
    intake.add_information(referral.pk, addition, command=command(team.nurse, at))

    assert bool(pages("new_signs")) is paged
    referral.refresh_from_db()
    assert (referral.unread_since == at) is paged


def test_a_deficit_that_was_known_or_written_by_whoever_has_it_does_not_page(team):
    referral = ReferralFactory(team=team, presentation=METASTASES, triaged=True)
    examined(referral, team.coordinator, AT + timedelta(hours=1), legs=3)
    examined(referral, team.nurse, AT + timedelta(hours=2), legs=3)
    assert pages("new_signs") == []


def test_whoever_has_the_referral_is_not_paged_about_what_they_wrote_themselves(team):
    referral = ReferralFactory(team=team, triaged=True)
    examined(referral, team.coordinator, AT + timedelta(hours=1), legs=4)
    examined(referral, team.coordinator, AT + timedelta(hours=2), legs=1)
    assert pages("new_signs") == []


def test_a_clock_row_that_was_damaged_is_found_and_mended_from_the_milestones(team):
    referral = ReferralFactory(team=team, triaged=True)
    Clock.objects.filter(referral=referral, kind="mri_24h").update(due_at=DUE + timedelta(hours=9))
    assert len(clocks.differences(referral.pk)) == 1

    clocks.project(referral.pk, clocks.truth(referral.pk), DUE)
    assert clocks.differences(referral.pk) == []
    step = ClockStep.objects.get(referral=referral, step="breach", clock__kind="mri_24h")
    assert step.fire_at == DUE
