"""One message to several people at once, by every way each of them has; no ladder climbs for it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from mscc.celery import ring_on_commit
from mscc.people.models import Assignment
from scheduling.domain import rota
from scheduling.domain.rota import Reached
from scheduling.notify import outbox
from scheduling.notify.models import Channel


def post(
    to: Iterable[Reached],
    kind: str,
    key: str,
    fields: Mapping[str, Any],
    at: datetime,
    *,
    referral_id: UUID | None = None,
) -> int:
    """Write the messages in the caller's transaction; how many were new.

    `key` makes it the same message: told again with the same key, nobody hears it twice.
    """
    posted = outbox.post(
        [
            outbox.NewNotice(
                kind=kind,
                channel=each.channel,
                address=each.address,
                recipient_id=each.user_id,
                recipient_name=each.name,
                dedupe_key=f"{key}:{each.key}",
                fields=fields,
                referral_id=referral_id,
            )
            for each in to
        ],
        at,
    )
    if posted:
        ring_on_commit("scheduling.tasks.dispatch_notices")
    return posted


def to_those_who_run_it(kind: str, fields: Mapping[str, Any], at: datetime) -> None:
    """Tell every service lead and administrator of something about the service itself."""
    held = Assignment.objects.current(at).filter(
        role__in=("service_lead", "administrator"), user__is_active=True
    )
    to = rota.reaches(set(held.values_list("user_id", flat=True)), Channel.values)
    post(to, kind, f"{kind}:{at.isoformat()}", fields, at)
