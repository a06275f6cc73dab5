"""Radiotherapy for MSCC at its edges: who is owed it urgently, and who is not (1.10)."""

from dataclasses import replace

import pytest

from referrals.clinical import radiotherapy
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Pain,
    Prognosis,
)
from referrals.clinical.library import Strength
from referrals.clinical.neurology import Mobility, Neurology
from tests.unit.clinical.facts import NO, NOT_KNOWN, YES
from tests.unit.clinical.irradiated import (
    MSCC,
    PAINFUL,
    PARALYSED,
    SILENT,
    applies,
    found,
)
from tests.unit.clinical.treating import with_treatment


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
