"""What a body may not say, and how that is told (design: bad-input table)."""

import json

import pytest

from tests.factories.people import person
from tests.factories.referrals import Team, refer

pytestmark = pytest.mark.django_db

# Bodies of `scan`, each wrong in one way: where, and what is said of it.
SCAN = {"performed_at": "2026-11-21T08:30:00Z", "whole_spine": True}
WRONG = {
    "an unknown field": ({"performed": 1}, "/performed", "no field of this name"),
    "text for true": ({"whole_spine": "true"}, "/whole_spine", "must be true or false"),
    "1 for true": ({"whole_spine": 1}, "/whole_spine", "must be true or false"),
    "nothing for true": ({"whole_spine": None}, "/whole_spine", "may not be null"),
    "a time without an offset": (
        {"performed_at": "2026-11-21T08:30:00"},
        "/performed_at",
        "Time must include an offset, e.g. 2027-03-28T01:30:00Z.",
    ),
    "a number for a time": ({"performed_at": 1795260600}, "/performed_at", "Enter a time"),
    "a time before anybody": (
        {"performed_at": "0001-01-01T00:00:00Z"},
        "/performed_at",
        "The year must be from",
    ),
    "a time to come": (
        {"performed_at": "2026-11-21T09:14:00Z"},
        "/performed_at",
        "14 minutes in the future. Enter the time it happened.",
    ),
    "a time long ago": ({"performed_at": "2026-11-01T09:00:00Z"}, "/performed_at", "confirm it"),
    "no such modality": ({"modality": "xray"}, "/modality", "one of: mri, ct"),
    "a control character": (
        {"contraindication": "Pacemaker\u0000"},
        "/contraindication",
        "Text has characters that cannot be stored (position 10).",
    ),
    "half a character": (
        {"contraindication": "\ud800"},
        "/contraindication",
        "Text has characters that cannot be stored (position 1).",
    ),
    "two lines for one": ({"contraindication": "a\nb"}, "/contraindication", "Line breaks"),
    "a list for text": ({"contraindication": ["a"]}, "/contraindication", "must be text"),
    "too long a text": ({"contraindication": "x" * 301}, "/contraindication", "up to 300"),
    "a CT without why": ({"modality": "ct"}, "/contraindication", ""),
}


@pytest.fixture
def scan(program, at):
    team = Team.build()
    referral = refer(team)
    coordinator = program(team.coordinator)
    return lambda *args, **kw: coordinator.post(
        f"referrals/{referral.reference}/scan/", *args, **kw
    )


@pytest.mark.parametrize("name", WRONG)
def test_a_field_that_cannot_be_is_refused_with_where_it_stands(name, scan):
    body, pointer, sentence = WRONG[name]
    answer = scan(SCAN | body)

    assert answer.status_code == 422, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert sentence in error["detail"]
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_a_number_that_is_none_is_refused_with_where_it_stands(number, program, at):
    team = Team.build()
    referral = refer(team)
    raw = '{"sections": {"care": {"dexamethasone_mg": NUMBER}}}'.replace("NUMBER", number)

    answer = program(team.nurse).post(f"referrals/{referral.reference}/information/", raw=raw)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [
        "/sections/care/dexamethasone_mg"
    ]


@pytest.mark.parametrize(
    ("given", "sentence"), [("1", "must be a number"), (-1, "greater"), (101, "less")]
)
def test_a_dose_is_a_number_and_one_that_can_be(given, sentence, program, at):
    team = Team.build()
    referral = refer(team)
    body = {"sections": {"care": {"dexamethasone_mg": given}}}
    answer = program(team.nurse).post(f"referrals/{referral.reference}/information/", body)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


def test_everything_that_is_wrong_is_said_at_once(program, at):
    team = Team.build()
    body = {
        "hospital_id": "3",
        "person": {"given_name": "Robin", "a/b~c": 1},
        "referrer": {"name": "Alex", "call_back": "nobody"},
        "presentation": {
            "cancer": "maybe",
            "findings": {"gait": {"answer": "no", "onset": "2026-11-20"}},
        },
        "sections": {"neurology": {"power_left_leg": 6}},
    }

    answer = program(team.nurse).post("referrals/", body)

    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/hospital_id",
        "/person/a~1b~0c",
        "/person/family_name",
        "/referrer/call_back",
        "/presentation/cancer",
        "/sections/neurology/power_left_leg",
    }


@pytest.mark.parametrize(
    ("findings", "pointer"),
    [
        ({"toe": {"answer": "yes"}}, "/presentation/findings/toe"),
        ({"gait": "yes"}, "/presentation/findings/gait"),
        ({"gait": {"answer": "no", "onset": "2026-11-20"}}, "/presentation/findings/gait"),
        ({"gait": {"answer": "yes", "onset": "2026-11-20T10:00"}}, "/presentation/findings/gait"),
        ({"gait": {"answer": "yes", "onset": "0001-01-01"}}, "/presentation/findings/gait/onset"),
        ([], "/presentation/findings"),
    ],
)
def test_a_finding_that_cannot_be_is_named(findings, pointer, program, at):
    team = Team.build()
    body = {
        "hospital_id": team.place.hospital.pk,
        "person": {
            "given_name": "Robin",
            "family_name": "Example",
            "nhs_number_absent_reason": "Brought in without papers",
        },
        "referrer": {"name": "Alex", "call_back": "bleep 4321"},
        "presentation": {"cancer": "suspected", "findings": findings},
    }
    answer = program(team.nurse).post("referrals/", body)
    assert answer.status_code == 422, answer.content
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("person", "pointer", "sentence"),
    [
        ({"nhs_number": "999 000 0001"}, "/person/nhs_number", "not valid. Check the digits."),
        ({}, "/person/nhs_number", "or say why there is none"),
        (
            {"nhs_number_absent_reason": "x", "date_of_birth": "1850-01-01"},
            "/person/date_of_birth",
            "",
        ),
        (
            {"nhs_number_absent_reason": "x", "date_of_birth": "17.5.60"},
            "/person/date_of_birth",
            "",
        ),
    ],
)
def test_a_person_is_somebody_who_can_be(person, pointer, sentence, program, at):
    team = Team.build()
    body = {
        "hospital_id": team.place.hospital.pk,
        "person": {"given_name": "Robin", "family_name": "Example"} | person,
        "referrer": {"name": "Alex", "call_back": "bleep 4321"},
        "presentation": {"cancer": "suspected"},
    }
    answer = program(team.nurse).post("referrals/", body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize(
    ("raw", "line", "column"), [('{"performed_at"', 1, 16), ("{\n  'a': 1}", 2, 3), ("[1,]", 1, 4)]
)
def test_what_is_not_json_is_told_line_and_column(raw, line, column, scan):
    answer = scan(raw=raw)
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["line"], problem["column"]) == (line, column)
    assert f"line {line}, column {column}" in problem["detail"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ('{"whole_spine": true, "whole_spine": false}', "Field 'whole_spine' appears twice."),
        (b'{"contraindication": "\xff"}', "The body is not UTF-8 (byte 23)."),
        ("[" * 10_000, "nested too deeply"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "nested too deeply"),
    ],
)
def test_a_body_that_can_be_read_two_ways_or_none_is_refused(raw, sentence, scan):
    answer = scan(raw=raw)
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_a_body_that_is_no_object_is_refused(body, scan):
    answer = scan(raw=json.dumps(body))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == ""


def test_a_text_of_a_megabyte_is_too_big(scan):
    answer = scan(SCAN | {"contraindication": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "Notes can have up to 10,000 characters." in answer.json()["detail"]


def test_a_note_of_ten_thousand_characters_fits_and_one_more_does_not(program, at):
    team = Team.build()
    nurse, address = program(team.nurse), f"referrals/{refer(team).reference}/information/"

    assert nurse.post(address, {"note": "x" * 10_000}).status_code == 200
    answer = nurse.post(address, {"note": "x" * 10_001})
    assert answer.status_code == 422
    assert "Notes can have up to 10,000 characters. Yours has 10,001." in answer.json()["detail"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "x"],
)
def test_only_json_in_utf_8_is_read(content_type, scan):
    answer = scan(raw="{}", content_type=content_type)
    assert answer.status_code == 415
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_body_may_say_that_it_is_utf_8(scan):
    assert scan(SCAN, content_type="application/json; charset=UTF-8").status_code == 200


# What a program must not be able to write, whatever it sends along.
OURS = {
    "state": "discharged",
    "version": 9,
    "reference": "K7Q-4F",
    "id": "6f8d9c3e-0000-4000-8000-000000000000",
    "taken_by": 1,
    "taken_by_id": 1,
    "recorded_at": "2020-01-01T00:00:00Z",
    "recorded_by": 1,
    "recorded_by_id": 1,
    "referral_id": "6f8d9c3e-0000-4000-8000-000000000000",
    "closed_at": None,
    "status_token": "x",
    "next_due_at": "2030-01-01T00:00:00Z",
    "alliance_id": 1,
    "route": "ward_form",
    "process": "sweeper",
    "on_behalf_of": "Dr Somebody",
}
# A word that means something else there: by which route a drug is given.
OF_ITS_OWN = {"dexamethasone": {"route"}}
COMMANDS = (
    "take",
    "triage",
    "reassess",
    "new-signs",
    "information",
    "advice",
    "book-mri",
    "scan",
    "report",
    "opinions",
    "opinions/6f8d9c3e-0000-4000-8000-000000000000/answer",
    "milestones",
    "milestones/6f8d9c3e-0000-4000-8000-000000000000/correct",
    "decide-treatment",
    "discharge",
    "care",
    "dexamethasone",
    "scores",
    "care-plan",
    "pain-plan",
    "sitting",
    "discharge-plan",
    "follow-up",
    "redirect",
    "withdraw",
    "reopen",
)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_command_takes_what_is_ours_to_write(command, program, at):
    team = Team.build()
    referral = refer(team)
    address = f"referrals/{referral.reference}/{command}/" if command else "referrals/"

    answer = program(team.coordinator).post(address, OURS)

    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    ours = OURS.keys() - OF_ITS_OWN.get(command, set())
    assert {f"/{name}" for name in ours} <= pointers
    referral.refresh_from_db()
    assert (referral.state, referral.version) == ("referred", 1)


@pytest.mark.parametrize("where", ["person", "referrer", "sections", "presentation"])
def test_nor_does_any_part_of_a_body(where, program, at):
    team = Team.build()
    answer = program(team.nurse).post("referrals/", {where: OURS})
    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert {f"/{where}/{name}" for name in OURS} <= pointers


def test_a_person_without_a_role_is_told_so(program, at):
    answer = program(person("alliance_lead")).post("referrals/", {})
    assert answer.status_code == 403
