"""Each invariant, broken by hand, is found and nothing else is; a healthy service passes."""

from datetime import timedelta

import pytest
from django.db import connection

from mscc import clock
from scheduling.domain import auditor, sweep, watch
from scheduling.domain.auditor import Finding
from scheduling.domain.invariants import ALL, COMPONENTS
from scheduling.models import Clock, ClockStep, Escalation, Heartbeat, Notice, Watching
from tests.factories.notify import posted
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, ReferralFactory, Team
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NOW = AT + timedelta(hours=1)
DUE = AT + timedelta(hours=24)


@pytest.fixture
def team() -> Team:
    """Somebody on duty with a pager, a senior clinician with one, and every process at work."""
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1), hours=100)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    ContactPointFactory(user=team.senior, channel="pager", address="2002")
    return team


@pytest.fixture
def referral(team):
    """One whose MRI is awaited; what was to be said about its arrival has been sent."""
    referral = ReferralFactory(team=team, triaged=True)
    Notice.objects.update(state="sent", sent_at=AT)
    return referral


def found(at=NOW) -> list[str]:
    """What the auditor finds while every process is at work."""
    for component in COMPONENTS:
        watch.beat(component, at)
    return [each.key for each in auditor.audit(at).findings]


def rang(at=DUE) -> Escalation:
    """The MRI's target passed and somebody was told of it, by a message that arrived."""
    sweep.sweep(at)
    Notice.objects.filter(state="pending").update(state="sent", sent_at=at)
    return Escalation.objects.get(about="breach", state="open")


def test_a_healthy_service_passes(referral):
    assert found() == []


def test_a_service_where_a_target_was_missed_and_somebody_told_passes(referral):
    rang()
    assert found(DUE + MINUTE) == []


def test_an_empty_service_passes():
    assert found() == []


def test_a_step_that_nobody_fired_is_found(referral):
    ClockStep.objects.filter(step="at_risk").update(fire_at=NOW - timedelta(seconds=61))
    assert found() == ["late_steps"]


def test_a_step_that_is_only_just_due_is_not(referral):
    ClockStep.objects.filter(step="at_risk").update(fire_at=NOW - timedelta(seconds=59))
    assert found() == []


@pytest.mark.parametrize("how", ["cancelled", "gone", "moved"])
def test_a_running_clock_that_would_never_ring_is_found(referral, how):
    step = ClockStep.objects.filter(referral=referral, step="breach", clock__state="running")
    if how == "cancelled":
        step.update(state="cancelled")
    elif how == "gone":
        step.delete()
    else:
        step.update(fire_at=DUE + timedelta(days=1))
    assert found() == ["unarmed_clocks"]


def test_a_referral_that_shows_another_time_than_its_clock_is_found(referral):
    type(referral).objects.update(next_due_at=DUE + MINUTE)
    assert found() == ["clocks_disagree"]


def test_a_referral_that_lost_its_clock_is_found(referral):
    clocks = Clock.objects.filter(referral=referral, kind="mri_24h")
    ClockStep.objects.filter(clock__in=clocks).delete()
    clocks.delete()
    type(referral).objects.update(next_due_at=None)
    assert found() == ["clocks_disagree"]


def test_a_closed_referral_whose_clock_runs_on_is_found(referral):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_referral SET state = 'withdrawn', closed_at = %s", [NOW - MINUTE]
        )
    assert found() == ["clocks_disagree"]


def test_a_climb_that_nobody_took_on_is_found(referral):
    climb = rang()
    Escalation.objects.filter(pk=climb.pk).update(next_at=DUE)
    assert found(DUE + timedelta(seconds=61)) == ["late_climbs"]


@pytest.mark.parametrize("state", ["pending", "leased"])
def test_a_message_that_is_not_sent_is_found(referral, state):
    notice = posted(at=NOW - timedelta(seconds=121))
    if state == "leased":
        token = "00000000-0000-0000-0000-000000000001"
        Notice.objects.filter(pk=notice.pk).update(
            state="leased", lease_token=token, lease_until=NOW
        )
    assert found() == ["unsent_notices"]


def test_a_target_that_rang_without_a_climb_is_found(referral):
    climb = rang()
    Notice.objects.filter(escalation_id=climb.pk).delete()
    climb.delete()
    assert found(DUE + MINUTE) == ["silent_pages"]


def test_a_page_that_went_to_nobody_is_found(referral):
    climb = rang()
    Notice.objects.filter(escalation_id=climb.pk).delete()
    assert found(DUE + timedelta(seconds=61)) == ["silent_pages"]


def test_a_page_for_a_target_that_runs_no_more_is_found(referral):
    climb = rang()
    Clock.objects.filter(pk=climb.clock_id).update(state="missed", stopped_at=DUE)
    type(referral).objects.update(next_due_at=None)
    assert "stray_climbs" in found(DUE + MINUTE)


def test_an_answer_that_was_to_be_looked_at_again_is_found(referral, team):
    climb = rang()
    Escalation.objects.filter(pk=climb.pk).update(
        state="acknowledged",
        next_at=None,
        ended_at=DUE,
        acknowledged_by=team.coordinator,
        look_again_at=DUE,
    )
    assert found(DUE + timedelta(seconds=61)) == ["stray_climbs"]


def test_a_silent_part_is_named(referral):
    found()
    Heartbeat.objects.filter(component="dispatch").update(progress_at=NOW - timedelta(seconds=31))
    (finding,) = auditor.audit(NOW).findings
    assert (finding.key, finding.count, finding.ids) == ("silence", 1, ("dispatch",))


def test_a_part_that_was_never_there_is_named(referral):
    found()
    Heartbeat.objects.filter(component="guardian").delete()
    (finding,) = auditor.audit(NOW).findings
    assert (finding.key, finding.ids) == ("silence", ("guardian",))


def test_a_process_that_lives_and_does_nothing_is_found_beside_one_that_works(referral):
    found()
    Heartbeat.objects.create(
        component="sweep", instance="elsewhere:7", beat_at=NOW, progress_at=NOW - 2 * MINUTE
    )
    (finding,) = auditor.audit(NOW).findings
    assert (finding.key, finding.ids) == ("silence", ("sweep elsewhere:7",))


def test_a_process_that_is_gone_is_nobodys_matter_while_another_works(referral):
    found()
    long_ago = NOW - timedelta(hours=1)
    Heartbeat.objects.create(
        component="sweep", instance="elsewhere:7", beat_at=long_ago, progress_at=long_ago
    )
    assert auditor.audit(NOW).passed


@pytest.mark.parametrize("column", ["due_at", "at_risk_at"])
def test_a_due_time_that_is_not_start_and_length_is_found(referral, column):
    clock_ = Clock.objects.get(referral=referral, kind="mri_24h")
    moved = getattr(clock_, column) + MINUTE
    Clock.objects.filter(pk=clock_.pk).update(**{column: moved})
    if column == "due_at":
        ClockStep.objects.filter(clock=clock_, step="breach").update(fire_at=moved)
        type(referral).objects.update(next_due_at=moved)
    assert found() == ["wrong_due_times"]


def test_a_hospital_where_nobody_can_be_reached_is_found(referral, team):
    team.senior.contacts.all().delete()
    assert found() == []
    team.coordinator.contacts.update(marked_bad_at=AT)
    assert found() == ["nobody_on_call"]


def test_a_night_without_anybody_is_found_a_day_ahead(referral, team):
    team.senior.contacts.all().delete()
    team.coordinator.shifts.update(ends_at=NOW + timedelta(hours=23))
    assert found() == ["nobody_on_call"]
    on_duty(team.coordinator, team.place, NOW + timedelta(hours=23), hours=12)
    assert found() == []


def test_clocks_that_differ_are_found(referral, monkeypatch):
    real = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(seconds=10))
    assert found() == ["clocks_differ"]


def test_what_cannot_be_checked_in_time_has_failed(referral, monkeypatch):
    slow = auditor.INVARIANTS[0]
    sleeping = type(slow)(
        slow.key, "I1", slow.one, slow.many, slow.do, "SELECT 1 AS id, now() AS since, pg_sleep(1)"
    )
    monkeypatch.setattr(auditor, "INVARIANTS", (sleeping,))
    monkeypatch.setattr(auditor, "TIMEOUT_MS", 50)
    (finding,) = auditor.audit(NOW).findings
    assert (finding.key, finding.count) == ("late_steps", 0)
    assert finding.sentence.startswith("This could not be checked in time")


def test_every_invariant_says_what_is_wrong_and_what_to_do():
    for key, each in ALL.items():
        assert Finding(key, 1).sentence.startswith("1 ")
        assert Finding(key, 2).sentence.startswith("2 ")
        assert each.do.endswith(".")


def test_what_was_found_is_kept_and_a_pass_ends_it(referral):
    ClockStep.objects.filter(step="at_risk").update(fire_at=NOW - 2 * MINUTE)
    found()
    auditor.keep(auditor.audit(NOW))
    auditor.keep(auditor.audit(NOW + MINUTE))
    known = auditor.standing(Watching.objects.get())
    assert (known.failing_since, known.passed_at) == (NOW, None)
    assert [each.key for each in known.findings][0] == "late_steps"

    ClockStep.objects.filter(step="at_risk").update(fire_at=DUE)
    found(NOW + 2 * MINUTE)
    auditor.keep(auditor.audit(NOW + 2 * MINUTE))
    known = auditor.standing(Watching.objects.get())
    assert (known.failing_since, known.passed_at) == (None, NOW + 2 * MINUTE)
    assert not known.stale(NOW + 4 * MINUTE)
    assert known.stale(NOW + 6 * MINUTE)
