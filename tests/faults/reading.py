"""The history as the database, the senders' journals and the gateway's record have it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from tests.faults.history import Climb, Command, Delivery, History, Page, Step
from tests.faults.journal import Asked

# What a command leaves behind, counted: one milestone of a kind, or one person.
MILESTONE = {"triage": "triaged", "scan": "mri_performed", "withdraw": "withdrawn"}
_RECEIVED = """
SELECT patient.nhs_number, count(*) FROM referrals_referral AS referral
JOIN referrals_patient AS patient ON patient.id = referral.patient_id GROUP BY 1
"""
_MILESTONES = """
SELECT referral_id::text, kind, count(*) FROM referrals_milestone
WHERE kind = ANY(%s) GROUP BY 1, 2
"""
_STEPS = """
SELECT step.id::text, step.state, step.fire_at, clock.state = 'running',
    (SELECT count(*) FROM scheduling_escalation AS climb
     WHERE climb.clock_id = clock.id AND climb.about = step.step),
    (SELECT count(*) FROM audit_trail AS trail
     WHERE trail.referral_id = step.referral_id
        AND trail.action = CASE step.step WHEN 'breach' THEN 'target_breached'
            ELSE 'target_at_risk' END
        AND trail.details->>'kind' = clock.kind
        AND (trail.details->>'due_at')::timestamptz = clock.due_at),
    step.last_error <> '' AND step.retry_at IS NOT NULL
FROM scheduling_clockstep AS step JOIN scheduling_clock AS clock ON clock.id = step.clock_id
"""
_CLIMBS = """
SELECT climb.id::text, climb.state, coalesce(climb.next_at, climb.look_again_at),
    climb.opened_at, climb.last_error,
    (SELECT count(*) FROM audit_trail AS trail
     WHERE trail.referral_id = climb.referral_id AND trail.action = 'page_acknowledged'
        AND trail.details->>'escalation_id' = climb.id::text),
    (SELECT count(*) FROM scheduling_notice AS notice WHERE notice.escalation_id = climb.id)
    + (SELECT count(*) FROM scheduling_digestline AS line WHERE line.escalation_id = climb.id)
FROM scheduling_escalation AS climb
"""
_TOLD = """
SELECT details->>'escalation_id', details->>'round', details->>'rung', count(*)
FROM audit_trail WHERE action = 'people_paged' GROUP BY 1, 2, 3
"""
_PAGES = """
SELECT notice.id::text, notice.state, notice.next_attempt_at, notice.attempts,
    CASE WHEN notice.kind = 'digest' THEN EXISTS (
            SELECT FROM scheduling_digestline AS line
            JOIN scheduling_escalation AS told ON told.id = line.escalation_id
            WHERE told.state = 'open'
                AND starts_with(notice.dedupe_key, 'digest:' || line.digest_id))
        ELSE coalesce(climb.state = 'open', notice.escalation_id IS NULL) END,
    notice.rerouted_at IS NOT NULL
FROM scheduling_notice AS notice
LEFT JOIN scheduling_escalation AS climb ON climb.id = notice.escalation_id
"""


def read(at: datetime, asked: Iterable[Asked], deliveries: Iterable[Delivery]) -> History:
    """Everything there is to judge, as of `at`. Nobody should be writing meanwhile."""
    listed = list(asked)
    acks = [each for each in listed if each.verb == "acknowledge"]
    sent = Counter(each.about["climb"] for each in acks for _ in range(each.times))
    confirmed = Counter(each.about["climb"] for each in acks if each.confirmed)
    return History(
        at=at,
        commands=tuple(_commands([each for each in listed if each.verb != "acknowledge"])),
        steps=tuple(Step(*row) for row in _rows(_STEPS)),
        climbs=tuple(
            Climb(*row, asked_to_end=sent[row[0]], answered=confirmed[row[0]])
            for row in _rows(_CLIMBS)
        ),
        pages=tuple(Page(*row) for row in _rows(_PAGES)),
        deliveries=tuple(deliveries),
        told=Counter({tuple(row[:3]): row[3] for row in _rows(_TOLD)}),
    )


def _commands(asked: Iterable[Asked]) -> Iterable[Command]:
    received = {row[0]: row[1] for row in _rows(_RECEIVED)}
    recorded = {(row[0], row[1]): row[2] for row in _rows(_MILESTONES, [list(MILESTONE.values())])}
    for each in asked:
        if each.verb == "receive":
            effects = received.get(each.about["nhs_number"], 0)
        else:
            effects = recorded.get((each.about["referral"], MILESTONE[each.verb]), 0)
        yield Command(each.key, each.verb, each.confirmed, effects)


def _rows(query: str, given: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


# Nothing to do at this very moment: nothing due, nothing claimed.
_QUIET = """
SELECT NOT EXISTS (SELECT FROM scheduling_clockstep
        WHERE state = 'armed' AND fire_at <= %(at)s
            AND (retry_at IS NULL OR retry_at <= %(at)s))
    AND NOT EXISTS (SELECT FROM scheduling_escalation
        WHERE state = 'open' AND next_at <= %(at)s
            OR state = 'acknowledged' AND look_again_at <= %(at)s)
    AND NOT EXISTS (SELECT FROM scheduling_notice
        WHERE state = 'leased' OR state = 'pending' AND next_attempt_at <= %(at)s)
    AND NOT EXISTS (SELECT FROM scheduling_notice
        WHERE reroute_at IS NOT NULL AND rerouted_at IS NULL
            AND state NOT IN ('sent', 'superseded'))
"""


def is_quiet(at: datetime) -> bool:
    """Whether everything that is due has been dealt with."""
    with connection.cursor() as cursor:
        cursor.execute(_QUIET, {"at": at})
        return bool(cursor.fetchone()[0])
