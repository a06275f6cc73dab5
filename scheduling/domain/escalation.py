"""A climb from its first rung to its end: somebody answers, it rings again, or the clock stops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from mscc.celery import ring_on_commit
from mscc.events import Actor, publish
from mscc.failpoints import reach
from referrals.models import Opinion, Referral
from scheduling.domain import digests, paging
from scheduling.domain.ladders import Shelf
from scheduling.domain.paging import SWEEPER, Ring
from scheduling.events import PageAcknowledged, PageHandedOn, PageRangAgain
from scheduling.models import Clock, Escalation, Notice, PageAnswer
from scheduling.notify import outbox
from scheduling.timekeeping import ladder as ladders
from scheduling.timekeeping.clocks import ClockState
from scheduling.timekeeping.ladder import Ladder

_CLOSE = """
UPDATE scheduling_escalation
SET state = 'closed', next_at = NULL, look_again_at = NULL, ended_at = %(at)s
WHERE referral_id = %(referral)s AND about = ANY(%(abouts)s) AND clock_id IS NULL
  AND state <> 'closed'
RETURNING id, EXISTS (
    SELECT FROM scheduling_digestline AS line WHERE line.escalation_id = scheduling_escalation.id)
"""
# What rings until somebody takes the referral.
ARRIVALS = (Escalation.About.NEW_REFERRAL, Escalation.About.NEW_SIGNS)


@dataclass(frozen=True, slots=True)
class Over:
    """A climb that just ended, and whether a digest told anybody of it."""

    escalation_id: UUID
    in_a_digest: bool


def open_climb(referral: Referral, about: str, at: datetime, *, by: Actor) -> None:
    """Begin to climb and tell the first rung; in the caller's transaction, the referral locked."""
    shelf = Shelf.of([referral.alliance_id], at)
    paging.ring([new_climb(referral, about, shelf, at)], at, by)


def new_climb(
    referral: Referral,
    about: str,
    shelf: Shelf,
    at: datetime,
    *,
    clock: Clock | None = None,
    due_at: datetime | None = None,
) -> Ring:
    """A climb that is not written yet, about to tell the first rung of its ladder.

    `due_at` is what was missed when that is no clock's.
    """
    ladder = shelf.pick(referral, about, clock)
    climb = Escalation(
        referral=referral,
        clock=clock,
        about=about,
        due_at=clock.due_at if clock else due_at,
        ladder=ladder.as_dict(),
        opened_at=at,
    )
    return paging.begin(climb, referral, ladder, at)


def climb_on(climb: Escalation, referral: Referral, at: datetime) -> None:
    """Nobody answered: tell the next rung, or begin again from the first."""
    paging.ring([paging.go_on(climb, referral, at)], at)


def acknowledge(
    escalation_id: UUID,
    *,
    by: Actor,
    at: datetime,
    via: str = Escalation.Via.BOARD,
    look_again: timedelta | None = None,
) -> Escalation:
    """A human answers: nobody further is told, until it is to be looked at again and is not done.

    Answering twice is the same answer. `look_again` is how long the answer holds, by default as
    long as what it is about allows. `by.on_behalf_of` names who rang. The caller has checked that
    this person may see the referral and acknowledge pages.
    """
    with transaction.atomic():
        climb = _locked(escalation_id)
        if climb.state != Escalation.State.OPEN:
            return climb
        climb.state = Escalation.State.ACKNOWLEDGED
        climb.acknowledged_by_id = by.user_id
        climb.acknowledged_via, climb.on_behalf_of = str(via), by.on_behalf_of[:120]
        climb.ended_at, climb.next_at = at, None
        climb.look_again_at = at + (look_again or ladders.look_again_after(climb.about))
        climb.save(
            update_fields=[
                "state",
                "acknowledged_by",
                "acknowledged_via",
                "on_behalf_of",
                "ended_at",
                "next_at",
                "look_again_at",
            ]
        )
        outbox.supersede(climb.pk, at)
        _answered(climb, PageAnswer.What.HAVE, at, by)
        publish(
            PageAcknowledged(
                by=by,
                at=at,
                referral_id=climb.referral_id,
                reference=climb.referral.reference,
                escalation_id=climb.pk,
                about=climb.about,
                via=climb.acknowledged_via,
                look_again_at=climb.look_again_at,
            )
        )
        reach("t5.before_commit")
    reach("t5.after_commit")
    return climb


def _answered(climb: Escalation, what: str, at: datetime, by: Actor | None) -> None:
    have = what == PageAnswer.What.HAVE
    PageAnswer.objects.create(
        escalation=climb,
        at=at,
        what=what,
        by_id=by.user_id if by else None,
        via=climb.acknowledged_via if have else "",
        on_behalf_of=climb.on_behalf_of if have else "",
        look_again_at=climb.look_again_at if have else None,
    )


def hand_on(escalation_id: UUID, *, by: Actor, at: datetime) -> Escalation:
    """ "I cannot take it": the next rung is told at once instead of after the wait."""
    with transaction.atomic():
        climb = _locked(escalation_id)
        if climb.state != Escalation.State.OPEN:
            return climb
        _answered(climb, PageAnswer.What.CANNOT, at, by)
        publish(
            PageHandedOn(
                by=by,
                at=at,
                referral_id=climb.referral_id,
                reference=climb.referral.reference,
                escalation_id=climb.pk,
                about=climb.about,
            )
        )
        climb_on(climb, climb.referral, at)
        return climb


def acknowledge_all(
    escalation_ids: Iterable[UUID], *, by: Actor, at: datetime, **how: Any
) -> list[Escalation]:
    """ "I have them all": each climb is answered in a transaction of its own."""
    return [acknowledge(each, by=by, at=at, **how) for each in escalation_ids]


def look_again(climb: Escalation, referral: Referral, at: datetime) -> Ring | None:
    """The answer has held long enough: it rings again from the first rung, if it is not done.

    Both rows are locked. None when there is nothing left to ring about.
    """
    if not _still(climb, referral, at):
        climb.state, climb.look_again_at = Escalation.State.CLOSED, None
        climb.save(update_fields=["state", "look_again_at"])
        return None
    _answered(climb, PageAnswer.What.AGAIN, at, None)
    publish(
        PageRangAgain(
            by=SWEEPER,
            at=at,
            referral_id=referral.pk,
            reference=referral.reference,
            escalation_id=climb.pk,
            about=climb.about,
            answered_by=climb.acknowledged_by_id,
            answered_at=climb.ended_at,
        )
    )
    return paging.again(climb, referral, at)


def _still(climb: Escalation, referral: Referral, at: datetime) -> bool:
    """Whether what a climb is about has not been done yet."""
    if climb.clock is not None:
        return climb.clock.state == ClockState.RUNNING
    if climb.about == Escalation.About.OPINION:
        unanswered = Opinion.objects.filter(referral=referral, answered_at__isnull=True)
        return referral.is_open and unanswered.filter(due_at__lte=at).exists()
    return referral.is_open and (referral.unread_since is not None or referral.taken_by_id is None)


def go_on_if_unreached(escalation_id: UUID, at: datetime) -> None:
    """If every page of the rung told last has failed, the next rung is told now, once.

    After the last rung it does not begin again at once, or a page that cannot be sent would be
    tried every two seconds: the switchboard is told, and the first rung when its time comes.
    """
    with transaction.atomic():
        climb = _locked(escalation_id)
        if climb.state != Escalation.State.OPEN:
            return
        told = Notice.objects.filter(
            escalation_id=climb.pk, dedupe_key__startswith=f"{climb.pk}:{climb.round}:{climb.rung}:"
        )
        on_its_way = told.filter(state__in=["sent", "pending", "leased"], reroute_at=None)
        if not told.exists() or on_its_way.exists() or digests.on_its_way(climb):
            return
        if climb.rung + 1 < len(Ladder.from_dict(climb.ladder).rungs):
            climb_on(climb, climb.referral, at)
        else:
            paging.last_resort(climb, climb.referral, at)


def give_way_to_breach(clocks: Sequence[Clock], at: datetime) -> None:
    """These targets are missed: what warned of them gives way to the climbs that say so.

    That nobody took a referral is said by the breach of `contact_now`; its arrival need not ring
    beside it.
    """
    if not clocks:
        return
    warned = Q(clock__in=clocks, about=Escalation.About.AT_RISK)
    untaken = [clock.referral_id for clock in clocks if clock.kind == "contact_now"]
    if untaken:
        warned |= Q(referral__in=untaken, clock=None, about__in=ARRIVALS)
    warnings = Escalation.objects.filter(warned).exclude(state=Escalation.State.CLOSED)
    ids = list(warnings.values_list("pk", flat=True))
    if ids:
        outbox.supersede(ids, at)
        Escalation.objects.filter(pk__in=ids).update(
            state=Escalation.State.CLOSED, next_at=None, look_again_at=None, ended_at=at
        )


def close_for_referral(
    referral_id: UUID, reference: str, abouts: Iterable[str], at: datetime
) -> None:
    """Somebody took the referral: climbs about its arrival are over. One statement if none was."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE, {"referral": referral_id, "abouts": [str(each) for each in abouts], "at": at}
        )
        over = [Over(*row) for row in cursor.fetchall()]
    if over:
        stand_down(over, reference, at)


def stand_down(over: Iterable[Over], reference: str, at: datetime) -> None:
    """The climbs are over: unsent pages are withdrawn, and those who were paged are told."""
    climbs = list(over)
    outbox.stand_down([each.escalation_id for each in climbs], reference, at)
    in_digests = [each.escalation_id for each in climbs if each.in_a_digest]
    if in_digests:
        digests.stand_down(in_digests, reference, at)
    ring_on_commit("scheduling.tasks.dispatch_notices")


def _locked(escalation_id: UUID) -> Escalation:
    """The climb, with its referral locked first: the lock order is the same everywhere."""
    referral_id = Escalation.objects.values_list("referral_id", flat=True).get(pk=escalation_id)
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral_id)
    climb = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("clock")
        .get(pk=escalation_id)
    )
    climb.referral = referral
    return climb
