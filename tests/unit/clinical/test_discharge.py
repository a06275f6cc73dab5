from dataclasses import replace

import pytest

from referrals.clinical import library
from referrals.clinical.discharge import Leaving, still_open
from tests.unit.clinical.facts import NO, NOT_KNOWN, YES

READY = Leaving(
    lead_name="Sister Adeyemi",
    dexamethasone=NO,
    care_plan=YES,
    carers_trained=YES,
    new_symptoms_contact="020 7946 0123",
    follow_up="GP in one week",
)
ON_STEROID = replace(
    READY,
    dexamethasone=YES,
    dexamethasone_plan="Reduce by 4 mg a day, stop on Friday",
    stomach_protection=YES,
    glucose_checked=YES,
)


def open_ids(leaving):
    return [item.id for item in still_open(leaving)]


def test_a_person_who_is_ready_leaves_nothing_open():
    assert still_open(READY) == ()
    assert still_open(ON_STEROID) == ()


def test_discharge_cannot_be_recorded_without_a_named_lead():
    (item,) = still_open(replace(READY, lead_name="  "))
    assert (item.id, item.required, item.numbers) == ("lead", True, ("1.1.24",))


def test_the_named_lead_is_the_only_condition():
    assert [item.id for item in still_open(Leaving()) if item.required] == ["lead"]


def test_a_steroid_that_runs_without_a_plan_is_open():
    assert open_ids(replace(ON_STEROID, dexamethasone_plan=" ")) == ["dexamethasone"]


def test_a_steroid_is_stopped_when_mscc_and_metastases_are_ruled_out():
    (item,) = still_open(replace(ON_STEROID, ruled_out=True))
    assert item.sentence.startswith("Stop the dexamethasone")
    assert item.numbers == ("1.8.2",)


def test_a_steroid_nobody_recorded_is_a_question_and_not_a_no():
    (item,) = still_open(replace(READY, dexamethasone=NOT_KNOWN))
    assert item.sentence.startswith("Find out whether dexamethasone")


@pytest.mark.parametrize(
    ("field", "item"),
    [("stomach_protection", "stomach_protection"), ("glucose_checked", "glucose")],
)
@pytest.mark.parametrize("answer", [NO, NOT_KNOWN])
def test_a_steroid_goes_with_stomach_protection_and_glucose_checks(field, item, answer):
    assert open_ids(replace(ON_STEROID, **{field: answer})) == [item]


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"care_plan": NOT_KNOWN}, "care_plan"),
        ({"carers_trained": NO}, "carers"),
        ({"new_symptoms_contact": ""}, "information"),
        ({"follow_up": ""}, "follow_up"),
        ({"scan_waiting": True}, "scan"),
        ({"report_waiting": True}, "report"),
        ({"radiotherapy_owed": True}, "radiotherapy"),
        ({"waiting_opinions": ("haematology",)}, "opinions"),
        ({"missing": ("Record performance status.",)}, "key_information"),
    ],
)
def test_each_thing_left_open_is_shown_with_its_source(change, item):
    (found,) = still_open(replace(READY, **change))
    assert found.id == item
    assert not found.required
    assert all(library.recommendation(number) for number in found.numbers)


def test_a_person_in_whom_it_was_ruled_out_still_needs_to_know_whom_to_ring():
    leaving = replace(READY, ruled_out=True, care_plan=NO, new_symptoms_contact="")
    assert open_ids(leaving) == ["information"]


def test_after_a_death_only_the_record_can_still_be_open():
    assert open_ids(Leaving(died=True, radiotherapy_owed=True, missing=("Find the stage.",))) == [
        "lead",
        "key_information",
    ]
