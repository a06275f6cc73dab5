"""Fire what is due, in small batches of referrals, each batch in one transaction.

Any number of sweepers may run. A step fires once because it is fired under the referral's lock,
and a referral that is locked is skipped: the next sweep, two seconds later, finds it again. When a
batch fails its referrals are dealt with one by one, so that a poisoned one blocks no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Q

from mscc.events import publish_all
from mscc.failpoints import reach
from referrals.clinical.bundle import OPINION
from referrals.models import Referral
from scheduling.domain import escalation, paging, work
from scheduling.domain.digests import Crowd
from scheduling.domain.ladders import Shelf
from scheduling.domain.paging import Ring
from scheduling.domain.reaching import Reaching
from scheduling.events import TargetAtRisk, TargetBreached
from scheduling.models import ClockStep, DueWork, Escalation
from scheduling.timekeeping.clocks import ClockState

logger = structlog.get_logger(__name__)

# The deadlines, the climbs, the answers that held long enough and the opinions that are due, by
# their partial indexes; no locks.
_DUE = """
    (SELECT referral_id, fire_at AS due FROM scheduling_clockstep
     WHERE state = 'armed' AND fire_at <= %(at)s AND (retry_at IS NULL OR retry_at <= %(at)s)
     ORDER BY fire_at LIMIT %(limit)s)
    UNION ALL
    (SELECT referral_id, next_at FROM scheduling_escalation
     WHERE state = 'open' AND next_at <= %(at)s ORDER BY next_at LIMIT %(limit)s)
    UNION ALL
    (SELECT referral_id, look_again_at FROM scheduling_escalation
     WHERE state = 'acknowledged' AND look_again_at <= %(at)s
     ORDER BY look_again_at LIMIT %(limit)s)
    UNION ALL
    (SELECT referral_id, ended_at FROM scheduling_escalation
     WHERE state = 'acknowledged' AND look_again_at IS NULL AND ended_at <= %(unsaid)s
     LIMIT %(limit)s)
    UNION ALL
    (SELECT referral_id, due_at FROM scheduling_duework
     WHERE told_at IS NULL AND key LIKE 'opinion.%%' AND due_at <= %(at)s
     ORDER BY due_at LIMIT %(limit)s)
"""
# An answer that does not say when to look again, as an older release wrote it.
UNSAID = timedelta(minutes=30)
# Locked together: whoever works on one of them waits for a small part of a second.
BATCH = 100
# After an error a referral rests a little longer each time, and at most a minute.
_REST_S = 60


@dataclass(frozen=True, slots=True)
class Swept:
    """`fired` referrals were dealt with, `failed` raised and will be tried again."""

    fired: int
    failed: int


@dataclass(slots=True)
class _Batch:
    """Referrals that are locked, and what is to be told of them."""

    referrals: dict[UUID, Referral]
    shelf: Shelf
    at: datetime
    rings: list[Ring] = field(default_factory=list)

    @property
    def ids(self) -> list[UUID]:
        return list(self.referrals)


def sweep(at: datetime, limit: int = 500) -> Swept:
    """Fire every step and climb every escalation that is due at `at`, most overdue first."""
    fired = failed = 0
    crowd, reaching = Crowd(at), Reaching(at)
    found = due(at, limit)
    for first in range(0, len(found), BATCH):
        batch = found[first : first + BATCH]
        try:
            done, crowd = _fire_counting(batch, at, crowd, reaching)
            fired += done
        except Exception:
            logger.warning("sweep_batch_failed", referrals=len(batch), exc_info=len(batch) == 1)
            for referral_id in batch:
                try:
                    done, crowd = _fire_counting([referral_id], at, crowd, reaching)
                    fired += done
                except Exception as error:  # one poisoned referral must not stop the others
                    failed += 1
                    logger.exception("sweep_failed", referral=str(referral_id))
                    _rest(referral_id, at, error)
    return Swept(fired, failed)


def due(at: datetime, limit: int) -> list[UUID]:
    """The referrals that have something due, most overdue first, each once."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "unsaid": at - UNSAID, "limit": limit})
        rows = cursor.fetchall()
    return list(dict.fromkeys(id_ for id_, _ in sorted(rows, key=lambda row: row[1])))


def fire(referral_id: UUID, at: datetime) -> bool:
    """Deal with one referral under its lock; False when somebody else has it just now."""
    return fire_all([referral_id], at) == 1


def _fire_counting(
    ids: Sequence[UUID], at: datetime, crowd: Crowd, reaching: Reaching
) -> tuple[int, Crowd]:
    """Who was paged counts only once it is committed."""
    trial = crowd.copy()
    return fire_all(ids, at, trial, reaching), trial


def fire_all(
    referral_ids: Sequence[UUID],
    at: datetime,
    crowd: Crowd | None = None,
    reaching: Reaching | None = None,
) -> int:
    """Deal with these referrals in one transaction, as far as nobody has them; how many."""
    with transaction.atomic():
        locked = Referral.objects.select_for_update(of=("self",), skip_locked=True)
        referrals = {row.pk: row for row in locked.filter(pk__in=referral_ids).order_by("pk")}
        if not referrals:
            return 0
        reach("t2.after_lock")
        shelf = Shelf.of([row.alliance_id for row in referrals.values()], at)
        batch = _Batch(referrals, shelf, at)
        _climb(batch)
        _fire_steps(batch)
        _ask_after_opinions(batch)
        paging.ring(batch.rings, at, crowd=crowd, reaching=reaching)
        reach("t2.before_commit")
    reach("t2.after_commit")
    return len(referrals)


def _fire_steps(batch: _Batch) -> None:
    steps = ClockStep.objects.filter(
        referral__in=batch.ids, state=ClockStep.State.ARMED, fire_at__lte=batch.at
    ).select_related("clock")
    latest: dict[UUID, ClockStep] = {}
    earlier: list[UUID] = []
    for step in steps.order_by("fire_at"):
        if step.clock_id in latest:
            # Nobody noticed in time that it was at risk; now it is missed, and that is said.
            earlier.append(latest[step.clock_id].pk)
        latest[step.clock_id] = step
    if not latest:
        return
    if earlier:
        ClockStep.objects.filter(pk__in=earlier).update(state=ClockStep.State.CANCELLED)
    fired = [step.pk for step in latest.values()]
    ClockStep.objects.filter(pk__in=fired).update(state=ClockStep.State.FIRED, fired_at=batch.at)
    ringing = [step for step in latest.values() if step.clock.state == ClockState.RUNNING]
    missed = [step.clock for step in ringing if step.step == ClockStep.Step.BREACH]
    escalation.give_way_to_breach(missed, batch.at)
    # A warning that gives way to a breach in this very batch is not told any more.
    given_way = {clock.pk for clock in missed}
    taken = {clock.referral_id for clock in missed if clock.kind == "contact_now"}
    batch.rings = [each for each in batch.rings if not _gave_way(each.climb, given_way, taken)]
    publish_all(_happened(step, batch) for step in ringing)
    batch.rings += [_climb_about(step, batch) for step in ringing]


def _gave_way(climb: Escalation, clocks: set[UUID], untaken: set[UUID]) -> bool:
    if climb.clock_id is None:
        return climb.referral_id in untaken and climb.about in escalation.ARRIVALS
    return climb.clock_id in clocks and climb.about == Escalation.About.AT_RISK


def _happened(step: ClockStep, batch: _Batch) -> TargetAtRisk | TargetBreached:
    event = TargetBreached if step.step == ClockStep.Step.BREACH else TargetAtRisk
    return event(
        by=escalation.SWEEPER,
        at=batch.at,
        referral_id=step.referral_id,
        reference=batch.referrals[step.referral_id].reference,
        kind=step.clock.kind,
        due_at=step.clock.due_at,
    )


def _climb_about(step: ClockStep, batch: _Batch) -> Ring:
    breach = step.step == ClockStep.Step.BREACH
    about = Escalation.About.BREACH if breach else Escalation.About.AT_RISK
    referral = batch.referrals[step.referral_id]
    return escalation.new_climb(referral, about, batch.shelf, batch.at, clock=step.clock)


def _climb(batch: _Batch) -> None:
    """Climbs that nobody answered, and answers that have held long enough."""
    at = batch.at
    unanswered = Q(state=Escalation.State.OPEN, next_at__lte=at)
    held = Q(state=Escalation.State.ACKNOWLEDGED) & (
        Q(look_again_at__lte=at) | Q(look_again_at=None, ended_at__lte=at - UNSAID)
    )
    climbs = Escalation.objects.select_for_update(of=("self",)).filter(
        unanswered | held, referral__in=batch.ids
    )
    for climb in climbs.select_related("clock").order_by("opened_at", "pk"):
        referral = batch.referrals[climb.referral_id]
        if climb.state == Escalation.State.OPEN:
            batch.rings.append(paging.go_on(climb, referral, at))
        elif (again := escalation.look_again(climb, referral, at)) is not None:
            batch.rings.append(again)


def _ask_after_opinions(batch: _Batch) -> None:
    waiting = DueWork.objects.filter(
        referral__in=batch.ids,
        key__startswith=OPINION,
        told_at__isnull=True,
        due_at__lte=batch.at,
    )
    for referral_id in set(waiting.values_list("referral_id", flat=True)):
        referral = batch.referrals[referral_id]
        try:
            with transaction.atomic():
                since = work.opinions_to_ring(referral, batch.at)
            if since is not None:
                batch.rings.append(
                    escalation.new_climb(
                        referral, Escalation.About.OPINION, batch.shelf, batch.at, due_at=since
                    )
                )
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
    for climb in Escalation.objects.filter(
        referral_id=referral_id, state=Escalation.State.ACKNOWLEDGED, look_again_at__lte=at
    ):
        climb.attempts += 1
        climb.look_again_at = at + _pause(climb.attempts)
        climb.last_error = said
        climb.save(update_fields=["attempts", "look_again_at", "last_error"])


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=min(_REST_S, 5 * attempts))
