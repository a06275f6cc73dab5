from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical.neurology import (
    LIMBS,
    Mobility,
    Neurology,
    contradictions,
    deteriorated,
)
from referrals.clinical.presentation import Answer, CancerStatus
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def codes(told=None, seen=None, **more):
    return [each.code for each in contradictions(told or presented(), seen, at=AT, **more)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Mobility.UNAIDED, Mobility.WITH_AID),
        (Mobility.WITH_AID, Mobility.WITH_HELP),
        (Mobility.WITH_HELP, Mobility.CANNOT_WALK),
    ],
)
def test_walking_worse_than_before_is_deterioration(before, after):
    assert deteriorated(Neurology(before), Neurology(after))
    assert not deteriorated(Neurology(after), Neurology(before))


def test_a_lower_power_grade_is_deterioration_in_words():
    before = Neurology(power={"left_leg": 4, "right_leg": 5})
    after = Neurology(power={"left_leg": 3, "right_leg": 5})
    assert deteriorated(before, after) == ("Power of the left leg fell from 4 to 3.",)


@pytest.mark.parametrize("sign", ["bladder", "bowel", "sensation", "complete_paralysis"])
def test_a_problem_that_was_not_there_before_is_deterioration(sign):
    was, now = Neurology(**{sign: NO}), Neurology(**{sign: YES})
    assert len(deteriorated(was, now)) == 1
    assert not deteriorated(now, was)


def test_examining_for_the_first_time_is_not_deterioration():
    found = Neurology(Mobility.CANNOT_WALK, {"left_leg": 0}, bladder=YES)
    assert deteriorated(Neurology(), found) == ()
    assert deteriorated(found, Neurology()) == ()


examinations = st.builds(
    Neurology,
    st.sampled_from(Mobility),
    st.dictionaries(st.sampled_from(sorted(LIMBS)), st.integers(0, 5)),
    st.sampled_from(Answer),
    st.sampled_from(Answer),
)


@given(examinations)
def test_nobody_deteriorates_against_the_same_examination(seen):
    assert deteriorated(seen, seen) == ()


@pytest.mark.parametrize(
    "power", [{"left_leg": 6}, {"left_leg": -1}, {"nose": 3}, {"left_leg": True}]
)
def test_a_power_grade_that_does_not_exist_is_refused(power):
    with pytest.raises(ValueError, match="from 0 to 5"):
        Neurology(power=power)


def test_walking_without_help_and_complete_paralysis_need_a_second_look():
    seen = Neurology(Mobility.UNAIDED, complete_paralysis=YES)
    found = contradictions(presented(PAST, "gait", "limb_weakness"), seen, at=AT)
    assert [each.code for each in found] == ["walks-paralysed"]
    assert found[0].sentence == (
        "Check mobility: the person walks without help, and is completely paralysed."
    )


def test_walking_is_no_trouble_but_the_person_cannot_walk():
    assert codes(seen=Neurology(Mobility.CANNOT_WALK)) == ["gait-no-but-found"]


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (Neurology(Mobility.WITH_AID, {"left_leg": 1}), "walks-no-power"),
        (Neurology(complete_paralysis=YES, power={"left_leg": 1}), "paralysed-with-power"),
        (Neurology(power={"right_arm": 4}), "limb_weakness-no-but-found"),
        (Neurology(bladder=YES), "bladder_bowel-no-but-found"),
        (Neurology(bowel=YES), "bladder_bowel-no-but-found"),
        (Neurology(sensation=YES), "sensory-no-but-found"),
        (Neurology(complete_paralysis=YES), "limb_weakness-no-but-found"),
    ],
)
def test_what_was_found_against_what_was_told_needs_a_second_look(seen, code):
    assert code in codes(presented(), seen)


def test_what_fits_together_raises_no_question():
    told = presented(PAST, "gait", "limb_weakness", "bladder_bowel", "sensory")
    seen = Neurology(
        Mobility.CANNOT_WALK,
        {"left_leg": 0, "right_leg": 0},
        bladder=YES,
        sensation=YES,
        complete_paralysis=YES,
    )
    assert codes(told, seen) == []
    assert codes(presented(), Neurology(Mobility.UNAIDED, {"left_leg": 5})) == []


def test_an_unknown_answer_contradicts_nothing():
    told = presented(PAST, other=NOT_KNOWN)
    assert codes(told, Neurology(Mobility.CANNOT_WALK, bladder=YES)) == []


def test_known_metastases_without_any_cancer_need_a_second_look():
    told = presented(CancerStatus.NONE)
    assert codes(told, metastases_known=YES) == ["metastases-no-cancer"]
    assert codes(presented(PAST), metastases_known=YES) == []


def test_an_onset_that_has_not_come_yet_needs_a_second_look():
    told = presented().with_answer("gait", YES, AT + timedelta(hours=1))
    assert codes(told) == ["gait-onset-future"]
    assert codes(presented().with_answer("gait", YES, AT)) == []


def test_an_onset_today_in_london_is_not_the_future_while_utc_is_still_yesterday():
    just_after_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    told = presented().with_answer("gait", YES, date(2026, 7, 2))
    assert contradictions(told, at=just_after_midnight) == ()
    assert contradictions(told, at=just_after_midnight - timedelta(hours=1))


def test_walking_on_weak_legs_is_believed():
    told = presented(PAST, "gait", "limb_weakness")
    assert codes(told, Neurology(Mobility.WITH_AID, {"left_leg": 2, "right_leg": 4})) == []
