"""`manage.py assess`, as somebody at a prompt meets it. None of these tests has a database."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from mscc.runtime.places import ROOT
from referrals.clinical.assessment import RULES, version
from referrals.clinical.case import schema
from referrals.management import answers

CASE = {"case": "first", "presentation": {"cancer": "past_or_current", "findings": {"gait": "yes"}}}


@pytest.fixture
def assess(monkeypatch):
    """Run it on a text, as from standard input: what it prints."""

    def run(text):
        given = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        out = io.StringIO()
        call_command("assess", "-", stdout=out)
        return out.getvalue()

    return run


def refused(assess, text):
    with pytest.raises(CommandError) as error:
        assess(text)
    assert error.value.returncode == 1
    return str(error.value).splitlines()


def test_one_case_is_answered_in_full_for_a_reader():
    out = io.StringIO()
    call_command("assess", str(ROOT / "docs/example-case.json"), stdout=out)
    said = json.loads(out.getvalue())
    assert list(said) == ["case", "library", "triage", "questions", "conclusions"]
    assert said["case"] == "example: weak legs on a ward"
    assert said["library"] == version()
    assert (said["triage"]["suspicion"], said["triage"]["urgency"]) == ("mscc", 3)
    assert said["triage"]["what_to_do_now"][0]["numbers"] == ["1.3.2"]
    first = said["conclusions"][0]
    assert list(first) == ["key", "text", "strength", "numbers", "because", "unknown", "applies"]
    found = {each["key"]: each for each in said["conclusions"]}
    assert set(found) <= set(RULES)
    assert found["immobilisation.start"]["applies"] == "yes"
    assert found["steroids.first_dose"]["numbers"] == ["1.8.1"]
    assert found["imaging.mri_24h"]["strength"] == "offer"
    assert out.getvalue().startswith('{\n  "case"')


@pytest.mark.parametrize("shape", ["list", "lines", "lines with gaps and a mark"])
def test_many_cases_are_answered_a_line_each_in_their_order(assess, shape):
    cases = [CASE, {"case": "second"}, {}]
    if shape == "list":
        text = json.dumps(cases)
    else:
        text = "\n".join(map(json.dumps, cases))
    if shape.endswith("mark"):
        text = "\ufeff" + text.replace("\n", "\r\n\r\n") + "\n"
    said = [json.loads(line) for line in assess(text).splitlines()]
    assert [each["case"] for each in said] == ["first", "second", ""]
    for case, each in zip(cases, said, strict=True):
        assert each == json.loads(assess(json.dumps(case)))


def test_a_list_of_one_is_a_line_and_an_empty_list_is_said_to_be(assess):
    assert len(assess(f"[{json.dumps(CASE)}]").splitlines()) == 1
    assert refused(assess, "[]") == ["There is nothing to assess: the list is empty."]


def test_a_time_at_the_end_of_the_calendar_is_refused_and_breaks_nothing(assess):
    ends = json.dumps({**CASE, "at": "0001-01-01T00:00:00+14:00"})
    sentence = "Give a time in the years 1900 to 2200, or leave it out."
    assert refused(assess, ends) == ["this cannot be read.", f"at: {sentence}"]


def test_more_cases_than_one_process_takes_are_answered_alike_and_in_order(assess, monkeypatch):
    monkeypatch.setattr(answers, "A_SHARE", 3)
    text = "\n".join(json.dumps({**CASE, "case": str(number)}) for number in range(20))
    monkeypatch.setattr(answers.os, "sched_getaffinity", lambda _: {0})
    alone = assess(text)
    monkeypatch.setattr(answers, "WORTH_SHARING", 20)
    monkeypatch.setattr(answers.os, "sched_getaffinity", lambda _: {0, 1, 2})
    assert assess(text) == alone
    assert [json.loads(line)["case"] for line in alone.splitlines()] == [str(n) for n in range(20)]
    spoilt = f'{text}\n{{"pain": {{"severity": 11}}}}\nnothing\n{{"x": 1}}'
    assert refused(assess, spoilt) == [
        "this cannot be read.",
        "line 21: pain.severity: Give a whole number from 0 to 10, or leave it out.",
        "line 22: This is not JSON (line 1, column 1).",
        "line 23: x: There is no such field here.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"pain": {"severity": 11, "sevrity": 1}}', "pain.severity: Give a whole number"),
        ('[{}, {"x": 1}]', "case 2: x: There is no such field here."),
        ("[{}, 7]", "case 2: the case: Give an object with named fields"),
        ('{"pain": {}, "pain": {}}', "Field 'pain' appears twice."),
        ('{"pain": {"severity": NaN}}', "pain.severity: Give a whole number"),
        ('{"steroids": {"daily_mg": 1e999}}', "steroids.daily_mg: Give a number"),
        ('{"pain":\n', "This is not JSON (line 2, column 1)."),
        (b'{"case": "\xff"}', "This is not UTF-8 (byte 11)."),
        ("[" * 100_000, "This is nested too deeply."),
        ('"yes"', "the case: Give an object with named fields"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_its_path(assess, text, sentence):
    first, *rest = refused(assess, text)
    assert first == "this cannot be read."
    assert rest[0].startswith(sentence)


def test_nothing_is_answered_while_one_case_of_many_is_wrong(assess):
    lines = [json.dumps(CASE)] * 3 + ['{"at": 1}'] + ['{"zzz": 1}'] * 60
    said = refused(assess, "\n".join(lines))
    assert said[1].startswith("line 4: at: Give a time")
    assert (len(said), said[-1]) == (52, "... and 11 more.")


def test_no_file_and_an_empty_one_are_said_to_be(assess, tmp_path):
    assert refused(assess, " \n ") == ["There is no case here: the file is empty."]
    with pytest.raises(CommandError, match="Name a file of cases, or - for standard input."):
        call_command("assess")
    with pytest.raises(CommandError, match="No such file or directory."):
        call_command("assess", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="Is a directory."):
        call_command("assess", str(tmp_path))


def test_the_schema_is_printed():
    out = io.StringIO()
    call_command("assess", schema=True, stdout=out)
    assert json.loads(out.getvalue()) == schema()


def test_a_case_that_says_no_moment_is_told_for_now(assess):
    told = {"cancer": "none", "findings": {"gait": {"answer": "yes", "onset": "2199-01-01"}}}
    asked = json.loads(assess(json.dumps({"presentation": told})))["questions"]
    assert [each["code"] for each in asked] == ["gait-onset-future"]
    later = {"presentation": told, "at": "2199-01-02T00:00:00Z"}
    assert json.loads(assess(json.dumps(later)))["questions"] == []
