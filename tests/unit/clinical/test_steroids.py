from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import steroid_rules, steroids
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Facts,
    Haematology,
    Pain,
    Primary,
    Steroids,
    Treatment,
)
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from referrals.clinical.presentation import CORD_ITEMS, Answer, CancerStatus
from tests.unit.clinical.dexamethasone import (
    METASTASES,
    MSCC,
    NO_SIGNS,
    RUNNING,
    SIGNS,
    UNEXAMINED,
    WAITING,
    applies,
    concluded,
    facts,
)
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presentations, presented


def test_every_rule_has_a_key_of_its_own_and_a_source():
    keys = [rule.key for rule in steroids.RULES]
    assert len(set(keys)) == len(keys)
    numbers = {number for rule in steroids.RULES for number in rule.numbers}
    assert numbers == {f"1.8.{n}" for n in range(1, 9)} | {"summary: corticosteroids"}


def test_signs_mean_sixteen_milligrams_as_soon_as_possible_and_watching():
    found = concluded(steroids=Steroids(given=NO))
    assert applies(found) == ["first_dose", "watch"]
    assert found[0].strength is Strength.OFFER
    assert "16 mg now" in found[0].text
    assert found[0].because == ("There is weakness of an arm or leg.",)


def test_a_dose_nobody_knows_about_is_offered_with_the_question():
    found = concluded()
    assert applies(found) == ["first_dose", "watch"]
    assert found[0].unknown == ("Has dexamethasone been given?",)
    # What follows a dose is open as long as nobody knows whether there was one.
    assert applies(found, NOT_KNOWN) == ["taper", "no_other_treatment"]


def test_not_knowing_about_lymphoma_offers_the_dose_and_asks():
    found = concluded(disease=Disease())
    assert applies(found)[0] == "first_dose_unless_lymphoma"
    assert "lymphoma or myeloma" in found[0].unknown[0]


def test_nothing_suspected_means_nothing_to_say():
    assert concluded(NO_SIGNS, suspicion=Suspicion.NONE) == ()
    assert steroids.initial(facts(NO_SIGNS, suspicion=Suspicion.NONE)) == ()


@pytest.mark.parametrize(
    ("severity", "expected"), [(0, "not_routine"), (6, "not_routine"), (7, "severe_pain")]
)
def test_without_signs_only_severe_pain_makes_it_worth_considering(severity, expected):
    found = concluded(NO_SIGNS, pain=Pain(severity=severity), steroids=Steroids(given=NO))
    assert applies(found) == [expected]


def test_pain_nobody_measured_leaves_both_open():
    found = concluded(NO_SIGNS, steroids=Steroids(given=NO, part_of_radiotherapy=NO))
    assert applies(found) == ["not_routine"]
    assert applies(found, NOT_KNOWN) == ["severe_pain"]
    assert found[0].unknown == ("How severe is the pain, from 0 to 10?",)


def test_unknown_signs_are_examined_and_the_dose_stays_open():
    found = concluded(UNEXAMINED, steroids=Steroids(given=NO), pain=Pain(severity=2))
    assert applies(found) == ["examine_first"]
    assert applies(found, NOT_KNOWN) == ["first_dose"]


def test_a_steroid_that_is_part_of_radiotherapy_is_not_forbidden():
    planned = Steroids(given=NO, part_of_radiotherapy=YES)
    assert applies(concluded(NO_SIGNS, steroids=planned)) == ["part_of_radiotherapy"]


CONFIRMED = Disease(haematology=Haematology.CONFIRMED, metastases_known=YES)
SUSPECTED = Disease(haematology=Haematology.SUSPECTED, metastases_known=YES)


@pytest.mark.parametrize(
    ("presentation", "disease", "given", "expected"),
    [
        (SIGNS, CONFIRMED, NO, "haematological_with_signs"),
        (NO_SIGNS, CONFIRMED, NO, "haematological"),
        (UNEXAMINED, CONFIRMED, NO, "haematological"),
        (NO_SIGNS, replace(CONFIRMED, metastases_known=NO), NO, "haematological_not_shown"),
        (NO_SIGNS, replace(CONFIRMED, metastases_known=NOT_KNOWN), NO, "haematological_not_shown"),
        (SIGNS, CONFIRMED, YES, "haematological_next"),
        (NO_SIGNS, SUSPECTED, NO, "haematology_first"),
        (NO_SIGNS, SUSPECTED, YES, "haematology_first"),
        (SIGNS, SUSPECTED, NO, "first_dose_and_haematology"),
        (SIGNS, SUSPECTED, NOT_KNOWN, "first_dose_and_haematology"),
        (SIGNS, SUSPECTED, YES, "haematology_first"),
        (UNEXAMINED, SUSPECTED, NO, "haematology_first"),
    ],
)
def test_confirmed_and_suspected_haematological_malignancy_are_kept_apart(
    presentation, disease, given, expected
):
    found = concluded(presentation, disease=disease, steroids=Steroids(given=given))
    assert applies(found)[0] == expected
    assert "not_routine" not in applies(found)


def test_suspected_lymphoma_with_signs_does_not_wait_and_is_watched():
    found = concluded(disease=SUSPECTED, steroids=Steroids(given=NO))
    assert applies(found) == ["first_dose_and_haematology", "watch"]
    assert (found[0].strength, found[0].numbers) == (Strength.OFFER, ("1.8.1", "1.8.6"))
    assert "16 mg as soon as possible" in found[0].text
    assert "ring haematology at the same time" in found[0].text
    running = concluded(disease=SUSPECTED, steroids=RUNNING, treatment=WAITING)
    assert applies(running) == ["haematology_first", "continue_daily", "watch"]


def test_suspected_lymphoma_nobody_examined_shows_haematology_and_the_dose():
    for found in (
        concluded(UNEXAMINED, disease=SUSPECTED, steroids=Steroids(given=NO)),
        steroids.initial(facts(UNEXAMINED, disease=SUSPECTED)),
    ):
        assert applies(found) == ["haematology_first"]
        assert applies(found, NOT_KNOWN) == ["first_dose_and_haematology"]
        assert "16 mg" in found[1].text


def test_suspected_lymphoma_after_treatment_or_a_clear_scan_is_no_offer():
    never = Steroids(given=NO)
    after = replace(WAITING, surgery_performed=YES)
    found = concluded(disease=SUSPECTED, steroids=never, treatment=after)
    assert (applies(found), applies(found, NOT_KNOWN)) == ([], ["first_dose_and_haematology"])
    clear = concluded(disease=SUSPECTED, steroids=never, confirmed=Confirmed.SPINAL_METASTASES)
    assert applies(clear) == ["haematology_first"]
    assert applies(clear, NOT_KNOWN) == ["first_dose_and_haematology"]


@pytest.mark.parametrize("presentation", [SIGNS, NO_SIGNS])
def test_a_haematological_course_that_was_stopped_or_treated_is_not_offered_again(presentation):
    stopped = replace(RUNNING, running=NO, daily_mg=None)
    after = replace(WAITING, radiotherapy_started=YES)

    def said(steroids_now, treatment):
        more = {"disease": CONFIRMED, "steroids": steroids_now, "treatment": treatment}
        return concluded(presentation, **more)[0]

    asked = said(stopped, WAITING)
    assert (asked.key, asked.applies) == ("steroids.haematological_next", YES)
    assert "ask the haematology team what follows" in asked.text
    found = concluded(presentation, disease=CONFIRMED, steroids=stopped, treatment=WAITING)
    assert applies(found) == ["haematological_next"]
    again = said(stopped, after)
    assert (again.key, again.applies) == ("steroids.haematological_next", NOT_KNOWN)
    never = said(Steroids(given=NO), after)
    assert (never.strength, never.applies) == (Strength.OFFER, NOT_KNOWN)
    assert never.text.startswith("If dexamethasone is wanted")


def test_a_scan_that_shows_the_spine_involved_is_enough_for_the_haematological_dose():
    blood = Disease(haematology=Haematology.CONFIRMED)
    for confirmed in (Confirmed.MSCC, Confirmed.SPINAL_METASTASES):
        found = concluded(NO_SIGNS, disease=blood, confirmed=confirmed)
        assert applies(found)[0] == "haematological"


@pytest.mark.parametrize(
    ("primary", "cancer", "said", "expected"),
    [
        (Primary.MYELOMA, PAST, Haematology.NOT_KNOWN, Haematology.CONFIRMED),
        (Primary.LYMPHOMA, CancerStatus.SUSPECTED, Haematology.NOT_KNOWN, Haematology.SUSPECTED),
        (Primary.MYELOMA, PAST, Haematology.NO, Haematology.CONFIRMED),
        (Primary.MYELOMA, PAST, Haematology.SUSPECTED, Haematology.SUSPECTED),
        (Primary.BREAST, PAST, Haematology.NOT_KNOWN, Haematology.NOT_KNOWN),
        (Primary.BREAST, PAST, Haematology.NO, Haematology.NO),
    ],
)
def test_a_primary_recorded_as_lymphoma_or_myeloma_counts(primary, cancer, said, expected):
    told = facts(presented(cancer), disease=Disease(primary=primary, haematology=said))
    assert steroids.haematology(told) is expected


def test_signs_after_treatment_or_after_a_clear_scan_are_a_question_not_a_dose():
    never = Steroids(given=NO)
    treated = replace(WAITING, surgery_performed=YES)
    for more in ({"treatment": treated}, {"confirmed": Confirmed.SPINAL_METASTASES}):
        found = concluded(steroids=never, **more)
        assert applies(found, NOT_KNOWN) == ["first_dose"]
        assert applies(found) == []
    found = concluded(steroids=RUNNING, treatment=WAITING, confirmed=Confirmed.SPINAL_METASTASES)
    assert "continue_daily" in applies(found, NOT_KNOWN)


def test_stopped_while_there_are_signs_is_asked_about_at_once():
    found = concluded(steroids=replace(RUNNING, running=NO), treatment=WAITING)
    assert applies(found)[0] == "first_dose"
    assert "give it again" in found[0].text


def test_the_first_call_says_one_line_on_the_dose_and_one_on_what_is_watched():
    assert applies(steroids.initial(facts())) == ["first_dose", "watch"]
    assert applies(steroids.initial(facts(steroids=RUNNING))) == ["continue_daily", "watch"]
    assert applies(steroids.initial(facts(UNEXAMINED))) == ["examine_first"]
    assert applies(steroids.initial(facts(NO_SIGNS, disease=SUSPECTED))) == ["haematology_first"]
    ruled_out = facts(NO_SIGNS, steroids=RUNNING, confirmed=Confirmed.RULED_OUT)
    assert applies(steroids.initial(ruled_out)) == ["stop_ruled_out"]


answers = st.sampled_from(Answer)
people = st.builds(
    Facts,
    suspicion=st.sampled_from([MSCC, METASTASES]),
    presentation=presentations(),
    confirmed=st.sampled_from(Confirmed),
    neurology=st.builds(
        Neurology, power=st.dictionaries(st.just("left_leg"), st.integers(0, 5)), bladder=answers
    ),
    neurology_before=st.none() | st.just(Neurology(power={"left_leg": 5})),
    disease=st.builds(
        Disease,
        primary=st.sampled_from([Primary.BREAST, Primary.MYELOMA, Primary.NOT_KNOWN]),
        haematology=st.sampled_from(Haematology),
        metastases_known=answers,
        other_treatment=answers,
    ),
    pain=st.builds(Pain, severity=st.none() | st.integers(0, 10)),
    steroids=st.builds(
        Steroids,
        given=answers,
        running=answers,
        daily_mg=st.none() | st.floats(0.5, 40),
        planned_taper=answers,
        worse_on_reduction=answers,
        stomach_protection=answers,
        glucose_monitored=answers,
        part_of_radiotherapy=answers,
    ),
    treatment=st.builds(
        Treatment, surgery_performed=answers, radiotherapy_started=answers, conservative=answers
    ),
)


def offers(found):
    """Whether a dose is offered to this person, or would be once a question is answered."""
    doses = ("first_dose", "haematological", "continue_daily", "haematology_first")
    return any(each.key.removeprefix("steroids.").startswith(doses) for each in found)


@settings(max_examples=150)
@given(people, st.sampled_from([item.id for item in CORD_ITEMS]))
def test_one_more_neurological_sign_never_takes_an_offer_away(person, sign):
    before = steroids.conclude(person)
    worse = replace(person, presentation=person.presentation.with_answer(sign, YES))
    if offers(before):
        after = steroids.conclude(worse)
        taken = steroids.taking(person).answer is YES
        treated = steroids.treated(person).answer is YES
        assert offers(after) or (taken and (treated or NO in _goes_on(person)))


def _goes_on(person):
    """Why a course that runs comes down: nothing will follow."""
    conservative = NO if person.treatment.conservative is YES else YES
    return (conservative, person.disease.other_treatment)


@settings(max_examples=150)
@given(people)
def test_somebody_untreated_with_signs_is_always_told_about_a_dose(person):
    found = steroids.conclude(person)
    untreated = steroids.treated(person).answer is not YES
    if untreated and person.signs.answer is YES and not person.ruled_out:
        assert offers(found) or steroids.taking(person).answer is YES


@settings(max_examples=150)
@given(people)
def test_unknown_haematology_is_never_taken_for_a_no(person):
    blood = steroids.haematology(person)
    if blood is not Haematology.NOT_KNOWN or person.ruled_out:
        return
    # After treatment nothing about it turns on the kind of cancer: only the dose comes down.
    if steroids.treated(person).answer is not YES and NO not in _goes_on(person):
        asked = {question for each in steroids.conclude(person) for question in each.unknown}
        assert any("lymphoma or myeloma" in question for question in asked)


@settings(max_examples=150)
@given(people)
def test_every_line_can_be_read_out_and_what_is_open_has_its_question(person):
    for each in (*steroids.conclude(person), *steroids.initial(person)):
        assert len(each.text) <= 160
        assert each.text.endswith(".")
        assert each.because or each.applies is not YES
        assert each.unknown or each.applies is YES
        assert each.text.startswith("If ") or each.applies is YES


def test_no_rule_on_dexamethasone_tells_the_coordinator_to_ask_the_coordinator():
    """The coordinator reads the same words on the person's page as the ward in the advice."""
    said = [rule.text for rule in steroid_rules.RULES]
    said += [words for words in vars(steroid_rules).values() if isinstance(words, str)]
    assert not [words for words in said if "the coordinator" in words]
