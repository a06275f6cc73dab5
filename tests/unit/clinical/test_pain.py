from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import pain
from referrals.clinical.facts import Confirmed, Disease, Facts, Haematology, Pain, Primary
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer, Presentation
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presentations, presented

HURTS = Pain(severity=6, assessed=YES, plan_agreed=YES, reviewed_since_change=YES)
KNOWN = replace(
    HURTS,
    controlled=YES,
    neuropathic=NO,
    opioids_do_not_help=NO,
    difficult_to_manage=NO,
    limits_life=NO,
    strong_opioids=NO,
    palliative_care=NO,
)
BREAST = Disease(primary=Primary.BREAST, haematology=Haematology.NO, metastases_known=YES)


def facts(now=KNOWN, presentation=None, **more):
    told = presentation or presented(PAST, "night")
    return Facts(Suspicion.MSCC, told, **{"pain": now} | more)


def applies(found, answer=YES):
    return [each.key.removeprefix("pain.") for each in found if each.applies is answer]


def concluded(now=KNOWN, **more):
    return pain.conclude(facts(now, **more))


def test_every_rule_has_a_key_of_its_own_and_all_fifteen_have_a_rule():
    keys = [rule.key for rule in pain.RULES]
    assert len(set(keys)) == len(keys)
    numbers = {number for rule in pain.RULES for number in rule.numbers}
    assert numbers == {f"1.7.{n}" for n in range(1, 16)} | {"summary: denosumab"}


def test_relief_is_for_everyone_with_the_condition_also_when_nobody_asked():
    nobody_asked = facts(Pain(), Presentation(PAST))
    assert applies(pain.conclude(nobody_asked)) == ["relief"]
    assert "assess" in applies(pain.conclude(nobody_asked), NOT_KNOWN)
    calm = facts(Pain(), presented(PAST))
    assert pain.conclude(replace(calm, suspicion=Suspicion.NONE)) == ()
    assert pain.conclude(replace(nobody_asked, confirmed=Confirmed.RULED_OUT)) == ()


def test_pain_of_nought_needs_no_plan():
    found = concluded(replace(KNOWN, severity=0))
    assert applies(found) == ["relief"]
    assert found[0].text.startswith("No pain now: ask again")


def test_relief_says_whether_there_is_pain():
    assert concluded()[0].text.startswith("Relieve the pain now")
    nobody_asked = pain.conclude(facts(Pain(), Presentation(PAST)))
    assert nobody_asked[0].text.startswith("Ask about pain.")


@pytest.mark.parametrize(
    ("severity", "presentation", "expected"),
    [
        (0, presented(PAST, "night"), NO),
        (1, presented(PAST), YES),
        (None, presented(PAST, "night"), YES),
        (None, presented(PAST, "radicular"), YES),
        (None, presented(PAST, "limb_weakness"), NO),
        (None, presented(PAST, unknown=["night"]), NOT_KNOWN),
    ],
)
def test_there_is_pain_as_measured_or_as_any_answer_says(severity, presentation, expected):
    assert pain.has_pain(facts(Pain(severity=severity), presentation)).answer is expected


def test_a_pain_that_was_not_assessed_is_assessed_and_planned():
    found = concluded(replace(KNOWN, assessed=NO, plan_agreed=NO, reviewed_since_change=NOT_KNOWN))
    assert applies(found)[:3] == ["relief", "assess", "plan"]
    assert not {"review", "at_review"} & set(applies(found))
    open_ = concluded(replace(KNOWN, assessed=NOT_KNOWN, plan_agreed=NOT_KNOWN))
    assert {"assess", "plan", "at_review"} <= set(applies(open_, NOT_KNOWN))


@pytest.mark.parametrize(("reviewed", "answer"), [(NO, YES), (NOT_KNOWN, NOT_KNOWN), (YES, None)])
def test_each_change_of_the_plan_is_reviewed(reviewed, answer):
    found = concluded(replace(KNOWN, reviewed_since_change=reviewed))
    reviews = [each.applies for each in found if each.key == "pain.review"]
    assert reviews == ([answer] if answer else [])
    assert "at_review" in applies(found)


@pytest.mark.parametrize(
    ("difficult", "severity", "limits", "answer"),
    [
        (YES, 7, NO, YES),
        (YES, 6, YES, YES),
        (YES, 6, NO, None),
        (NO, 10, YES, None),
        (YES, None, NO, NOT_KNOWN),
        (YES, None, YES, YES),
        (NOT_KNOWN, 7, NO, NOT_KNOWN),
        (YES, 6, NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_a_referral_takes_difficult_pain_that_is_severe_or_limits_life(
    difficult, severity, limits, answer
):
    now = replace(KNOWN, severity=severity, difficult_to_manage=difficult, limits_life=limits)
    found = [each for each in concluded(now) if each.key == "pain.refer"]
    assert [each.applies for each in found] == ([answer] if answer else [])


@pytest.mark.parametrize(
    ("features", "resistant", "answer"),
    [(YES, NO, YES), (NO, YES, YES), (NO, NO, None), (NOT_KNOWN, NO, NOT_KNOWN)],
)
def test_neuropathic_or_opioid_resistant_pain_has_its_own_guideline(features, resistant, answer):
    now = replace(KNOWN, neuropathic=features, opioids_do_not_help=resistant)
    found = [each for each in concluded(now) if each.key == "pain.neuropathic"]
    assert [each.applies for each in found] == ([answer] if answer else [])


def test_strong_opioids_bring_their_processes_and_palliative_care_its_guideline():
    found = concluded(replace(KNOWN, strong_opioids=YES, palliative_care=YES))
    assert {"controlled_drugs", "opioids_in_palliative_care"} <= set(applies(found))
    found = concluded(replace(KNOWN, strong_opioids=YES))
    assert "opioids_in_palliative_care" not in applies(found)


BONES = {
    "bisphosphonates",
    "bisphosphonates_prostate",
    "no_bisphosphonates",
    "not_to_prevent",
    "denosumab",
    "no_denosumab",
}


@pytest.mark.parametrize(
    ("primary", "controlled", "expected"),
    [
        (Primary.BREAST, YES, {"bisphosphonates", "denosumab"}),
        (Primary.MYELOMA, NO, {"bisphosphonates"}),
        (Primary.PROSTATE, NO, {"bisphosphonates_prostate", "no_denosumab"}),
        (Primary.PROSTATE, YES, {"no_bisphosphonates", "no_denosumab"}),
        (Primary.LUNG, NO, {"no_bisphosphonates", "denosumab"}),
        (Primary.OTHER, YES, {"no_bisphosphonates", "denosumab"}),
        (Primary.LYMPHOMA, YES, {"no_bisphosphonates"}),
        (Primary.UNIDENTIFIED, NO, set()),
        (Primary.NOT_KNOWN, NO, set()),
    ],
)
def test_bone_medicines_go_by_the_primary_tumour(primary, controlled, expected):
    disease = Disease(primary=primary, metastases_known=YES)
    found = concluded(replace(KNOWN, controlled=controlled), disease=disease)
    assert set(applies(found)) & BONES == expected | {"not_to_prevent"}


def test_a_primary_nobody_knows_leaves_each_bone_medicine_open():
    for primary in (Primary.NOT_KNOWN, Primary.UNIDENTIFIED):
        disease = Disease(primary=primary, metastases_known=YES)
        found = concluded(replace(KNOWN, controlled=NO), disease=disease)
        assert set(applies(found, NOT_KNOWN)) == BONES - {"not_to_prevent"}


def test_whether_painkillers_work_decides_for_prostate_cancer():
    disease = Disease(primary=Primary.PROSTATE, metastases_known=YES)
    found = concluded(replace(KNOWN, controlled=NOT_KNOWN), disease=disease)
    open_ = set(applies(found, NOT_KNOWN))
    assert open_ == {"bisphosphonates_prostate", "no_bisphosphonates"}


@pytest.mark.parametrize(
    ("confirmed", "known", "answer"),
    [
        (Confirmed.MSCC, NO, YES),
        (Confirmed.SPINAL_METASTASES, NOT_KNOWN, YES),
        (Confirmed.NOT_KNOWN, YES, YES),
        (Confirmed.NOT_KNOWN, NOT_KNOWN, NOT_KNOWN),
        (Confirmed.NOT_KNOWN, NO, None),
    ],
)
def test_bone_medicines_are_for_a_spine_that_is_involved(confirmed, known, answer):
    disease = replace(BREAST, metastases_known=known)
    found = [
        each.applies
        for each in concluded(confirmed=confirmed, disease=disease)
        if each.key == "pain.bisphosphonates"
    ]
    assert found == ([answer] if answer else [])


def test_a_confirmed_haematological_cancer_is_no_solid_tumour():
    disease = replace(BREAST, primary=Primary.OTHER, haematology=Haematology.CONFIRMED)
    assert "denosumab" not in applies(concluded(disease=disease))


answers = st.sampled_from(Answer)
people = st.builds(
    Facts,
    suspicion=st.sampled_from(Suspicion),
    presentation=presentations(),
    confirmed=st.sampled_from(Confirmed),
    disease=st.builds(
        Disease,
        primary=st.sampled_from(Primary),
        metastases_known=answers,
        haematology=st.sampled_from(Haematology),
    ),
    pain=st.builds(
        Pain,
        severity=st.none() | st.integers(0, 10),
        controlled=answers,
        neuropathic=answers,
        opioids_do_not_help=answers,
        difficult_to_manage=answers,
        limits_life=answers,
        assessed=answers,
        plan_agreed=answers,
        reviewed_since_change=answers,
        strong_opioids=answers,
        palliative_care=answers,
    ),
)


@settings(max_examples=150)
@given(people)
def test_every_line_can_be_read_out_and_what_is_open_has_its_question(person):
    for each in pain.conclude(person):
        assert len(each.text) <= 170
        assert each.text.endswith(".")
        assert each.because or each.applies is not YES
        assert each.unknown or each.applies is YES
        assert each.text.startswith("If ") or each.applies is YES


@settings(max_examples=150)
@given(people)
def test_nobody_is_told_to_use_a_bone_medicine_and_not_to(person):
    offered = set(applies(pain.conclude(person)))
    assert not {"bisphosphonates", "no_bisphosphonates"} <= offered
    assert not {"bisphosphonates_prostate", "no_bisphosphonates"} <= offered
    assert not {"denosumab", "no_denosumab"} <= offered


@settings(max_examples=100)
@given(people, st.integers(0, 9))
def test_more_pain_never_takes_a_referral_or_relief_away(person, severity):
    def offered(score):
        now = replace(person, pain=replace(person.pain, severity=score))
        return {e.key for e in pain.conclude(now) if e.strength is not Strength.DO_NOT}

    assert offered(severity) <= offered(severity + 1)
