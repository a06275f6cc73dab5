"""One round of work, whoever rings: a Celery tick, the guardian, or a test."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from mscc.people.models import ContactPoint
from scheduling.domain import escalation, watch, work
from scheduling.domain.sweep import sweep
from scheduling.models import Notice
from scheduling.notify import outbox
from scheduling.notify.dispatch import dispatch


def sweep_round(now: Callable[[], datetime]) -> int:
    """Fire what is due and say that it was done; how many referrals were dealt with."""
    swept = sweep(now())
    watch.beat("sweep", now(), progress=True)
    # After what rings, and never for long: a bell for care that was lost is made good here.
    work.catch_up(now(), limit=2 * work.BATCH)
    return swept.fired


def care_round(now: Callable[[], datetime]) -> int:
    """Work out what care is due where something changed; how many referrals were worked out."""
    return work.catch_up(now()).done


def dispatch_round(now: Callable[[], datetime]) -> int:
    """Send what waits, move on from what cannot be sent, and say so; how many were sent."""
    sent = dispatch(now)
    # Every time: whoever saw the failure may have been killed before it could move on.
    move_on(now())
    watch.beat("dispatch", now(), progress=True)
    return sent.sent


def move_on(at: datetime) -> int:
    """A page that cannot be delivered does not wait for its rung: the climb goes on at once.

    How many climbs were looked at. The referral is locked before its notices, as everywhere.
    """
    with transaction.atomic():
        stuck = outbox.to_reroute()
    by_climb: dict[UUID | None, list[Notice]] = {}
    for notice in stuck:
        by_climb.setdefault(notice.escalation_id, []).append(notice)
    for escalation_id, notices in by_climb.items():
        with transaction.atomic():
            if escalation_id is not None:
                escalation.go_on_if_unreached(escalation_id, at)
            for notice in notices:
                if notice.contact_is_bad:
                    _mark_bad(notice, at)
            outbox.rerouted([notice.pk for notice in notices], at)
    return len(by_climb)


def _mark_bad(notice: Notice, at: datetime) -> None:
    ContactPoint.objects.filter(
        user_id=notice.recipient_id, channel=notice.channel, address=notice.address
    ).update(marked_bad_at=at)
