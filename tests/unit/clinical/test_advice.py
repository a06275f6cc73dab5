import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical import library
from referrals.clinical.advice import LINES_A_TOPIC, Topic, advice_for, haematology
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Facts,
    Haematology,
    Pain,
    Scans,
    Spine,
    Steroids,
)
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from referrals.clinical.presentation import Answer, CancerStatus
from referrals.clinical.reasoning import LOCAL, SUMMARY
from tests.unit.clinical.facts import CORD, NO, NOT_KNOWN, PAST, YES, presentations, presented

MSCC, METASTASES = Suspicion.MSCC, Suspicion.SPINAL_METASTASES
SIGNS = presented(PAST, "limb_weakness")
NO_SIGNS = presented(PAST, "night")
UNEXAMINED = presented(PAST, "night", unknown=CORD)


def person(
    suspicion=MSCC,
    presentation=SIGNS,
    neurology=None,
    *,
    metastases_known=NOT_KNOWN,
    haematology=Haematology.NOT_KNOWN,
    pain_severity=None,
    pain_on_movement=NOT_KNOWN,
    dexamethasone_given=NOT_KNOWN,
    mri_contraindicated=NOT_KNOWN,
    **more,
):
    """The facts a ward has when it refers; everything else stays unknown."""
    return Facts(
        suspicion,
        presentation,
        neurology=neurology or Neurology(),
        disease=Disease(metastases_known=metastases_known, haematology=haematology),
        pain=Pain(severity=pain_severity, on_movement=pain_on_movement),
        scans=Scans(mri_contraindicated=mri_contraindicated),
        steroids=Steroids(given=dexamethasone_given),
        **more,
    )


def told(topic, *args, **more):
    return [each for each in advice_for(person(*args, **more)) if each.topic is topic]


def steroid(suspicion=MSCC, presentation=SIGNS, **more):
    return told(Topic.DEXAMETHASONE, suspicion, presentation, **more)


def test_suspected_mscc_begins_with_whom_to_ring():
    first = advice_for(person(), ring="020 7946 0123")[0]
    assert first.topic is Topic.CONTACT
    assert first.text.startswith("Ring the MSCC coordinator now: 020 7946 0123.")


def test_suspected_metastases_are_talked_over_within_a_day():
    (contact,) = told(Topic.CONTACT, METASTASES, NO_SIGNS)
    assert "within 24 hours" in contact.text
    assert "1.3.3" in contact.numbers


def test_the_five_topics_of_initial_advice_are_covered_for_suspected_mscc():
    found = {each.topic for each in advice_for(person())}
    assert found == set(Topic)


def test_without_a_suspicion_there_is_nothing_to_advise():
    assert advice_for(person(Suspicion.NONE, presented())) == ()


def test_cord_signs_mean_immobilise_now_and_ask_an_expert_within_a_day():
    first = told(Topic.IMMOBILISATION)[0]
    assert (first.strength, first.numbers) == (Strength.ENSURE, ("1.4.1", "1.4.3"))
    assert "1.4.4" in {number for each in told(Topic.STABILITY) for number in each.numbers}


def test_an_unexamined_person_is_kept_flat_until_someone_has_looked():
    first = told(Topic.IMMOBILISATION, presentation=UNEXAMINED)[0]
    assert "until the neurology has been examined" in first.text


@pytest.mark.parametrize(("severity", "advised"), [(None, True), (3, False), (4, True), (10, True)])
def test_moderate_pain_on_movement_is_a_reason_to_consider_immobilising(severity, advised):
    found = told(
        Topic.IMMOBILISATION, METASTASES, NO_SIGNS, pain_on_movement=YES, pain_severity=severity
    )
    assert bool(found) is advised
    assert all(each.strength in (Strength.CONSIDER, Strength.ENSURE) for each in found)


def test_mechanical_pain_in_box_1_counts_as_pain_on_movement():
    assert told(Topic.IMMOBILISATION, METASTASES, presented(PAST, "mechanical"))
    assert not told(Topic.IMMOBILISATION, METASTASES, NO_SIGNS)


def test_neurological_signs_mean_16_mg_now_with_glucose_and_stomach_protection():
    dose, care = steroid(haematology=Haematology.NO)
    assert (dose.strength, dose.numbers) == (Strength.OFFER, ("1.8.1",))
    assert "16 mg now" in dose.text
    assert care.numbers == ("1.8.8",)


def test_when_nobody_knows_about_lymphoma_the_dose_comes_with_the_question():
    dose = steroid()[0]
    assert dose.strength is Strength.OFFER
    assert "If it may be lymphoma or myeloma, ring haematology at the same time" in dose.text
    assert "1.8.6" in dose.numbers


def test_suspected_lymphoma_without_known_signs_means_haematology_before_the_first_dose():
    for presentation, lines in ((NO_SIGNS, 1), (UNEXAMINED, 2)):
        found = steroid(presentation=presentation, haematology=Haematology.SUSPECTED)
        assert found[0].text.startswith("Ask haematology now, before the first dose")
        assert "1.8.6" in found[0].numbers
        assert len(found) == lines
    assert found[1].text.startswith("If there is any neurological sign")


def test_suspected_lymphoma_with_signs_means_16_mg_while_haematology_is_rung():
    dose, care = steroid(haematology=Haematology.SUSPECTED)
    assert (dose.strength, dose.numbers) == (Strength.OFFER, ("1.8.1", "1.8.6"))
    assert dose.text.endswith("ring haematology at the same time.")
    assert care.numbers == ("1.8.8",)


def test_confirmed_haematological_malignancy_in_the_spine_is_offered_16_mg_without_signs_too():
    found = steroid(METASTASES, NO_SIGNS, haematology=Haematology.CONFIRMED, metastases_known=YES)[
        0
    ]
    assert (found.strength, found.numbers) == (Strength.OFFER, ("1.8.5",))


def test_confirmed_haematological_malignancy_not_yet_shown_in_the_spine_is_a_question():
    found = steroid(METASTASES, NO_SIGNS, haematology=Haematology.CONFIRMED)[0]
    assert found.strength is Strength.CONSIDER


@pytest.mark.parametrize(
    ("severity", "strength", "number"),
    [
        (None, Strength.DO_NOT, "1.8.7"),
        (6, Strength.DO_NOT, "1.8.7"),
        (7, Strength.CONSIDER, "1.8.3"),
    ],
)
def test_without_signs_steroids_are_not_routine_but_may_be_considered_in_severe_pain(
    severity, strength, number
):
    (found,) = steroid(METASTASES, NO_SIGNS, pain_severity=severity)
    assert (found.strength, found.numbers) == (strength, (number,))


def test_not_knowing_about_signs_is_neither_a_dose_nor_a_refusal():
    (found,) = steroid(presentation=UNEXAMINED)
    assert found.text.startswith("Examine first")


def test_a_dose_that_was_given_is_continued_or_questioned_and_always_watched():
    given_yes = {"dexamethasone_given": YES, "haematology": Haematology.NO}
    assert steroid(**given_yes)[0].text.startswith("Continue")
    assert "whether to stop" in steroid(METASTASES, NO_SIGNS, **given_yes)[0].text
    assert "1.8.8" in steroid(METASTASES, NO_SIGNS, **given_yes)[1].numbers


def test_mri_of_the_whole_spine_is_never_a_plain_x_ray():
    for suspicion, soon in ((MSCC, "within 24 hours"), (METASTASES, "within 1 week")):
        found = told(Topic.STABILITY, suspicion, NO_SIGNS)
        assert soon in found[0].text
        assert found[-1].numbers == ("1.5.9",)
        assert found[-1].strength is Strength.DO_NOT


def test_contraindicated_mri_means_ct_of_the_whole_spine():
    found = told(Topic.STABILITY, presentation=NO_SIGNS, mri_contraindicated=YES)
    assert found[0].text.startswith("CT of the whole spine")
    assert found[0].numbers == ("1.5.7", "1.5.2")


@pytest.mark.parametrize(
    "seen",
    [
        Neurology(power={"left_leg": 4}),
        Neurology(bladder=YES),
        Neurology(bowel=YES),
        Neurology(sensation=YES),
        Neurology(complete_paralysis=YES),
    ],
)
def test_signs_found_on_examination_count_whatever_the_form_said(seen):
    assert person(MSCC, NO_SIGNS, seen).signs.answer is YES
    assert person(MSCC, NO_SIGNS, Neurology(power={"left_leg": 5})).signs.answer is NO


def test_signs_are_not_known_while_any_question_about_them_is_open():
    assert person(MSCC, presented(PAST, unknown=["gait"])).signs.answer is NOT_KNOWN


@pytest.mark.parametrize(
    ("cancer", "answer", "expected"),
    [
        (PAST, YES, Haematology.CONFIRMED),
        (CancerStatus.SUSPECTED, YES, Haematology.SUSPECTED),
        (CancerStatus.NOT_KNOWN, YES, Haematology.SUSPECTED),
        (PAST, NO, Haematology.NO),
        (PAST, NOT_KNOWN, Haematology.NOT_KNOWN),
    ],
)
def test_a_confirmed_and_a_suspected_haematological_malignancy_are_kept_apart(
    cancer, answer, expected
):
    assert haematology(cancer, answer) is expected


def test_a_sign_nobody_has_scanned_is_an_emergency_whatever_was_suspected_before():
    first = advice_for(person(METASTASES, SIGNS))[0]
    assert first.text.startswith("Ring the MSCC coordinator now.")
    assert "within 24 hours" in told(Topic.STABILITY, METASTASES, SIGNS)[0].text
    assert told(Topic.IMMOBILISATION, METASTASES, SIGNS)[0].numbers == ("1.4.1", "1.4.3")


def test_a_person_who_is_worse_after_a_scan_without_compression_is_rung_about_at_once():
    before, after = (Neurology(power={"left_leg": grade}) for grade in (5, 3))
    facts = person(
        METASTASES,
        NO_SIGNS,
        after,
        neurology_before=before,
        confirmed=Confirmed.SPINAL_METASTASES,
    )
    first = advice_for(facts)[0]
    assert first.text.startswith("Ring the MSCC coordinator now.")
    assert "Power of the left leg fell from 5 to 3." in first.why


def test_what_was_begun_is_ended_when_imaging_rules_it_out():
    facts = person(
        MSCC,
        presented(PAST),
        dexamethasone_given=YES,
        confirmed=Confirmed.RULED_OUT,
        spine=Spine(immobilised=YES),
    )
    assert [(each.topic, each.numbers[-1]) for each in advice_for(facts)] == [
        (Topic.IMMOBILISATION, "1.4.4"),
        (Topic.DEXAMETHASONE, "1.8.2"),
    ]


@pytest.mark.parametrize("suspicion", Suspicion)
@pytest.mark.parametrize("confirmed", list(Confirmed))
def test_cord_signs_are_rung_about_now_before_anything_else(suspicion, confirmed):
    first = advice_for(person(suspicion, SIGNS, confirmed=confirmed))[0]
    assert first.topic is Topic.CONTACT
    assert first.text.startswith("Ring the MSCC coordinator now")


def test_a_person_whose_spine_is_likely_stable_is_sat_up_step_by_step():
    found = told(Topic.IMMOBILISATION, spine=Spine(immobilised=YES, stability_likely=YES))
    assert found[-1].numbers == ("1.6.1",)
    assert all("1.4.1" not in each.numbers for each in found)


def test_a_proposal_says_what_to_ask_besides():
    found = told(Topic.STABILITY, presentation=NO_SIGNS)[0]
    assert "Is MRI contraindicated?" in found.ask


cases = st.builds(
    person,
    suspicion=st.sampled_from([MSCC, METASTASES]),
    presentation=presentations(),
    metastases_known=st.sampled_from(Answer),
    haematology=st.sampled_from(Haematology),
    pain_severity=st.none() | st.integers(0, 10),
    pain_on_movement=st.sampled_from(Answer),
    dexamethasone_given=st.sampled_from(Answer),
    mri_contraindicated=st.sampled_from(Answer),
)


@given(cases)
def test_advice_is_short_and_every_line_has_its_source_and_reason(facts):
    found = advice_for(facts)
    assert {Topic.CONTACT, Topic.DEXAMETHASONE, Topic.STABILITY, Topic.PAIN} <= {
        each.topic for each in found
    }
    assert all([each.topic for each in found].count(topic) <= LINES_A_TOPIC for topic in Topic)
    for each in found:
        assert len(each.text) <= 160
        assert each.why.endswith((".", "?"))
        for number in each.numbers:
            assert number.startswith((LOCAL, SUMMARY)) or library.recommendation(number)


@given(cases)
def test_while_lymphoma_is_suspected_only_signs_offer_a_first_dose_and_haematology_is_rung(facts):
    if facts.disease.haematology is Haematology.SUSPECTED:
        lines = [each for each in advice_for(facts) if each.topic is Topic.DEXAMETHASONE]
        assert "haematology" in lines[0].text
        if facts.signs.answer is not YES:
            offers = [each for each in lines if each.strength is Strength.OFFER]
            assert all(each.text.startswith("If there is any") for each in offers)
