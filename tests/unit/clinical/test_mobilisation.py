from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import immobilisation, mobilisation
from referrals.clinical.facts import Confirmed, Disease, Facts, Spine, Treatment
from referrals.clinical.milestones import Suspicion
from referrals.clinical.mobilisation import Measured, Outcome, Step, judge
from referrals.clinical.neurology import Mobility, Neurology
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import LOCAL
from referrals.clinical.scored import (
    Alignment,
    Bone,
    Collapse,
    Lesion,
    LoadPain,
    Posterior,
    Scored,
)
from referrals.clinical.stability import STABLE_QUESTION
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented

MSCC, METASTASES, NONE = Suspicion.MSCC, Suspicion.SPINAL_METASTASES, Suspicion.NONE
CALM = presented(PAST, "night")
WALKS = Neurology(Mobility.UNAIDED)
FINE = {
    "step": Step.SITTING,
    "lying_systolic": 130,
    "lying_diastolic": 80,
    "upright_systolic": 120,
    "upright_diastolic": 75,
    "pain_before": 2,
    "pain_after": 2,
    "dizzy": NO,
    "neurology_worse": NO,
}


def step(**more):
    return judge(Measured(**(FINE | more)))


def found(suspicion=MSCC, told=CALM, **more):
    return {each.key: each for each in mobilisation.conclude(Facts(suspicion, told, **more))}


def applies(key, *args, **more):
    one = found(*args, **more).get(f"mobilisation.{key}")
    return one.applies if one else NO


def test_nothing_against_it_means_going_on_to_the_next_step():
    judged = step()
    assert judged.outcome is Outcome.GO_ON
    assert judged.conclusion.numbers[0] == "1.6.3"
    assert judged.conclusion.text == "Go on to the next step: standing, bearing weight."
    assert judged.conclusion.unknown == ()


def test_after_the_last_step_there_is_no_next_one():
    assert [each.following for each in Step] == [*list(Step)[1:], None]
    assert "every step has been done" in step(step=Step.WALKING).conclusion.text


@pytest.mark.parametrize(
    ("systolic", "diastolic", "outcome"),
    [
        (111, 71, Outcome.GO_ON),
        (110, 80, Outcome.LIE_BACK),
        (111, 70, Outcome.LIE_BACK),
        (130, 80, Outcome.GO_ON),
        (150, 95, Outcome.GO_ON),
        (None, 80, Outcome.NOT_ENOUGH),
        (130, None, Outcome.NOT_ENOUGH),
        (110, None, Outcome.LIE_BACK),
        (None, 70, Outcome.LIE_BACK),
        (None, None, Outcome.NOT_ENOUGH),
    ],
)
def test_a_fall_of_20_systolic_or_10_diastolic_stops_the_step(systolic, diastolic, outcome):
    judged = step(upright_systolic=systolic, upright_diastolic=diastolic)
    assert judged.outcome is outcome
    if outcome is Outcome.LIE_BACK:
        assert any(each.startswith(LOCAL) and "20" in each for each in judged.conclusion.numbers)


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (2, 3, Outcome.GO_ON),
        (2, 4, Outcome.STOP),
        (5, 6, Outcome.GO_ON),
        (6, 7, Outcome.STOP),
        (9, 10, Outcome.STOP),
        (7, 7, Outcome.GO_ON),
        (9, 8, Outcome.GO_ON),
        (None, 9, Outcome.NOT_ENOUGH),
        (2, None, Outcome.NOT_ENOUGH),
    ],
)
def test_two_points_more_pain_or_any_rise_to_severe_pain_stops_the_step(before, after, outcome):
    judged = step(pain_before=before, pain_after=after)
    assert judged.outcome is outcome
    if outcome is Outcome.STOP:
        assert judged.conclusion.numbers[0] == "1.6.4"
        assert judged.conclusion.numbers[1].startswith(LOCAL)
        assert "reassess the stability" in judged.conclusion.text


def test_worse_neurology_stops_whatever_else_was_measured_or_not():
    assert step(neurology_worse=YES).outcome is Outcome.STOP
    assert judge(Measured(Step.RAISED_30, neurology_worse=YES)).outcome is Outcome.STOP
    assert step(neurology_worse=NOT_KNOWN).outcome is Outcome.NOT_ENOUGH


def test_every_reason_to_stop_is_said():
    reasons = step(neurology_worse=YES, pain_after=9, upright_systolic=90).conclusion.because
    assert reasons == (
        "Neurological symptoms are worse.",
        "Pain rose from 2 to 9 out of 10.",
        "Systolic blood pressure fell from 130 to 90 mmHg.",
    )


def test_dizziness_counts_as_a_fall_until_blood_pressure_shows_otherwise():
    unmeasured = {"upright_systolic": None, "upright_diastolic": None}
    assert step(dizzy=YES, **unmeasured).outcome is Outcome.LIE_BACK
    assert step(dizzy=YES).outcome is Outcome.LIE_BACK
    assert step(dizzy=NOT_KNOWN).outcome is Outcome.GO_ON
    assert step(dizzy=NO, **unmeasured).outcome is Outcome.NOT_ENOUGH


def test_what_is_not_known_is_asked_for_by_name():
    judged = judge(Measured(Step.SITTING))
    assert judged.outcome is Outcome.NOT_ENOUGH
    assert judged.conclusion.unknown == (
        "What is the blood pressure lying and upright?",
        "Is the person dizzy or faint upright?",
        "Is the neurology worse than before the step?",
        "What is the pain before and after the step, from 0 to 10?",
    )
    assert {"1.6.2", "1.6.3"} <= set(judged.conclusion.numbers)


measured = st.builds(
    Measured,
    step=st.sampled_from(Step),
    lying_systolic=st.none() | st.integers(80, 200),
    lying_diastolic=st.none() | st.integers(40, 110),
    upright_systolic=st.none() | st.integers(60, 200),
    upright_diastolic=st.none() | st.integers(30, 110),
    pain_before=st.none() | st.integers(0, 10),
    pain_after=st.none() | st.integers(0, 10),
    dizzy=st.sampled_from(Answer),
    neurology_worse=st.sampled_from(Answer),
)
_STOPS = (Outcome.STOP, Outcome.LIE_BACK)


@settings(max_examples=80)
@given(measured, st.sampled_from([*Measured.__dataclass_fields__][1:]))
def test_not_knowing_never_turns_a_stop_into_going_on(seen, name):
    nothing = NOT_KNOWN if name in ("dizzy", "neurology_worse") else None
    values = {each: getattr(seen, each) for each in Measured.__dataclass_fields__}
    if judge(seen).outcome in _STOPS and name != "dizzy":
        assert judge(Measured(**(values | {name: nothing}))).outcome is not Outcome.GO_ON


@settings(max_examples=80)
@given(measured)
def test_worse_neurology_always_stops(seen):
    values = {each: getattr(seen, each) for each in Measured.__dataclass_fields__}
    judged = judge(Measured(**(values | {"neurology_worse": YES})))
    assert judged.outcome is Outcome.STOP
    assert judged.conclusion.because


@pytest.mark.parametrize(
    ("spine", "start", "monitor"),
    [
        (Spine(stability_likely=YES), YES, YES),
        (Spine(stability_likely=YES, mobilising=NO), YES, YES),
        (Spine(stability_likely=YES, mobilising=YES), NO, YES),
        (Spine(stability_likely=YES, unstable=YES), NOT_KNOWN, NOT_KNOWN),
        (Spine(stability_likely=NO, mobilising=NO), NO, NO),
        (Spine(stability_likely=NO, mobilising=YES), NO, YES),
        (Spine(), NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_graded_sitting_begins_when_the_spine_is_likely_stable(spine, start, monitor):
    for confirmed in (Confirmed.NOT_KNOWN, Confirmed.SPINAL_METASTASES, Confirmed.MSCC):
        more = {"spine": spine, "confirmed": confirmed}
        assert applies("start", **more) is start
        assert applies("monitor", **more) is monitor


def test_a_spine_recorded_as_stable_and_as_unstable_is_a_question():
    one = found(spine=Spine(stability_likely=YES, unstable=YES))["mobilisation.start"]
    assert one.unknown[0].endswith("which of the two holds?")


UNSTABLE = Lesion(
    "L1", LoadPain.MECHANICAL, Bone.LYTIC, Alignment.DEFORMITY, Collapse.OVER_HALF, Posterior.NONE
)


def test_a_sins_of_13_beside_a_spine_said_to_be_stable_is_a_question_and_decides_nothing():
    said = {"spine": Spine(stability_likely=YES)}
    one = found(scored=Scored(lesions=(UNSTABLE,)), **said)["mobilisation.start"]
    assert (one.applies, one.because) == (NOT_KNOWN, ("SINS at L1 is 13: unstable.",))
    assert one.unknown[0].endswith("which of the two holds?")
    less = replace(UNSTABLE, bone=Bone.MIXED)
    assert applies("start", scored=Scored(lesions=(less,)), **said) is YES
    open_ = replace(UNSTABLE, bone=Bone.UNKNOWN)
    assert applies("start", scored=Scored(lesions=(open_,)), **said) is YES


def test_what_is_not_known_to_apply_orders_nothing():
    every = found(neurology_before=WALKS, neurology=WALKS)
    assert {"start", "monitor", "go_on"} <= {key.partition(".")[2] for key in every}
    for one in every.values():
        assert one.text.startswith("If ") == (one.applies is NOT_KNOWN)


def test_while_somebody_is_mobilised_each_step_is_measured_and_worse_neurology_stops_it():
    up = {"spine": Spine(mobilising=YES), "neurology_before": WALKS}
    same, worse = found(neurology=WALKS, **up), found(neurology=Neurology(Mobility.WITH_AID), **up)
    assert same["mobilisation.go_on"].applies is NOT_KNOWN
    assert len(same["mobilisation.go_on"].unknown) == 3
    assert "mobilisation.stop_and_reassess" not in same
    assert worse["mobilisation.stop_and_reassess"].applies is YES
    assert "mobilisation.go_on" not in worse
    assert applies("go_on", spine=Spine(mobilising=NO)) is NO


def test_worse_neurology_in_somebody_who_may_be_mobilised_is_not_hidden():
    more = {"neurology_before": WALKS, "neurology": Neurology(Mobility.CANNOT_WALK)}
    assert applies("stop_and_reassess", **more) is NOT_KNOWN


@pytest.mark.parametrize(
    ("surgery", "radiotherapy", "other", "expected"),
    [
        (NO, NO, NO, YES),
        (YES, NO, NO, NO),
        (NO, YES, NO, NO),
        (NO, NO, YES, NO),
        (NO, NO, NOT_KNOWN, NOT_KNOWN),
        (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_whoever_cannot_be_treated_is_mobilised_all_the_same(
    surgery, radiotherapy, other, expected
):
    more = {
        "treatment": Treatment(surgery_suitable=surgery, radiotherapy_considered=radiotherapy),
        "disease": Disease(other_treatment=other),
    }
    assert applies("without_treatment", MSCC, **more) is expected
    assert applies("without_treatment", METASTASES, **more) is NO
    if expected is YES:
        because = found(MSCC, **more)["mobilisation.without_treatment"].because
        assert because[1:] == ("Not for surgery.", "Not for radiotherapy.", "No other treatment.")


@pytest.mark.parametrize(
    ("seen", "told", "expected"),
    [
        (WALKS, CALM, NO),
        (Neurology(Mobility.UNAIDED, {"left_arm": 4}), CALM, YES),
        (Neurology(Mobility.UNAIDED, {"left_arm": 5}), CALM, NO),
        (Neurology(Mobility.WITH_HELP), CALM, YES),
        (Neurology(complete_paralysis=YES), CALM, YES),
        (WALKS, presented(PAST, "limb_weakness"), YES),
        (Neurology(), CALM, NOT_KNOWN),
    ],
)
def test_a_specialist_is_asked_about_orthoses_for_whoever_moves_badly(seen, told, expected):
    standing = {"neurology": seen, "spine": Spine(mobilising=NO)}
    assert applies("orthoses", MSCC, told, **standing) is expected


def test_nobody_is_mobilised_by_rules_for_a_disease_that_is_not_there():
    assert found(NONE) == {}
    assert found(confirmed=Confirmed.RULED_OUT) == {}


def test_every_rule_has_its_source():
    numbers = {number for rule in mobilisation.RULES for number in rule.numbers}
    assert numbers >= {f"1.6.{last}" for last in range(1, 7)}
    assert all(len(rule.text) <= 160 and rule.text.endswith(".") for rule in mobilisation.RULES)


SORE = presented(PAST, "mechanical", "severe_unremitting")
UNTREATED = {
    "disease": Disease(other_treatment=NO),
    "treatment": Treatment(surgery_suitable=NO, radiotherapy_considered=NO),
}


def lying(told=CALM, **more):
    """Which rules on lying flat apply without a doubt."""
    facts = Facts(MSCC, told, **more)
    return {each.key for each in immobilisation.conclude(facts) if each.applies is YES}


def test_pain_on_movement_that_keeps_a_person_flat_is_asked_about_before_they_sit_up():
    spine = Spine(stability_likely=YES)
    one = found(told=SORE, spine=spine)["mobilisation.start"]
    assert one.applies is NOT_KNOWN
    assert immobilisation.KEPT_FLAT_QUESTION in one.unknown
    assert one.text.startswith("If the pain on movement no longer keeps the person flat: test")
    assert "immobilisation.consider" in lying(SORE, spine=spine)


def test_lying_flat_gives_way_to_sitting_up_on_a_spine_that_is_likely_stable():
    spine = Spine(stability_likely=YES, immobilised=YES)
    assert applies("start", spine=spine) is YES
    one = next(
        each
        for each in immobilisation.conclude(Facts(MSCC, CALM, spine=spine))
        if each.key == "immobilisation.supine"
    )
    assert (one.applies, one.text) == (NOT_KNOWN, immobilisation.UNTIL_SAT_UP)
    assert immobilisation.SIT_UP_QUESTION in one.unknown
    assert "immobilisation.supine" in lying(spine=Spine(immobilised=YES))


@pytest.mark.parametrize(
    ("told", "spine", "waits"),
    [
        (presented(PAST, "limb_weakness"), Spine(), True),
        (SORE, Spine(), True),
        (SORE, Spine(stability_likely=YES), True),
        (CALM, Spine(immobilised=YES), True),
        (CALM, Spine(immobilised=YES, stability_likely=YES), False),
        (presented(PAST, "limb_weakness"), Spine(stability_likely=YES), False),
        (CALM, Spine(), False),
    ],
)
def test_mobilising_without_treatment_waits_while_anything_says_to_lie_flat(told, spine, waits):
    one = found(told=told, spine=spine, **UNTREATED)["mobilisation.without_treatment"]
    assert (one.applies is NOT_KNOWN) is waits
    assert bool(one.unknown) is waits
    assert one.text.startswith("If the spine is judged stable enough: mobilise") is waits


def test_somebody_who_is_up_on_a_spine_that_nobody_has_judged_is_asked_about():
    up = Spine(mobilising=YES)
    assert STABLE_QUESTION in found(spine=up)["mobilisation.monitor"].unknown
    judged = replace(up, stability_likely=YES)
    assert found(spine=judged)["mobilisation.monitor"].unknown == ()
