"""Whom a rung reaches: the people who cover its roles now, and the switchboard's own numbers.

What was looked up is kept for as long as one batch of climbs is told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mscc.people.models import ContactPoint
from referrals.models import Opinion, Referral
from scheduling.domain import rota
from scheduling.domain.rota import Reached
from scheduling.notify.models import Channel
from scheduling.timekeeping.ladder import SWITCHBOARD, Rung


class Reaching:
    """Looks up at one moment, and each thing once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._covers: dict[Any, int | None] = {}
        self._reaches: dict[Any, list[Reached]] = {}
        self._switchboards: dict[Any, list[Reached]] = {}

    def people(self, rung: Rung, place: Any) -> list[Reached]:
        """How the people of a rung can be told at a place (or of a referral, which has one)."""
        found = []
        for user_id in dict.fromkeys(self._who(rung, place)):
            key = (user_id, rung.channels)
            if key not in self._reaches:
                self._reaches[key] = rota.reaches([user_id], rung.channels)
            found += self._reaches[key]
        return found

    def switchboard(self, place: Any) -> list[Reached]:
        """The good contact points of the hospital, else of its trust, else of the alliance."""
        around = tuple(
            getattr(place, f"{kind}_id", None) for kind in ("hospital", "trust", "alliance")
        )
        if around not in self._switchboards:
            self._switchboards[around] = _switchboard(around)
        return self._switchboards[around]

    def _who(self, rung: Rung, place: Any) -> Iterable[int]:
        for role in rung.roles:
            if role == "specialty_contact":
                yield from _asked(place, self.at)
            elif role != SWITCHBOARD:
                user_id = self._covering(role, place)
                if user_id is not None:
                    yield user_id

    def _covering(self, role: str, place: Any) -> int | None:
        # Nobody holds these roles at a ward.
        key = (role, place.alliance_id, place.trust_id, place.hospital_id)
        if key not in self._covers:
            cover = rota.covering(role, place, self.at)
            self._covers[key] = cover.turn.user_id if cover else None
        return self._covers[key]


def _asked(referral: Any, at: datetime) -> Iterable[int]:
    """The contacts of the specialties that have not answered about a referral; none of a place."""
    if not isinstance(referral, Referral):
        return
    waiting = Opinion.objects.filter(referral_id=referral.pk, answered_at__isnull=True)
    for specialty in sorted(set(waiting.values_list("specialty", flat=True))):
        yield from rota.specialty_contacts(specialty, referral, at)


def _switchboard(around: tuple[int | None, ...]) -> list[Reached]:
    points = ContactPoint.objects.filter(
        organisation_id__in=[id_ for id_ in around if id_ is not None],
        channel__in=Channel.values,
        marked_bad_at__isnull=True,
    ).select_related("organisation")
    best: dict[tuple[int, str], Reached] = {}
    for point in points.order_by("priority", "pk"):
        place = point.organisation
        if place is not None:
            best.setdefault(
                (place.pk, point.channel),
                Reached(None, place.name, point.channel, point.address, place.pk),
            )
    for id_ in around:
        if mine := [reached for (place_id, _), reached in best.items() if place_id == id_]:
            return mine
    return []
