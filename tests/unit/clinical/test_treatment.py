from dataclasses import replace
from datetime import timedelta

import pytest

from referrals.clinical.facts import Disease, Facts, Pain, Prognosis, Treatment
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from referrals.clinical.treatment import (
    AgainstSurgery,
    Decision,
    RadiotherapyException,
    UrgentRadiotherapy,
    against_the_record,
    exception_errors,
    only_time_since_paralysis,
    urgent_radiotherapy,
)
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented

PARALYSIS = RadiotherapyException.PARALYSIS_AND_PAIN_CONTROLLED
PROGNOSIS = RadiotherapyException.POOR_PROGNOSIS
MSCC = Decision(Suspicion.MSCC, surgery=False)
PARALYSED = replace(
    MSCC,
    exception=PARALYSIS,
    exception_reason="Paraplegic since 1 November",
    paralysed_for=timedelta(days=14),
    pain_controlled=YES,
)


def test_mscc_that_is_not_for_surgery_is_owed_urgent_radiotherapy():
    assert urgent_radiotherapy(MSCC) is UrgentRadiotherapy.INDICATED


def test_surgery_or_metastases_alone_owe_no_urgent_radiotherapy():
    for decision in (
        replace(MSCC, surgery=True),
        replace(MSCC, condition=Suspicion.SPINAL_METASTASES),
        replace(MSCC, condition=Suspicion.NONE),
    ):
        assert urgent_radiotherapy(decision) is UrgentRadiotherapy.NOT_EXPECTED


@pytest.mark.parametrize("exception", list(RadiotherapyException))
def test_either_reason_of_the_guideline_excepts(exception):
    assert urgent_radiotherapy(replace(MSCC, exception=exception)) is UrgentRadiotherapy.EXCEPTED


def test_the_guideline_gives_two_reasons_and_no_third():
    assert len(RadiotherapyException) == 2
    assert all(each.label for each in RadiotherapyException)


def test_two_full_weeks_of_complete_paralysis_with_controlled_pain_except():
    assert exception_errors(PARALYSED) == {}


def test_thirteen_days_of_paralysis_do_not_except():
    errors = exception_errors(replace(PARALYSED, paralysed_for=timedelta(days=13)))
    assert "13 days, which is not yet 2 weeks" in errors["paralysed_for"]
    almost = replace(PARALYSED, paralysed_for=timedelta(days=14) - timedelta(seconds=1))
    assert list(exception_errors(almost)) == ["paralysed_for"]


@pytest.mark.parametrize("controlled", [NO, NOT_KNOWN])
def test_paralysis_with_pain_not_known_to_be_controlled_does_not_except(controlled):
    errors = exception_errors(replace(PARALYSED, pain_controlled=controlled))
    assert list(errors) == ["pain_controlled"]


def test_paralysis_of_unknown_length_does_not_except():
    assert list(exception_errors(replace(PARALYSED, paralysed_for=None))) == ["paralysed_for"]


def test_an_exception_needs_its_reason_in_words():
    bare = replace(MSCC, exception=PROGNOSIS, exception_reason="  ")
    assert list(exception_errors(bare)) == ["exception_reason"]
    assert exception_errors(replace(bare, exception_reason="Days to live")) == {}


def test_an_exception_where_nothing_is_owed_is_questioned():
    assert list(exception_errors(replace(PARALYSED, surgery=True))) == ["exception"]
    metastases = replace(PARALYSED, condition=Suspicion.SPINAL_METASTASES)
    assert list(exception_errors(metastases)) == ["exception"]


def test_a_decision_without_an_exception_has_nothing_to_explain():
    assert exception_errors(MSCC) == {}


# What the record says against a claim.

NOTHING_KNOWN = Facts(Suspicion.MSCC, presented(PAST))
FITS = replace(
    NOTHING_KNOWN,
    neurology=Neurology(complete_paralysis=YES),
    treatment=Treatment(paralysed_days=14),
    pain=Pain(controlled=YES),
)


def test_a_claim_that_the_record_supports_or_says_nothing_about_is_not_questioned():
    assert against_the_record(PARALYSED, FITS) == {}
    assert against_the_record(PARALYSED, NOTHING_KNOWN) == {}
    poor = replace(MSCC, exception=PROGNOSIS)
    for prognosis in (Prognosis.POOR, Prognosis.NOT_KNOWN):
        facts = replace(NOTHING_KNOWN, disease=Disease(prognosis=prognosis))
        assert against_the_record(poor, facts) == {}
    assert against_the_record(MSCC, replace(FITS, pain=Pain(controlled=NO))) == {}


def test_paralysis_of_thirteen_days_on_record_questions_the_claim():
    facts = replace(FITS, treatment=Treatment(paralysed_days=13))
    questions = against_the_record(PARALYSED, facts)
    assert list(questions) == ["paralysed_for"]
    assert "13 days, which is not yet 2 weeks" in questions["paralysed_for"]


def test_an_examination_without_complete_paralysis_questions_the_claim():
    facts = replace(FITS, neurology=Neurology(complete_paralysis=NO))
    assert "paralysis is not complete" in against_the_record(PARALYSED, facts)["paralysed_for"]


def test_pain_that_is_not_controlled_on_record_questions_the_claim():
    questions = against_the_record(PARALYSED, replace(FITS, pain=Pain(controlled=NO)))
    assert list(questions) == ["pain_controlled"]
    assert questions["pain_controlled"].startswith("On record: the pain is not well controlled.")


@pytest.mark.parametrize("prognosis", [Prognosis.GOOD, Prognosis.LIMITED])
def test_a_better_prognosis_on_record_questions_the_claim_that_it_is_poor(prognosis):
    facts = replace(NOTHING_KNOWN, disease=Disease(prognosis=prognosis))
    questions = against_the_record(replace(MSCC, exception=PROGNOSIS), facts)
    assert f"judged {prognosis.value}" in questions["radiotherapy_exception"]


TIME = AgainstSurgery.TIME_SINCE_PARALYSIS


def test_time_since_paralysis_as_the_only_reason_against_surgery_is_questioned():
    alone = replace(MSCC, against_surgery=(TIME,))
    assert "1.11.5" in only_time_since_paralysis(alone)["against_surgery"]
    assert only_time_since_paralysis(replace(alone, surgery=True)) == {}
    assert only_time_since_paralysis(MSCC) == {}


@pytest.mark.parametrize("other", [each for each in AgainstSurgery if each is not TIME])
def test_time_since_paralysis_beside_another_reason_is_not(other):
    assert only_time_since_paralysis(replace(MSCC, against_surgery=(TIME, other))) == {}
    assert only_time_since_paralysis(replace(MSCC, against_surgery=(other,))) == {}
    assert other.label
