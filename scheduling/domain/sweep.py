"""Fire what is due: one transaction per referral, so that one poisoned referral blocks no other.

Any number of sweepers may run. A step fires once because it is fired under the referral's lock,
and a referral that is locked is skipped: the next sweep, two seconds later, finds it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction

from mscc.events import publish
from mscc.failpoints import reach
from referrals.models import Referral
from scheduling.domain import escalation, work
from scheduling.events import TargetAtRisk, TargetBreached
from scheduling.models import ClockStep, Escalation
from scheduling.timekeeping.clocks import ClockState
from scheduling.timekeeping.ladder import AT_RISK, BREACH

logger = structlog.get_logger(__name__)

# The deadlines, the climbs and the opinions that are due, by their partial indexes; no locks.
_DUE = """
    (SELECT referral_id, fire_at AS due FROM scheduling_clockstep
     WHERE state = 'armed' AND fire_at <= %(at)s AND (retry_at IS NULL OR retry_at <= %(at)s)
     ORDER BY fire_at LIMIT %(limit)s)
    UNION ALL
    (SELECT referral_id, next_at FROM scheduling_escalation
     WHERE state = 'open' AND next_at <= %(at)s ORDER BY next_at LIMIT %(limit)s)
    UNION ALL
    (SELECT referral_id, due_at FROM scheduling_duework
     WHERE told_at IS NULL AND key LIKE 'opinion.%%' AND due_at <= %(at)s
     ORDER BY due_at LIMIT %(limit)s)
"""
# After an error a referral rests a little longer each time, and at most a minute.
_REST_S = 60


@dataclass(frozen=True, slots=True)
class Swept:
    """`fired` referrals were dealt with, `failed` raised and will be tried again."""

    fired: int
    failed: int


def sweep(at: datetime, limit: int = 500) -> Swept:
    """Fire every step and climb every escalation that is due at `at`, most overdue first."""
    fired = failed = 0
    for referral_id in due(at, limit):
        try:
            fired += fire(referral_id, at)
        except Exception as error:  # one poisoned referral must not stop the others
            failed += 1
            logger.exception("sweep_failed", referral=str(referral_id))
            _rest(referral_id, at, error)
    return Swept(fired, failed)


def due(at: datetime, limit: int) -> list[UUID]:
    """The referrals that have something due, most overdue first, each once."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "limit": limit})
        rows = cursor.fetchall()
    return list(dict.fromkeys(id_ for id_, _ in sorted(rows, key=lambda row: row[1])))


def fire(referral_id: UUID, at: datetime) -> bool:
    """Deal with one referral under its lock; False when somebody else has it just now."""
    with transaction.atomic():
        referral = (
            Referral.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=referral_id)
            .first()
        )
        if referral is None:
            return False
        reach("t2.after_lock")
        _fire_steps(referral, at)
        _climb(referral, at)
        _ask_after_opinions(referral, at)
        reach("t2.before_commit")
    reach("t2.after_commit")
    return True


def _fire_steps(referral: Referral, at: datetime) -> None:
    steps = ClockStep.objects.filter(
        referral=referral, state=ClockStep.State.ARMED, fire_at__lte=at
    ).select_related("clock")
    by_clock: dict[UUID, list[ClockStep]] = {}
    for step in steps.order_by("fire_at"):
        by_clock.setdefault(step.clock_id, []).append(step)
    for due_steps in by_clock.values():
        *earlier, latest = due_steps
        for step in earlier:
            # Nobody noticed in time that it was at risk; now it is missed, and that is said.
            step.state = ClockStep.State.CANCELLED
            step.save(update_fields=["state"])
        latest.state, latest.fired_at = ClockStep.State.FIRED, at
        latest.save(update_fields=["state", "fired_at"])
        if latest.clock.state == ClockState.RUNNING:
            _sound(latest, referral, at)


def _sound(step: ClockStep, referral: Referral, at: datetime) -> None:
    clock = step.clock
    breach = step.step == ClockStep.Step.BREACH
    event = TargetBreached if breach else TargetAtRisk
    publish(
        event(
            by=escalation.SWEEPER,
            at=at,
            referral_id=referral.pk,
            reference=referral.reference,
            kind=clock.kind,
            due_at=clock.due_at,
        )
    )
    if breach:
        escalation.give_way_to_breach(clock, at)
    about = Escalation.About.BREACH if breach else Escalation.About.AT_RISK
    ladder = BREACH if breach else AT_RISK
    escalation.open_climb(referral, about, ladder, at, clock=clock)


def _climb(referral: Referral, at: datetime) -> None:
    climbs = Escalation.objects.select_for_update(of=("self",)).filter(
        referral=referral, state=Escalation.State.OPEN, next_at__lte=at
    )
    for climb in climbs.select_related("clock"):
        escalation.climb_on(climb, referral, at)


def _ask_after_opinions(referral: Referral, at: datetime) -> None:
    try:
        with transaction.atomic():
            work.tell_of_opinions(referral, at)
    except Exception:  # a missed target must ring whatever is wrong with a question
        logger.exception("opinion_failed", referral=str(referral.pk))


def _rest(referral_id: UUID, at: datetime, error: Exception) -> None:
    """Remember the error where a coordinator can see it, and come back soon."""
    said = type(error).__name__
    for step in ClockStep.objects.filter(
        referral_id=referral_id, state=ClockStep.State.ARMED, fire_at__lte=at
    ):
        step.attempts += 1
        step.retry_at = at + _pause(step.attempts)
        step.last_error = said
        step.save(update_fields=["attempts", "retry_at", "last_error"])
    for climb in Escalation.objects.filter(
        referral_id=referral_id, state=Escalation.State.OPEN, next_at__lte=at
    ):
        climb.attempts += 1
        climb.next_at = at + _pause(climb.attempts)
        climb.last_error = said
        climb.save(update_fields=["attempts", "next_at", "last_error"])


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=min(_REST_S, 5 * attempts))
