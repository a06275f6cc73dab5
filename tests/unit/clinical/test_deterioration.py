import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import deterioration
from referrals.clinical.facts import Confirmed, Facts
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility, Neurology
from referrals.clinical.presentation import Presentation
from tests.unit.clinical.facts import CORD, NO, NOT_KNOWN, PAIN, PAST, YES, presentations, presented

MSCC, METASTASES, NONE = Suspicion.MSCC, Suspicion.SPINAL_METASTASES, Suspicion.NONE
CALM = presented(PAST, "night")


def found(suspicion=MSCC, told=CALM, **more):
    return {each.key: each for each in deterioration.conclude(Facts(suspicion, told, **more))}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Neurology(power={"left_leg": 5}), Neurology(power={"left_leg": 4}), YES),
        (Neurology(power={"left_leg": 4}), Neurology(power={"left_leg": 4}), NO),
        (Neurology(power={"left_leg": 3}), Neurology(power={"left_leg": 4}), NO),
        (Neurology(power={"left_leg": 4}), Neurology(), NOT_KNOWN),
        (Neurology(power={"left_leg": 0}), Neurology(), NO),
        (Neurology(), Neurology(power={"left_leg": 1}), NO),
        (Neurology(Mobility.UNAIDED), Neurology(Mobility.WITH_AID), YES),
        (Neurology(Mobility.WITH_AID), Neurology(), NOT_KNOWN),
        (Neurology(Mobility.CANNOT_WALK), Neurology(), NO),
        (Neurology(bladder=NO), Neurology(bladder=YES), YES),
        (Neurology(bladder=NO), Neurology(), NOT_KNOWN),
        (Neurology(bladder=YES), Neurology(), NO),
        (Neurology(bowel=NO), Neurology(), NOT_KNOWN),
        (Neurology(sensation=NO), Neurology(), NOT_KNOWN),
        (Neurology(bladder=NOT_KNOWN), Neurology(bladder=YES), NOT_KNOWN),
        (Neurology(bowel=NOT_KNOWN), Neurology(bowel=YES), NOT_KNOWN),
        (Neurology(bowel=NOT_KNOWN), Neurology(bowel=NO), NO),
        (Neurology(sensory_level="T10"), Neurology(sensory_level="T4"), YES),
        (Neurology(sensory_level="L1"), Neurology(sensory_level="Th 12"), YES),
        (Neurology(sensory_level="t10"), Neurology(sensory_level="T10"), NO),
        (Neurology(sensory_level="T4"), Neurology(sensory_level="T10"), NO),
        (Neurology(sensory_level="T10"), Neurology(), NOT_KNOWN),
        (Neurology(sensory_level="T10"), Neurology(sensation=NO), NO),
        (Neurology(sensory_level="none"), Neurology(sensory_level="T4"), NO),
        (Neurology(complete_paralysis=NO), Neurology(), NOT_KNOWN),
        (Neurology(complete_paralysis=NO), Neurology(complete_paralysis=YES), YES),
    ],
)
def test_worse_than_before_is_told_at_once_and_what_was_not_looked_at_is_asked(
    before, after, expected
):
    for suspicion, confirmed in (
        (MSCC, Confirmed.NOT_KNOWN),
        (METASTASES, Confirmed.SPINAL_METASTASES),
        (NONE, Confirmed.RULED_OUT),
    ):
        keys = found(suspicion, neurology_before=before, neurology=after, confirmed=confirmed)
        one = keys.get("deterioration.neurology")
        assert (one.applies if one else NO) is expected
        if one:
            assert {"1.3.2", "1.2.4"} <= set(one.numbers)
            assert bool(one.because) is (expected is YES)
            assert bool(one.unknown) is (expected is NOT_KNOWN)


def test_each_thing_not_looked_at_again_is_asked_about_with_what_it_was():
    before = Neurology(Mobility.WITH_AID, {"left_leg": 4, "right_arm": 5}, bladder=NO)
    one = found(neurology_before=before)["deterioration.neurology"]
    assert one.unknown == (
        "How does the person walk now? Before: walks with a stick or frame.",
        "What is the power of the right arm now? Before: 5.",
        "What is the power of the left leg now? Before: 4.",
        "Is there a bladder problem now?",
    )


def test_one_examination_alone_cannot_be_worse():
    assert found(neurology=Neurology(power={"left_leg": 0})) == {}


@pytest.mark.parametrize("sign", CORD)
@pytest.mark.parametrize("was", [NO, NOT_KNOWN])
def test_a_cord_sign_that_was_not_there_before_is_told_at_once(sign, was):
    before = CALM.with_answer(sign, was)
    one = found(told=CALM.with_answer(sign, YES), presentation_before=before)
    assert one["deterioration.new_signs"].applies is YES
    assert len(one["deterioration.new_signs"].because) == 1


def test_a_sign_that_was_there_already_and_more_pain_are_not_new_signs():
    already = presented(PAST, "gait")
    assert found(told=already, presentation_before=already) == {}
    for pain in PAIN:
        assert found(told=CALM.with_answer(pain, YES), presentation_before=CALM) == {}


def test_a_sign_that_was_absent_and_not_asked_about_again_is_a_question():
    one = found(told=CALM.with_answer("gait", NOT_KNOWN), presentation_before=CALM)
    assert one["deterioration.new_signs"].applies is NOT_KNOWN
    assert one["deterioration.new_signs"].unknown == ("Is walking difficult or unsteady?",)


@pytest.mark.parametrize(
    ("suspicion", "confirmed", "told", "expected"),
    [
        (METASTASES, Confirmed.NOT_KNOWN, presented(PAST, "gait"), YES),
        (NONE, Confirmed.NOT_KNOWN, presented(PAST, "gait"), YES),
        (METASTASES, Confirmed.NOT_KNOWN, presented(PAST, unknown=["gait"]), NOT_KNOWN),
        (METASTASES, Confirmed.NOT_KNOWN, CALM, NO),
        (MSCC, Confirmed.NOT_KNOWN, presented(PAST, "gait"), NO),
        (METASTASES, Confirmed.SPINAL_METASTASES, presented(PAST, "gait"), NOT_KNOWN),
        (METASTASES, Confirmed.SPINAL_METASTASES, CALM, NO),
        (MSCC, Confirmed.RULED_OUT, presented(PAST, "gait"), NOT_KNOWN),
        (MSCC, Confirmed.RULED_OUT, CALM, NO),
        (MSCC, Confirmed.MSCC, presented(PAST, "gait"), NO),
    ],
)
def test_signs_nobody_has_scanned_are_judged_again(suspicion, confirmed, told, expected):
    one = found(suspicion, told, confirmed=confirmed).get("deterioration.not_judged")
    assert (one.applies if one else NO) is expected


@settings(max_examples=60)
@given(presentations(), presentations(), st.sampled_from(CORD), st.sampled_from(Suspicion))
def test_a_further_cord_sign_never_takes_an_alarm_away(before, now, sign, suspicion):
    """Nor does it turn one that rings into one that only asks."""
    worse = found(suspicion, now.with_answer(sign, YES), presentation_before=before)
    for key, one in found(suspicion, now, presentation_before=before).items():
        assert key in worse
        assert one.applies is not YES or worse[key].applies is YES


@settings(max_examples=60)
@given(presentations(), st.sampled_from(CORD))
def test_not_asking_again_never_hides_what_a_yes_would_show(now, sign):
    before = Presentation(PAST, ()).with_answer(sign, NO)
    asked = found(told=now.with_answer(sign, YES), presentation_before=before)
    silent = found(told=now.with_answer(sign, NOT_KNOWN), presentation_before=before)
    assert set(asked) == set(silent) == {"deterioration.new_signs"}
