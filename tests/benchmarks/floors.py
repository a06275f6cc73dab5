"""The least that the same work can cost: plain psycopg, the same rows in the same tables."""

from datetime import datetime, timedelta
from typing import Any
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


_FIGURES = """
    SELECT count(*), count(*) FILTER (WHERE r.next_due_at < %(at)s),
        count(*) FILTER (WHERE r.next_due_at >= %(at)s AND c.at_risk_at <= %(at)s),
        count(r.unread_since), sum(r.version), max(r.changed_at)
    FROM referrals_referral AS r
    LEFT JOIN scheduling_clock AS c
        ON c.referral_id = r.id AND c.kind = r.next_due_kind AND c.state = 'running'
    WHERE r.alliance_id = %(alliance)s AND r.closed_at IS NULL"""
_HALF = """(
    SELECT * FROM referrals_referral
    WHERE alliance_id = %(alliance)s AND closed_at IS NULL AND unread_since IS {}
    ORDER BY next_due_at LIMIT 50)"""
_PAGE = f"""
    WITH page AS ({_HALF.format("NOT NULL")} UNION ALL {_HALF.format("NULL")} LIMIT 50)
    SELECT r.reference, r.version, r.state, r.suspicion, r.unread_since, r.next_due_at, r.missing,
        p.family_name, p.given_name, p.date_of_birth, p.sex, h.name, w.name, u.name, c.found,
        m.found, e.about
    FROM page AS r
    JOIN referrals_patient AS p ON p.id = r.patient_id
    JOIN people_organisation AS h ON h.id = r.hospital_id
    LEFT JOIN people_organisation AS w ON w.id = r.ward_id
    LEFT JOIN people_user AS u ON u.id = r.taken_by_id
    LEFT JOIN scheduling_escalation AS e ON e.referral_id = r.id AND e.state = 'open'
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(kind, state, at_risk_at, due_at, stopped_at)) AS found
        FROM scheduling_clock WHERE referral_id = r.id) AS c
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_array(kind, occurred_at)) AS found
        FROM (SELECT kind, occurred_at FROM referrals_milestone
              WHERE referral_id = r.id ORDER BY occurred_at DESC LIMIT 3) AS last) AS m"""


def board(line: psycopg.Connection, alliance: int, at: datetime) -> dict[str, Any]:
    """The figures and the first page of a board, as two statements have them."""
    return {"counts": figures(line, alliance, at), "rows": page(line, alliance, at)}


def figures(line: psycopg.Connection, alliance: int, at: datetime) -> Any:
    """The figures alone."""
    return line.execute(_FIGURES, {"alliance": alliance, "at": at}).fetchone()


def page(line: psycopg.Connection, alliance: int, at: datetime) -> list[Any]:
    """Its first fifty rows with everything they show."""
    return line.execute(_PAGE, {"alliance": alliance, "at": at}).fetchall()
