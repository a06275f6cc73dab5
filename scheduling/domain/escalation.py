"""Telling the next person, and the next, until somebody answers or the clock stops."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from mscc.celery import ring_on_commit
from mscc.events import Actor, publish
from mscc.failpoints import reach
from referrals.models import Referral
from scheduling.domain import rota
from scheduling.events import PageAcknowledged, PageHandedOn, PeoplePaged
from scheduling.models import Clock, Escalation, Notice
from scheduling.notify import outbox
from scheduling.timekeeping import ladder as ladders
from scheduling.timekeeping.ladder import Ladder, Place, Rung

SWEEPER = Actor.system("sweeper")
_CLOSE = """
UPDATE scheduling_escalation SET state = 'closed', next_at = NULL, ended_at = %(at)s
WHERE referral_id = %(referral)s AND about = ANY(%(abouts)s) AND clock_id IS NULL
  AND state <> 'closed'
RETURNING id
"""


def open_climb(
    referral: Referral,
    about: str,
    ladder: Ladder,
    at: datetime,
    *,
    clock: Clock | None = None,
    due_at: datetime | None = None,
    by: Actor = SWEEPER,
) -> Escalation:
    """Begin to climb and tell the first rung; in the caller's transaction, the referral locked.

    `due_at` is what was missed when that is no clock's.
    """
    place = ladders.begin(ladder, at)
    climb = Escalation.objects.create(
        referral=referral,
        clock=clock,
        about=about,
        due_at=clock.due_at if clock else due_at,
        ladder=ladder.as_dict(),
        opened_at=at,
        next_at=place.next_at,
    )
    _tell(climb, referral, ladder, place, at, by)
    return climb


def climb_on(climb: Escalation, referral: Referral, at: datetime, by: Actor = SWEEPER) -> None:
    """Nobody answered: tell the next rung, or begin again from the first."""
    ladder = Ladder.from_dict(climb.ladder)
    _tell(climb, referral, ladder, ladders.climb(ladder, climb.rung, climb.round, at), at, by)


def _tell(
    climb: Escalation, referral: Referral, ladder: Ladder, place: Place, at: datetime, by: Actor
) -> None:
    """Tell a rung; one that reaches nobody is skipped at once, once round the ladder at most."""
    told: list[str] = []
    for _ in ladder.rungs:
        told = _page(climb, referral, ladder.rungs[place.rung], place, at)
        climb.rung, climb.round, climb.next_at = place.rung, place.round, place.next_at
        climb.last_error = "" if told else "nobody could be reached"
        _say(climb, referral, place, tuple(told), at, by)
        if told:
            break
        place = replace(ladders.climb(ladder, place.rung, place.round, at), next_at=place.next_at)
    climb.save(update_fields=["rung", "round", "next_at", "last_error"])
    ring_on_commit("scheduling.tasks.dispatch_notices")


def _page(
    climb: Escalation, referral: Referral, rung: Rung, place: Place, at: datetime
) -> list[str]:
    covers = [cover for role in rung.roles if (cover := rota.covering(role, referral, at))]
    reaches = rota.reaches([cover.turn.user_id for cover in covers], rung.channels)
    outbox.post(
        [
            outbox.NewNotice(
                kind=climb.about,
                channel=reach.channel,
                address=reach.address,
                recipient_id=reach.user_id,
                recipient_name=reach.name,
                dedupe_key=f"{climb.pk}:{place.round}:{place.rung}:{reach.user_id}:{reach.channel}",
                fields=_fields(climb, referral, place.round),
                referral_id=referral.pk,
                escalation_id=climb.pk,
            )
            for reach in reaches
        ],
        at,
    )
    return [f"{reach.name} by {reach.channel}" for reach in reaches]


def _fields(climb: Escalation, referral: Referral, round_: int) -> dict[str, object]:
    return {
        "reference": referral.reference,
        "what": climb.clock.kind if climb.clock else "",
        "due": climb.due_at,
        "call_back": referral.call_back,
        "repeat": round_ if round_ > 1 else None,
    }


def _say(
    climb: Escalation,
    referral: Referral,
    place: Place,
    told: tuple[str, ...],
    at: datetime,
    by: Actor,
) -> None:
    publish(
        PeoplePaged(
            by=by,
            at=at,
            referral_id=referral.pk,
            reference=referral.reference,
            escalation_id=climb.pk,
            about=climb.about,
            rung=place.rung,
            round=place.round,
            told=told,
        )
    )


def acknowledge(escalation_id: UUID, *, by: Actor, at: datetime) -> Escalation:
    """A human answers: nobody further is told. Answering twice is the same answer.

    The caller has checked that this person may see the referral and acknowledge pages.
    """
    with transaction.atomic():
        climb = _locked(escalation_id)
        if climb.state != Escalation.State.OPEN:
            return climb
        climb.state = Escalation.State.ACKNOWLEDGED
        climb.acknowledged_by_id = by.user_id
        climb.ended_at, climb.next_at = at, None
        climb.save(update_fields=["state", "acknowledged_by", "ended_at", "next_at"])
        outbox.supersede(climb.pk, at)
        publish(
            PageAcknowledged(
                by=by,
                at=at,
                referral_id=climb.referral_id,
                reference=climb.referral.reference,
                escalation_id=climb.pk,
                about=climb.about,
            )
        )
        reach("t5.before_commit")
    reach("t5.after_commit")
    return climb


def hand_on(escalation_id: UUID, *, by: Actor, at: datetime) -> Escalation:
    """ "I cannot take it": the next rung is told at once instead of after the wait."""
    with transaction.atomic():
        climb = _locked(escalation_id)
        if climb.state != Escalation.State.OPEN:
            return climb
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


def go_on_if_unreached(escalation_id: UUID, at: datetime) -> None:
    """If every page of the rung told last has failed, the next rung is told now, once."""
    with transaction.atomic():
        climb = _locked(escalation_id)
        if climb.state != Escalation.State.OPEN:
            return
        told = Notice.objects.filter(
            escalation_id=climb.pk, dedupe_key__startswith=f"{climb.pk}:{climb.round}:{climb.rung}:"
        )
        on_its_way = told.filter(state__in=["sent", "pending", "leased"], reroute_at=None)
        if told.exists() and not on_its_way.exists():
            climb_on(climb, climb.referral, at)


def give_way_to_breach(clock: Clock, at: datetime) -> None:
    """The target is missed: what warned of it gives way to the climb that says so.

    That nobody took a referral is said by the breach of `contact_now`; its arrival need not ring
    beside it.
    """
    warned = Q(clock=clock, about=Escalation.About.AT_RISK)
    if clock.kind == "contact_now":
        arrival = (Escalation.About.NEW_REFERRAL, Escalation.About.NEW_SIGNS)
        warned |= Q(referral=clock.referral_id, clock=None, about__in=arrival)
    warnings = Escalation.objects.filter(warned).exclude(state=Escalation.State.CLOSED)
    outbox.supersede(list(warnings.values_list("pk", flat=True)), at)
    warnings.update(state=Escalation.State.CLOSED, next_at=None, ended_at=at)


def close_for_referral(
    referral_id: UUID, reference: str, abouts: Iterable[str], at: datetime
) -> None:
    """Somebody took the referral: climbs about its arrival are over. One statement if none was."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE, {"referral": referral_id, "abouts": [str(each) for each in abouts], "at": at}
        )
        ids = [id_ for (id_,) in cursor.fetchall()]
    if ids:
        stand_down(ids, reference, at)


def stand_down(escalation_ids: Iterable[UUID], reference: str, at: datetime) -> None:
    """The climbs are over: unsent pages are withdrawn, and those who were paged are told."""
    outbox.stand_down(escalation_ids, reference, at)
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
