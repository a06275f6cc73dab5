"""A tool as it is filled in: its answers by name, and what they come to in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical.text import InputError
from referrals.clinical.tool_questions import QUESTIONS, read_back
from referrals.clinical.tools import Tool, read

SIX = {
    "pain": "mechanical",
    "bone": "lytic",
    "alignment": "normal",
    "collapse": "none",
    "posterior": "none",
}
FIFTEEN = {
    "karnofsky": "90",
    "extraspinal": "none",
    "vertebral": "1",
    "organs": "none",
    "primary": "breast",
    "frankel": "E",
}


@st.composite
def filled_in(draw):
    """Any tool with any combination of its answers, unanswered ones included."""
    tool = draw(st.sampled_from(Tool))
    answers = {
        each.key: draw(st.sampled_from([*each.options, "not_known", ""]))
        for each in QUESTIONS[tool]
    }
    level = draw(st.sampled_from(["", "O", "C4", "T10", "L4", "S3"])) if tool.of_a_level else ""
    return tool, level, answers


@given(filled_in(), st.none() | st.integers(0, 110))
def test_any_combination_can_be_read(filled, age):
    tool, level, answers = filled
    reading = read(tool, level, answers, age=age)
    assert 0 < len(reading.result) <= 120  # a column's width
    assert (reading.low is None) == (reading.high is None)
    assert reading.low is None or reading.low <= reading.high
    if reading.low is not None:
        assert reading.complete == (reading.low == reading.high)
    lines = dict(read_back(tool, level, answers))
    asked = [
        each
        for each in QUESTIONS[tool]
        if answers[each.key] in each.options
        and (tool is not Tool.TOKUHASHI or each.key not in ("karnofsky", "performance_status"))
    ]
    assert [lines[each.label] for each in asked] == [
        each.options[answers[each.key]] for each in asked
    ]


@pytest.mark.parametrize("tool", list(Tool))
def test_nothing_answered_is_incomplete_and_asks(tool):
    reading = read(tool, "", {})
    assert not reading.complete
    assert {words for _, words in read_back(tool, "", {})} == {"Not known"}
    assert len(tool.version) <= 60  # a column's width
    assert tool.label
    assert "1.9.3" in tool.numbers


def said(tool, answers, level="", **more):
    reading = read(tool, level, answers, **more)
    return reading.result, " ".join(reading.remarks)


def test_sins_is_said_with_what_follows_from_it():
    assert said(Tool.SINS, SIX, "T5") == ("SINS 6 of 18: stable", "")
    result, remarks = said(Tool.SINS, SIX, "L3")
    assert result == "SINS 7 of 18: potentially unstable"
    assert "ask a spinal surgeon" in remarks
    result, remarks = said(Tool.SINS, SIX)
    assert result == "SINS 5 to 8 of 18: may be stable or potentially unstable"
    assert "may be 7 or more" in remarks
    assert "may be 13" not in remarks
    result, remarks = said(Tool.SINS, SIX | {"alignment": "not_known", "collapse": "half"}, "L3")
    assert result == "SINS 9 to 14 of 18: may be potentially unstable or unstable"
    assert "ask a spinal surgeon about stability" in remarks
    assert "may be 13 or more" in remarks
    worst = SIX | {"alignment": "translation", "collapse": "half"}
    result, remarks = said(Tool.SINS, worst, "L3")
    assert result == "SINS 13 to 14 of 18: unstable"
    assert "ask a spinal surgeon now" in remarks
    assert "may be" not in remarks
    with pytest.raises(InputError):
        read(Tool.SINS, "T14", SIX)


def test_tokuhashi_says_how_far_it_can_be_trusted():
    result, remarks = said(Tool.TOKUHASHI, FIFTEEN)
    assert result == "Revised Tokuhashi 15 of 15: at least 1 year"
    assert "63%" in remarks
    assert "read off" not in remarks
    by_status = FIFTEEN | {"karnofsky": "not_known", "performance_status": "1"}
    result, remarks = said(Tool.TOKUHASHI, by_status)
    assert result.startswith("Revised Tokuhashi 14 to 15 of 15")
    assert "read off the performance status" in remarks
    assert "Lymphoma" in said(Tool.TOKUHASHI, FIFTEEN | {"primary": "myeloma"})[1]


def test_performance_by_either_scale():
    assert said(Tool.PERFORMANCE, {"performance_status": "2"})[0] == "Performance status 2"
    both = {"performance_status": "0", "karnofsky": "100"}
    assert said(Tool.PERFORMANCE, both)[0] == "Performance status 0, Karnofsky 100"


def test_frankel_and_ais_say_that_they_are_not_the_same():
    for tool, answers, result in (
        (Tool.FRANKEL, {"frankel": "C"}, "Frankel C"),
        (Tool.AIS, {"normal": "no", "sacral": "no"}, "AIS A"),
        (Tool.AIS, {"normal": "no", "motor": "no"}, "AIS A or B, not settled"),
    ):
        assert said(tool, answers)[0] == result
        assert "not interchangeable" in said(tool, answers)[1]


def test_escc_is_read_on_axial_t2():
    assert said(Tool.ESCC, {"escc": "2", "axial_t2": "yes"}, "T8") == ("ESCC 2: high grade", "")
    assert "axial T2" in said(Tool.ESCC, {"escc": "1c"}, "T8")[1]


def test_frailty_is_of_before_and_for_older_people():
    answers = {"frailty": "6", "before_illness": "yes"}
    result = "Clinical Frailty Scale 6: living with moderate frailty"
    assert said(Tool.FRAILTY, answers, age=65) == (result, "")
    assert "validated from 65" in said(Tool.FRAILTY, answers, age=64)[1]
    assert "two weeks before" in said(Tool.FRAILTY, {"frailty": "6"}, age=80)[1]


def test_a_stored_score_is_read_back_with_its_points():
    lines = dict(read_back(Tool.SINS, "T11", SIX | {"collapse": "half"}))
    assert lines["Location"].endswith("(3 points)")
    assert lines["Collapse of the vertebral body"] == ("Exactly 50% (2 or 3 points, to be settled)")
    lines = dict(read_back(Tool.TOKUHASHI, "", FIFTEEN))
    assert lines["Primary tumour"] == "Breast (5 points)"
    assert lines["General condition"] == "Karnofsky 90 (2 points)"
    by_status = {"performance_status": "1"}
    assert dict(read_back(Tool.TOKUHASHI, "", by_status))["General condition"] == (
        "Performance status 1 (1 or 2 points, to be settled)"
    )
    assert lines["Palsy (Frankel)"].endswith("(2 points)")


def test_an_answer_that_a_tool_does_not_know_is_refused():
    for tool, answers in ((Tool.SINS, {"pain": "3"}), (Tool.TOKUHASHI, {"primary": "moon"})):
        with pytest.raises(ValueError):
            read(tool, "", answers)
