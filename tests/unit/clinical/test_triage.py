from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical import library, triage
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import (
    CANCER_QUESTION,
    CORD_ITEMS,
    Answer,
    CancerStatus,
    Presentation,
)
from referrals.clinical.triage import (
    LOCAL_GAP,
    LOCAL_UNKNOWN,
    Pathway,
    conclude,
    raises_to_mscc,
)
from tests.unit.clinical.facts import CORD, NOT_KNOWN, PAIN, PAST, YES, presentations, presented

NONE, SUSPECTED, UNSURE = CancerStatus.NONE, CancerStatus.SUSPECTED, CancerStatus.NOT_KNOWN


@pytest.mark.parametrize("sign", CORD)
def test_cancer_with_any_cord_sign_is_an_emergency(sign):
    found = conclude(presented(PAST, sign))
    assert (found.suspicion, found.pathway) == (Suspicion.MSCC, Pathway.CONTACT_COORDINATOR_NOW)
    assert {"1.3.2", "1.5.2"} <= set(found.numbers)
    assert found.emergency
    assert found.what_to_do_now[0].text.startswith("Ring the MSCC coordinator now")


@pytest.mark.parametrize("pain", PAIN)
def test_cancer_with_pain_alone_needs_advice_within_a_day_and_mri_within_a_week(pain):
    found = conclude(presented(PAST, pain))
    assert (found.suspicion, found.pathway) == (Suspicion.SPINAL_METASTASES, Pathway.ADVICE_24H)
    assert {"1.3.3", "1.5.3"} <= set(found.numbers)
    assert not found.emergency


def test_cancer_with_no_finding_gets_told_what_to_look_out_for():
    found = conclude(presented(PAST))
    assert (found.suspicion, found.pathway) == (Suspicion.NONE, Pathway.SAFETY_NET)
    assert found.numbers == ("1.3.6", "1.2.4")
    assert found.unknown == ()


def test_suspected_cancer_with_pain_is_referred_for_urgent_oncology_assessment():
    found = conclude(presented(SUSPECTED, "night"))
    assert (found.suspicion, found.pathway) == (Suspicion.NONE, Pathway.URGENT_ONCOLOGY)
    assert found.numbers == ("1.3.5",)


@pytest.mark.parametrize("cancer", [SUSPECTED, UNSURE, NONE])
@pytest.mark.parametrize("sign", CORD)
def test_cord_signs_without_a_cancer_diagnosis_are_escalated_and_say_that_it_is_a_gap(cancer, sign):
    found = conclude(presented(cancer, sign))
    assert (found.suspicion, found.pathway) == (Suspicion.MSCC, Pathway.ESCALATE_UNCLEAR)
    assert found.numbers[:2] == (LOCAL_GAP, "1.5.2")
    assert found.emergency
    assert any("no recommendation" in reason for reason in found.because)
    assert found.what_to_do_now[0].text.startswith("Ring the MSCC coordinator now")


def test_pain_with_unknown_cancer_goes_to_the_coordinator_until_someone_knows():
    found = conclude(presented(UNSURE, "progressive"))
    assert (found.suspicion, found.pathway) == (
        Suspicion.SPINAL_METASTASES,
        Pathway.ESCALATE_UNCLEAR,
    )
    assert found.unknown == (CANCER_QUESTION,)
    assert LOCAL_UNKNOWN in found.numbers


def test_pain_without_any_thought_of_cancer_gets_safety_netting():
    found = conclude(presented(NONE, "mechanical"))
    assert (found.suspicion, found.pathway) == (Suspicion.NONE, Pathway.SAFETY_NET)
    assert "1.3.6" not in found.numbers


def test_a_cord_sign_nobody_looked_for_is_named_as_what_could_change_the_answer():
    found = conclude(presented(PAST, "night", unknown=["bladder_bowel"]))
    assert found.unknown == ("Is there a new bladder or bowel problem?",)
    assert found.what_to_do_now[0].text.startswith("Find out now")


@pytest.mark.parametrize("sign", CORD)
def test_an_emergency_that_is_still_possible_is_never_plain_advice(sign):
    found = conclude(presented(PAST, "night", unknown=[sign]))
    assert (found.suspicion, found.pathway) == (
        Suspicion.SPINAL_METASTASES,
        Pathway.ESCALATE_UNCLEAR,
    )
    assert {LOCAL_UNKNOWN, "1.3.3", "1.5.3"} <= set(found.numbers)
    assert conclude(presented(PAST, "night")).pathway is Pathway.ADVICE_24H


@pytest.mark.parametrize("cancer", list(CancerStatus))
@pytest.mark.parametrize("denied", [["sensory", "radicular"], *([sign] for sign in CORD)])
def test_one_no_does_not_lower_an_emergency(cancer, denied):
    unseen = [item for item in CORD if item not in denied]
    found = conclude(presented(cancer, "night", unknown=unseen))
    assert (found.suspicion, found.pathway) == (Suspicion.MSCC, Pathway.ESCALATE_UNCLEAR)
    assert LOCAL_UNKNOWN in found.numbers
    assert "Most of the main signs of cord compression have no answer yet." in found.because


@pytest.mark.parametrize("denied", list(combinations(sorted(triage.MAIN_SIGNS), 2)))
def test_once_two_main_signs_are_answered_it_is_no_longer_an_emergency_but_unclear(denied):
    found = conclude(presented(PAST, unknown=[item for item in CORD if item not in denied]))
    assert (found.suspicion, found.pathway) == (
        Suspicion.SPINAL_METASTASES,
        Pathway.ESCALATE_UNCLEAR,
    )


def test_while_it_is_unclear_whatever_could_settle_it_is_asked():
    found = conclude(presented(UNSURE, "progressive", unknown=["gait", "night"]))
    assert found.pathway is Pathway.ESCALATE_UNCLEAR
    assert CANCER_QUESTION in found.unknown
    assert "Is walking difficult or unsteady?" in found.unknown


def test_a_cord_sign_nobody_looked_for_is_never_read_as_absent():
    found = conclude(presented(PAST, unknown=["gait"]))
    assert found.pathway is Pathway.ESCALATE_UNCLEAR
    assert found.urgency > conclude(presented(PAST)).urgency


@pytest.mark.parametrize("cancer", list(CancerStatus))
def test_a_person_in_whom_no_cord_sign_was_looked_for_is_an_emergency_until_someone_looks(cancer):
    found = conclude(presented(cancer, "night", unknown=CORD))
    assert (found.suspicion, found.pathway) == (Suspicion.MSCC, Pathway.ESCALATE_UNCLEAR)
    assert set(found.unknown) >= {item.question for item in CORD_ITEMS}
    assert LOCAL_UNKNOWN in found.numbers


def test_unknown_pain_with_suspected_cancer_is_referred_rather_than_dropped():
    found = conclude(presented(SUSPECTED, unknown=["night"]))
    assert found.pathway is Pathway.URGENT_ONCOLOGY
    assert found.unknown == ("Does back pain at night keep the person from sleeping?",)


def test_an_unknown_that_cannot_change_the_answer_is_not_asked_about():
    found = conclude(presented(PAST, "sensory", unknown=["night", "gait"]))
    assert found.unknown == ()


def test_known_metastases_without_cord_signs_get_no_surveillance_mri():
    for finding in ([], ["night"]):
        found = conclude(presented(PAST, *finding), metastases_known=YES)
        assert "1.5.6" in found.numbers
        assert any("1.5.6" in step.numbers for step in found.what_to_do_now)


def test_known_metastases_with_an_unexamined_sign_are_not_told_that_mri_is_unneeded():
    found = conclude(presented(PAST, "night", unknown=["gait"]), metastases_known=YES)
    assert "1.5.6" not in found.numbers


def test_known_metastases_with_a_cord_sign_are_an_emergency_like_any_other():
    found = conclude(presented(PAST, "gait"), metastases_known=YES)
    assert found.pathway is Pathway.CONTACT_COORDINATOR_NOW
    assert "1.5.6" not in found.numbers


def test_the_facts_that_led_there_are_said_in_words():
    found = conclude(presented(PAST, "gait", "night"))
    assert found.because == (
        "Past or current cancer.",
        "Symptoms or signs of cord compression: trouble walking.",
        "Pain that suggests spinal metastases: back pain that disturbs sleep.",
    )


def test_new_cord_signs_raise_a_metastases_referral_to_suspected_mscc():
    before = presented(PAST, "night")
    assert raises_to_mscc(before, before.with_answer("limb_weakness", YES))


def test_more_pain_does_not_raise_a_referral_and_neither_does_a_second_cord_sign():
    before = presented(PAST, "night")
    assert not raises_to_mscc(before, before.with_answer("straining", YES))
    already = presented(PAST, "gait")
    assert not raises_to_mscc(already, already.with_answer("sensory", YES))


def test_an_empty_form_does_not_fall_through():
    found = conclude(Presentation(UNSURE))
    assert found.emergency
    assert found.what_to_do_now


@given(presentations(), st.sampled_from(Answer))
def test_triage_never_falls_through(told, known):
    found = conclude(told, metastases_known=known)
    assert found.because
    assert found.what_to_do_now
    for number in {*found.numbers, *(n for step in found.what_to_do_now for n in step.numbers)}:
        assert number in (LOCAL_GAP, LOCAL_UNKNOWN) or library.recommendation(number)


@given(presentations(), st.sampled_from(CORD))
def test_adding_a_cord_sign_never_lowers_urgency(told, sign):
    worse = conclude(told.with_answer(sign, YES))
    assert worse.urgency >= conclude(told).urgency
    assert worse.suspicion is Suspicion.MSCC


@given(presentations(), st.sampled_from(PAIN))
def test_adding_pain_never_lowers_urgency(told, pain):
    assert conclude(told.with_answer(pain, YES)).urgency >= conclude(told).urgency


@given(presentations(), st.sampled_from(CORD + PAIN))
def test_unknown_never_counts_as_no(told, item):
    unknown, absent = (told.with_answer(item, each) for each in (NOT_KNOWN, Answer.NO))
    assert conclude(unknown).urgency >= conclude(absent).urgency


@given(presentations())
def test_a_cancer_status_nobody_knows_never_counts_as_no_cancer(told):
    unsure, none = (Presentation(each, told.findings) for each in (UNSURE, NONE))
    assert conclude(unsure).urgency >= conclude(none).urgency


@given(presentations())
def test_answering_what_is_not_asked_about_changes_nothing(told):
    found = conclude(told)
    for item in CORD_ITEMS:
        if told.answer(item.id) is NOT_KNOWN and item.question not in found.unknown:
            other = conclude(told.with_answer(item.id, Answer.NO))
            assert (other.suspicion, other.pathway) == (found.suspicion, found.pathway)


STEPS = {
    "emergency": (presented(PAST, "gait"), [("1.3.2",), ("1.5.2", "1.5.5")]),
    "gap": (presented(SUSPECTED, "gait"), [(LOCAL_GAP,), ("1.5.2", "1.5.5")]),
    "pain": (
        presented(PAST, "night"),
        [("1.3.3", "1.3.4"), ("1.5.3",), ("1.3.6", "1.2.4"), ("1.3.2",)],
    ),
    "oncology": (presented(SUSPECTED, "night"), [("1.3.5",), ("1.2.4",), ("1.3.2",)]),
    "nothing": (presented(PAST), [("1.3.6", "1.2.4"), ("1.3.2",)]),
    "unclear": (
        presented(UNSURE, "night"),
        [(LOCAL_UNKNOWN, "1.3.1"), (LOCAL_UNKNOWN, "1.3.4"), ("1.2.4",), ("1.3.2",)],
    ),
}


@pytest.mark.parametrize(("told", "numbers"), STEPS.values(), ids=STEPS)
def test_what_to_do_now_is_what_applies_and_nothing_else(told, numbers):
    assert [step.numbers for step in conclude(told).what_to_do_now] == numbers


@pytest.mark.parametrize(
    ("told", "reasons"),
    [
        (presented(PAST, "night"), 2),
        (presented(PAST, "gait"), 2),
        (presented(SUSPECTED, "gait"), 3),
        (presented(PAST), 2),
        (presented(PAST, unknown=["gait"]), 2),
        (presented(PAST, "night", unknown=CORD), 3),
    ],
)
def test_only_reasons_that_hold_are_given(told, reasons):
    found = conclude(told).because
    assert len(found) == reasons
    assert not any(reason.endswith(": .") for reason in found)


def test_a_cancer_status_that_makes_no_difference_is_not_asked_about():
    assert conclude(presented(UNSURE)).unknown == ()


def test_known_metastases_are_a_reason_that_is_shown():
    found = conclude(presented(PAST), metastases_known=YES)
    assert "Spinal metastases were diagnosed before." in found.because
    assert len(found.what_to_do_now) == 3


def test_the_table_is_what_the_rules_work_out_line_by_line():
    table = triage._TABLE
    assert len(table) == len(CancerStatus) * 4 * 3
    for (cancer, cord, pain), outcome in table.items():
        assert triage._worked_out(cancer, cord, pain) == outcome
