"""The least that the same work can cost: plain psycopg, the same rows in the same tables."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

PLAN, DECIDED_BY, LABEL = "radiotherapy", "Dr Example", "recorded the decision on treatment"
_UPDATE = """
    UPDATE referrals_referral SET state = 'treatment_decided', version = version + 1,
        changed_at = %(at)s, changed_by = %(name)s, last_change = %(label)s,
        next_due_at = %(due_at)s, next_due_kind = 'rt_24h'
    WHERE id = %(id)s AND version = %(version)s RETURNING reference"""
_FACTS = """
    WITH decision AS (
        INSERT INTO referrals_treatmentdecision (id, referral_id, occurred_at, recorded_at,
            recorded_by_id, on_behalf_of, plan, decided_by, consulted, rationale,
            surgery_considered, radiotherapy_exception, exception_reason, fractionation)
        VALUES (%(decision)s, %(id)s, %(at)s, %(at)s, %(user)s, '', %(plan)s, %(decided_by)s,
            ARRAY['oncology'], '', '', '', '', ''))
    INSERT INTO referrals_milestone (id, referral_id, occurred_at, recorded_at, recorded_by_id,
        on_behalf_of, kind, told, details, process, reason, retracts)
    VALUES (%(milestone)s, %(id)s, %(at)s, %(at)s, %(user)s, '', 'decision_to_treat', 200,
        %(details)s, '', '', false)"""
_TRAIL = """
    INSERT INTO audit_trail (at, actor_id, process, actor_name, on_behalf_of, action, referral_id,
        details, request_id)
    VALUES (%(at)s, %(user)s, '', %(name)s, '', 'treatment_decided', %(id)s, %(said)s, '')"""
_DEADLINE = """
    WITH clock AS (
        INSERT INTO scheduling_clock (id, referral_id, kind, number, state, started_at, at_risk_at,
            due_at, reason, ladder)
        VALUES (%(clock)s, %(id)s, 'rt_24h', 1, 'running', %(at)s, %(risk_at)s, %(due_at)s, '',
            'breach'))
    INSERT INTO scheduling_clockstep (id, clock_id, referral_id, step, state, fire_at, attempts,
        last_error)
    VALUES (gen_random_uuid(), %(clock)s, %(id)s, 'at_risk', 'armed', %(risk_at)s, 0, ''),
        (gen_random_uuid(), %(clock)s, %(id)s, 'breach', 'armed', %(due_at)s, 0, '')"""


def decide(line: psycopg.Connection, which: UUID, user: int, at: datetime) -> bool:
    """What `decide_treatment` writes, in four statements and one transaction.

    Nothing is judged or checked, but the version: False when somebody was faster.
    """
    given = {
        "id": which,
        "version": 1,
        "at": at,
        "user": user,
        "name": "Sam Example",
        "label": LABEL,
        "plan": PLAN,
        "decided_by": DECIDED_BY,
        "risk_at": at + timedelta(hours=12),
        "due_at": at + timedelta(hours=24),
        "decision": uuid4(),
        "milestone": uuid4(),
        "clock": uuid4(),
        "details": Jsonb({"plan": PLAN, "urgent_radiotherapy": "indicated", "exception": ""}),
    }
    with line.transaction(), line.cursor() as cursor:
        found = cursor.execute(_UPDATE, given).fetchone()
        if found is None:
            return False
        said = {"reference": found[0], "version": 2, "milestones": ["decision_to_treat"]}
        said |= {"plan": PLAN, "urgent_radiotherapy": "indicated", "exception": ""}
        cursor.execute(_FACTS, given)
        cursor.execute(_TRAIL, {**given, "said": Jsonb(said)})
        cursor.execute(_DEADLINE, given)
    return True
