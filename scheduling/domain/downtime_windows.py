"""Downtime that was announced: people are told beforehand, and the alarm about it is withheld.

What pages people about patients goes on for as long as the service runs. When it comes back, what
fell due meanwhile goes out as one digest a person.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mscc.events import Actor, publish
from referrals.domain.refusals import Invalid
from scheduling.events import DowntimeAnnounced, DowntimeEnded
from scheduling.models import PlannedDowntime

LONGEST = timedelta(hours=24)
AHEAD = timedelta(days=90)


def announce(
    starts_at: datetime, ends_at: datetime, reason: str, *, by: Actor, at: datetime
) -> PlannedDowntime:
    """Announce that the service may be away, from when until when, and why.

    Invalid for a time that is over, longer than a day, or far ahead. The caller has checked
    that this person may. Nothing about a patient belongs into the reason: everybody reads it.
    """
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise Invalid({"reason": "Say why, in a few words that everybody may read."})
    if ends_at <= starts_at:
        raise Invalid({"ends_at": "The end must be after the start."})
    if ends_at <= at:
        raise Invalid({"ends_at": "That time is over already."})
    if ends_at - starts_at > LONGEST:
        raise Invalid({"ends_at": "At most 24 hours at a time: announce the rest separately."})
    if starts_at - at > AHEAD:
        raise Invalid({"starts_at": "At most 90 days ahead."})
    with transaction.atomic():
        made = PlannedDowntime.objects.create(
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
            announced_by_id=by.user_id,
            announced_at=at,
        )
        publish(DowntimeAnnounced(by=by, at=at, **_said(made)))
    return made


def end(downtime_id: UUID, *, by: Actor, at: datetime) -> PlannedDowntime:
    """Call it off, or say that it is over sooner. Ending twice is the same answer.

    PlannedDowntime.DoesNotExist when there is none with this id.
    """
    with transaction.atomic():
        found = PlannedDowntime.objects.select_for_update(of=("self",)).get(pk=downtime_id)
        if found.ended_at is None and found.ends_at > at:
            found.ended_at = at
            found.save(update_fields=["ended_at"])
            publish(DowntimeEnded(by=by, at=at, **_said(found)))
    return found


def ahead(at: datetime) -> QuerySet[PlannedDowntime]:
    """Those in force and those to come, the next one first."""
    alive = PlannedDowntime.objects.filter(ended_at=None, ends_at__gt=at)
    return alive.select_related("announced_by").order_by("starts_at")


def in_force(at: datetime) -> PlannedDowntime | None:
    """The one in which this moment lies."""
    return ahead(at).filter(starts_at__lte=at).first()


def _said(row: PlannedDowntime) -> dict[str, Any]:
    return {
        "downtime_id": row.pk,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "reason": row.reason,
    }
