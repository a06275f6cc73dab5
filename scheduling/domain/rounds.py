"""One round of work, whoever rings: a Celery tick, the guardian, or a test."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from mscc.people.models import ContactPoint
from scheduling.domain import escalation, watch
from scheduling.domain.sweep import sweep
from scheduling.models import Escalation, Notice
from scheduling.notify import outbox
from scheduling.notify.dispatch import dispatch


def sweep_round(now: Callable[[], datetime]) -> int:
    """Fire what is due and say that it was done; how many referrals were dealt with."""
    swept = sweep(now())
    watch.beat("sweep", now(), progress=True)
    return swept.fired


def dispatch_round(now: Callable[[], datetime]) -> int:
    """Send what waits, move on from what cannot be sent, and say so; how many were sent."""
    sent = dispatch(now)
    if sent.reroute:
        move_on(now())
    watch.beat("dispatch", now(), progress=True)
    return sent.sent


def move_on(at: datetime) -> int:
    """A page that cannot be delivered does not wait for its rung: the climb goes on at once."""
    with transaction.atomic():
        stuck = outbox.to_reroute()
        for notice in stuck:
            if notice.contact_is_bad:
                _mark_bad(notice, at)
        outbox.rerouted([notice.pk for notice in stuck], at)
    climbs = {notice.escalation_id for notice in stuck if notice.escalation_id}
    for escalation_id in climbs:
        if _nobody_was_reached(escalation_id):
            escalation.go_on_now(escalation_id, at)
    return len(climbs)


def _mark_bad(notice: Notice, at: datetime) -> None:
    ContactPoint.objects.filter(
        user_id=notice.recipient_id, channel=notice.channel, address=notice.address
    ).update(marked_bad_at=at)


def _nobody_was_reached(escalation_id: object) -> bool:
    """Whether every page of the rung told last has failed; one that got through is enough."""
    climb = Escalation.objects.filter(pk=escalation_id, state=Escalation.State.OPEN).first()
    if climb is None:
        return False
    told = Notice.objects.filter(
        escalation_id=climb.pk, dedupe_key__startswith=f"{climb.pk}:{climb.round}:{climb.rung}:"
    )
    return not told.filter(state__in=["sent", "pending", "leased"], reroute_at=None).exists()
