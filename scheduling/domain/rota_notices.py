"""Telling people of the rota itself: a swap that waits, a time with nobody on duty."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mscc.celery import ring_on_commit
from mscc.people.models import Assignment
from scheduling.domain import rota
from scheduling.notify import outbox

PAGED = ("pager", "sms", "email")
WRITTEN = ("sms", "email")  # nobody is woken for a swap


def tell(
    user_ids: Iterable[int],
    kind: str,
    key: str,
    *,
    role: str,
    due: datetime,
    at: datetime,
    repeat: int = 1,
    channels: tuple[str, ...] = PAGED,
) -> tuple[str, ...]:
    """Write the notices in the caller's transaction; the names of those who can be told.

    `key` makes it the same message: told again with the same key, nobody hears it twice.
    """
    reaches = rota.reaches(sorted(set(user_ids)), channels)
    fields: dict[str, Any] = {"what": role, "due": due, "link": "/duty/", "repeat": repeat}
    outbox.post(
        [
            outbox.NewNotice(
                kind=kind,
                channel=reach.channel,
                address=reach.address,
                recipient_id=reach.user_id,
                recipient_name=reach.name,
                dedupe_key=f"{key}:{reach.user_id}:{reach.channel}",
                fields=fields,
            )
            for reach in reaches
        ],
        at,
    )
    if reaches:
        ring_on_commit("scheduling.tasks.dispatch_notices")
    return tuple(dict.fromkeys(reach.name for reach in reaches))


def service_leads(place: Any, at: datetime) -> list[int]:
    """Everybody who leads the service at a place or around it."""
    held = Assignment.objects.current(at).filter(
        role="service_lead", organisation_id__in=rota.ids_around(place), user__is_active=True
    )
    return sorted(set(held.values_list("user_id", flat=True)))
