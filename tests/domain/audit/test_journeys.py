"""A journey is read again after a change, judged, and equal to what a rebuild would make of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.domain import journeys, trail
from audit.domain.reading import facts_of
from audit.measures import registry
from audit.measures.verdict import Status
from audit.models import Journey, JourneyChanged, Trail
from mscc.events import Actor, publish
from mscc.wiring import HANDLERS
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.domain import milestones
from referrals.events import RecordRead, ReferralEvent
from scheduling.events import BreachExplained
from tests.factories.referrals import (
    AT,
    METASTASES,
    NEITHER,
    ReferralFactory,
    Team,
    command,
    refer,
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
    assert journeys.differences(referral.pk, LATER) == []
    Journey.objects.filter(pk=journey.pk).update(deficit="no")
    assert journeys.differences(referral.pk, LATER) == ["deficit: is no, should be yes"]


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
