"""What whoever decides is shown: every conclusion once, in the place its strength gives it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import pain, radiotherapy, steroids, surgery
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Facts,
    Pain,
    Primary,
    Prognosis,
    Treatment,
)
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from referrals.clinical.options import RULES, in_words, options_for
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented
from tests.unit.clinical.treating import any_facts, with_treatment

MSCC = Facts(
    Suspicion.MSCC,
    presented(PAST),
    Confirmed.MSCC,
    treatment=Treatment(surgery_suitable=NO, discussed_with_specialists=YES),
    disease=Disease(prognosis=Prognosis.LIMITED, primary=Primary.BREAST),
    pain=Pain(controlled=YES),
    neurology=Neurology(complete_paralysis=YES),
)


def keys(conclusions):
    return [each.key for each in conclusions]


def test_urgent_radiotherapy_is_offered_and_fractions_are_an_open_question():
    shown = options_for(MSCC)
    assert keys(shown.offered) == [radiotherapy.URGENT.key]
    assert radiotherapy.MULTIPLE_FRACTIONS.key in keys(shown.depends)
    assert "Does the disease need a large treatment field?" in shown.unknown
    assert keys(shown.against) == [surgery.NO_TIME_LIMIT.key]
    assert radiotherapy.FERTILITY.key in keys(shown.mind)
    assert radiotherapy.URGENT.key in shown.keys
    assert radiotherapy.MULTIPLE_FRACTIONS.key not in shown.keys


def test_an_exception_stands_among_what_is_not_offered():
    shown = options_for(with_treatment(MSCC, paralysed_days=14))
    assert radiotherapy.EXCEPTED.key in keys(shown.against)
    assert radiotherapy.URGENT.key not in shown.keys


def test_surgery_that_may_suit_is_listed_with_what_to_find_out():
    shown = options_for(with_treatment(MSCC, surgery_suitable=NOT_KNOWN))
    assert surgery.DECOMPRESSION.key in keys(shown.considered)
    assert radiotherapy.URGENT.key in keys(shown.pressing)
    assert keys(shown.depends).count(radiotherapy.URGENT.key) == 0
    assert "Does surgery suit the person?" in shown.unknown


def test_medicines_that_hang_on_the_primary_stand_beside_the_treatments():
    assert pain.BISPHOSPHONATES.key in keys(options_for(MSCC).medicines)
    lung = replace(MSCC, disease=Disease(primary=Primary.LUNG))
    assert pain.NO_BISPHOSPHONATES.key in keys(options_for(lung).medicines)
    unknown = replace(MSCC, disease=Disease())
    assert pain.BISPHOSPHONATES.key not in keys(options_for(unknown).medicines)
    assert pain.RELIEF.key not in keys(options_for(MSCC).medicines)
    assert set(keys(options_for(MSCC).medicines)) & {rule.key for rule in steroids.RULES}


def test_nothing_is_listed_once_it_was_ruled_out():
    shown = options_for(replace(MSCC, confirmed=Confirmed.RULED_OUT))
    assert (shown.keys, shown.unknown, shown.mind) == ((), (), ())


def test_a_record_says_in_words_what_was_listed_then():
    assert in_words([radiotherapy.URGENT.key, "gone.since"]) == (radiotherapy.URGENT.text,)


@settings(max_examples=100)
@given(any_facts(st.sampled_from(Confirmed)))
def test_every_conclusion_has_exactly_one_place(facts):
    shown = options_for(facts)
    placed = [
        *shown.offered,
        *shown.considered,
        *shown.pressing,
        *shown.depends,
        *shown.against,
        *shown.mind,
    ]
    concluded = [*radiotherapy.conclude(facts), *surgery.conclude(facts)]
    assert sorted(keys(placed)) == sorted(keys(concluded))
    assert set(keys(placed)) <= set(RULES)
    may = [*shown.pressing, *shown.depends]
    assert all((each.applies is NOT_KNOWN) == (each in may) for each in placed)
    assert set(shown.unknown) == {question for each in placed for question in each.unknown}
