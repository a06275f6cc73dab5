"""Section 1.11 at its edges: what comes before an intervention, how soon, and which ones."""

from dataclasses import replace

import pytest

from referrals.clinical import surgery
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Facts,
    Pain,
    Primary,
    Spine,
    Treatment,
)
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented
from tests.unit.clinical.treating import with_treatment

NOTHING = presented(PAST)
WEAK = Neurology(power={"left_leg": 3})
MSCC = Facts(
    Suspicion.MSCC,
    NOTHING,
    Confirmed.MSCC,
    neurology=WEAK,
    treatment=Treatment(surgery_suitable=YES, discussed_with_specialists=NO, rapid_progression=NO),
)
FAILING = replace(MSCC, spine=Spine(unstable=YES), pain=Pain(on_movement=YES, controlled=NO))
METASTASES = Facts(
    Suspicion.SPINAL_METASTASES,
    NOTHING,
    Confirmed.SPINAL_METASTASES,
    spine=Spine(unstable=NO),
    pain=Pain(controlled=YES),
)
WITHOUT_MSCC = (surgery.VERTEBROPLASTY, surgery.ABLATION, surgery.STABILISATION, surgery.PREVENTION)
WITH_MSCC = (surgery.DECOMPRESSION, surgery.STABILISATION_IN_MSCC)


def found(facts, rule):
    hits = [each for each in surgery.conclude(facts) if each.key == rule.key]
    assert len(hits) <= 1
    return hits[0] if hits else None


def applies(facts, rule):
    hit = found(facts, rule)
    return hit.applies if hit else None


def test_every_rule_has_a_key_of_its_own_and_a_number_of_the_section():
    keys = [rule.key for rule in surgery.RULES]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("surgery.") for key in keys)
    numbers = {number for rule in surgery.RULES for number in rule.numbers}
    assert numbers == {f"1.11.{n}" for n in range(1, 10)}


def test_nothing_is_concluded_for_somebody_in_whom_it_was_ruled_out():
    assert surgery.conclude(replace(MSCC, confirmed=Confirmed.RULED_OUT)) == ()


# Before an intervention (1.11.1, 1.11.2).


def test_a_plan_is_made_with_the_specialists_before_an_intervention_is_offered():
    hit = found(MSCC, surgery.PLAN)
    assert (hit.applies, hit.strength) == (YES, Strength.ENSURE)
    assert "No plan was made with the specialists yet." in hit.because
    assert found(with_treatment(MSCC, discussed_with_specialists=YES), surgery.PLAN) is None
    open_ = found(with_treatment(MSCC, discussed_with_specialists=NOT_KNOWN), surgery.PLAN)
    assert open_.applies is YES
    assert open_.unknown == ("Was a plan made with an oncologist and a spinal surgeon?",)


def test_no_plan_is_asked_for_where_no_intervention_comes_into_question():
    assert found(METASTASES, surgery.PLAN) is None
    assert found(with_treatment(MSCC, surgery_suitable=NO), surgery.PLAN) is None
    assert applies(replace(METASTASES, spine=Spine(unstable=YES)), surgery.PLAN) is YES
    assert applies(replace(METASTASES, spine=Spine()), surgery.PLAN) is NOT_KNOWN


BIOPSY = replace(
    METASTASES,
    disease=Disease(primary=Primary.UNIDENTIFIED),
    treatment=Treatment(primary_would_change_it=YES, immediate_treatment_needed=NO),
)


@pytest.mark.parametrize(
    ("primary", "changes", "immediate", "expected"),
    [
        (Primary.UNIDENTIFIED, YES, NO, YES),
        (Primary.BREAST, YES, NO, None),
        (Primary.NOT_KNOWN, YES, NO, NOT_KNOWN),
        (Primary.UNIDENTIFIED, NO, NO, None),
        (Primary.UNIDENTIFIED, NOT_KNOWN, NO, NOT_KNOWN),
        (Primary.UNIDENTIFIED, YES, YES, None),
        (Primary.UNIDENTIFIED, YES, NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_a_biopsy_needs_an_unidentified_primary_a_consequence_and_time(
    primary, changes, immediate, expected
):
    facts = replace(
        BIOPSY,
        disease=Disease(primary=primary),
        treatment=Treatment(primary_would_change_it=changes, immediate_treatment_needed=immediate),
    )
    assert applies(facts, surgery.BIOPSY) is expected


# Timing (1.11.3 to 1.11.5).


def test_surgery_for_neurological_loss_is_as_soon_as_possible():
    hit = found(MSCC, surgery.SOON)
    assert (hit.applies, hit.strength) == (YES, Strength.OFFER)
    assert "An arm or a leg is weak on examination." in hit.because
    without_signs = replace(MSCC, neurology=Neurology())
    assert found(without_signs, surgery.SOON) is None
    assert found(without_signs, surgery.URGENCY) is None
    unasked = replace(without_signs, presentation=presented(PAST, other=NOT_KNOWN))
    assert applies(unasked, surgery.SOON) is NOT_KNOWN
    assert found(with_treatment(MSCC, surgery_suitable=NO), surgery.SOON) is None
    asked = found(with_treatment(MSCC, surgery_suitable=NOT_KNOWN), surgery.SOON)
    assert (asked.applies, asked.unknown) == (NOT_KNOWN, ("Does surgery suit the person?",))
    assert found(with_treatment(MSCC, surgery_performed=YES), surgery.SOON) is None


def test_signs_that_progress_fast_make_surgery_more_urgent():
    fast = found(with_treatment(MSCC, rapid_progression=YES), surgery.URGENCY)
    assert fast.text.startswith("Signs are progressing fast")
    assert "Signs are progressing fast." in fast.because
    slow = found(MSCC, surgery.URGENCY)
    assert slow.text == surgery.URGENCY.text
    unknown = found(with_treatment(MSCC, rapid_progression=NOT_KNOWN), surgery.URGENCY)
    assert unknown.applies is YES
    assert unknown.unknown == ("How fast did signs begin, and how fast do they progress?",)


@pytest.mark.parametrize("days", [1, 13, 14, 60])
def test_time_since_paralysis_is_never_the_only_reason_against_surgery(days):
    paralysed = replace(MSCC, neurology=Neurology(complete_paralysis=YES))
    for suitable in (YES, NO, NOT_KNOWN):
        facts = with_treatment(paralysed, paralysed_days=days, surgery_suitable=suitable)
        hit = found(facts, surgery.NO_TIME_LIMIT)
        assert (hit.applies, hit.strength) == (YES, Strength.DO_NOT)
    unexamined = replace(MSCC, neurology=Neurology())
    assert applies(unexamined, surgery.NO_TIME_LIMIT) is NOT_KNOWN
    for seen in (WEAK, Neurology(complete_paralysis=NO)):
        assert found(replace(MSCC, neurology=seen), surgery.NO_TIME_LIMIT) is None


# Options (1.11.6 to 1.11.9).


@pytest.mark.parametrize(
    ("spine", "pain", "expected"),
    [
        (Spine(unstable=YES), Pain(controlled=YES), YES),
        (Spine(unstable=NO), Pain(controlled=NO), YES),
        (Spine(unstable=NO), Pain(controlled=YES), None),
        (Spine(), Pain(controlled=YES), NOT_KNOWN),
        (Spine(unstable=NO), Pain(), NOT_KNOWN),
        (Spine(stability_likely=YES), Pain(controlled=YES), None),
        (Spine(stability_likely=YES, unstable=YES), Pain(controlled=YES), YES),
        (Spine(stability_likely=NO), Pain(controlled=YES), NOT_KNOWN),
    ],
)
def test_without_mscc_instability_or_uncontrolled_pain_opens_four_options(spine, pain, expected):
    facts = with_treatment(replace(METASTASES, spine=spine, pain=pain), surgery_suitable=YES)
    for rule in WITHOUT_MSCC:
        assert applies(facts, rule) is expected
    assert all(found(facts, rule) is None for rule in WITH_MSCC)


def test_without_mscc_what_is_not_open_surgery_stays_when_surgery_does_not_suit():
    facts = with_treatment(replace(METASTASES, spine=Spine(unstable=YES)), surgery_suitable=NO)
    assert [applies(facts, rule) for rule in WITHOUT_MSCC] == [YES, YES, None, None]
    asked = with_treatment(facts, surgery_suitable=NOT_KNOWN)
    assert [applies(asked, rule) for rule in WITHOUT_MSCC] == [YES] * 4
    assert found(asked, surgery.PREVENTION).unknown == ("Does surgery suit the person?",)


@pytest.mark.parametrize("suitable", [YES, NO, NOT_KNOWN])
def test_with_mscc_decompression_and_stabilisation_are_considered(suitable):
    facts = with_treatment(MSCC, surgery_suitable=suitable)
    expected = None if suitable is NO else YES
    for rule in WITH_MSCC:
        hit = found(facts, rule)
        assert (hit.applies if hit else None) is expected
        assert hit is None or hit.strength is Strength.CONSIDER
    assert all(found(facts, rule) is None for rule in WITHOUT_MSCC)


@pytest.mark.parametrize("suitable", [YES, NOT_KNOWN])
def test_after_an_operation_it_is_asked_whether_another_is_meant(suitable):
    operated = {"surgery_suitable": suitable, "surgery_performed": YES}
    with_mscc = with_treatment(FAILING, **operated)
    without = with_treatment(replace(METASTASES, spine=Spine(unstable=YES)), **operated)
    cases = [(with_mscc, rule) for rule in (surgery.PLAN, *WITH_MSCC, surgery.STABILISE)]
    cases += [(without, rule) for rule in (surgery.PLAN, *WITHOUT_MSCC)]
    for facts, rule in cases:
        hit = found(facts, rule)
        assert hit.applies is NOT_KNOWN
        assert "Is a further operation meant?" in hit.unknown
        assert hit.text.startswith("If ")
    never = with_treatment(with_mscc, surgery_suitable=NO)
    assert all(found(never, rule) is None for rule in (surgery.PLAN, *WITH_MSCC))


def test_what_is_not_known_to_apply_says_what_it_turns_on():
    open_ = found(replace(MSCC, confirmed=Confirmed.NOT_KNOWN), surgery.SOON)
    assert open_.text.startswith("If MSCC is shown, there are signs, and surgery suits: operate")
    waiting = with_treatment(replace(MSCC, confirmed=Confirmed.NOT_KNOWN), rapid_progression=YES)
    assert found(waiting, surgery.URGENCY).text.startswith("If MSCC is shown with signs")


def test_suspected_mscc_keeps_the_options_open_until_the_scan_is_read():
    facts = replace(MSCC, confirmed=Confirmed.NOT_KNOWN)
    hit = found(facts, surgery.DECOMPRESSION)
    assert hit.applies is NOT_KNOWN
    assert hit.unknown == ("What does the scan of the whole spine show?",)


@pytest.mark.parametrize(
    ("suitable", "stabilise", "support"),
    [(YES, YES, None), (NO, None, YES), (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)],
)
def test_an_unstable_spine_with_uncontrolled_pain_is_stabilised_one_way_or_the_other(
    suitable, stabilise, support
):
    for seen in (WEAK, Neurology(complete_paralysis=YES)):
        facts = with_treatment(replace(FAILING, neurology=seen), surgery_suitable=suitable)
        assert applies(facts, surgery.STABILISE) is stabilise
        assert applies(facts, surgery.EXTERNAL_SUPPORT) is support


@pytest.mark.parametrize(
    ("spine", "pain"),
    [
        (Spine(unstable=NO), Pain(on_movement=YES, controlled=NO)),
        (Spine(unstable=YES), Pain(on_movement=NO, controlled=NO)),
        (Spine(unstable=YES), Pain(on_movement=YES, controlled=YES)),
    ],
)
def test_stabilisation_is_offered_only_when_all_three_hold(spine, pain):
    for suitable in (YES, NO):
        facts = with_treatment(replace(MSCC, spine=spine, pain=pain), surgery_suitable=suitable)
        assert found(facts, surgery.STABILISE) is None
        assert found(facts, surgery.EXTERNAL_SUPPORT) is None
