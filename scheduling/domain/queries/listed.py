"""The board and the pages as lists that a program reads in pages, from a position on."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.domain.queries.permitted import may_do
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Referral
from scheduling.domain.queries.board import Row, rows_of
from scheduling.models import Escalation, Notice


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which row of the board to go on: its own values of what the board is ordered by."""

    unread: bool
    next_due_at: datetime | None
    id: str


def rows_after(wanted: QuerySet[Referral], after: Position | None, limit: int) -> list[Row]:
    """The rows of the board behind a position: unread ones first, then the next due.

    At most two statements, each along its own index.
    """
    unread = wanted.filter(unread_since__isnull=False).order_by("next_due_at", "pk")
    rest = wanted.filter(unread_since__isnull=True).order_by("next_due_at", "pk")
    found: list[Row] = []
    if after is None or after.unread:
        found = rows_of(unread.filter(_behind(after))[:limit])
        after = None
    if len(found) < limit:
        found += rows_of(rest.filter(_behind(after))[: limit - len(found)])
    return found


def _behind(after: Position | None) -> Q:
    """Later in the order of (when due, without a time last, id)."""
    if after is None:
        return Q()
    if after.next_due_at is None:
        return Q(next_due_at__isnull=True, pk__gt=after.id)
    return (
        Q(next_due_at__gt=after.next_due_at)
        | Q(next_due_at=after.next_due_at, pk__gt=after.id)
        | Q(next_due_at__isnull=True)
    )


def climbs_for(user: User) -> QuerySet[Escalation]:
    """Every climb about a referral the person may see."""
    mine = referrals_visible_to(user).values("pk")
    return Escalation.objects.filter(referral_id__in=mine).select_related(
        "referral", "clock", "acknowledged_by"
    )


def climbs_after(
    found: QuerySet[Escalation], after: tuple[datetime, str] | None, limit: int
) -> list[Escalation]:
    """Climbs, the latest first, from behind a position on."""
    if after is not None:
        opened_at, last = after
        found = found.filter(Q(opened_at__lt=opened_at) | Q(opened_at=opened_at, pk__gt=last))
    return list(found.order_by("-opened_at", "pk")[:limit])


def may_answer(user: User, climb: Escalation) -> bool:
    """Whether the person may acknowledge pages about this referral."""
    return may_do(user, Permission.ACKNOWLEDGE).filter(pk=climb.referral_id).exists()


def notices_after(
    notices: QuerySet[Notice], after: tuple[datetime, str] | None, limit: int
) -> list[Notice]:
    """Notices, the latest first, from behind a position on."""
    if after is not None:
        created_at, last = after
        notices = notices.filter(
            Q(created_at__lt=created_at) | Q(created_at=created_at, pk__gt=last)
        )
    return list(notices.order_by("-created_at", "pk")[:limit])
