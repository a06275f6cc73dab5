"""Keeping the rows of the clocks in line with the milestones."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from mscc.rows import prepared
from referrals.clinical.library import targets
from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.events import ReferralEvent
from scheduling.domain import escalation
from scheduling.models import Clock
from scheduling.models.clock import VOID
from scheduling.timekeeping.clocks import ClockState, Judged, judge, next_due

# The same as `MilestoneQuerySet.standing`: asked at every change, so not built at every change.
_FACTS = """
SELECT kind, occurred_at, told, details FROM referrals_milestone AS fact
WHERE referral_id = %s AND NOT retracts
  AND NOT EXISTS (SELECT FROM referrals_milestone AS later WHERE later.supersedes_id = fact.id)
"""
_PROJECT = (Path(__file__).parent / "projection.sql").read_text()


def keep(event: ReferralEvent) -> None:
    """Handler: judge the referral's clocks again when a milestone that matters was recorded."""
    if relevant_kinds().isdisjoint(event.milestones):
        return
    over = project(event.referral_id, truth(event.referral_id), event.at)
    if over:
        escalation.stand_down(over, event.reference, event.at)


def truth(referral_id: UUID) -> tuple[Judged, ...]:
    """What the milestones of a referral say about its clocks."""
    with prepared() as cursor:
        cursor.execute(_FACTS, [referral_id])
        facts = [
            Fact(MilestoneKind(kind), occurred_at, told, json.loads(details))
            for kind, occurred_at, told, details in cursor.fetchall()
        ]
    return judge(facts, targets())


def project(referral_id: UUID, clocks: Sequence[Judged], at: datetime) -> list[escalation.Over]:
    """Write `clocks` as the rows of this referral and give the climbs that are over with them.

    One statement, see projection.sql.
    """
    due = next_due(clocks)
    given = {
        "referral": referral_id,
        "clocks": json.dumps([_row(each) for each in clocks]),
        "at": at,
        "next_due_at": due.due_at if due else None,
        "next_due_kind": due.kind if due else "",
    }
    with prepared() as cursor:
        cursor.execute(_PROJECT, given)
        return [escalation.Over(*row) for row in cursor.fetchall()]


def differences(referral_id: UUID) -> list[str]:
    """How the rows differ from a rebuild from the milestones; empty when they agree."""
    rows = Clock.objects.filter(referral_id=referral_id).exclude(state=VOID)
    kept = {(row.kind, row.number): _shape(row) for row in rows}
    wanted = {(each.kind, each.number): _shape(each) for each in truth(referral_id)}
    return [
        f"{kind} {number}: is {kept.get((kind, number))}, should be {wanted.get((kind, number))}"
        for kind, number in sorted(kept.keys() | wanted.keys())
        if kept.get((kind, number)) != wanted.get((kind, number))
    ]


@cache
def relevant_kinds() -> frozenset[str]:
    """The milestones that can move a clock; a booking, for one, cannot."""
    kinds = {
        MilestoneKind.MSCC_SUSPECTED.value,
        MilestoneKind.METASTASES_SUSPECTED.value,
        MilestoneKind.SUSPICION_ENDED.value,
        MilestoneKind.DISCHARGED.value,
        MilestoneKind.REDIRECTED.value,
        MilestoneKind.WITHDRAWN.value,
        MilestoneKind.REOPENED.value,
    }
    for target in targets():
        kinds |= target.starts | target.stops | target.excepts
    return frozenset(kinds)


def _row(clock: Judged) -> dict[str, Any]:
    return {
        "kind": clock.kind,
        "number": clock.number,
        "state": clock.state.value,
        "started_at": clock.started_at.isoformat(),
        "at_risk_at": clock.at_risk_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else None,
        "reason": clock.reason[:60],
    }


def _shape(clock: Judged | Clock) -> tuple[Any, ...]:
    return (
        ClockState(clock.state),
        clock.started_at,
        clock.at_risk_at,
        clock.due_at,
        clock.stopped_at,
        clock.reason[:60],
    )
