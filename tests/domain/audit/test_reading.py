"""What a page of its own records counts as the item of care that it is."""

from datetime import timedelta

import pytest

from audit.domain.reading import facts_of
from audit.measures import registry
from audit.measures.verdict import Status
from referrals.domain.discharge_plan import Arranged, Planned, plan_discharge
from tests.factories.referrals import AT, ReferralFactory, Team, command

pytestmark = pytest.mark.django_db


def test_a_discharge_plan_begins_when_somebody_first_leads_it():
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    first, again = AT + timedelta(hours=20), AT + timedelta(hours=90)
    plan = Planned("Sam Lead", arranged={"contact": Arranged(done=True, note="Team, 0123")})
    plan_discharge(referral.pk, plan, command=command(team.coordinator, first))
    other = Planned("Kit Lead", arranged=plan.arranged)
    plan_discharge(referral.pk, other, command=command(team.coordinator, again))
    facts = facts_of([referral.pk], again)[referral.pk]
    said = registry.by_key("discharge_planning").judge(facts)
    assert (said.status, said.seconds) == (Status.MET, 20 * 3600)
    assert registry.by_key("whom_to_ring").judge(facts).status is Status.MET
