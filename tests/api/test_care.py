"""What a person is given and planned, by program: the rules of the screens, said in JSON."""

from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.api import care_examples
from referrals.models import CareEntry, Fitness, Milestone, Score, Sitting
from tests.api.conftest import LATER
from tests.factories.people import person
from tests.factories.referrals import AT, ReferralFactory, Team

pytestmark = pytest.mark.django_db

EXAMPLES = [
    (address, title, body)
    for address, bodies in (
        ("care", care_examples.CARE),
        ("dexamethasone", {"Started": care_examples.DEXAMETHASONE["Started"]}),
        ("scores", care_examples.SCORE),
        ("care-plan", care_examples.CARE_PLAN),
        ("pain-plan", {"A plan": care_examples.PAIN_PLAN["A plan"]}),
        ("discharge-plan", care_examples.DISCHARGE_PLAN),
    )
    for title, body in bodies.items()
]


def pointers(answer):
    assert answer.status_code == 422, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {each["pointer"]: each["detail"] for each in answer.json()["errors"]}


@pytest.mark.parametrize(("address", "title", "body"), EXAMPLES)
def test_what_the_schema_shows_is_taken_with_its_key_and_its_version(address, title, body, case):
    before = case.get(f"{case.one}/").headers["ETag"]
    headers = {"Idempotency_Key": "once", "If_Match": before}

    first = case.post(address, body, **headers)
    again = case.post(address, body, **headers)
    stale = case.post(address, body, If_Match=before)

    assert first.status_code == 200, first.content
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")


@pytest.mark.parametrize(("address", "title", "body"), EXAMPLES)
def test_a_ward_nurse_may_read_care_and_not_record_it(address, title, body, program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    nurse, one = program(team.nurse), f"referrals/{referral.reference}"
    at(LATER)

    assert nurse.post(f"{one}/{address}/", body).status_code == 403
    assert nurse.get(f"{one}/care/").status_code == 200


@pytest.mark.parametrize(
    "address", ["care", "scores", "care-plan", "pain-plan", "sitting", "discharge-plan"]
)
def test_a_closed_referral_is_given_no_more_care(address, program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, discharged=True)
    bodies = {name: body for name, _, body in EXAMPLES}
    bodies["sitting"] = care_examples.SITTING["It went well"]
    at(LATER)

    answer = program(team.coordinator).post(
        f"referrals/{referral.reference}/{address}/", bodies[address]
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_several_items_are_recorded_at_once_and_stand_in_the_bundle(case):
    answer = case.post("care", care_examples.CARE["Two items of a ward round"])

    assert answer.status_code == 200, answer.content
    bundle = {each["key"]: each for each in case.get(f"{case.one}/care/").json()["items"]}
    given, declined = bundle["stomach_protection"], bundle["glucose"]
    assert (given["status"], given["at"]) == ("given", "2026-11-21T09:30:00Z")
    assert given["by"] == case.user.name
    assert (declined["status"], declined["reason"]) == ("declined", "Asked to be left alone today.")
    assert bundle["immobilisation"]["applies"] == "yes"
    assert bundle["immobilisation"]["status"] is None
    assert bundle["immobilisation"]["because"]
    entered = [row["item"] for row in case.record()["care_entries"]]
    assert sorted(entered) == ["glucose", "stomach_protection"]  # at one moment, in any order


def test_what_is_wrong_with_an_item_is_said_at_its_place(case):
    told = [
        {"item": "contact", "status": "given"},
        {"item": "glucose", "status": "declined"},
        {"item": "contact", "status": "given"},
    ]
    found = pointers(case.post("care", {"told": told}))
    assert set(found) == {"/told/1/reason", "/told/2/status"}
    assert "say why" in found["/told/1/reason"]

    told = [{"item": "contact", "status": "given"}, {"item": "massage", "status": "given"}]
    assert set(pointers(case.post("care", {"told": told}))) == {"/told/1/item"}
    assert set(pointers(case.post("care", {"told": []}))) == {"/told"}
    assert not CareEntry.objects.exists()


def test_what_does_not_fit_is_asked_about_and_then_confirmed(case):
    body = {"told": [{"item": "immobilisation", "status": "not_applicable", "reason": "Walks."}]}

    asked = case.post("care", body)
    assert asked.json()["code"] == "needs_confirmation"
    assert "it seems to apply" in pointers(asked)["/told/0/status"]
    assert case.post("care", body | {"confirmed": True}).status_code == 200


def test_a_course_of_dexamethasone_is_started_tapered_and_stopped(case):
    start = {"kind": "start", "daily_mg": 16, "at": "2026-11-21T09:30:00Z"}
    # No treatment has begun here: the taper is asked about unless it is confirmed.
    plan = care_examples.DEXAMETHASONE["A taper is planned"] | {"confirmed": True}
    for body in (start, {"kind": "change", "daily_mg": 12.5, "reason": "Glucose"}, plan):
        answer = case.post("dexamethasone", body)
        assert answer.status_code == 200, answer.content
    stopped = case.post("dexamethasone", {"kind": "stop", "reason": "Ruled out"})
    assert stopped.status_code == 200, stopped.content

    course = case.record()["dexamethasone"]
    assert [row["kind"] for row in course] == ["start", "change", "plan", "stop"]
    assert [row["daily_mg"] for row in course] == [16, 12.5, None, None]
    assert course[2]["taper"] == [
        {"on": "2026-11-24", "daily_mg": 8.0},
        {"on": "2026-11-26", "daily_mg": 4.0},
        {"on": "2026-11-30", "daily_mg": 0.0},
    ]
    assert course[2]["on_behalf_of"] == "Dr Example"
    kinds = set(Milestone.objects.values_list("kind", flat=True))
    assert {"dexamethasone_started", "dexamethasone_stopped"} <= kinds


@pytest.mark.parametrize(
    ("body", "pointer", "sentence"),
    [
        ({"kind": "start"}, "/daily_mg", "Enter the dose of a whole day"),
        ({"kind": "start", "daily_mg": 1.25}, "/daily_mg", "for example 16 or 1.5"),
        ({"kind": "start", "daily_mg": "16"}, "/daily_mg", "must be a number"),
        ({"kind": "start", "daily_mg": 1000}, "/daily_mg", "less than or equal"),
        ({"kind": "plan"}, "/taper", "at least one day"),
        ({"kind": "plan", "taper": [{"on": "2026-11-24"}]}, "/taper/0/daily_mg", "required"),
        (
            {"kind": "plan", "taper": [{"on": "2026-11-24", "daily_mg": -1}]},
            "/taper/0/daily_mg",
            "greater than or equal",
        ),
        ({"kind": "stop"}, "/reason", "Say why"),
        ({"kind": "start", "daily_mg": 16, "at": "2026-11-21T11:30:00Z"}, "/at", "in the future"),
        ({"kind": "more"}, "/kind", "one of"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_where_it_stands(body, pointer, sentence, case):
    found = pointers(case.post("dexamethasone", body))
    assert sentence in found[pointer]
    assert case.record()["dexamethasone"] == []


def test_a_taper_before_a_start_is_a_question(case):
    body = care_examples.DEXAMETHASONE["A taper is planned"]
    asked = case.post("dexamethasone", body)
    assert asked.json()["code"] == "needs_confirmation"
    assert "nothing was being taken" in pointers(asked)["/at"]
    assert case.post("dexamethasone", body | {"confirmed": True}).status_code == 200


def test_a_score_is_kept_with_its_inputs_its_range_and_its_version(case):
    answer = case.post("scores", care_examples.SCORE["SINS of a lesion"] | {"level": "th 10"})

    assert answer.status_code == 200, answer.content
    [score] = case.record()["scores"]
    assert (score["tool"], score["level"]) == ("sins", "T10")
    assert score["inputs"]["pain"] == "mechanical"
    assert score["inputs"]["alignment"] == "not_known"
    assert score["low"] < score["high"]
    assert score["table_version"] == Score.objects.get().table_version


def test_performance_status_becomes_key_information(case):
    assert case.post("scores", care_examples.SCORE["Performance status"]).status_code == 200
    assert Fitness.objects.get().performance_status == 2


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"answers": {"pain": "terrible"}}, "/answers/pain"),
        ({"answers": {"karnofsky": "80"}}, "/answers/karnofsky"),
        ({"answers": {"pain": 3}}, "/answers/pain"),
        ({"answers": []}, "/answers"),
        ({"level": "T13"}, "/level"),
        ({"level": "T9, T10"}, "/level"),
        ({"clinical_assessment": ""}, "/clinical_assessment"),
        ({"assessed_by": ""}, "/assessed_by"),
        ({"tool": "apgar"}, "/tool"),
        ({"tool": "performance"}, "/level"),
    ],
)
def test_a_score_that_cannot_be_is_refused_with_where_it_stands(wrong, pointer, case):
    found = pointers(case.post("scores", care_examples.SCORE["SINS of a lesion"] | wrong))
    assert pointer in found
    assert not Score.objects.exists()


def test_a_care_plan_is_a_senior_clinicians_and_each_version_stays(case, program):
    plan = care_examples.CARE_PLAN["Agreed with the person"]
    assert case.post("care-plan", plan).status_code == 200
    unagreed = plan | {"agreed": "no"}
    assert "not agreed" in pointers(case.post("care-plan", unagreed))["/not_agreed_reason"]
    reason = {"not_agreed_reason": "Wants to think.", "review_on": "2026-11-20"}
    assert "has passed" in pointers(case.post("care-plan", unagreed | reason))["/review_on"]
    own = unagreed | {"senior_clinician": case.senior.name} | reason | {"confirmed": True}
    seniors = program(case.senior).post(f"{case.one}/care-plan/", own)
    assert seniors.status_code == 200, seniors.content

    first, second = case.record()["care_plans"]
    assert (first["agreed"], second["agreed"]) == ("yes", "no")
    assert first["on_behalf_of"] == "Dr Example"
    assert second["on_behalf_of"] == ""


def test_a_pain_plan_is_reviewed_and_a_review_without_one_is_a_question(case):
    review = care_examples.PAIN_PLAN["Its review"]
    asked = case.post("pain-plan", review)
    assert asked.json()["code"] == "needs_confirmation"
    assert "/kind" in pointers(asked)

    assert case.post("pain-plan", care_examples.PAIN_PLAN["A plan"]).status_code == 200
    assert case.post("pain-plan", review).status_code == 200
    assert [row["kind"] for row in case.record()["pain_plans"]] == ["plan", "review"]


def test_a_step_of_sitting_is_judged_by_the_rules(case):
    step = care_examples.SITTING["It went well"] | {"confirmed": True}
    worse = step | {"step": "sitting", "neurology_worse": "yes", "done": "Laid flat."}

    assert "stable" in pointers(case.post("sitting", step | {"confirmed": False}))["/step"]
    for body in (step, worse):
        answer = case.post("sitting", body)
        assert answer.status_code == 200, answer.content

    assert [row["outcome"] for row in case.record()["sittings"]] == ["go_on", "stop_and_reassess"]
    impossible = step | {"lying_systolic": 400, "pain_after": 11}
    assert set(pointers(case.post("sitting", impossible))) == {"/lying_systolic", "/pain_after"}
    upside_down = step | {"lying_diastolic": 130}
    assert set(pointers(case.post("sitting", upside_down))) == {"/lying_diastolic"}
    assert Sitting.objects.count() == 2


def test_a_discharge_is_planned_and_what_is_left_out_stays(case):
    begun = care_examples.DISCHARGE_PLAN["Begun"]
    assert case.post("discharge-plan", begun).status_code == 200

    same = pointers(case.post("discharge-plan", begun))
    assert "Nothing here differs" in same[""]
    nobody = begun | {"arranged": {"contact": {"done": True}}}
    assert (
        "whom they ring" in pointers(case.post("discharge-plan", nobody))["/arranged/contact/note"]
    )
    more = begun | {"arranged": {"equipment": {"done": True}}}
    assert case.post("discharge-plan", more).status_code == 200

    steps = case.record()["discharge_steps"]
    assert [row["done"] for row in steps if row["step"] == "equipment"] == [False, True]
    assert [row["done"] for row in steps if row["step"] == "contact"] == [True]
    unknown = begun | {"arranged": {"balloon": {"done": True}}}
    assert set(pointers(case.post("discharge-plan", unknown))) == {"/arranged/balloon"}


def test_follow_up_is_recorded_after_discharge_and_corrected_openly(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, discharged=True)
    coordinator, one = program(team.coordinator), f"referrals/{referral.reference}"
    at(AT + timedelta(days=31))
    body = care_examples.FOLLOW_UP["At 30 days"]
    work = [each["key"] for each in coordinator.get(f"{one}/care/").json()["work"]]
    assert work == ["follow_up.30", "follow_up.90"]

    assert set(pointers(coordinator.post(f"{one}/follow-up/", body | {"day": 31}))) == {"/day"}
    without = {name: value for name, value in body.items() if name != "reached"}
    assert set(pointers(coordinator.post(f"{one}/follow-up/", without))) == {"/reached"}
    odd = coordinator.post(f"{one}/follow-up/", body | {"alive": "no"})
    assert (odd.json()["code"], set(pointers(odd))) == ("needs_confirmation", {"/alive"})
    first = coordinator.post(f"{one}/follow-up/", body)
    assert first.status_code == 200, first.content
    assert set(pointers(coordinator.post(f"{one}/follow-up/", body))) == {"/correction"}
    again = body | {"pain": 6, "correction": "Another person's answer."}
    assert coordinator.post(f"{one}/follow-up/", again).status_code == 200

    record = coordinator.get(f"{one}/record/").json()
    assert [row["pain"] for row in record["follow_ups"]] == [2, 6]
    work = [each["key"] for each in coordinator.get(f"{one}/care/").json()["work"]]
    assert work == ["follow_up.90"]


def test_there_is_no_follow_up_before_discharge(case):
    answer = case.post("follow-up", care_examples.FOLLOW_UP["At 30 days"])
    assert answer.status_code == 409


def test_a_question_is_answered_by_a_time_and_the_record_says_which(case):
    asked = {"specialty": "oncology", "question": "What now?", "due_at": "2026-11-21T15:00:00Z"}
    assert case.post("opinions", asked).status_code == 200
    [opinion] = case.record()["opinions"]
    assert (opinion["due_at"], opinion["seen_at"]) == ("2026-11-21T15:00:00Z", None)

    past = case.post("opinions", asked | {"due_at": "2026-11-21T08:00:00Z"})
    assert set(pointers(past)) == {"/due_at"}


def test_whoever_types_for_somebody_else_says_for_whom(case, program):
    advice = {"given_to": "Alex Ward", "how": "phone", "pain": "Paracetamol."}
    assert case.post("advice", advice | {"given_by": "Dr Example"}).status_code == 200
    assert case.post("advice", advice | {"given_by": case.user.name}).status_code == 200
    case.post("opinions", {"specialty": "oncology", "question": "What now?"})
    case.post("opinions", {"specialty": "oncology", "question": "And then?"})
    first, second = (row["id"] for row in case.record()["opinions"])
    answer = {"answer": "Radiotherapy.", "answered_by": "Dr Oncologist"}
    assert case.post(f"opinions/{first}/answer", answer).status_code == 200
    own = program(person("specialty_contact", case.place, "oncology"))
    assert own.post(f"{case.one}/opinions/{second}/answer/", answer).status_code == 200

    assert [row["on_behalf_of"] for row in case.record()["advice"]] == ["Dr Example", ""]
    answered = Milestone.objects.filter(kind="opinion_answered").order_by("told")
    assert [row.on_behalf_of for row in answered] == ["Dr Oncologist", ""]
    line = Trail.objects.filter(action="advice_given").earliest("at")
    assert (line.actor, line.on_behalf_of) == (case.user, "Dr Example")
