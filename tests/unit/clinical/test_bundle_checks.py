"""The care bundle: what does not fit with what was told before gets a question."""

from dataclasses import replace

import pytest

from referrals.clinical import bundle
from referrals.clinical.bundle import Status
from referrals.clinical.facts import (
    Care,
    Pain,
    Steroids,
)
from tests.unit.clinical.test_bundle import FOUND, NO, ON_STEROIDS, PAINFUL, QUIET, WEAK, YES


@pytest.mark.parametrize(
    ("told", "facts", "asked"),
    [
        ({"dexamethasone": Status.NOT_APPLICABLE}, ON_STEROIDS, True),
        ({"dexamethasone": Status.DECLINED}, ON_STEROIDS, True),
        ({"dexamethasone": Status.GIVEN}, ON_STEROIDS, False),
        ({"dexamethasone": Status.DECLINED}, WEAK, False),
        ({"dexamethasone": Status.NOT_APPLICABLE}, WEAK, True),
        ({"immobilisation": Status.NOT_APPLICABLE}, WEAK, True),
        ({"immobilisation": Status.CONTRAINDICATED}, WEAK, False),
        ({"stomach_protection": Status.NOT_APPLICABLE}, ON_STEROIDS, True),
        ({"stomach_protection": Status.NOT_APPLICABLE}, WEAK, False),
        ({"support": Status.NOT_APPLICABLE}, FOUND, False),
        (
            {"stockings": Status.GIVEN},
            replace(QUIET, care=Care(stockings_contraindicated=YES)),
            True,
        ),
        ({"stockings": Status.GIVEN}, QUIET, False),
        ({"anticoagulant": Status.GIVEN}, replace(QUIET, care=Care(anticoagulation_safe=NO)), True),
        ({"bereavement_support": Status.GIVEN}, replace(FOUND, care=Care(end_of_life=NO)), True),
        ({"dexamethasone": Status.GIVEN}, WEAK, True),
        ({"dexamethasone": Status.GIVEN}, replace(WEAK, steroids=Steroids(given=NO)), True),
        ({"care_plan": Status.GIVEN}, QUIET, True),
        ({"care_plan": Status.GIVEN}, replace(QUIET, care=Care(care_plan=YES)), False),
        ({"care_plan": Status.DECLINED}, QUIET, False),
        ({"pain_plan": Status.GIVEN}, PAINFUL, True),
        ({"pain_plan": Status.GIVEN}, replace(PAINFUL, pain=Pain(reviewed_since_change=NO)), False),
        ({"pain_review": Status.GIVEN}, PAINFUL, True),
        ({"discharge_planning": Status.GIVEN}, replace(QUIET, care=Care(in_hospital=YES)), True),
        (
            {"discharge_planning": Status.GIVEN},
            replace(QUIET, care=Care(in_hospital=YES, discharge_lead=YES)),
            False,
        ),
        ({"end_of_life_care": Status.GIVEN}, FOUND, True),
        ({"end_of_life_care": Status.GIVEN}, replace(FOUND, care=Care(end_of_life=NO)), True),
        ({"end_of_life_care": Status.GIVEN}, replace(FOUND, care=Care(end_of_life=YES)), False),
        ({"bereavement_support": Status.GIVEN}, FOUND, True),
        ({"anticoagulant": Status.GIVEN}, QUIET, True),
        ({"anticoagulant": Status.GIVEN}, replace(QUIET, care=Care(high_clot_risk=YES)), True),
        (
            {"anticoagulant": Status.GIVEN},
            replace(QUIET, care=Care(high_clot_risk=YES, anticoagulation_safe=YES)),
            False,
        ),
        ({"stockings": Status.GIVEN}, PAINFUL, True),
        ({"immobilisation": Status.GIVEN}, QUIET, False),
        ({"skin": Status.GIVEN}, PAINFUL, False),
    ],
)
def test_what_does_not_fit_gets_a_question(told, facts, asked):
    assert [each.item for each in bundle.contradictions(facts, told)] == (
        list(told) if asked else []
    )


def test_a_question_says_what_is_missing_and_where_it_belongs():
    def asked(key, facts):
        (question,) = bundle.contradictions(facts, {key: Status.GIVEN})
        return question.sentence

    assert "no course is on record. Record it there, so that the taper is reminded of" in asked(
        "dexamethasone", WEAK
    )
    assert "Is the person approaching the end of life?" in asked("bereavement_support", FOUND)
    assert "the risk of bleeding" in asked("anticoagulant", QUIET)
