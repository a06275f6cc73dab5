"""Contact, advice, opinions, treatment: each case was worked out by hand."""

from dataclasses import replace

import pytest

from audit.measures.fractions import read
from audit.measures.journey import Asked
from audit.measures.verdict import Status
from referrals.clinical.milestones import MilestoneKind as K
from tests.unit.measures.told import METS, MSCC, at, decided, facts, found, gone, suspected, verdict

S = Status
HOUR = 3600


def test_how_long_until_somebody_took_it():
    assert verdict("coordinator", suspected(told=((K.TAKEN, 0.25),))).seconds == 900
    assert verdict("coordinator", suspected()).status is S.RUNNING
    assert verdict("coordinator", suspected(**gone(9))).status is S.NOT_MET
    assert verdict("coordinator", suspected(told=((K.TAKEN, -1),))).flag == "negative_interval"


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, S.MET), (24 * HOUR, S.MET), (24 * HOUR + 1, S.NOT_MET)]
)
def test_advice_counts_from_the_referral(seconds, status):
    told = ((METS, 0), (K.ADVICE_GIVEN, at(seconds=seconds)))
    assert verdict("advice_suspected", facts(*told)).status is status


def test_advice_is_owed_for_a_suspicion_only():
    assert verdict("advice_suspected", facts()).status is S.NOT_APPLICABLE


def lying(*told, **others):
    return facts((MSCC, 0), (K.IMMOBILISATION_STARTED, 1), *told, **others)


def test_advice_on_stability_counts_when_it_is_given():
    sought = (K.STABILITY_ADVICE_SOUGHT, 2)
    asked = Asked("spinal_surgery", at(2), at(10), at(25))
    key = "stability_answered"
    assert verdict(key, lying(sought, opinions=(asked,))).seconds == 24 * HOUR
    late = replace(asked, answered_at=at(25, seconds=1))
    assert verdict(key, lying(sought, opinions=(late,))).status is S.NOT_MET
    # Another opinion is not that advice.
    other = Asked("oncology", at(3), at(10), at(4))
    assert verdict(key, lying(sought, opinions=(other,))).status is S.MISSING
    assert verdict(key, lying(**gone(60))).reason == "no advice was sought"
    # Advice of before they lay down is on something else.
    before = Asked("physiotherapy", at(-3), at(9), at(-2))
    earlier = lying((K.STABILITY_ADVICE_SOUGHT, -3), opinions=(before,))
    assert verdict(key, earlier).status is S.NOT_MET
    up = lying(sought, (K.IMMOBILISATION_ENDED, 20))
    assert verdict(key, up).status is S.EXCLUDED
    assert verdict(key, facts((MSCC, 0))).status is S.NOT_APPLICABLE


def test_a_decision_and_what_came_of_it():
    journey = found((K.RADIOTHERAPY_STARTED, 40), decisions=(decided(10),))
    assert verdict("decision_to_radiotherapy", journey).seconds == 30 * HOUR
    assert verdict("decision_to_surgery", journey).status is S.NOT_APPLICABLE
    # A course before this decision was another course.
    twice = found(
        (K.RADIOTHERAPY_STARTED, 5), (K.RADIOTHERAPY_STARTED, 40), decisions=(decided(10),)
    )
    assert verdict("decision_to_radiotherapy", twice).seconds == 30 * HOUR
    operated = found((K.SURGERY_PERFORMED, 9), decisions=(decided(10, "surgery"),))
    assert verdict("decision_to_surgery", operated).flag == "negative_interval"


def test_the_whole_pathway_from_both_its_starts():
    journey = found(
        (METS, -30), (K.SURGERY_PERFORMED, 50), (K.RADIOTHERAPY_STARTED, 90), received_at=at(2)
    )
    assert verdict("total_from_referral", journey).seconds == 48 * HOUR
    assert verdict("total_from_suspicion", journey).seconds == 80 * HOUR
    assert verdict("total_from_referral", found()).status is S.NOT_APPLICABLE
    waiting = found(decisions=(decided(10),))
    assert verdict("total_from_referral", waiting).status is S.RUNNING


def test_the_whole_pathway_counts_from_the_very_first_suspicion():
    treated = (K.RADIOTHERAPY_STARTED, 70)
    # Given up after 5 hours, come back at hour 50: the measure of the scan counts from there.
    back = facts((MSCC, 0), (K.SUSPICION_ENDED, 5), (MSCC, 50), treated)
    assert verdict("total_from_suspicion", back).seconds == 70 * HOUR
    # Metastases at first, which were suspected three hours before anybody wrote it down.
    since = (METS, 4, {"since": at(1).isoformat()})
    assert verdict("total_from_suspicion", facts(since, treated)).seconds == 69 * HOUR
    other = facts((METS, -10), (MSCC, 50), treated)
    assert verdict("total_from_suspicion", other).seconds == 80 * HOUR
    unknown = facts(treated)
    assert verdict("total_from_suspicion", unknown).reason == "no start time on record"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("8 Gy, single fraction", (1, 8)),
        ("8Gy/1", (1, 8)),
        ("8 Gy in 1", (1, 8)),
        ("8 Gy x 1", (1, 8)),
        ("8Gy 1#", (1, 8)),
        ("20 Gy/5", (5, 20)),
        ("20Gy in 5 fractions", (5, 20)),
        ("30 Gy in 10# over 2 weeks", (10, 30)),
        ("12.5 Gy, one fraction", (1, 12.5)),
        ("single fraction", (1, None)),
        ("palliative", (None, None)),
        ("", (None, None)),
        ("8 Gy in 0 fractions", (None, 8)),
    ],
)
def test_fractionation_is_read_as_it_is_written(words, said):
    assert read(words) == said


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("8 Gy/1", S.MET),
        ("10 Gy/1", S.NOT_MET),
        ("20 Gy/5", S.NOT_MET),
        ("single", S.MISSING),
        ("", S.MISSING),
    ],
)
def test_one_fraction_of_8_gray(words, status):
    journey = found(decisions=(decided(3, fractionation=words),))
    assert verdict("single_fraction", journey).status is status
    assert verdict("single_fraction", found()).status is S.NOT_APPLICABLE


def test_opinions_are_in_time_only_together():
    one, other = Asked("oncology", at(1), at(5), at(5)), Asked("radiology", at(1), at(9))
    key = "opinions_in_time"
    assert verdict(key, found(opinions=(one,))).status is S.MET
    late = replace(one, answered_at=at(5, seconds=1))
    assert verdict(key, found(opinions=(late,))).status is S.NOT_MET
    waiting = found(opinions=(one, other), as_of=at(9))
    assert (verdict(key, waiting).status, verdict(key, waiting).until) == (
        S.RUNNING,
        at(9, seconds=1),
    )
    assert verdict(key, replace(waiting, as_of=at(9, seconds=1))).reason == "an answer is overdue"
    assert verdict(key, found(opinions=(other,), **gone(8))).status is S.EXCLUDED
    assert verdict(key, found(opinions=(replace(one, due_at=None),))).status is S.MISSING
    backwards = replace(one, answered_at=at(0))
    assert verdict(key, found(opinions=(backwards,))).flag == "negative_interval"
    assert verdict(key, found()).status is S.NOT_APPLICABLE
