from dataclasses import replace

import pytest

from referrals.clinical import thromboprophylaxis
from referrals.clinical.facts import Care, Confirmed, Facts, Treatment
from referrals.clinical.milestones import Suspicion
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented

CARE = Care(
    in_hospital=YES, high_clot_risk=YES, anticoagulation_safe=YES, stockings_contraindicated=NO
)
PERSON = Facts(Suspicion.MSCC, presented(PAST, "gait"), care=CARE)

CALM = replace(PERSON, presentation=presented(PAST))


def applies(person, answer=YES):
    found = thromboprophylaxis.conclude(person)
    return [e.key.removeprefix("thromboprophylaxis.") for e in found if e.applies is answer]


def test_somebody_with_mscc_gets_both_kinds_and_a_thought_about_how_long():
    assert applies(PERSON) == ["mechanical", "heparin", "duration", "guidance"]
    sources = {rule.key: rule.numbers for rule in thromboprophylaxis.RULES}
    assert sources["thromboprophylaxis.guidance"] == ("1.12.5",)
    assert set(sources.values()) == {("1.12.5",), ("summary: thromboprophylaxis",)}


@pytest.mark.parametrize(
    ("risk", "safe", "operated", "answer"),
    [
        (YES, YES, NO, YES),
        (YES, NO, NO, None),
        (NO, YES, NO, None),
        (NO, YES, YES, YES),
        (NOT_KNOWN, YES, YES, YES),
        (YES, NO, YES, None),
        (YES, NOT_KNOWN, NO, NOT_KNOWN),
        (NOT_KNOWN, YES, NO, NOT_KNOWN),
        (NOT_KNOWN, NO, NO, None),
    ],
)
def test_heparin_takes_a_high_risk_and_a_judgement_that_it_is_safe(risk, safe, operated, answer):
    person = replace(
        PERSON,
        care=replace(CARE, high_clot_risk=risk, anticoagulation_safe=safe),
        treatment=Treatment(surgery_performed=operated),
    )
    assert ("heparin" in applies(person)) is (answer is YES)
    assert ("heparin" in applies(person, NOT_KNOWN)) is (answer is NOT_KNOWN)


@pytest.mark.parametrize(
    ("against", "expected", "asked"),
    [(NO, "mechanical", False), (YES, "devices_only", False), (NOT_KNOWN, "mechanical", True)],
)
def test_stockings_unless_contraindicated(against, expected, asked):
    person = replace(PERSON, care=replace(CARE, stockings_contraindicated=against))
    (found,) = [
        each
        for each in thromboprophylaxis.conclude(person)
        if each.key in ("thromboprophylaxis.mechanical", "thromboprophylaxis.devices_only")
    ]
    assert found.key.endswith(expected)
    assert bool(found.unknown) is asked


def test_metastases_without_mscc_have_only_the_pointer_and_nothing_suspected_has_none():
    metastases = replace(CALM, suspicion=Suspicion.SPINAL_METASTASES)
    assert applies(metastases) == ["guidance"]
    at_home = replace(metastases, care=replace(CARE, in_hospital=NO))
    assert applies(at_home) == []
    unknown = replace(metastases, care=Care())
    assert applies(unknown, NOT_KNOWN) == ["guidance"]
    assert applies(replace(CALM, confirmed=Confirmed.RULED_OUT)) == []


@pytest.mark.parametrize("confirmed", [Confirmed.SPINAL_METASTASES, Confirmed.RULED_OUT])
def test_signs_that_may_be_newer_than_the_scan_leave_it_a_question(confirmed):
    person = replace(PERSON, confirmed=confirmed)
    assert applies(person, NOT_KNOWN) == ["mechanical", "heparin", "duration"]
    assert "mechanical" not in applies(person)


def test_signs_that_nobody_has_scanned_count_as_suspected_mscc():
    person = replace(PERSON, suspicion=Suspicion.SPINAL_METASTASES)
    assert applies(person) == ["mechanical", "heparin", "duration", "guidance"]
