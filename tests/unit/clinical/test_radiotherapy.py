"""Section 1.10 at its edges: who is owed urgent radiotherapy, who is not, and what is open."""

from dataclasses import replace

import pytest

from referrals.clinical import radiotherapy, treating
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Facts,
    Haematology,
    Pain,
    Primary,
    Prognosis,
    Treatment,
)
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility, Neurology
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented
from tests.unit.clinical.treating import with_treatment

NOTHING = presented(PAST)
MSCC = Facts(
    Suspicion.MSCC,
    NOTHING,
    Confirmed.MSCC,
    treatment=Treatment(surgery_suitable=NO),
    disease=Disease(prognosis=Prognosis.LIMITED),
    neurology=Neurology(complete_paralysis=NO),
)
PARALYSED = replace(
    MSCC,
    neurology=Neurology(complete_paralysis=YES),
    treatment=Treatment(surgery_suitable=NO, paralysed_days=14),
    pain=Pain(controlled=YES),
)
METASTASES = Facts(Suspicion.SPINAL_METASTASES, NOTHING, Confirmed.SPINAL_METASTASES)
PAINFUL = replace(METASTASES, pain=Pain(severity=5, on_movement=NO))
SILENT = replace(
    METASTASES,
    neurology=Neurology(mobility=Mobility.UNAIDED, bladder=NO, bowel=NO, sensation=NO),
    treatment=Treatment(asymptomatic=YES, in_trial=NO, impending_compression=NO),
    disease=Disease(oligometastases=NO),
)
AGAIN = replace(
    MSCC,
    treatment=Treatment(
        previous_radiotherapy=YES,
        responded_well=YES,
        recurrent_symptoms=YES,
        months_since_radiotherapy=3,
        radiotherapy_considered=NO,
    ),
)


def found(facts, rule):
    """The conclusion of one rule, or None."""
    hits = [each for each in radiotherapy.conclude(facts) if each.key == rule.key]
    assert len(hits) <= 1
    return hits[0] if hits else None


def applies(facts, rule):
    hit = found(facts, rule)
    return hit.applies if hit else None


def test_every_rule_has_a_key_of_its_own_and_a_number_of_the_section():
    keys = [rule.key for rule in radiotherapy.RULES]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("radiotherapy.") for key in keys)
    numbers = {number for rule in radiotherapy.RULES for number in rule.numbers}
    assert numbers == {f"1.10.{n}" for n in range(1, 11)}


def test_nothing_is_concluded_for_somebody_in_whom_it_was_ruled_out():
    assert radiotherapy.conclude(replace(MSCC, confirmed=Confirmed.RULED_OUT)) == ()


def test_mscc_that_surgery_does_not_suit_is_offered_urgent_radiotherapy():
    hit = found(MSCC, radiotherapy.URGENT)
    assert (hit.applies, hit.strength, hit.numbers) == (YES, Strength.OFFER, ("1.10.4",))
    assert "MSCC is confirmed." in hit.because
    assert "Surgery does not suit the person." in hit.because
    assert hit.unknown == ()
    assert found(MSCC, radiotherapy.EXCEPTED) is None


@pytest.mark.parametrize(
    ("days", "urgent", "excepted"),
    [(0, YES, None), (13, YES, None), (14, None, YES), (15, None, YES)],
)
def test_two_full_weeks_of_paralysis_with_controlled_pain_except(days, urgent, excepted):
    facts = with_treatment(PARALYSED, paralysed_days=days)
    assert applies(facts, radiotherapy.URGENT) is urgent
    assert applies(facts, radiotherapy.EXCEPTED) is excepted


def test_thirteen_days_of_paralysis_are_named_as_why_urgent_radiotherapy_stands():
    hit = found(with_treatment(PARALYSED, paralysed_days=13), radiotherapy.URGENT)
    assert "Paralysis has been complete for 13 days, which is not yet 2 weeks." in hit.because


@pytest.mark.parametrize("controlled", [NO, NOT_KNOWN])
def test_long_paralysis_alone_does_not_except(controlled):
    facts = replace(PARALYSED, pain=Pain(controlled=controlled))
    hit = found(facts, radiotherapy.URGENT)
    assert hit.applies is YES
    assert ("Is the pain well controlled?" in hit.unknown) == (controlled is NOT_KNOWN)
    assert found(facts, radiotherapy.EXCEPTED) is None


@pytest.mark.parametrize(("severity", "urgent"), [(6, None), (7, YES), (9, YES), (None, None)])
def test_severe_pain_that_is_said_to_be_controlled_excepts_nothing_and_is_asked(severity, urgent):
    facts = replace(PARALYSED, pain=Pain(severity=severity, controlled=YES))
    assert applies(facts, radiotherapy.URGENT) is urgent
    assert applies(facts, radiotherapy.EXCEPTED) is (None if urgent else YES)
    if urgent:
        assert found(facts, radiotherapy.URGENT).unknown == (
            f"Pain is {severity} out of 10 and recorded as well controlled: which holds now?",
        )


def test_while_urgent_radiotherapy_may_be_owed_what_goes_with_it_stays_open():
    facts = with_treatment(MSCC, surgery_suitable=NOT_KNOWN, radiotherapy_considered=NO)
    for rule in (
        radiotherapy.URGENT,
        radiotherapy.FERTILITY,
        radiotherapy.SINGLE_FRACTION,
        radiotherapy.MULTIPLE_FRACTIONS,
    ):
        hit = found(facts, rule)
        assert hit.applies is NOT_KNOWN
        assert hit.text.startswith("If ")
        assert "Does surgery suit the person?" in hit.unknown


def test_what_ng234_advises_is_shown_and_not_ordered():
    silent = found(SILENT, radiotherapy.NOT_WITHOUT_SYMPTOMS)
    assert silent.text.startswith("NG234 advises to consider radiotherapy without symptoms only")
    sure = with_treatment(MSCC, large_field=NO, previous_radiotherapy=NO, other_side_effect_risk=NO)
    one = found(sure, radiotherapy.SINGLE_FRACTION)
    assert one.text.startswith("NG234 advises one fraction of 8 Gy")
    open_ = found(MSCC, radiotherapy.SINGLE_FRACTION)
    assert open_.text == f"If MSCC is treated with radiotherapy: {one.text}"


def test_controlled_pain_alone_does_not_except():
    facts = replace(MSCC, pain=Pain(controlled=YES))
    assert applies(facts, radiotherapy.URGENT) is YES


def test_paralysis_that_is_not_complete_or_of_unknown_length_does_not_except():
    partial = replace(PARALYSED, neurology=Neurology(complete_paralysis=NO))
    assert applies(partial, radiotherapy.URGENT) is YES
    since = found(with_treatment(PARALYSED, paralysed_days=None), radiotherapy.URGENT)
    assert since.applies is YES
    assert "Since when has the paralysis been complete?" in since.unknown


@pytest.mark.parametrize(
    "seen",
    [
        Neurology(complete_paralysis=YES, power={"left_leg": 1}),
        Neurology(mobility=Mobility.WITH_HELP, complete_paralysis=YES),
    ],
)
def test_paralysis_on_record_beside_legs_that_move_is_asked_about(seen):
    hit = found(replace(PARALYSED, neurology=seen), radiotherapy.URGENT)
    assert hit.applies is YES
    assert any("which holds now?" in question for question in hit.unknown)


@pytest.mark.parametrize(
    ("prognosis", "urgent"),
    [
        (Prognosis.POOR, None),
        (Prognosis.LIMITED, YES),
        (Prognosis.GOOD, YES),
        (Prognosis.NOT_KNOWN, YES),
    ],
)
def test_only_a_prognosis_judged_poor_excepts(prognosis, urgent):
    facts = replace(MSCC, disease=Disease(prognosis=prognosis))
    assert applies(facts, radiotherapy.URGENT) is urgent
    assert applies(facts, radiotherapy.EXCEPTED) is (YES if urgent is None else None)


def test_a_prognosis_nobody_judged_is_asked_about():
    hit = found(replace(MSCC, disease=Disease()), radiotherapy.URGENT)
    assert hit.unknown == ("Is the overall prognosis poor?",)


def test_while_it_is_not_known_whether_surgery_suits_urgent_radiotherapy_stays_open():
    hit = found(with_treatment(MSCC, surgery_suitable=NOT_KNOWN), radiotherapy.URGENT)
    assert hit.applies is NOT_KNOWN
    assert hit.unknown == ("Does surgery suit the person?",)
    assert found(with_treatment(MSCC, surgery_suitable=YES), radiotherapy.URGENT) is None


def test_mscc_that_no_scan_has_shown_yet_keeps_urgent_radiotherapy_open():
    hit = found(replace(MSCC, confirmed=Confirmed.NOT_KNOWN), radiotherapy.URGENT)
    assert hit.applies is NOT_KNOWN
    assert hit.unknown == ("What does the scan of the whole spine show?",)


@pytest.mark.parametrize("done", ["radiotherapy_started", "surgery_performed"])
def test_what_was_done_is_not_owed_any_more(done):
    assert found(with_treatment(MSCC, **{done: YES}), radiotherapy.URGENT) is None


@pytest.mark.parametrize("risk", ["large_field", "previous_radiotherapy", "other_side_effect_risk"])
def test_a_high_risk_of_side_effects_is_a_reason_for_several_fractions(risk):
    none = with_treatment(MSCC, large_field=NO, previous_radiotherapy=NO, other_side_effect_risk=NO)
    assert applies(none, radiotherapy.SINGLE_FRACTION) is YES
    assert found(none, radiotherapy.MULTIPLE_FRACTIONS) is None
    high = with_treatment(none, **{risk: YES})
    assert found(high, radiotherapy.SINGLE_FRACTION) is None
    hit = found(high, radiotherapy.MULTIPLE_FRACTIONS)
    assert (hit.applies, hit.strength) == (YES, Strength.CONSIDER)
    open_ = with_treatment(none, **{risk: NOT_KNOWN})
    assert applies(open_, radiotherapy.SINGLE_FRACTION) is NOT_KNOWN
    assert applies(open_, radiotherapy.MULTIPLE_FRACTIONS) is NOT_KNOWN


def test_fractions_are_said_when_radiotherapy_is_considered_although_an_exception_holds():
    facts = with_treatment(PARALYSED, radiotherapy_considered=YES, large_field=YES)
    assert applies(facts, radiotherapy.MULTIPLE_FRACTIONS) is YES
    facts = with_treatment(facts, radiotherapy_considered=NO)
    assert found(facts, radiotherapy.MULTIPLE_FRACTIONS) is None


def test_fractions_of_section_1_10_4_are_for_mscc_only():
    facts = with_treatment(PAINFUL, large_field=YES, radiotherapy_considered=YES)
    assert found(facts, radiotherapy.MULTIPLE_FRACTIONS) is None


# Painful metastases without MSCC (1.10.2).


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
