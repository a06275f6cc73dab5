"""What is on record, as the facts that the clinical rules turn on."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.clinical.facts import Confirmed, Haematology
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer, CancerStatus
from referrals.domain import intake, milestones
from referrals.domain.milestones import Happening
from referrals.domain.queries.facts import facts_of, months_between
from referrals.domain.queries.person import story
from referrals.domain.told import Addition
from referrals.models import (
    CareEntry,
    Considerations,
    DexamethasoneEntry,
    NeurologicalAssessment,
    PainPlan,
    Presentation,
    Referral,
)
from tests.factories.referrals import AT, MSCC, ReferralFactory, Team, command, presenting, refer

pytestmark = pytest.mark.django_db
YES, NO, NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN
LATER = AT + timedelta(hours=1)


def facts(referral, at=LATER):
    referral.refresh_from_db()
    return facts_of(story(referral), at)


def keep(model, referral, minutes=0, **values):
    when = AT + timedelta(minutes=minutes)
    return model.objects.create(referral=referral, occurred_at=when, recorded_at=when, **values)


def add(referral, team, minutes=10, **sections):
    at = AT + timedelta(minutes=minutes)
    intake.add_information(
        referral.pk, Addition(sections=sections), command=command(team.coordinator, at)
    )


def test_what_nobody_recorded_stays_unknown():
    known = facts(refer(Team.build()))

    assert known.confirmed is Confirmed.NOT_KNOWN
    assert known.pain.severity is None
    assert known.pain.plan_agreed is NOT_KNOWN
    assert known.spine.immobilised is NOT_KNOWN
    assert (known.steroids.given, known.steroids.running) == (NOT_KNOWN, NOT_KNOWN)
    assert known.treatment.paralysed_days is None
    assert known.treatment.months_since_radiotherapy is None
    assert known.care.end_of_life is NOT_KNOWN
    assert known.neurology_before is None


def test_a_scan_and_a_treatment_are_not_done_until_they_are_recorded():
    before = facts(ReferralFactory(triaged=True))
    after = facts(ReferralFactory(scanned=True))

    assert (before.scans.whole_spine_done, after.scans.whole_spine_done) == (NO, YES)
    assert (before.treatment.radiotherapy_started, before.scans.reported) == (NO, NO)


def test_a_later_known_answer_replaces_an_earlier_one_and_not_known_does_not():
    team = Team.build()
    referral = refer(team, sections={"pain": {"severity": 8, "on_movement": "yes"}})
    add(referral, team, pain={"severity": 3, "on_movement": "not_known"})

    assert (facts(referral).pain.severity, facts(referral).pain.on_movement) == (3, YES)


def test_examinations_are_joined_limb_by_limb_and_the_one_before_is_kept():
    referral = refer(Team.build())
    keep(NeurologicalAssessment, referral, 1, power_left_leg=4, mobility="walks_with_aid")
    keep(NeurologicalAssessment, referral, 2, power_left_leg=2, power_right_leg=5)
    known = facts(referral)

    assert known.neurology.power == {"left_leg": 2, "right_leg": 5}
    assert known.neurology.mobility is Mobility.WITH_AID
    assert known.neurology_before is not None
    assert known.neurology_before.power == {"left_leg": 4}


@pytest.mark.parametrize(
    ("cancer", "said", "primary", "expected"),
    [
        (CancerStatus.PAST_OR_CURRENT, "yes", "not_known", Haematology.CONFIRMED),
        (CancerStatus.SUSPECTED, "yes", "not_known", Haematology.SUSPECTED),
        (CancerStatus.PAST_OR_CURRENT, "not_known", "not_known", Haematology.NOT_KNOWN),
        (CancerStatus.PAST_OR_CURRENT, "not_known", "myeloma", Haematology.CONFIRMED),
        (CancerStatus.SUSPECTED, "not_known", "lymphoma", Haematology.SUSPECTED),
        (CancerStatus.PAST_OR_CURRENT, "no", "breast", Haematology.NO),
    ],
)
def test_confirmed_and_suspected_haematological_malignancy_are_kept_apart(
    cancer, said, primary, expected
):
    referral = refer(
        Team.build(),
        presenting("limb_weakness", cancer=cancer),
        sections={"cancer": {"haematological": said, "primary": primary}},
    )

    assert facts(referral).disease.haematology is expected


def test_immobilisation_is_what_was_said_last_by_the_ward_a_milestone_or_the_bundle():
    team = Team.build()
    referral = refer(team, sections={"care": {"immobilised": "yes"}})
    assert facts(referral).spine.immobilised is YES

    at = AT + timedelta(minutes=5)
    ended = Happening(MilestoneKind.IMMOBILISATION_ENDED, at)
    milestones.record_milestone(referral.pk, ended, command=command(team.coordinator, at))
    assert facts(referral).spine.immobilised is NO

    keep(CareEntry, referral, 6, item="immobilisation", status="given")
    assert facts(referral).spine.immobilised is YES


def test_a_course_runs_from_the_wards_first_dose_until_a_stop_is_recorded():
    referral = refer(Team.build(), sections={"care": {"dexamethasone": "yes"}})
    assert (facts(referral).steroids.running, facts(referral).steroids.daily_mg) == (YES, None)

    keep(DexamethasoneEntry, referral, 1, kind="start", daily_mg=16)
    assert facts(referral).steroids.daily_mg == 16
    assert facts(referral).steroids.planned_taper is NO

    plan = [{"on": "2026-11-23", "daily_mg": 8}, {"on": "2026-11-25", "daily_mg": 0}]
    keep(DexamethasoneEntry, referral, 2, kind="plan", taper=plan)
    assert facts(referral).steroids.planned_taper is YES
    assert facts(referral).steroids.daily_mg == 16
    assert facts(referral, AT + timedelta(days=2)).steroids.daily_mg == 8
    # The planned stop is past and nobody recorded it: still running, the dose not known.
    late = facts(referral, AT + timedelta(days=4)).steroids
    assert (late.running, late.daily_mg) == (YES, None)

    keep(DexamethasoneEntry, referral, 3, kind="stop")
    stopped = facts(referral).steroids
    assert (stopped.given, stopped.running, stopped.daily_mg) == (YES, NO, None)


def test_stomach_protection_is_what_the_ward_or_the_bundle_said_last():
    referral = refer(Team.build(), sections={"care": {"stomach_protection": "yes"}})
    assert facts(referral).steroids.stomach_protection is YES

    keep(
        CareEntry,
        referral,
        1,
        item="stomach_protection",
        status="contraindicated",
        reason="Allergy",
    )
    assert facts(referral).steroids.stomach_protection is NO


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (13, 13), (14, 14)])
def test_days_of_paralysis_are_days_on_a_london_calendar(days, expected):
    referral = refer(Team.build())
    keep(Considerations, referral, paralysed_since=AT.date() - timedelta(days=days))

    assert facts(referral).treatment.paralysed_days == expected


def test_paralysis_that_is_no_longer_complete_has_no_days():
    referral = refer(Team.build())
    keep(Considerations, referral, paralysed_since=AT.date() - timedelta(days=3))
    keep(NeurologicalAssessment, referral, 1, complete_paralysis="no")

    assert facts(referral).treatment.paralysed_days is None


@pytest.mark.parametrize(
    ("since", "until", "enough"),
    [
        (date(2026, 8, 21), date(2026, 11, 20), False),
        (date(2026, 8, 21), date(2026, 11, 21), True),
        (date(2026, 11, 30), date(2027, 2, 28), False),
        (date(2026, 11, 30), date(2027, 3, 1), True),
        (date(2025, 12, 31), date(2026, 3, 31), True),
    ],
)
def test_three_months_are_calendar_months(since, until, enough):
    assert (months_between(since, until) >= 3) is enough


@pytest.mark.parametrize(
    ("said", "expected"),
    [("None", NO), ("none.", NO), ("T6, 20 Gy, 2024", NOT_KNOWN), ("", NOT_KNOWN)],
)
def test_words_about_earlier_radiotherapy_only_tell_when_there_was_none(said, expected):
    referral = refer(Team.build(), sections={"cancer": {"previous_radiotherapy": said}})

    assert facts(referral).treatment.previous_radiotherapy is expected


def test_a_pain_plan_needs_a_review_after_each_change():
    referral = refer(Team.build())
    keep(PainPlan, referral, 1, kind="plan", plan="Morphine", agreed="yes", strong_opioids="yes")
    assert facts(referral).pain.reviewed_since_change is NO

    keep(PainPlan, referral, 2, kind="review", plan="Goes on")
    known = facts(referral).pain
    assert (known.plan_agreed, known.reviewed_since_change, known.strong_opioids) == (YES, YES, YES)

    keep(PainPlan, referral, 3, kind="plan", plan="More", agreed="no")
    assert facts(referral).pain.reviewed_since_change is NO


def test_not_applicable_says_that_the_end_of_life_is_not_near():
    referral = refer(Team.build())
    why = {"status": "not_applicable", "reason": "Not near."}
    keep(CareEntry, referral, 1, item="end_of_life_care", **why)
    assert facts(referral).care.end_of_life is NO

    keep(CareEntry, referral, 2, item="end_of_life_care", status="given")
    assert facts(referral).care.end_of_life is YES


def test_signs_noticed_later_are_kept_apart_from_what_was_noticed_before():
    referral = refer(Team.build(), MSCC)
    later = presenting("limb_weakness", "bladder_bowel").to_dict()

    keep(Presentation, referral, 5, **later)
    known = facts(referral)

    assert known.presentation.answer("bladder_bowel") is YES
    assert known.presentation.answer("progressive") is YES
    assert known.presentation_before is not None
    assert known.presentation_before.answer("bladder_bowel") is NO


def test_the_facts_ask_the_database_nothing_that_was_read_already():
    made = ReferralFactory(treatment_decided=True)
    read = story(Referral.objects.select_related("patient").get(pk=made.pk))
    with CaptureQueriesContext(connection) as asked:
        facts_of(read, LATER)

    assert len(asked) == 0
