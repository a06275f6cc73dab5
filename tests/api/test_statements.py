"""What a transition costs: a handful of statements, however long the history is (design: T3).

With everything a careful program sends: a token, a key, and the version it has read.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.clinical.milestones import MilestoneKind
from referrals.domain import milestones
from scheduling.domain.sweep import sweep
from scheduling.models import Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, ReferralFactory, Team, command
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
MOST = 10
SLOT = {"slot_at": (AT + timedelta(hours=4)).isoformat()}
# The stage it starts from, the address, the body, and what it costs.
TRANSITIONS = {
    "triage": ({}, "triage", {"suspicion": "mscc"}, 10),
    "book_mri": ({"triaged": True}, "book-mri", SLOT, 9),
    "decide_treatment": (
        {"scanned": True},
        "decide-treatment",
        {
            "plan": "radiotherapy",
            "decided_by": "Dr Example",
            "consulted": ["oncology"],
            "decided_at": (AT + timedelta(hours=2)).isoformat(),
        },
        9,
    ),
    "discharge": (
        {"treatment_decided": True},
        "discharge",
        {
            "lead_name": "Jo Example",
            "destination": "home",
            "discharged_at": (AT + timedelta(hours=2)).isoformat(),
            "open_items_reason": "Example.",
        },
        10,
    ),
    "redirect": ({"triaged": True}, "redirect", {"to": "Oncology", "advice": "Ring them."}, 8),
    "withdraw": ({"triaged": True}, "withdraw", {"reason": "Made in error."}, 8),
    "reopen": ({"discharged": True}, "reopen", {"reason": "Came back."}, 9),
}


def with_history(team, stage, facts):
    """A referral at a stage with this many more facts, told over the first hours."""
    referral = ReferralFactory(team=team, **stage)
    for number in range(facts):
        kind = (
            MilestoneKind.IMMOBILISATION_ENDED
            if number % 2
            else MilestoneKind.IMMOBILISATION_STARTED
        )
        when = AT + timedelta(minutes=40 + number)
        told = milestones.Happening(kind, when)
        milestones.record_milestone(
            referral.pk, told, command=command(team.coordinator, AT + timedelta(hours=2))
        )
    return referral


@pytest.mark.parametrize("facts", [1, 30])
@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_transition_costs_the_same_few_statements_whatever_its_history(name, facts, program, at):
    stage, address, body, statements = TRANSITIONS[name]
    team = Team.build()
    referral = with_history(team, stage, facts)
    if name == "book_mri":
        body = body | {
            "hospital_id": team.place.hospital.pk,
            "overnight_reason": "Treatment would start at once.",
        }
    at(AT + timedelta(hours=3))
    coordinator = program(team.coordinator)
    headers = {"Idempotency_Key": "once", "If_Match": f'"{referral.version + facts}"'}
    with CaptureQueriesContext(connection) as counted:
        answer = coordinator.post(f"referrals/{referral.reference}/{address}/", body, **headers)
    assert answer.status_code == 200, answer.content
    # A test runs inside a transaction: its savepoints stand for BEGIN and COMMIT.
    asked = [each["sql"] for each in counted if "SAVEPOINT" not in str(each["sql"])]
    assert len(asked) == statements, "\n".join(map(str, asked))
    assert len(asked) <= MOST


@pytest.mark.parametrize("name", ["triage", "discharge"])
def test_nor_does_it_cost_more_than_ten_when_it_ends_pages_that_were_sent(name, program, at):
    stage, address, body, _ = TRANSITIONS[name]
    team = Team.build()
    ContactPointFactory(user=team.coordinator, channel="pager", address="07700900123")
    on_duty(team.coordinator, team.place, AT, hours=72)
    referral = ReferralFactory(team=team, **stage)
    later = AT + timedelta(hours=30)
    at(later)
    sweep(later)
    Notice.objects.update(state="sent", sent_at=later)
    coordinator = program(team.coordinator)

    with CaptureQueriesContext(connection) as counted:
        answer = coordinator.post(f"referrals/{referral.reference}/{address}/", body)

    assert answer.status_code == 200, answer.content
    assert Notice.objects.filter(kind="stood_down").exists()
    assert len([each for each in counted if "SAVEPOINT" not in str(each["sql"])]) <= MOST
