"""Radiotherapy without MSCC, after surgery, and again, at its edges (1.10)."""

from dataclasses import replace

import pytest

from referrals.clinical import radiotherapy, treating
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Haematology,
    Pain,
    Primary,
    Prognosis,
    Treatment,
)
from referrals.clinical.library import Strength
from referrals.clinical.neurology import Neurology
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented
from tests.unit.clinical.irradiated import (
    AGAIN,
    METASTASES,
    MSCC,
    PAINFUL,
    SILENT,
    applies,
    found,
)
from tests.unit.clinical.treating import with_treatment


def test_non_mechanical_pain_without_mscc_is_offered_8_gy_even_when_paralysed():
    for seen in (Neurology(), Neurology(complete_paralysis=YES)):
        hit = found(replace(PAINFUL, neurology=seen), radiotherapy.PAINFUL)
        assert (hit.applies, hit.strength) == (YES, Strength.OFFER)
        assert "even if the person is paralysed" in hit.text


@pytest.mark.parametrize(
    ("pain", "told", "expected"),
    [
        (Pain(severity=5, on_movement=YES), (), None),
        (Pain(severity=5, on_movement=YES), ("night",), NOT_KNOWN),
        (Pain(severity=5, on_movement=YES), ("severe_unremitting",), NOT_KNOWN),
        (Pain(severity=0, on_movement=NO), (), None),
        (Pain(severity=1, on_movement=NO), (), YES),
        (Pain(severity=0, on_movement=NO), ("progressive",), YES),
        (Pain(on_movement=NO), ("straining",), YES),
        (Pain(on_movement=NO), (), None),
    ],
)
def test_which_pain_is_treated_with_8_gy(pain, told, expected):
    facts = replace(METASTASES, presentation=presented(PAST, *told), pain=pain)
    assert applies(facts, radiotherapy.PAINFUL) is expected


@pytest.mark.parametrize("item", ["night", "severe_unremitting"])
def test_pain_at_rest_that_nobody_asked_about_does_not_hide_8_gy(item):
    facts = replace(
        METASTASES,
        presentation=presented(PAST, unknown=(item,)),
        pain=Pain(severity=5, on_movement=YES),
    )
    hit = found(facts, radiotherapy.PAINFUL)
    assert hit.applies is NOT_KNOWN
    assert hit.unknown == ("Is there also pain that moving does not bring on?",)


def test_pain_that_nobody_asked_about_is_asked_about():
    facts = replace(METASTASES, presentation=presented(PAST, other=NOT_KNOWN))
    hit = found(facts, radiotherapy.PAINFUL)
    assert hit.applies is NOT_KNOWN
    assert "Is there spinal pain, and how severe is it?" in hit.unknown
    assert any("moving make the pain worse" in question for question in hit.unknown)


def test_pain_with_mscc_or_before_a_scan_is_not_this_rule():
    assert found(replace(PAINFUL, confirmed=Confirmed.MSCC), radiotherapy.PAINFUL) is None
    before = replace(PAINFUL, confirmed=Confirmed.NOT_KNOWN)
    assert applies(before, radiotherapy.PAINFUL) is NOT_KNOWN


@pytest.mark.parametrize(
    ("disease", "expected"),
    [
        (Disease(prognosis=Prognosis.GOOD, metastases=4), YES),
        (Disease(prognosis=Prognosis.LIMITED, metastases=3), YES),
        (Disease(prognosis=Prognosis.LIMITED, metastases=1), YES),
        (Disease(prognosis=Prognosis.LIMITED, metastases=4), None),
        (Disease(prognosis=Prognosis.POOR, oligometastases=YES), YES),
        (Disease(prognosis=Prognosis.POOR, oligometastases=NO), None),
        (Disease(prognosis=Prognosis.POOR), NOT_KNOWN),
        (Disease(metastases=4), NOT_KNOWN),
        (Disease(prognosis=Prognosis.POOR, oligometastases=YES, metastases=4), None),
    ],
)
def test_ablative_radiotherapy_needs_a_good_prognosis_or_few_metastases(disease, expected):
    assert applies(replace(PAINFUL, disease=disease), radiotherapy.ABLATIVE) is expected


def test_no_metastases_are_not_oligometastases():
    none = replace(PAINFUL, disease=Disease(metastases=0))
    assert treating.few(replace(none, confirmed=Confirmed.NOT_KNOWN)).answer is NO


@pytest.mark.parametrize("confirmed", [Confirmed.MSCC, Confirmed.SPINAL_METASTASES])
def test_none_counted_beside_some_that_imaging_showed_is_asked_and_forbids_nothing(confirmed):
    few = treating.few(replace(SILENT, confirmed=confirmed, disease=Disease(metastases=0)))
    assert few.answer is NOT_KNOWN
    assert few.unknown == (
        "No metastasis is counted, and imaging showed some: how many are there?",
    )
    silent = replace(SILENT, disease=Disease(metastases=0))
    assert found(silent, radiotherapy.NOT_WITHOUT_SYMPTOMS) is None
    assert applies(silent, radiotherapy.ASYMPTOMATIC) is NOT_KNOWN


# No symptoms (1.10.7).


def test_without_symptoms_radiotherapy_has_three_reasons_and_no_other():
    assert found(SILENT, radiotherapy.ASYMPTOMATIC) is None
    refused = found(SILENT, radiotherapy.NOT_WITHOUT_SYMPTOMS)
    assert (refused.applies, refused.strength) == (YES, Strength.DO_NOT)
    for facts in (
        with_treatment(SILENT, in_trial=YES),
        with_treatment(SILENT, impending_compression=YES),
        replace(SILENT, disease=Disease(metastases=3)),
    ):
        assert applies(facts, radiotherapy.ASYMPTOMATIC) is YES
        assert found(facts, radiotherapy.NOT_WITHOUT_SYMPTOMS) is None
    assert (
        applies(replace(SILENT, disease=Disease(metastases=4)), radiotherapy.ASYMPTOMATIC) is None
    )


def test_an_unknown_reason_neither_allows_nor_forbids():
    facts = with_treatment(SILENT, in_trial=NOT_KNOWN)
    assert applies(facts, radiotherapy.ASYMPTOMATIC) is NOT_KNOWN
    assert found(facts, radiotherapy.NOT_WITHOUT_SYMPTOMS) is None


def test_symptoms_on_record_end_the_question_or_raise_one():
    in_pain = replace(SILENT, pain=Pain(severity=4))
    hit = found(with_treatment(in_pain, in_trial=YES), radiotherapy.ASYMPTOMATIC)
    assert hit.applies is NOT_KNOWN
    assert any("which holds now?" in question for question in hit.unknown)
    weak = replace(SILENT, neurology=Neurology(power={"left_leg": 4}))
    weak = with_treatment(weak, asymptomatic=NOT_KNOWN, in_trial=YES)
    assert found(weak, radiotherapy.ASYMPTOMATIC) is None
    asked = with_treatment(SILENT, asymptomatic=NOT_KNOWN, in_trial=YES)
    assert applies(asked, radiotherapy.ASYMPTOMATIC) is NOT_KNOWN


# Stem cells, fertility, surgery before, courses before.


@pytest.mark.parametrize(
    ("haematology", "harvest", "expected"),
    [
        (Haematology.CONFIRMED, YES, YES),
        (Haematology.SUSPECTED, YES, YES),
        (Haematology.CONFIRMED, NO, None),
        (Haematology.NO, YES, None),
        (Haematology.NOT_KNOWN, YES, NOT_KNOWN),
        (Haematology.CONFIRMED, NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_a_stem_cell_harvest_is_discussed_with_haematology(haematology, harvest, expected):
    disease = Disease(
        haematology=haematology, stem_cell_harvest=harvest, prognosis=Prognosis.LIMITED
    )
    assert applies(replace(MSCC, disease=disease), radiotherapy.STEM_CELLS) is expected


def test_a_primary_that_is_a_blood_cancer_counts_as_one():
    disease = Disease(primary=Primary.MYELOMA, stem_cell_harvest=YES, prognosis=Prognosis.LIMITED)
    hit = found(replace(MSCC, disease=disease), radiotherapy.STEM_CELLS)
    assert hit.applies is YES
    assert "A haematological malignancy is confirmed." in hit.because


def test_fertility_is_talked_about_whenever_radiotherapy_is_an_option_and_delays_nothing():
    considered = replace(METASTASES, treatment=Treatment(radiotherapy_considered=YES))
    for facts in (MSCC, PAINFUL, considered):
        assert applies(facts, radiotherapy.FERTILITY) is YES
        assert applies(facts, radiotherapy.FERTILITY_REFERRAL) is NOT_KNOWN
        wanted = with_treatment(facts, fertility_matters=YES)
        hit = found(wanted, radiotherapy.FERTILITY_REFERRAL)
        assert (hit.applies, hit.strength) == (YES, Strength.OFFER)
        assert "does not wait" in hit.text
        assert applies(wanted, radiotherapy.URGENT) is applies(facts, radiotherapy.URGENT)
        unwanted = with_treatment(facts, fertility_matters=NO)
        assert found(unwanted, radiotherapy.FERTILITY_REFERRAL) is None
    not_thought_of = with_treatment(METASTASES, radiotherapy_considered=NO)
    assert found(not_thought_of, radiotherapy.FERTILITY) is None
    assert applies(METASTASES, radiotherapy.FERTILITY) is NOT_KNOWN


def test_after_surgery_radiotherapy_waits_for_recovery():
    operated = with_treatment(MSCC, surgery_performed=YES)
    recovered = with_treatment(operated, recovered_from_surgery=YES)
    assert applies(recovered, radiotherapy.POSTOPERATIVE) is YES
    assert found(recovered, radiotherapy.AFTER_RECOVERY) is None
    ill = with_treatment(operated, recovered_from_surgery=NO)
    assert found(ill, radiotherapy.POSTOPERATIVE) is None
    assert applies(ill, radiotherapy.AFTER_RECOVERY) is YES
    assert applies(operated, radiotherapy.POSTOPERATIVE) is NOT_KNOWN
    assert found(operated, radiotherapy.AFTER_RECOVERY) is None
    never = with_treatment(recovered, surgery_performed=NO)
    assert found(never, radiotherapy.POSTOPERATIVE) is None
    treated = with_treatment(recovered, radiotherapy_started=YES)
    assert found(treated, radiotherapy.POSTOPERATIVE).unknown == (
        "Was the radiotherapy given after the operation?",
    )


@pytest.mark.parametrize(
    ("months", "expected"), [(2, None), (2.9, None), (3, YES), (12, YES), (None, NOT_KNOWN)]
)
def test_a_further_course_comes_into_question_three_months_after_the_last(months, expected):
    facts = with_treatment(AGAIN, months_since_radiotherapy=months)
    assert applies(facts, radiotherapy.FURTHER) is expected


@pytest.mark.parametrize("missing", ["responded_well", "recurrent_symptoms"])
def test_a_further_course_needs_a_good_response_and_symptoms_that_came_back(missing):
    assert found(with_treatment(AGAIN, **{missing: NO}), radiotherapy.FURTHER) is None
    open_ = with_treatment(AGAIN, **{missing: NOT_KNOWN})
    assert applies(open_, radiotherapy.FURTHER) is NOT_KNOWN


def test_before_a_further_course_dose_interval_and_volume_are_weighed():
    hit = found(AGAIN, radiotherapy.FURTHER_PLAN)
    assert (hit.applies, hit.strength, hit.numbers) == (YES, Strength.ENSURE, ("1.10.10",))
    early = with_treatment(AGAIN, months_since_radiotherapy=1)
    assert found(early, radiotherapy.FURTHER_PLAN) is None
    wanted = with_treatment(early, radiotherapy_considered=YES)
    assert applies(wanted, radiotherapy.FURTHER_PLAN) is YES
    first = with_treatment(wanted, previous_radiotherapy=NO)
    assert found(first, radiotherapy.FURTHER_PLAN) is None
