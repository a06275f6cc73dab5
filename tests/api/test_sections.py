"""When key information was found, and a call that is keyed in for whoever rings."""

from datetime import timedelta

import pytest

from referrals.models import InitialCare, NeurologicalAssessment, PainAssessment, Referral
from tests.api.test_commands import intake_for
from tests.factories.people import person
from tests.factories.referrals import AT, METASTASES, Team, refer

pytestmark = pytest.mark.django_db
EARLIER, AHEAD = AT - timedelta(hours=3), AT + timedelta(hours=1)
TIMES = [("neurology", "examined_at"), ("pain", "asked_at"), ("care", "dexamethasone_at")]


def told(section, name, at):
    known = {"mobility": "walks_with_help"} if section == "neurology" else {}
    return {section: known | {name: at.isoformat()}}


@pytest.mark.parametrize(("section", "name"), TIMES)
@pytest.mark.parametrize("receiving", [True, False])
def test_a_time_to_come_is_refused_with_where_it_stands(receiving, section, name, program, at):
    team = Team.build()
    body = {"sections": told(section, name, AHEAD)}
    address = "referrals/"
    if receiving:
        body = intake_for(team, **body)
    else:
        address = f"referrals/{refer(team).reference}/information/"

    answer = program(team.nurse).post(address, body)

    assert answer.status_code == 422, answer.content
    [error] = answer.json()["errors"]
    assert error["pointer"] == f"/sections/{section}/{name}"
    assert error["detail"] == "This time is 1 h in the future. Enter the time it happened."
    assert not NeurologicalAssessment.objects.exists()
    assert not InitialCare.objects.exists()


def test_an_examination_and_pain_are_kept_with_the_time_they_were_found(program, at):
    team = Team.build()
    sections = told("neurology", "examined_at", EARLIER)
    sections |= {"pain": {"severity": 7, "asked_at": (EARLIER + timedelta(hours=1)).isoformat()}}
    sections |= {"fitness": {"frailty": 3}}

    answer = program(team.nurse).post("referrals/", intake_for(team, sections=sections))

    assert answer.status_code == 201, answer.content
    assert NeurologicalAssessment.objects.get().occurred_at == EARLIER
    assert PainAssessment.objects.get().occurred_at == EARLIER + timedelta(hours=1)
    record = program(team.coordinator).get(f"referrals/{answer.json()['reference']}/record/")
    assert record.json()["neurology"][0]["occurred_at"] == "2026-11-21T06:00:00Z"
    assert record.json()["fitness"][0]["occurred_at"] == "2026-11-21T09:00:00Z"


def test_without_a_time_a_section_was_found_when_it_was_told(program, at):
    team = Team.build()
    body = {"sections": {"neurology": {"mobility": "walks_with_help", "examined_at": None}}}
    body |= {"occurred_at": EARLIER.isoformat()}
    address = f"referrals/{refer(team).reference}/information/"

    assert program(team.nurse).post(address, body).status_code == 200
    assert NeurologicalAssessment.objects.get().occurred_at == EARLIER


def test_a_call_is_keyed_in_for_whoever_rings_and_is_taken_at_once(program, at):
    team = Team.build()

    answer = program(team.coordinator).post("referrals/", intake_for(team, telephone=True))

    assert answer.status_code == 201, answer.content
    referral = Referral.objects.get()
    assert (referral.route, referral.taken_by) == ("telephone", team.coordinator)
    assert referral.unread_since is None
    received = referral.milestones.get(kind="received")
    assert (received.recorded_by, received.on_behalf_of) == (team.coordinator, "Alex Ward")


@pytest.mark.parametrize("role", ["referrer", "senior_clinician"])
def test_nobody_keys_in_calls_who_may_not(role, program, at):
    team = Team.build()
    somebody = program(person(role, team.place))

    assert somebody.post("referrals/", intake_for(team, telephone=True)).status_code == 403
    assert not Referral.objects.exists()
    assert somebody.post("referrals/", intake_for(team, telephone=False)).status_code == 201
    assert Referral.objects.get().route == "api"


def test_a_ward_is_not_asked_what_treatment_turns_on(program, at):
    team = Team.build()
    sections = {"considerations": {"unstable": "yes"}}
    answer = program(team.nurse).post("referrals/", intake_for(team, sections=sections))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/sections/considerations"


def test_what_treatment_turns_on_is_for_whoever_prepares_the_decision(program, at):
    team = Team.build()
    referral = refer(team, METASTASES)
    one = f"referrals/{referral.reference}/information/"
    body = {"sections": {"considerations": {"pain_controlled": "yes"}}}

    assert program(team.nurse).post(one, body).status_code == 403
    assert program(team.nurse).post(one, {"note": "x"}).status_code == 200
    assert program(team.coordinator).post(one, body).status_code == 200
    ahead = {"considerations": {"paralysed_since": "2026-11-22"}}
    refused = program(team.coordinator).post(one, {"sections": ahead})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/sections/considerations/paralysed_since"
    record = program(team.coordinator).get(f"referrals/{referral.reference}/record/").json()
    assert [row["pain_controlled"] for row in record["considerations"]] == ["yes"]
