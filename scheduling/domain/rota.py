"""Who covers a role now, and how they can be reached (1.1.6, 1.1.7, 1.1.18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mscc.people.models import Assignment, ContactPoint, Organisation
from mscc.people.places import OrganisationRef
from scheduling.models import Shift
from scheduling.timekeeping.cover import FALLS_BACK_TO, Cover, Turn
from scheduling.timekeeping.cover import covering as choose


@dataclass(frozen=True, slots=True)
class Reached:
    """One way to tell a person, or a place when `user_id` is None."""

    user_id: int | None
    name: str
    channel: str
    address: str
    place_id: int | None = None

    @property
    def key(self) -> str:
        """Tells it apart from the others who are told the same."""
        who = f"o{self.place_id}" if self.user_id is None else str(self.user_id)
        return f"{who}:{self.channel}"


def covering(role: str, place: Any, at: datetime) -> Cover | None:
    """Who answers for `role` at a place (or a referral, which has one) at a moment.

    None only when neither the role nor any it falls back to is held there by anybody.
    """
    roles = (role, *FALLS_BACK_TO.get(role, ()))
    around = ids_around(place)
    on = (
        Shift.objects.counting()
        .filter(role__in=roles, organisation_id__in=around, starts_at__lte=at, ends_at__gt=at)
        .select_related("user")
    )
    shifts = [
        Turn(s.role, s.user_id, s.user.name, s.user.phone, s.starts_at, s.ends_at) for s in on
    ]
    # Not the coordinators: there may be hundreds, and merely holding that role answers for nothing.
    holding = [each for each in roles if each != "coordinator"]
    held = (
        Assignment.objects.current(at)
        .filter(role__in=holding, organisation_id__in=around, user__is_active=True)
        .select_related("user")
        .order_by("starts_at", "pk")
    )
    holders = [Turn(a.role, a.user_id, a.user.name, a.user.phone) for a in held]
    return choose(role, at, shifts, holders)


def reaches(user_ids: Iterable[int], channels: Iterable[str]) -> list[Reached]:
    """The good contact points of these people on these channels, the preferred one of each."""
    points = (
        ContactPoint.objects.filter(
            user_id__in=list(user_ids), channel__in=list(channels), marked_bad_at__isnull=True
        )
        .select_related("user")
        .order_by("user_id", "channel", "priority", "pk")
    )
    best: dict[tuple[int, str], Reached] = {}
    for point in points:
        if point.user is None:
            continue
        key = (point.user.pk, point.channel)
        best.setdefault(key, Reached(point.user.pk, point.user.name, point.channel, point.address))
    return list(best.values())


def specialty_contacts(specialty: str, place: Any, at: datetime) -> list[int]:
    """The single point of contact of a specialty (1.1.10): who is on shift, else who holds it,
    else whoever a specialty contact falls back to: a question always reaches somebody."""
    around = ids_around(place)
    on = Shift.objects.counting().filter(
        role="specialty_contact",
        specialty=specialty,
        organisation_id__in=around,
        starts_at__lte=at,
        ends_at__gt=at,
    )
    ids = list(on.values_list("user_id", flat=True))
    if ids:
        return ids
    held = Assignment.objects.current(at).filter(
        role="specialty_contact",
        specialty=specialty,
        organisation_id__in=around,
        user__is_active=True,
    )
    ids = list(held.values_list("user_id", flat=True))
    if ids:
        return ids
    first, *_ = FALLS_BACK_TO["specialty_contact"]
    cover = covering(first, place, at)
    return [cover.turn.user_id] if cover else []


def call_numbers(place: Any, at: datetime) -> tuple[Cover | None, str]:
    """Who is the coordinator now, and the number to ring: theirs, else the service's own line."""
    cover = covering("coordinator", place, at)
    service = Organisation.objects.filter(pk__in=ids_around(place)).exclude(phone="")
    lines = {line.kind: line.phone for line in service}
    line = lines.get("alliance") or lines.get("trust") or lines.get("hospital") or ""
    return cover, (cover.turn.phone if cover and cover.turn.phone else line)


def ids_around(place: Any) -> list[int]:
    """The numbers of a place (or of a referral's place) and of those around it."""
    if not hasattr(place, "kind"):
        ids: Iterable[int | None] = (
            place.alliance_id,
            place.trust_id,
            place.hospital_id,
            place.ward_id,
        )
    else:
        here = OrganisationRef.of(place)
        ids = (here.alliance_id, here.trust_id, here.hospital_id, here.ward_id)
    return [id_ for id_ in ids if id_ is not None]
