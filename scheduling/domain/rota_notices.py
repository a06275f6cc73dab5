"""Telling people of the rota itself: a swap that waits, a time with nobody on duty."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mscc.people.models import Assignment
from scheduling.domain import posting, rota
from scheduling.timekeeping.ladder import RINGS

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
    channels: tuple[str, ...] = RINGS,
) -> tuple[str, ...]:
    """Write the notices as `posting.post` does; the names of those who can be told."""
    reaches = rota.reaches(sorted(set(user_ids)), channels)
    fields = {"what": role, "due": due, "link": "/duty/", "repeat": repeat}
    posting.post(reaches, kind, key, fields, at)
    return tuple(dict.fromkeys(reach.name for reach in reaches))


def service_leads(place: Any, at: datetime) -> list[int]:
    """Everybody who leads the service at a place or around it."""
    held = Assignment.objects.current(at).filter(
        role="service_lead", organisation_id__in=rota.ids_around(place), user__is_active=True
    )
    return sorted(set(held.values_list("user_id", flat=True)))
