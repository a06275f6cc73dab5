"""The referrals of a list that is read in pages."""

from datetime import datetime

from django.db.models import Q

from mscc.people.models import User
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Milestone, Referral


def listed(
    user: User, *, state: str = "", after: tuple[datetime, str] | None = None, limit: int
) -> list[Referral]:
    """What `user` may see, the latest first, from behind a position (when received, id) on."""
    found = referrals_visible_to(user)
    if state:
        found = found.filter(state=state)
    if after is not None:
        received_at, last = after
        found = found.filter(
            Q(received_at__lt=received_at) | Q(received_at=received_at, pk__gt=last)
        )
    return list(found.select_related("hospital", "ward").order_by("-received_at", "pk")[:limit])


def facts_of(
    referral: Referral, *, after: tuple[datetime, str] | None = None, limit: int
) -> list[Milestone]:
    """The milestones of a referral in the order of what happened, corrected ones included."""
    found = referral.milestones.select_related("recorded_by")
    if after is not None:
        occurred_at, last = after
        found = found.filter(
            Q(occurred_at__gt=occurred_at) | Q(occurred_at=occurred_at, pk__gt=last)
        )
    return list(found.order_by("occurred_at", "pk")[:limit])
