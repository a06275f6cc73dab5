from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical import steroids
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
from referrals.clinical.neurology import Mobility, Neurology
from referrals.clinical.presentation import CORD_ITEMS, Answer, CancerStatus
from tests.unit.clinical.facts import CORD, NO, NOT_KNOWN, PAST, YES, presentations, presented

MSCC, METASTASES = Suspicion.MSCC, Suspicion.SPINAL_METASTASES
SIGNS = presented(PAST, "limb_weakness")
NO_SIGNS = presented(PAST, "night")
UNEXAMINED = presented(PAST, "night", unknown=CORD)
SOLID = Disease(haematology=Haematology.NO)
RUNNING = Steroids(given=YES, running=YES, daily_mg=16, part_of_radiotherapy=NO)
WAITING = Treatment(surgery_performed=NO, radiotherapy_started=NO, conservative=NO)


def facts(presentation=SIGNS, suspicion=MSCC, **more):
    return Facts(suspicion, presentation, **{"disease": SOLID} | more)


def applies(found, answer=YES):
    return [each.key.removeprefix("steroids.") for each in found if each.applies is answer]


def concluded(presentation=SIGNS, **more):
    return steroids.conclude(facts(presentation, **more))


def text_of(found, name):
    (line,) = [each for each in found if each.key == f"steroids.{name}"]
    return line.text


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


def test_a_running_course_goes_on_at_full_dose_until_treatment():
    found = concluded(steroids=RUNNING, treatment=WAITING)
    assert applies(found) == ["continue_daily", "watch"]


@pytest.mark.parametrize(("dose", "asked"), [(8, True), (15.9, True), (16, False), (20, False)])
def test_less_than_sixteen_while_waiting_is_asked_about(dose, asked):
    running = replace(RUNNING, daily_mg=dose)
    text = text_of(concluded(steroids=running, treatment=WAITING), "continue_daily")
    assert ("ask the coordinator" in text) is asked


def test_a_taper_planned_before_any_treatment_is_asked_about():
    planned = replace(RUNNING, planned_taper=YES)
    found = concluded(steroids=planned, treatment=WAITING)
    assert text_of(found, "continue_daily").startswith("A taper is planned")


@pytest.mark.parametrize("done", ["surgery_performed", "radiotherapy_started"])
def test_treatment_turns_continuing_into_a_taper(done):
    found = concluded(steroids=RUNNING, treatment=replace(WAITING, **{done: YES}))
    assert applies(found) == ["taper", "watch"]
    assert "5 to 7 days" in text_of(found, "taper")
    assert found[0].numbers == ("1.8.1", "summary: corticosteroids")


def test_a_planned_taper_is_followed_and_a_haematological_one_is_agreed():
    after = replace(WAITING, surgery_performed=YES)
    planned = replace(RUNNING, planned_taper=YES)
    assert "follow the planned taper" in text_of(
        concluded(steroids=planned, treatment=after), "taper"
    )
    confirmed = Disease(haematology=Haematology.CONFIRMED)
    found = concluded(steroids=RUNNING, treatment=after, disease=confirmed)
    assert "haematology team" in text_of(found, "taper")


def test_treatment_nobody_recorded_leaves_the_taper_open():
    found = concluded(steroids=RUNNING)
    assert "taper" in applies(found, NOT_KNOWN)
    assert text_of(found, "taper").startswith("Once surgery is done")


WORSE = {
    "neurology_before": Neurology(Mobility.UNAIDED, power={"left_leg": 5}),
    "neurology": Neurology(Mobility.WITH_HELP, power={"left_leg": 4}),
}


def test_worse_neurology_at_any_time_means_more_for_a_while():
    for treatment in (WAITING, replace(WAITING, radiotherapy_started=YES), Treatment()):
        found = concluded(steroids=RUNNING, treatment=treatment, **WORSE)
        assert "increase" in applies(found)
        assert "Power of the left leg fell from 5 to 4." in found[0].because
    after_the_stop = replace(RUNNING, running=NO)
    found = concluded(steroids=after_the_stop, treatment=WAITING, **WORSE)
    assert "giving it again" in text_of(found, "increase")


def test_worse_neurology_without_treatment_to_follow_is_thought_about_again():
    decided = replace(WAITING, conservative=YES)
    found = concluded(steroids=RUNNING, treatment=decided, **WORSE)
    assert "think about" in text_of(found, "increase")


def test_worse_neurology_of_somebody_who_never_had_it_means_the_first_dose():
    found = concluded(steroids=Steroids(given=NO), **WORSE)
    assert applies(found)[0] == "first_dose"
    assert "increase" not in applies(found)


def test_ruled_out_means_stop_and_nothing_else():
    stopped = concluded(NO_SIGNS, steroids=RUNNING, confirmed=Confirmed.RULED_OUT)
    assert applies(stopped) == ["stop_ruled_out"]
    assert concluded(NO_SIGNS, steroids=Steroids(given=NO), confirmed=Confirmed.RULED_OUT) == ()
    assert (
        concluded(NO_SIGNS, steroids=replace(RUNNING, running=NO), confirmed=Confirmed.RULED_OUT)
        == ()
    )
    (asked,) = concluded(NO_SIGNS, confirmed=Confirmed.RULED_OUT)
    assert (asked.applies, asked.unknown) == (NOT_KNOWN, ("Has dexamethasone been given?",))


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
def test_signs_that_may_be_newer_than_the_scan_make_the_stop_a_question():
    (asked,) = concluded(steroids=RUNNING, confirmed=Confirmed.RULED_OUT)
    assert (asked.key, asked.applies) == ("steroids.stop_ruled_out", NOT_KNOWN)
    assert asked.unknown == ("Are the signs newer than the scan?",)


    assert applies(found, NOT_KNOWN) == ["first_dose"]


def test_a_steroid_that_is_part_of_radiotherapy_is_not_forbidden():
    planned = Steroids(given=NO, part_of_radiotherapy=YES)
    assert applies(concluded(NO_SIGNS, steroids=planned)) == ["part_of_radiotherapy"]


def test_one_that_runs_without_signs_is_questioned_but_not_after_treatment():
    pain = Pain(severity=2)
    found = concluded(NO_SIGNS, steroids=RUNNING, treatment=WAITING, pain=pain)
    assert "whether to stop" in text_of(found, "not_routine")
    after = replace(WAITING, radiotherapy_started=YES)
    found = concluded(NO_SIGNS, steroids=RUNNING, treatment=after, pain=pain)
    assert applies(found) == ["taper", "watch"]


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
        (SIGNS, SUSPECTED, NO, "haematology_first_with_signs"),
    ],
)
def test_confirmed_and_suspected_haematological_malignancy_are_kept_apart(
    presentation, disease, given, expected
):
    found = concluded(presentation, disease=disease, steroids=Steroids(given=given))
    assert applies(found)[0] == expected
    assert "not_routine" not in applies(found)


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


def test_no_other_treatment_means_down_and_out_unless_symptoms_return():
    none_left = replace(SOLID, other_treatment=NO)
    found = concluded(steroids=RUNNING, treatment=WAITING, disease=none_left)
    assert applies(found) == ["no_other_treatment", "watch"]
    returned = replace(RUNNING, worse_on_reduction=YES)
    found = concluded(steroids=returned, treatment=WAITING, disease=none_left)
    assert applies(found) == ["symptoms_return", "watch"]


def test_neither_surgery_nor_radiotherapy_means_reduce_and_stop():
    decided = replace(WAITING, conservative=YES)
    other = replace(SOLID, other_treatment=YES)
    found = concluded(steroids=RUNNING, treatment=decided, disease=other)
    assert applies(found) == ["without_treatment", "watch"]


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


@pytest.mark.parametrize(
    ("given", "running", "taken"),
    [
        (YES, NOT_KNOWN, YES),
        (YES, YES, YES),
        (YES, NO, NO),
        (NO, NOT_KNOWN, NO),
        (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN),
        (NOT_KNOWN, YES, YES),
        (NOT_KNOWN, NO, NO),
    ],
)
def test_what_was_given_is_taken_until_somebody_says_that_it_stopped(given, running, taken):
    told = facts(steroids=Steroids(given=given, running=running))
    assert steroids.taking(told).answer is taken


def test_what_is_watched_says_what_was_done_already():
    protected = replace(RUNNING, stomach_protection=YES)
    assert "continue the proton pump" in text_of(concluded(steroids=protected), "watch")
    checked = replace(RUNNING, glucose_monitored=YES)
    assert "go on checking glucose" in text_of(concluded(steroids=checked), "watch")


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
