"""The auditor stays cheap when ten thousand referrals are open."""

from datetime import timedelta

import pytest
from django.db import connection

from scheduling.domain import auditor
from tests.domain.scheduling.crowd import crowd
from tests.factories.referrals import AT, ReferralFactory, Team

pytestmark = pytest.mark.django_db

OPEN = 10_000
# The promise is 200 ms on a machine of its own; a machine that runs tests is never that.
BUDGET_MS = 600


def test_ten_thousand_open_referrals_are_checked_within_the_budget(record_property):
    model = ReferralFactory(team=Team.build(), triaged=True)
    crowd(model, OPEN)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scheduling_clockstep (
                id, clock_id, referral_id, step, state, fire_at, attempts, last_error)
            SELECT gen_random_uuid(), c.id, c.referral_id, m.step, 'armed', m.fire_at, 0, ''
            FROM scheduling_clock AS c
            CROSS JOIN LATERAL (VALUES ('at_risk', c.at_risk_at), ('breach', c.due_at))
                AS m (step, fire_at)
            WHERE c.state = 'running'
            ON CONFLICT DO NOTHING
            """
        )
        for table in ("referrals_referral", "scheduling_clock", "scheduling_clockstep"):
            cursor.execute(f"ANALYZE {table}")
    found = [auditor.audit(AT + timedelta(minutes=10)) for _ in range(5)]
    with connection.cursor() as cursor:
        # In the test's own transaction the auditor's limit would outlast the auditor.
        cursor.execute("SET LOCAL statement_timeout = 0")
    assert {each.key for each in found[0].findings} <= {
        "silence",
        "nobody_on_call",
        "wrong_due_times",
        "clocks_disagree",
        "unsent_notices",
    }
    best = min(each.took_ms for each in found)
    record_property("audit_ms", best)
    assert best < BUDGET_MS
