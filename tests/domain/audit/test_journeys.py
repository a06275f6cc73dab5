"""A journey is read again after a change, judged, and equal to what a rebuild would make of it."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.domain import journeys, trail
from audit.domain.reading import facts_of
from audit.measures import registry
from audit.measures.verdict import Status
from audit.models import Cell, Journey, JourneyChanged, Trail
from mscc import celery
from mscc.events import Actor, publish
from mscc.wiring import HANDLERS
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.domain import milestones
from referrals.events import RecordRead, ReferralEvent
from scheduling.domain import timetable
from scheduling.events import BreachExplained
from scheduling.models import RoundRun
from tests.factories.referrals import (
    AT,
    METASTASES,
    NEITHER,
    ReferralFactory,
    Team,
    command,
    refer,
    triaged,
)

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


def kept(referral):
    return Journey.objects.get(referral=referral)


def status(referral, key):
    return Status(kept(referral).verdicts[registry.by_key(key).number])


def test_a_journey_says_what_is_on_record_and_who_nobody_is():
    referral = ReferralFactory(discharged=True)
    facts = facts_of([referral.pk], LATER)[referral.pk]
    assert facts.suspicion is Suspicion.MSCC
    assert (facts.deficit, facts.deficit_at_referral) == (Answer.YES, Answer.YES)
    assert facts.first(MilestoneKind.RECEIVED) == AT
    assert [scan.performed_at for scan in facts.scans] == [AT + timedelta(minutes=15)]
    assert [decision.plan for decision in facts.decisions] == ["radiotherapy"]
    assert (facts.destination, facts.discharge_lead) == ("home", True)
    assert facts.person.age == 66
    assert {each.kind for each in facts.clocks} >= {"mri_24h", "contact_now"}
    said = repr(facts)
    assert "Robin" not in said
    assert referral.patient.nhs_number not in said


def test_nothing_recorded_is_not_known_and_every_sign_denied_is_no():
    neither, unsure = refer(Team.build(), NEITHER), refer(Team.build(), METASTASES)
    found = facts_of([neither.pk, unsure.pk], LATER)
    assert found[neither.pk].deficit is Answer.NO
    assert found[unsure.pk].person.deprivation is None
    assert found[unsure.pk].pain_severity is None


def test_reading_many_costs_no_more_statements_than_reading_one():
    one = [ReferralFactory(discharged=True).pk]
    many = one + [ReferralFactory(discharged=True).pk for _ in range(3)]
    asked = []
    for ids in (one, many):
        with CaptureQueriesContext(connection) as counted:
            assert len(facts_of(ids, LATER)) == len(ids)
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_a_corrected_scan_counts_as_corrected_and_one_taken_back_not_at_all():
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    scan = referral.milestones.standing().get(kind=MilestoneKind.MRI_PERFORMED)
    moved = AT + timedelta(minutes=40)
    fix = milestones.Correction(scan.pk, moved, "Read from the wrong line", confirmed=True)
    milestones.correct(referral.pk, fix, command=command(team.coordinator, LATER))
    facts = facts_of([referral.pk], LATER)[referral.pk]
    assert facts.first(MilestoneKind.MRI_PERFORMED) == moved
    assert facts.scans[0].performed_at == moved

    again = referral.milestones.standing().get(kind=MilestoneKind.MRI_PERFORMED)
    back = milestones.Correction(again.pk, None, "Another person's scan", confirmed=True)
    milestones.correct(referral.pk, back, command=command(team.coordinator, LATER))
    facts = facts_of([referral.pk], LATER)[referral.pk]
    assert facts.first(MilestoneKind.MRI_PERFORMED) is None
    assert facts.scans[0].performed_at is None


def test_a_rebuild_judges_every_measure_and_differs_from_nothing():
    referral = ReferralFactory(scanned=True)
    assert journeys.rebuild([referral.pk], LATER) == 1
    assert status(referral, "qs56_3") is Status.MET
    journey = kept(referral)
    assert journey.seconds[registry.by_key("qs56_3").number] == 15 * 60
    assert journey.month.isoformat() == "2026-11-01"
    JourneyChanged.objects.all().delete()
    assert journeys.differences([referral.pk], LATER) == {}
    Journey.objects.filter(pk=journey.pk).update(deficit="no")
    found = journeys.differences([referral.pk], LATER)
    assert found == {referral.pk: ["deficit: is no, should be yes"]}


def test_every_change_says_whose_journey_it_touched_and_a_look_does_not():
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    assert set(JourneyChanged.objects.values_list("referral_id", flat=True)) == {referral.pk}
    facts = Trail.objects.filter(referral=referral).exclude(action="people_paged")
    assert JourneyChanged.objects.count() == facts.count() == 4
    JourneyChanged.objects.all().delete()
    publish(
        RecordRead(
            by=Actor.user(team.coordinator),
            at=LATER,
            referral_id=referral.pk,
            reference=referral.reference,
            how="screen",
        )
    )
    assert not JourneyChanged.objects.exists()


def test_every_fact_about_a_referral_marks_its_journey():
    """A new event that is only put on the trail would leave figures behind."""
    facts = {kind for kind in HANDLERS if issubclass(kind, ReferralEvent)}
    assert facts
    assert {kind for kind in facts if trail.record_change not in HANDLERS[kind]} == set()
    assert trail.record_change in HANDLERS[BreachExplained]


def test_a_refresh_reads_what_changed_once_and_leaves_nothing_waiting():
    referral, other = ReferralFactory(scanned=True), refer(Team.build())
    assert not Journey.objects.exists()
    assert journeys.refresh(LATER) == 2
    assert not JourneyChanged.objects.exists()
    assert set(Journey.objects.values_list("referral_id", flat=True)) == {referral.pk, other.pk}
    assert journeys.refresh(LATER) == 0


def test_a_journey_keeps_its_number_when_it_is_read_again():
    team = Team.build()
    referral = refer(team)
    journeys.refresh(AT)
    before = kept(referral).pk
    triaged(referral, team, LATER)
    journeys.refresh(LATER)
    assert kept(referral).pk == before


def test_time_alone_turns_a_running_target_into_a_missed_one():
    referral = refer(Team.build())
    exactly = AT + timedelta(hours=24)
    for moment, expected in (
        (AT, Status.RUNNING),
        (exactly, Status.RUNNING),
        (exactly + timedelta(seconds=1), Status.NOT_MET),
    ):
        journeys.refresh(moment)
        assert status(referral, "qs56_3") is expected
        assert journeys.differences([referral.pk], moment) == {}
    assert ["mri_24h", "", None] in kept(referral).details["0"]


def test_asking_again_at_the_very_moment_a_target_is_due_comes_to_an_end():
    refer(Team.build())
    journeys.refresh(AT)
    due = AT + timedelta(hours=24)
    assert journeys.refresh(due) <= 5
    assert journeys.refresh(due) == 0


def test_one_that_cannot_be_judged_keeps_no_other_waiting_and_is_not_forgotten(monkeypatch):
    sick, well = refer(Team.build()), refer(Team.build())
    judged = journeys.judged

    def fails_for_one(facts, referral_id=None):
        if referral_id == sick.pk:
            raise ZeroDivisionError
        return judged(facts, referral_id)

    monkeypatch.setattr(journeys, "_resting", {})
    monkeypatch.setattr(journeys, "judged", fails_for_one)
    journeys.refresh(AT)
    assert [row.referral_id for row in Journey.objects.all()] == [well.pk]
    assert journeys.refresh(AT) == 0  # it rests
    monkeypatch.setattr(journeys, "judged", judged)
    assert journeys.refresh(AT + timedelta(minutes=1)) == 1
    assert kept(sick).referral_id == sick.pk


def test_a_page_leaves_a_long_queue_to_the_round(monkeypatch):
    monkeypatch.setattr(journeys, "ASKED", 2)
    monkeypatch.setattr(journeys, "_behind_until", float("-inf"))
    for _ in range(5):
        refer(Team.build())
    for _ in range(3):
        journeys.up_to_date(AT)
    assert Journey.objects.count() == 2
    journeys.catch_up(AT)
    assert Journey.objects.count() == 5


def test_whatever_was_judged_by_other_definitions_is_judged_again_by_the_round():
    referral = ReferralFactory(scanned=True)
    journeys.refresh(LATER)
    Journey.objects.update(definitions="0" * 16, verdicts=[0], seconds=[None])
    assert journeys.refresh(LATER) == 0
    assert journeys.catch_up(LATER) == 1
    assert status(referral, "qs56_3") is Status.MET


def test_the_round_is_on_the_timetable_and_makes_figures_follow():
    referral = ReferralFactory(scanned=True)
    assert timetable.do_by_name("journeys", lambda: LATER)
    assert status(referral, "qs56_3") is Status.MET
    assert not Cell.objects.filter(stale=True).exists()
    assert RoundRun.objects.get(pk="journeys").finished_at == LATER


def test_a_bell_rings_once_for_many_changes(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(celery, "ring", rung.append)
    celery._bell.cache_clear()
    monkeypatch.setattr(journeys, "_rung_at", float("-inf"))
    with django_capture_on_commit_callbacks(execute=True):
        ReferralFactory(scanned=True)
    celery._bell.cache_clear()
    assert rung.count("audit.tasks.refresh_journeys") == 1


def test_the_command_finds_what_differs_and_mends_it(capsys):
    referral = ReferralFactory(scanned=True)
    call_command("rebuild_journeys")
    assert "1 journeys rebuilt" in capsys.readouterr().out
    call_command("rebuild_journeys", check=True)
    assert "1 journeys looked at, 0 differed" in capsys.readouterr().out
    JourneyChanged.objects.all().delete()
    Journey.objects.update(died=True)
    Cell.objects.filter(cut="").update(counts={})
    with pytest.raises(CommandError, match="Run rebuild_journeys"):
        call_command("rebuild_journeys", check=True, sample=5)
    said = capsys.readouterr().out
    assert f"{referral.pk}  died: is True, should be False" in said
    assert "was counted otherwise" in said
    call_command("rebuild_journeys")
    call_command("rebuild_journeys", check=True)
    with pytest.raises(CommandError, match="from 1 on"):
        call_command("rebuild_journeys", sample=0)


def test_looking_whether_anything_changed_reads_no_table_whole():
    """Every figure asks it first."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN "
            + journeys._ANYTHING.replace("%(resting)s", "'{}'").replace("%(at)s", "now()")
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "journey_changes" in plan
        cursor.execute(
            "EXPLAIN SELECT FROM audit_journey WHERE definitions < 'a' AND referral_id IS NOT NULL"
        )
        assert "journey_definitions" in "\n".join(row[0] for row in cursor.fetchall())
