from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from referrals.clinical.presentation import (
    CORD_ITEMS,
    ITEMS,
    PAIN_ITEMS,
    Answer,
    CancerStatus,
    Finding,
    Group,
    Presentation,
    PresentationError,
    read,
)
from tests.unit.clinical.facts import presentations, presented


def test_box_1_has_seven_pain_items_and_six_cord_items():
    assert (len(PAIN_ITEMS), len(CORD_ITEMS)) == (7, 6)
    assert len({item.id for item in ITEMS}) == 13


def test_every_item_is_asked_as_a_question():
    assert all(item.question.endswith("?") and item.label for item in ITEMS)


def test_an_item_nobody_answered_is_not_known_and_not_a_no():
    told = Presentation(CancerStatus.PAST_OR_CURRENT, (Finding("gait", Answer.NO),))
    assert told.answer("gait") is Answer.NO
    assert told.answer("sensory") is Answer.NOT_KNOWN
    assert len(told.answered(Group.CORD, Answer.NOT_KNOWN)) == 5


def test_an_item_that_does_not_exist_is_a_mistake_and_not_an_unknown():
    with pytest.raises(KeyError):
        presented().answer("headache")


def test_replacing_an_answer_keeps_the_others():
    told = presented(CancerStatus.NONE, "gait").with_answer("night", Answer.YES, date(2026, 11, 20))
    assert told.answer("gait") is Answer.YES
    assert told.answer("night") is Answer.YES
    assert len(told.findings) == 13


@given(presentations())
def test_a_presentation_survives_being_stored(told):
    again = Presentation.from_dict(told.to_dict())
    assert again.cancer == told.cancer
    assert {f.item: f for f in again.findings} == {f.item: f for f in told.findings}


def test_an_onset_is_a_day_or_a_moment():
    told = read(
        "suspected",
        {
            "gait": {"answer": "yes", "onset": "2026-11-20"},
            "sensory": {"answer": "yes", "onset": "2026-11-20T09:15:00+00:00"},
            "night": {"answer": "yes", "onset": None},
        },
    )
    assert [finding.onset for finding in told.findings] == [
        None,
        date(2026, 11, 20),
        datetime(2026, 11, 20, 9, 15, tzinfo=UTC),
    ]
    assert Presentation.from_dict(told.to_dict()) == told


@pytest.mark.parametrize(
    ("findings", "field", "sentence"),
    [
        ({"headache": {"answer": "yes"}}, "findings.headache", "not one of the items"),
        ({"gait": {"answer": "maybe"}}, "findings.gait", "yes, no or not_known"),
        ({"gait": {"answer": True}}, "findings.gait", "yes, no or not_known"),
        ({"gait": {}}, "findings.gait", "yes, no or not_known"),
        ({"gait": "yes"}, "findings.gait", "yes, no or not_known"),
        ({"gait": {"answer": "yes", "when": "now"}}, "findings.gait", "no field when"),
        ({"gait": {"answer": "no", "onset": "2026-11-20"}}, "findings.gait", "has an onset"),
        ({"gait": {"answer": "yes", "onset": "soon"}}, "findings.gait", "Give the day"),
        ({"gait": {"answer": "yes", "onset": 3}}, "findings.gait", "Give the day"),
        ({"gait": {"answer": "yes", "onset": "2026-11-20T09:15"}}, "findings.gait", "offset"),
        (["gait"], "findings", "list of items"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(findings, field, sentence):
    with pytest.raises(PresentationError) as wrong:
        read("none", findings)
    assert sentence in wrong.value.errors[field]


def test_all_mistakes_are_named_at_once():
    with pytest.raises(PresentationError) as wrong:
        read("perhaps", {"gait": {"answer": "maybe"}, "headache": {"answer": "yes"}})
    assert set(wrong.value.errors) == {"cancer", "findings.gait", "findings.headache"}


def test_a_missing_cancer_status_is_refused_rather_than_taken_as_none():
    with pytest.raises(PresentationError, match="Cancer must be one of"):
        Presentation.from_dict({"findings": {}})
