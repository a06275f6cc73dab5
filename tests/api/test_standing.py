"""What the rules say about a person, by program: conclusions, and the work that is due."""

import pytest

from tests.factories.referrals import ReferralFactory, Team

pytestmark = pytest.mark.django_db


def test_care_that_is_due_is_listed_with_the_next_first(case):
    said = case.get(f"{case.one}/care/").json()

    due = [work["due_at"] for work in said["work"]]
    assert due == sorted(due)
    labels = {work["key"]: work["label"] for work in said["work"]}
    assert labels["immobilisation"] == "Immobilisation"
    by_key = {each["key"]: each["due_at"] for each in said["items"]}
    assert all(by_key[work["key"]] == work["due_at"] for work in said["work"])


def test_the_conclusions_say_why_and_from_where(case):
    answer = case.get(f"{case.one}/assessment/")

    said = answer.json()
    assert answer.headers["ETag"] == f'"{case.of.version}"'
    assert (said["at"], said["triage"]["suspicion"]) == ("2026-11-21T11:00:00Z", "mscc")
    found = {each["key"]: each for each in said["conclusions"]}
    scan = found["imaging.mri_24h"]
    assert (scan["applies"], scan["numbers"]) == ("yes", ["1.5.2", "1.5.5"])
    assert scan["because"] == ["MSCC is suspected."]
    assert scan["unknown"] == ["Is MRI contraindicated?"]
    assert {each["applies"] for each in said["conclusions"]} == {"yes", "not_known"}
    assert all(each["unknown"] for each in found.values() if each["applies"] == "not_known")


def test_contradictions_on_record_are_questions_of_the_assessment(case):
    examined = {"mobility": "walks_unaided", "complete_paralysis": "yes"}
    case.post("information", {"sections": {"neurology": examined}})
    questions = case.get(f"{case.one}/assessment/").json()["questions"]
    assert any("walk" in each["sentence"] for each in questions)


def test_once_a_referral_is_closed_the_rules_are_silent(program, at):
    team = Team.build()
    referral = ReferralFactory(team=team, discharged=True)
    coordinator, one = program(team.coordinator), f"referrals/{referral.reference}"

    said = coordinator.get(f"{one}/assessment/").json()
    assert (said["triage"], said["questions"], said["conclusions"]) == (None, [], [])
    assert coordinator.get(f"{one}/care/").json()["items"] == []
