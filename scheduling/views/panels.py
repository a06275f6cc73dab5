"""What the person's page shows of scheduling; asked by name through `mscc.web.panels`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from mscc.people.models import User
from mscc.people.places import OrganisationRef
from mscc.people.roles import ROLES, Permission
from referrals.clinical.library import target
from referrals.clinical.milestones import Fact
from referrals.models import Referral
from referrals.views.base import may
from scheduling.domain import rota
from scheduling.domain.breaches import of_referral
from scheduling.domain.queries import duty, person
from scheduling.domain.queries.pages import open_climbs
from scheduling.timekeeping.standing import standing
from scheduling.views import on_duty as words
from scheduling.views import telling
from scheduling.views.breaches import line


def clocks(referral_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """The clocks of a referral as templates/components/track.html draws them."""
    return [
        {
            "clock": row,
            "name": target(row.kind).name,
            "standing": standing(row, at),
            "at": at,
            "source": f"NG234 {target(row.kind).source[0]}",
        }
        for row in person.clocks_of(referral_id)
    ]


def judged(referral_id: UUID) -> person.Clocks:
    """How the clocks stand, to be compared with how they stand after a change by `moved`."""
    return person.judged(referral_id)


def moved(referral_id: UUID, before: person.Clocks, at: datetime) -> list[str]:
    """Which clocks a change moved, in sentences."""
    return person.moved(before, person.judged(referral_id), at)


def preview(
    referral_id: UUID, facts: Sequence[Fact], at: datetime, without: UUID | None = None
) -> list[str]:
    """How the clocks would be judged with these facts, and without one that they correct."""
    before = person.judged(referral_id)
    return person.would_move(before, person.judged(referral_id, facts, without), at)


def breaches(referral: Referral, user: User, at: datetime) -> list[dict[str, Any]]:
    """The missed targets of a referral, with why and who follows it up."""
    return [
        line(clock, said[-1] if said else None, user, referral, at)
        for clock, said in of_referral(referral.pk, at)
    ]


def ringing(referral: Referral, user: User, at: datetime) -> list[dict[str, Any]]:
    """What rings now about a referral, with the link that answers it."""
    answers = may(user, Permission.ACKNOWLEDGE, referral)
    return [
        {
            "about": telling.about(climb, at),
            "href": reverse("climb", args=[climb.pk]) if answers else "",
        }
        for climb in open_climbs(referral.pk)
    ]


def told(referral_id: UUID, at: datetime) -> list[str]:
    """Who is told of the change made at this moment."""
    return person.told_at(referral_id, at)


def pages(referral_id: UUID) -> list[person.Happened]:
    """Pages, messages and answers as lines of the timeline."""
    return person.pages_of(referral_id)


def on_duty(place: Any, at: datetime) -> dict[str, Any]:
    """Who answers as the coordinator at a place (or a referral, which has one) now.

    `name`, `role`, the `phone` to ring, and `fell_back` when somebody else had to step in.
    """
    cover, phone = rota.call_numbers(place, at) if place is not None else (None, "")
    if cover is None:
        return {"name": "", "role": "", "phone": phone, "fell_back": True}
    return {
        "name": cover.turn.name,
        "role": ROLES[cover.by_role].label,
        "phone": phone,
        "fell_back": cover.fell_back,
    }


def on_now_and_next(place: Any, at: datetime) -> list[words.Line]:
    """The coordinator now and next at a place: (what for, who and until when, number to ring)."""
    if place is None:
        return []
    (found,) = duty.on_duty([OrganisationRef.of(place)], at)
    return words.lines(found, at)
