"""What other systems send us: each message counts once, however often it is sent."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from scheduling.notify.models import InboundMessage

logger = structlog.get_logger(__name__)
Status = InboundMessage.Status


class Changed(Exception):
    """The same number came with another message: one of the two is not what it says it is."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a message led to. `reason` is a word of ours, never what the message said."""

    status: str
    reason: str = ""
    again: bool = False


def once(source: str, control_id: str, body: bytes, at: datetime, act: Callable[[], Done]) -> Done:
    """Do what a message asks for, unless that was done; then what it led to the first time.

    The note and the deed are one transaction: if the deed fails, the sender may send it again.
    Two copies at the same moment wait for each other.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        made = InboundMessage.objects.bulk_create(
            [InboundMessage(source=source, control_id=control_id, sha256=sha256, received_at=at)],
            ignore_conflicts=True,
        )
        kept = InboundMessage.objects.select_for_update().get(
            source=source, control_id=made[0].control_id
        )
        if kept.sha256 != sha256:
            logger.warning("inbound_changed", source=source)
            raise Changed
        if kept.status != Status.RECEIVED:
            return Done(kept.status, kept.error, again=True)
        done = act()
        kept.status, kept.error = done.status, done.reason[:100]
        kept.save(update_fields=["status", "error"])
    logger.info("inbound_message", source=source, outcome=done.status, reason=done.reason)
    return done
