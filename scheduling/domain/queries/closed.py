"""What was closed last, for a board on which nothing is open."""

from datetime import datetime

from mscc.people.places import OrganisationRef
from referrals.models import Referral
from referrals.states import State


def last_closed(places: list[OrganisationRef]) -> tuple[str, datetime] | None:
    """In which state and when the last referral at these places was closed, if ever."""
    latest = None
    for place in places:
        found = (
            Referral.objects.filter(**place.condition(), closed_at__isnull=False)
            .order_by("-closed_at")
            .values_list("state", "closed_at")
            .first()
        )
        if found and (latest is None or found[1] > latest[1]):
            latest = found
    return (State(latest[0]).label, latest[1]) if latest else None
