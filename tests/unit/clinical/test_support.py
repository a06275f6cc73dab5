from dataclasses import replace

import pytest

from referrals.clinical import discharge, support
from referrals.clinical.facts import Care, Confirmed, Disease, Facts
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from tests.unit.clinical.facts import NO, NOT_KNOWN, PAST, YES, presented

SUSPECTED = Facts(Suspicion.MSCC, presented(PAST, "limb_weakness"))
MSCC = replace(SUSPECTED, confirmed=Confirmed.MSCC)
METASTASES = replace(
    SUSPECTED, suspicion=Suspicion.SPINAL_METASTASES, confirmed=Confirmed.SPINAL_METASTASES
)
NOBODY = replace(SUSPECTED, suspicion=Suspicion.NONE, presentation=presented(PAST))
RULED_OUT = replace(MSCC, confirmed=Confirmed.RULED_OUT)

OWED = {
    "support.information",
    "support.reasons",
    "support.questions",
    "support.independence",
    "support.experience",
    "support.services",
    "support.community",
    "support.training",
    "support.complications",
}


def with_care(facts=MSCC, **answers):
    return replace(facts, care=Care(**answers))


def applying(facts, conclude=support.conclude):
    """Key to (applies, because, unknown) of everything concluded."""
    found = conclude(facts)
    keys = [each.key for each in found]
    assert len(keys) == len(set(keys))
    return {each.key: (each.applies, each.because, each.unknown) for each in found}


@pytest.mark.parametrize("module", [support, discharge])
@pytest.mark.parametrize("facts", [NOBODY, RULED_OUT])
def test_nothing_applies_once_it_is_ruled_out_or_not_suspected(module, facts):
    assert module.conclude(facts) == ()


@pytest.mark.parametrize("facts", [SUSPECTED, MSCC, METASTASES])
def test_information_and_support_are_owed_from_suspicion_on(facts):
    found = applying(facts)
    assert set(found) >= OWED
    assert all(found[key][0] is YES and found[key][1] and not found[key][2] for key in OWED)


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("care_plan", "support.care_plan"),
        ("knows_who_to_contact", "support.contact"),
        ("advance_care_planning", "support.advance_care"),
    ],
)
def test_what_is_there_already_is_not_asked_for_again(field, key):
    applies, because, unknown = applying(with_care(**{field: NO}))[key]
    assert (applies, unknown) == (YES, ())
    assert len(because) == 2
    applies, because, unknown = applying(with_care(**{field: NOT_KNOWN}))[key]
    assert applies is NOT_KNOWN
    assert unknown
    assert key not in applying(with_care(**{field: YES}))


@pytest.mark.parametrize(
    ("assessed", "able", "applies"),
    [
        (NO, YES, YES),
        (NO, NOT_KNOWN, NOT_KNOWN),
        (NOT_KNOWN, YES, NOT_KNOWN),
        (NO, NO, None),
        (YES, YES, None),
    ],
)
def test_needs_are_assessed_once_the_person_is_able(assessed, able, applies):
    found = applying(with_care(needs_assessed=assessed, able_to_take_part=able))
    assert found.get("support.needs_assessment", (None,))[0] is applies


@pytest.mark.parametrize(
    ("confirmed", "before", "applies"),
    [
        (Confirmed.MSCC, NO, YES),
        (Confirmed.SPINAL_METASTASES, NO, YES),
        (Confirmed.NOT_KNOWN, YES, YES),
        (Confirmed.NOT_KNOWN, NO, NOT_KNOWN),
        (Confirmed.NOT_KNOWN, NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_assessment_and_rehabilitation_begin_with_the_diagnosis(confirmed, before, applies):
    facts = replace(
        with_care(needs_assessed=NO, able_to_take_part=YES),
        confirmed=confirmed,
        disease=Disease(metastases_known=before),
    )
    found = applying(facts)
    for key in ("needs_assessment", "rehabilitation", "goals"):
        assert found[f"support.{key}"][0] is applies
        assert bool(found[f"support.{key}"][2]) == (applies is NOT_KNOWN)


@pytest.mark.parametrize(
    ("assessed", "changed", "again", "signposting"),
    [
        (YES, YES, YES, YES),
        (YES, NO, None, YES),
        (YES, NOT_KNOWN, NOT_KNOWN, YES),
        (NOT_KNOWN, YES, NOT_KNOWN, NOT_KNOWN),
        (NO, YES, None, None),
    ],
)
def test_needs_are_gone_through_again_when_they_change(assessed, changed, again, signposting):
    found = applying(with_care(needs_assessed=assessed, needs_changed=changed))
    assert found.get("support.needs_again", (None,))[0] is again
    assert found.get("support.signposting", (None,))[0] is signposting


@pytest.mark.parametrize("near", [YES, NO, NOT_KNOWN])
def test_care_at_the_end_of_life_and_for_those_who_stay_behind(near):
    found = applying(with_care(end_of_life=near))
    for key in ("support.end_of_life", "support.bereavement"):
        assert found.get(key, (NO,))[0] is near


@pytest.mark.parametrize(
    ("facts", "would_help", "applies"),
    [
        (MSCC, YES, YES),
        (SUSPECTED, YES, YES),
        (MSCC, NOT_KNOWN, NOT_KNOWN),
        (MSCC, NO, None),
        (METASTASES, YES, None),
    ],
)
def test_specialist_rehabilitation_is_for_those_with_mscc_whom_it_helps(facts, would_help, applies):
    found = applying(with_care(facts, rehabilitation_would_help=would_help))
    assert found.get("support.specialist_rehabilitation", (None,))[0] is applies


PLANNING = [
    (YES, NO, YES),
    (YES, NOT_KNOWN, NOT_KNOWN),
    (NOT_KNOWN, NO, NOT_KNOWN),
    (NO, NO, None),
    (YES, YES, None),
]


@pytest.mark.parametrize(("inside", "lead", "applies"), PLANNING)
def test_planning_for_home_begins_on_admission_with_a_named_lead(inside, lead, applies):
    facts = with_care(in_hospital=inside, discharge_lead=lead)
    assert applying(facts).get("support.planning", (None,))[0] is applies
    found = applying(facts, discharge.conclude)
    assert found.get("discharge.lead", (None,))[0] is applies


@pytest.mark.parametrize("inside", [YES, NOT_KNOWN, NO])
def test_what_a_discharge_needs_applies_to_everyone_in_hospital(inside):
    found = applying(with_care(in_hospital=inside), discharge.conclude)
    for key in ("involve", "share", "safe", "transition", "rehabilitation", "equipment"):
        assert found.get(f"discharge.{key}", (NO,))[0] is inside


@pytest.mark.parametrize(
    ("facts", "trained", "applies"),
    [
        (MSCC, NO, YES),
        (MSCC, NOT_KNOWN, NOT_KNOWN),
        (MSCC, YES, None),
        (METASTASES, NO, None),
    ],
)
def test_carers_are_trained_before_somebody_with_mscc_goes_home(facts, trained, applies):
    found = applying(with_care(facts, in_hospital=YES, carers_trained=trained), discharge.conclude)
    assert found.get("discharge.carers", (None,))[0] is applies
    assert ("discharge.equipment" in found) == (facts is MSCC)


def test_every_rule_can_apply_and_says_its_strength_and_numbers():
    rules = {rule.key: rule for rule in (*support.RULES, *discharge.RULES)}
    facts = with_care(in_hospital=YES, able_to_take_part=YES)
    found = [*support.conclude(facts), *discharge.conclude(facts)]
    assert {each.key for each in found} == set(rules)
    for each in found:
        rule = rules[each.key]
        assert (each.text, each.strength, each.numbers) == (rule.text, rule.strength, rule.numbers)
        assert each.numbers
    assert {rule.strength for rule in rules.values()} == {Strength.ENSURE, Strength.OFFER}


def test_the_rules_cover_their_sections():
    numbers = {number for rule in (*support.RULES, *discharge.RULES) for number in rule.numbers}
    wanted = {f"1.2.{n}" for n in range(1, 14)} | {f"1.12.{n}" for n in range(1, 6)}
    wanted |= {"1.1.11", "1.1.14", "1.1.17"} | {f"1.1.{n}" for n in range(22, 29)}
    assert numbers == wanted


def test_those_of_the_guideline_who_are_missing_are_named_and_palliative_care_only_if_needed():
    everyone = tuple(party.key for party in discharge.PARTIES)
    assert discharge.not_brought_in(everyone) == ()
    without = tuple(key for key in everyone if key not in ("pharmacist", "palliative_care"))
    assert discharge.not_brought_in(without) == ("A pharmacist",)
    assert len(discharge.not_brought_in(())) == len(everyone) - 1


def test_the_steps_of_a_discharge_plan_are_each_there_once():
    keys = [step.key for step in discharge.STEPS]
    assert len(keys) == len(set(keys))
    assert keys[0] == "lead"
    assert all(step.numbers for step in discharge.STEPS)
    assert discharge.FOLLOW_UP_DAYS == (30, 90)
