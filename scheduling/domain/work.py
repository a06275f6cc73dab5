"""Keeping the rows of due care in line with what is on record, after the change and not in it.

A change says only that it may have moved something (`Referral.care_stale`): working it out reads a
whole story, which no change should wait for. A bell makes it happen at once; the beat and the
guardian look too, so that a bell that was lost costs two seconds. Version and `changed_at` are not
touched: for whoever has the page open nothing has changed.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

import structlog
from django.db import connection, transaction

from mscc.celery import ring_on_commit
from mscc.events import Event
from referrals.clinical.bundle import OPINION, Work
from referrals.domain.queries.bundle import outstanding_of
from referrals.domain.queries.person import stories
from referrals.models import Opinion, Referral
from scheduling.domain import escalation
from scheduling.models import DueWork, Escalation

logger = structlog.get_logger(__name__)

# Rows that are locked together: few enough that nobody who changes one of them has to wait.
BATCH = 20
_BELL = "scheduling.tasks.work_out_care"
_PROJECT = (Path(__file__).parent / "work.sql").read_text()
# A referral that cannot be worked out rests, so that it does not keep the others waiting.
_REST = timedelta(minutes=1)
_resting: dict[UUID, datetime] = {}


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """`done` referrals are in line again; `failed` raised and will be tried again in a minute."""

    done: int
    failed: int


def ring(event: Event) -> None:
    """Handler: somebody should work out soon what this change means for care that is due."""
    ring_on_commit(_BELL)


def catch_up(at: datetime, limit: int = 200) -> WorkedOut:
    """Work out what is due for referrals that changed, those that wait longest first.

    Any number may do this at once: a referral that somebody has locked is left to them.
    """
    waiting = iter(_waiting(at, limit))
    done = failed = 0
    while batch := list(islice(waiting, BATCH)):
        try:
            done += work_out(batch, at)
        except Exception:  # one of them is poisoned: the others are worked out one by one
            for referral_id in batch:
                try:
                    done += work_out([referral_id], at)
                except Exception:
                    failed += 1
                    _resting[referral_id] = at + _REST
                    logger.exception("work_out_failed", referral=str(referral_id))
    return WorkedOut(done, failed)


def _waiting(at: datetime, limit: int) -> list[UUID]:
    for referral_id in [each for each, until in _resting.items() if until <= at]:
        del _resting[referral_id]
    stale = Referral.objects.filter(care_stale=True).exclude(pk__in=list(_resting))
    return list(stale.order_by("changed_at").values_list("pk", flat=True)[:limit])


def work_out(referral_ids: Sequence[UUID], at: datetime) -> int:
    """Work out these referrals, as far as nobody has them and nobody was faster; how many."""
    with transaction.atomic():
        referrals = list(
            Referral.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk__in=referral_ids, care_stale=True)
            .select_related("patient")
        )
        project(referrals, at)
    return len(referrals)


def project(referrals: Sequence[Referral], at: datetime) -> None:
    """Write what is due for these referrals, which the caller has locked."""
    if not referrals:
        return
    found = {story.referral.pk: outstanding_of(story, at) for story in stories(referrals)}
    rows = [
        {"referral_id": str(pk), "key": each.key, "due_at": each.due_at.isoformat()}
        for pk, work in found.items()
        for each in work
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PROJECT, {"work": json.dumps(rows), "referrals": list(found)})
    _stand_down(referrals, at)


def _stand_down(referrals: Sequence[Referral], at: datetime) -> None:
    """Nobody is rung any more about opinions that were answered, or of a referral that closed."""
    told = DueWork.objects.filter(key__startswith=OPINION, told_at__isnull=False)
    climbs = Escalation.objects.filter(
        referral__in=referrals,
        about=Escalation.About.OPINION,
        state__in=[Escalation.State.OPEN, Escalation.State.ACKNOWLEDGED],
    ).exclude(referral__in=told.values("referral_id"))
    over = set(climbs.values_list("referral_id", flat=True))
    for referral in referrals:
        if referral.pk in over:
            escalation.close_for_referral(
                referral.pk, referral.reference, [Escalation.About.OPINION], at
            )


def opinions_to_ring(referral: Referral, at: datetime) -> datetime | None:
    """Since when an opinion is overdue that somebody is to be rung about; each is told once.

    The referral is locked. None while a climb is open that says so: a second question does not
    ring beside the first. An answer that was not worked out yet is an answer.
    """
    rows = list(
        DueWork.objects.filter(
            referral=referral, key__startswith=OPINION, told_at__isnull=True, due_at__lte=at
        ).order_by("due_at")
    )
    waiting = Opinion.objects.filter(
        pk__in=[row.key.removeprefix(OPINION) for row in rows], answered_at__isnull=True
    )
    asked = {f"{OPINION}{pk}" for pk in waiting.values_list("pk", flat=True)}
    unanswered = [row for row in rows if row.key in asked]
    DueWork.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    ringing = Escalation.objects.filter(
        referral=referral, about=Escalation.About.OPINION, state=Escalation.State.OPEN
    )
    if unanswered and referral.is_open and not ringing.exists():
        return unanswered[0].due_at
    return None


def differences(referral: Referral, at: datetime) -> list[str]:
    """How the rows differ from a rebuild; empty when they agree, or while a change waits."""
    if referral.care_stale:
        return []
    wanted = {each.key: each.due_at for each in _truth([referral], at)}
    kept = dict(DueWork.objects.filter(referral=referral).values_list("key", "due_at"))
    found = [
        f"{key}: is {kept.get(key)}, should be {wanted.get(key)}"
        for key in sorted(kept.keys() | wanted.keys())
        if kept.get(key) != wanted.get(key)
    ]
    first = min(wanted.values(), default=None)
    if referral.care_due_at != first:
        found.append(f"next: is {referral.care_due_at}, should be {first}")
    return found


def _truth(referrals: Sequence[Referral], at: datetime) -> Iterable[Work]:
    return (each for story in stories(referrals) for each in outstanding_of(story, at))
