import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_type_hints

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mscc.runtime.places import ROOT
from referrals.clinical.assessment import assess
from referrals.clinical.case import Case, read_case, schema
from referrals.clinical.case_fields import CaseError
from referrals.clinical.facts import Confirmed, Disease, Facts, Pain, Primary
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer, CancerStatus, Finding, Presentation
from referrals.clinical.scored import Bone, Lesion, Scored
from tests.factories.cases import any_case

WHOLE = {
    "case": " ward 4C, second look ",
    "at": "2026-11-21T09:30:00+01:00",
    "suspicion": "spinal_metastases",
    "confirmed": "mscc",
    "presentation": {
        "cancer": "past_or_current",
        "findings": {"gait": {"answer": "yes", "onset": "2026-11-20"}, "night": "no"},
    },
    "presentation_before": {"cancer": "suspected"},
    "neurology": {"mobility": "cannot_walk", "power": {"left_leg": 0, "right_arm": 5}},
    "neurology_before": {"bladder": "no", "sensory_level": "T10"},
    "disease": {"primary": "prostate", "metastases": 4},
    "pain": {"severity": 7.0, "controlled": "no"},
    "steroids": {"daily_mg": 16},
    "scored": {"karnofsky": 60, "lesions": [{"level": "th 10", "bone": "lytic"}]},
}


def wrong(data):
    with pytest.raises(CaseError) as refused:
        read_case(data)
    return refused.value.errors


def test_a_case_says_the_facts_in_the_words_of_the_record():
    case = read_case(WHOLE)
    assert case.label == "ward 4C, second look"
    assert case.at == datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    told = case.facts
    assert (told.suspicion, told.confirmed) == (Suspicion.SPINAL_METASTASES, Confirmed.MSCC)
    assert told.presentation.answer("gait") is Answer.YES
    assert told.presentation.findings[1].onset.isoformat() == "2026-11-20"
    assert told.presentation.answer("night") is Answer.NO
    assert told.presentation_before == Presentation(CancerStatus.SUSPECTED)
    assert told.neurology.power == {"left_leg": 0, "right_arm": 5}
    assert (told.neurology_before.bladder, told.neurology_before.sensory_level) == (
        Answer.NO,
        "T10",
    )
    assert told.disease == Disease(primary=Primary.PROSTATE, metastases=4)
    assert told.pain == Pain(severity=7, controlled=Answer.NO)
    assert type(told.pain.severity) is int
    assert told.steroids.daily_mg == 16.0
    assert told.scored == Scored(karnofsky=60, lesions=(Lesion("T10", bone=Bone.LYTIC),))


def test_what_is_left_out_is_not_known_and_triage_says_what_is_suspected():
    empty = read_case({})
    assert empty == Case(Facts(Suspicion.MSCC, Presentation(CancerStatus.NOT_KNOWN)))
    pain = {"cancer": "past_or_current", "findings": {"night": "yes"} | dict.fromkeys(CORD, "no")}
    assert read_case({"presentation": pain}).facts.suspicion is Suspicion.SPINAL_METASTASES
    judged = read_case({"presentation": pain, "suspicion": "none"})
    assert judged.facts.suspicion is Suspicion.NONE


CORD = (
    "bladder_bowel",
    "gait",
    "limb_weakness",
    "neurological_signs",
    "sensory",
    "radicular",
)


def test_everything_that_is_wrong_is_said_at_once_each_with_its_path():
    number = "Give a whole number from 0 to {}, or leave it out."
    assert wrong(
        {
            "pain": {"severity": 11, "controled": "yes", "controlled": "maybe"},
            "neurology": {"power": {"left_leg": 6, "tail": 1}, "sensory_level": "T1\nT2"},
            "presentation": {"cancer": "x", "findings": {"legs": "yes"}, "since": "2026"},
            "scored": {"karnofsky": 55, "lesions": [{"level": "T13"}, {"bone": ["lytic"]}]},
            "treatment": [],
            "at": "2026-11-21",
            "case": 4,
            "zzz": 1,
        }
    ) == {
        "pain.severity": number.format(10),
        "pain.controled": "There is no such field. Did you mean controlled?",
        "pain.controlled": "Say yes, no, not_known, or leave it out.",
        "neurology.power.left_leg": number.format(5),
        "neurology.power.tail": "There is no such field here.",
        "neurology.sensory_level": "Line breaks are not allowed here.",
        "presentation.cancer": (
            "Cancer must be one of: past_or_current, suspected, none, not_known."
        ),
        "presentation.findings.legs": "This is not one of the items that are asked about.",
        "presentation.since": "There is no such field here.",
        "scored.karnofsky": "Give a whole number from 10 to 100 in steps of 10, or leave it out.",
        "scored.lesions[0].level": "There is no T13: the thoracic spine is T1 to T12.",
        "scored.lesions[1].bone": "Say lytic, mixed, blastic, not_known, or leave it out.",
        "treatment": "Give an object with named fields, or leave it out.",
        "at": "Time must include an offset, e.g. 2027-03-28T01:30:00Z.",
        "case": "Give text of up to 60 characters, or leave it out.",
        "zzz": "There is no such field here.",
    }


@pytest.mark.parametrize("value", [True, "7", 7.5, -1, float("nan"), 10**400, None, [7]])
def test_a_number_is_a_number_in_its_range_and_nothing_else(value):
    assert wrong({"pain": {"severity": value}}) == {
        "pain.severity": "Give a whole number from 0 to 10, or leave it out."
    }


@pytest.mark.parametrize("value", [0, 10, 3.0])
def test_both_ends_of_a_range_are_in_it(value):
    assert read_case({"pain": {"severity": value}}).facts.pain.severity == value


def test_milligrams_and_months_need_not_be_whole():
    told = read_case({"steroids": {"daily_mg": 0.5}, "treatment": {"months_since_radiotherapy": 2}})
    assert told.facts.steroids.daily_mg == 0.5
    assert type(told.facts.treatment.months_since_radiotherapy) is float
    assert wrong({"steroids": {"daily_mg": 100.5}}) == {
        "steroids.daily_mg": "Give a number from 0 to 100, or leave it out."
    }


@pytest.mark.parametrize("value", [None, "yes", 3, []])
def test_a_case_and_each_of_its_groups_is_an_object(value):
    sentence = "Give an object with named fields, or leave it out."
    assert wrong(value) == {"": sentence}
    assert wrong({"care": value}) == {"care": sentence}
    assert wrong({"presentation": value}) == {
        "presentation": "Give an object with cancer and findings, or leave it out."
    }
    listed = "Give a list of up to 30, or leave it out."
    if value != []:
        assert wrong({"scored": {"lesions": value}}) == {"scored.lesions": listed}
    assert wrong({"scored": {"lesions": [{}] * 31}}) == {"scored.lesions": listed}


@pytest.mark.parametrize("value", ["now", 5, None, "2026-13-01T00:00:00Z"])
def test_a_moment_is_a_time_that_exists(value):
    assert wrong({"at": value}) == {
        "at": "Give a time such as 2026-11-21T09:30:00Z, or leave it out."
    }


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-23:59", "1899-12-31T23:59:59Z"],
)
def test_a_time_nobody_lives_in_is_refused_with_its_path(value):
    years = "Give a time in the years 1900 to 2200, or leave it out."
    assert wrong({"at": value}) == {"at": years}
    began = {"findings": {"gait": {"answer": "yes", "onset": value}}}
    assert wrong({"presentation": began, "presentation_before": began}) == {
        "presentation.findings.gait": years,
        "presentation_before.findings.gait": years,
    }


@pytest.mark.parametrize("value", ["1900-01-01T00:00:00+14:00", "2200-12-31T23:59:59-14:00"])
def test_the_first_and_the_last_time_that_can_be_said_are_read(value):
    assert read_case({"at": value}).at == datetime.fromisoformat(value)
    began = {"findings": {"gait": {"answer": "yes", "onset": value}}}
    told = read_case({"at": value, "presentation": began})
    assert assess(told.facts, told.at).triage.suspicion is Suspicion.MSCC


def test_a_level_is_refused_where_it_stands():
    assert wrong({"scored": {"escc_level": "T10-T12", "lesions": [{}, {"level": "x"}]}}) == {
        "scored.escc_level": (
            "Give one level, for example T10. Each lesion is scored on its own, and levels are "
            "never added up."
        ),
        "scored.lesions[1].level": ("Give the level as a letter and a number, for example T10."),
    }


def test_a_finding_that_is_there_may_have_an_onset_and_no_other():
    told = {"answer": "no", "onset": "2026-11-01"}
    assert list(wrong({"presentation": {"findings": {"gait": told}}})) == [
        "presentation.findings.gait"
    ]
    assert list(wrong({"presentation": {"findings": ["gait"]}})) == ["presentation.findings"]
    assert wrong({"presentation": {"findings": {}, "who": 1}}) == {
        "presentation.who": "There is no such field here."
    }


def test_a_name_somebody_chose_cannot_move_a_terminals_cursor():
    assert list(wrong({"pain": {"\x1b[2Jé" + "x" * 100: 1}})) == ["pain.\\x1b[2J\\xe9" + "x" * 55]
    assert list(wrong({"presentation": {"\x1b": 1}})) == ["presentation.\\x1b"]


def test_the_error_says_everything_in_one_line_too():
    error = CaseError({"pain.severity": "Give a number.", "zzz": "No."})
    assert str(error) == "pain.severity: Give a number.; zzz: No."


def test_the_schema_is_the_committed_one():
    """After a change of facts: manage.py assess --schema > docs/case.schema.json"""
    assert json.loads(Path(ROOT, "docs/case.schema.json").read_text()) == schema()


def test_the_schema_is_one_and_says_what_the_reader_holds_to():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema()["title"] == "A case for the clinical rules"
    assert schema()["description"].startswith("One person at one moment.")
    told = schema()["properties"]
    assert told["pain"]["properties"]["severity"] == {
        "description": "Pain now, from 0 for none to 10 for the worst imaginable.",
        "type": "integer",
        "minimum": 0,
        "maximum": 10,
    }
    assert told["steroids"]["properties"]["daily_mg"]["type"] == "number"
    assert told["spine"]["properties"]["unstable"]["enum"] == ["yes", "no", "not_known"]
    assert told["scored"]["properties"]["karnofsky"]["multipleOf"] == 10
    assert told["scored"]["properties"]["lesions"]["maxItems"] == 30
    assert told["at"]["format"] == "date-time"
    assert told["case"]["maxLength"] == 60
    gait = told["presentation"]["properties"]["findings"]["properties"]["gait"]
    assert gait["description"] == "Is walking difficult or unsteady?"


def test_no_group_of_the_schema_allows_a_field_it_does_not_name_and_each_is_described():
    def groups(of):
        if of.get("type") == "object":
            yield of
        for inner in (*of.get("properties", {}).values(), *of.get("anyOf", ())):
            yield from groups(inner)
        if "items" in of:
            yield from groups(of["items"])

    found = list(groups(schema()))
    assert len(found) > 20
    assert all(each["additionalProperties"] is False for each in found)
    fields_of = [
        told for each in found for name, told in each["properties"].items() if name != "answer"
    ]
    assert all(told["description"].endswith((".", "?")) for told in fields_of)


def test_every_fact_can_be_said_in_a_case():
    def names(of):
        hints = get_type_hints(of)
        for each in fields(of):
            yield each.name
            if is_dataclass(hints[each.name]) and hints[each.name] is not Presentation:
                yield from (f"{each.name}.{inner}" for inner in names(hints[each.name]))

    def said(of):
        for name, told in of["properties"].items():
            yield name
            if "properties" in told and "cancer" not in told["properties"]:
                yield from (f"{name}.{inner}" for inner in said(told))

    assert set(names(Facts)) <= set(said(schema()))


def test_the_example_is_a_case():
    example = json.loads(Path(ROOT, "docs/example-case.json").read_text())
    jsonschema.validate(example, schema())
    assert read_case(example).facts.suspicion is Suspicion.MSCC


@given(st.deferred(any_case))
@settings(max_examples=30)
def test_what_the_schema_allows_is_read(case):
    jsonschema.validate(case, schema())
    assert isinstance(read_case(json.loads(json.dumps(case))), Case)


@given(st.deferred(any_case), st.data())
@settings(max_examples=30)
def test_what_the_schema_refuses_is_refused_with_its_path(case, data):
    group = data.draw(st.sampled_from(["pain", "spine", "scans", "care", "steroids"]))
    name = data.draw(st.sampled_from(sorted(schema()["properties"][group]["properties"])))
    value = data.draw(st.sampled_from([None, True, "perhaps", [], {}, -1, 10**9]))
    spoilt = {**case, group: {name: value}}
    assert not jsonschema.Draft202012Validator(schema()).is_valid(spoilt)
    assert list(wrong(spoilt)) == [f"{group}.{name}"]


def test_findings_are_kept_in_the_order_of_box_1():
    told = {"findings": {"gait": "yes", "night": "yes"}}
    assert read_case({"presentation": told}).facts.presentation.findings == (
        Finding("night", Answer.YES),
        Finding("gait", Answer.YES),
    )
