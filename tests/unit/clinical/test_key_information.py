import pytest

from referrals.clinical.key_information import (
    ITEMS,
    MINIMUM,
    Heading,
    missing,
    missing_minimum,
    presentation_facts,
)
from referrals.clinical.presentation import CancerStatus, Presentation
from tests.unit.clinical.facts import CORD, NOT_KNOWN, PAIN, PAST, presented

SENT = {
    "person.family_name": "Okafor",
    "person.nhs_number_absent_reason": "Brought in without papers",
    "referral.hospital": 7,
    "referral.call_back": "bleep 4321",
    "neurology.mobility": "not_known",
    **presentation_facts(presented(CancerStatus.NOT_KNOWN, other=NOT_KNOWN)),
}
WHOLE = {
    **SENT,
    **presentation_facts(presented(PAST, "gait")),
    "person.nhs_number": "9434765919",
    "person.date_of_birth": "1960-11-21",
    "person.interpreter_needed": False,
    "person.communication_needs": "None",
    "pain.severity": 0,
    "neurology.mobility": "walks_with_aid",
    "neurology.power_left_leg": 0,
    "neurology.power_right_leg": 4,
    "neurology.sensation_loss": "no",
    "neurology.perianal_sensation_reduced": "no",
    "neurology.bladder_problem": "no",
    "neurology.bowel_problem": "yes",
    "fitness.performance_status": 0,
    "fitness.frailty": 3,
    "care.imaging_done": "None yet",
    "mri_safety.contraindicated": "no",
    "cancer.primary_site": "Breast",
    "cancer.stage": "IV",
    "cancer.haematological": "no",
    "cancer.previous_radiotherapy": "None",
}


def ids(items):
    return [item.id for item in items]


def without(*facts):
    return {key: value for key, value in WHOLE.items() if key not in facts}


def test_the_seven_headings_of_the_guideline_each_ask_for_something():
    assert len(Heading) == 8
    assert {item.heading for item in ITEMS} == set(Heading)
    assert all(heading.label for heading in Heading)
    assert len(set(ids(ITEMS))) == len(ITEMS)


def test_a_whole_record_misses_nothing():
    assert missing(WHOLE) == ()
    assert missing_minimum(WHOLE) == ()


def test_an_empty_record_misses_everything_heading_by_heading():
    found = missing({})
    assert ids(found) == ids(ITEMS)
    order = list(Heading)
    headings = [order.index(item.heading) for item in found]
    assert headings == sorted(headings)


def test_the_minimum_is_who_where_call_back_cancer_cord_signs_and_mobility():
    assert set(MINIMUM) == {
        "name",
        "nhs_number",
        "place",
        "call_back",
        "cancer",
        "mobility",
        *CORD,
    }
    assert ids(missing_minimum({})) == list(MINIMUM)


def test_not_known_is_enough_to_send_and_is_chased_afterwards():
    assert missing_minimum(SENT) == ()
    chased = ids(missing(SENT))
    assert {"cancer", "mobility", *CORD} <= set(chased)


@pytest.mark.parametrize("sign", CORD)
def test_a_cord_sign_nobody_was_asked_about_holds_the_minimum_up(sign):
    facts = {key: value for key, value in SENT.items() if key != f"presentation.{sign}"}
    (item,) = missing_minimum(facts)
    assert (item.id, item.safety) == (sign, True)
    assert item.sentence.endswith("?")


def test_a_missing_nhs_number_with_a_reason_can_be_sent_and_is_looked_for():
    assert missing_minimum(SENT) == ()
    assert "identity" in ids(missing(SENT))
    assert "identity" not in ids(missing(WHOLE))


@pytest.mark.parametrize(
    ("fact", "item"),
    [
        ("neurology.power_left_leg", "power"),
        ("neurology.bowel_problem", "sphincters"),
        ("fitness.performance_status", "performance_status"),
        ("fitness.frailty", "frailty"),
        ("mri_safety.contraindicated", "mri_safety"),
        ("cancer.stage", "stage"),
        ("person.interpreter_needed", "language"),
        ("presentation.night", "pain"),
    ],
)
def test_each_gap_is_named_by_itself(fact, item):
    assert ids(missing(without(fact))) == [item]


@pytest.mark.parametrize("empty", [None, "", "  ", "not_known"])
def test_an_empty_answer_is_no_answer(empty):
    assert ids(missing({**WHOLE, "cancer.stage": empty})) == ["stage"]


def test_a_zero_and_a_no_are_answers():
    assert missing({**WHOLE, "pain.severity": 0, "person.interpreter_needed": False}) == ()


def test_a_person_without_cancer_is_not_asked_for_its_stage():
    facts = {**without("cancer.stage", "cancer.primary_site"), "presentation.cancer": "none"}
    assert missing(facts) == ()
    assert ids(missing({"presentation.cancer": "none"})) == [
        item.id for item in ITEMS if item.id != "cancer" and not item.cancer_only
    ]


def test_an_unanswered_item_of_box_1_is_no_fact_at_all():
    facts = presentation_facts(Presentation(PAST))
    assert facts == {"presentation.cancer": "past_or_current"}
    assert len(presentation_facts(presented())) == 1 + len(CORD) + len(PAIN)
