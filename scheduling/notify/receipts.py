"""What a gateway says later of a message it took: it arrived, or it will not.

Receipts come twice, late and out of order. They only ever go forward: what was delivered stays
delivered, and what a gateway gave up is given up even while our own attempt is still open.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from scheduling.notify.models import Channel, Notice, State

DELIVERED = "delivered"
# The gateway's word -> what becomes of the notice, and the class of its error.
GIVEN_UP = {
    "permanent-failure": (State.DEAD, "permanent"),
    "temporary-failure": (State.FAILED, "transient"),
    "technical-failure": (State.FAILED, "transient"),
}
ON_THE_WAY = ("created", "sending", "pending", "accepted", "sent")
WORDS = (DELIVERED, *GIVEN_UP, *ON_THE_WAY)


def expected(channel: str) -> bool:
    """Whether a gateway tells us later that a message arrived: else its silence means nothing."""
    return channel == Channel.SMS and bool(settings.NOTIFY.get("GOVUK_CALLBACK_TOKEN"))


def receive(notice_id: uuid.UUID, word: str, at: datetime, channel: str = "") -> bool:
    """Record a receipt; whether it changed anything. A `word` is one of `WORDS`.

    With a `channel`, only a notice of that channel is meant: a gateway speaks for its own alone.
    One that was given up wants another channel or person at once: `outbox.to_reroute` finds it.
    """
    with transaction.atomic():
        mine = {"channel": channel} if channel else {}
        notice = Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id, **mine).first()
        if notice is None or notice.delivered_at is not None:
            return False
        if word == DELIVERED:
            changed = _delivered(notice, at)
        elif word in GIVEN_UP:
            changed = _given_up(notice, word, at)
        else:
            changed = ["receipt"] if not notice.receipt else []
        if not changed:
            return False
        notice.receipt = word
        notice.save(update_fields=["receipt", *changed])
        return True


def _delivered(notice: Notice, at: datetime) -> list[str]:
    notice.delivered_at = at
    if notice.state != State.PENDING or not notice.attempts:
        return ["delivered_at"]
    # It was to be sent again, since nobody knew whether it had arrived.
    notice.state, notice.sent_at = State.SENT, at
    return ["delivered_at", "state", "sent_at"]


def _given_up(notice: Notice, word: str, at: datetime) -> list[str]:
    state, blame = GIVEN_UP[word]
    if notice.receipt in GIVEN_UP or notice.state == State.SUPERSEDED:
        return [] if notice.receipt in GIVEN_UP else ["receipt"]
    if notice.state in (State.DEAD, State.FAILED):
        return ["receipt"]
    if notice.state == State.PENDING and state != State.DEAD:
        return ["receipt"]  # it is being tried again anyway
    # Whoever still holds it on the wire loses it: a late result changes nothing any more.
    notice.state, notice.failed_at = state, at
    notice.sent_at = notice.lease_token = notice.lease_until = None
    notice.reroute_at = notice.reroute_at or at
    notice.last_error = f"{blame}: {word}"
    return [
        "state", "failed_at", "sent_at", "lease_token", "lease_until", "reroute_at", "last_error"
    ]  # fmt: skip
