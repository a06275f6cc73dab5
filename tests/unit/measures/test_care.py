"""Care and its planning: each case was worked out by hand."""

from dataclasses import replace

import pytest

from audit.measures.journey import Care, Examined
from audit.measures.verdict import Status
from referrals.clinical.milestones import MilestoneKind as K
from tests.unit.measures.told import MSCC, at, decided, facts, found, gone, suspected, verdict

S = Status
ITEMS = {
    "vte_assessment": "vte_assessment",
    "holistic_needs": "holistic_needs",
    "advance_care_planning": "advance_care_planning",
    "rehabilitation": "rehabilitation",
    "information": "information",
    "whom_to_ring": "contact",
}


@pytest.mark.parametrize(("key", "item"), ITEMS.items())
def test_what_is_not_on_record_was_not_given(key, item):
    given = found(care={item: Care("given", at(9))})
    assert verdict(key, given).status is S.MET
    assert verdict(key, found()).status is S.RUNNING
    assert verdict(key, found(**gone(90))).reason == "nothing on record"
    assert verdict(key, found(imported=True, **gone(90))).status is S.MISSING
    withdrawn = found(state="withdrawn", closed_at=at(3))
    assert verdict(key, withdrawn).status is S.EXCLUDED
    assert verdict(key, replace(withdrawn, state="redirected")).reason == "redirected"
    assert verdict(key, facts()).status is S.NOT_APPLICABLE
    assert verdict(key, suspected(confirmed="ruled_out")).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("holistic_needs", S.EXCLUDED),
        ("rehabilitation", S.EXCLUDED),
        ("senior_care_plan", S.EXCLUDED),
        ("advance_care_planning", S.NOT_MET),
        ("information", S.NOT_MET),
    ],
)
def test_who_died_first_could_not_be_planned_for_but_could_be_told(key, status):
    assert verdict(key, found(**gone(40, "died"))).status is status


@pytest.mark.parametrize(
    ("key", "status"),
    [("holistic_needs", S.MET), ("information", S.MET), ("vte_assessment", S.EXCLUDED)],
)
def test_offered_and_declined_counts_where_offering_is_what_is_asked(key, status):
    journey = found(care={ITEMS[key]: Care("declined", at(9), "not now")})
    assert verdict(key, journey).status is status


def test_a_senior_clinician_makes_the_plan():
    assert verdict("senior_care_plan", found(care_plan_by="Dr A")).status is S.MET
    assert verdict("senior_care_plan", found(**gone(90))).status is S.NOT_MET
    assert verdict("senior_care_plan", suspected()).status is S.NOT_APPLICABLE


def test_pain_is_assessed_by_a_number_or_an_assessment():
    assert verdict("pain_assessed", suspected(pain_severity=0)).status is S.MET
    assessed = suspected(care={"pain_assessment": Care("given", at(1))})
    assert verdict("pain_assessed", assessed).status is S.MET
    assert verdict("pain_assessed", suspected(**gone(50))).status is S.NOT_MET


@pytest.mark.parametrize(
    ("examined", "status"),
    [
        ((Examined(at(1), mobility="cannot_walk"),), S.MET),
        ((Examined(at(1), weakest=0),), S.MET),
        ((Examined(at(1), frankel="C"),), S.MET),
        ((Examined(at(1)),), S.NOT_MET),
        ((Examined(at(31), weakest=4),), S.NOT_MET),  # after treatment had begun
        ((), S.NOT_MET),
    ],
)
def test_neurology_is_examined_before_treatment(examined, status):
    journey = found((K.RADIOTHERAPY_STARTED, 30), examined=examined)
    assert verdict("neurology_before_treatment", journey).status is status


def test_first_advice_has_five_topics():
    advised = facts((MSCC, 0), (K.ADVICE_GIVEN, 1))
    five = frozenset({"pain", "stability", "immobilisation", "dexamethasone", "transfer"})
    assert verdict("advice_topics", replace(advised, advised_topics=five)).status is S.MET
    four = replace(advised, advised_topics=five - {"pain"})
    assert verdict("advice_topics", four).status is S.RUNNING
    assert verdict("advice_topics", replace(four, **gone(30))).status is S.NOT_MET
    assert verdict("advice_topics", facts((MSCC, 0))).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(("seconds", "status"), [(172_800, S.MET), (172_801, S.NOT_MET)])
def test_discharge_is_planned_from_the_start(seconds, status):
    care = {"discharge_planning": Care("given", at(seconds=seconds))}
    assert verdict("discharge_planning", found(care=care)).status is status
    other = {"discharge_planning": Care("not_applicable", at(1), "hospice")}
    assert verdict("discharge_planning", found(care=other)).status is S.EXCLUDED


def test_going_home_is_led_and_arranged_for_who_goes_home():
    home = found(**gone(90))
    steps = {"carers_trained": "carers", "equipment_at_home": "equipment"}
    assert verdict("discharge_lead", home).status is S.NOT_MET
    assert verdict("discharge_lead", replace(home, discharge_lead=True)).status is S.MET
    assert verdict("discharge_lead", found()).status is S.RUNNING
    assert verdict("discharge_lead", found(**gone(90, "died"))).status is S.EXCLUDED
    for key, step in steps.items():
        assert verdict(key, home).status is S.NOT_MET
        assert verdict(key, replace(home, discharge_steps=frozenset({step}))).status is S.MET
        assert verdict(key, suspected(**gone(90))).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("consulted", "status"),
    [
        (("oncology", "spinal_surgery"), S.MET),
        (("haematology", "spinal_surgery"), S.MET),
        (("spinal_surgery",), S.NOT_MET),
        (("oncology", "radiology"), S.NOT_MET),
        ((), S.NOT_MET),
    ],
)
def test_surgery_is_decided_together(consulted, status):
    journey = found(decisions=(decided(3, "surgery", consulted=consulted),))
    assert verdict("surgery_together", journey).status is status
    assert verdict("surgery_together", found(decisions=(decided(3),))).status is S.NOT_APPLICABLE


def test_care_is_owed_to_those_who_are_concerned():
    for key in ("pain_assessed", "discharge_planning", "neurology_before_treatment"):
        assert verdict(key, facts()).status is S.NOT_APPLICABLE
