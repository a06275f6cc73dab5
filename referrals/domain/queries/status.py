"""What anybody who was given a referral's link, or a leave for it, may look at."""

from uuid import UUID

from django.db.models import QuerySet

from referrals.clinical.milestones import MilestoneKind
from referrals.domain.queries.person import as_known_now
from referrals.models import Advice, Referral


def by_status_token(token: str) -> Referral | None:
    """The referral of a status link; None when there is no such link."""
    return Referral.objects.filter(status_token=token).first()


def the_one(referral_id: UUID | str | None, reference: str) -> QuerySet[Referral]:
    """Exactly this referral, for somebody who was given leave to change it; else nothing."""
    return Referral.objects.filter(pk=referral_id, reference=reference)


def advice_on(referral: Referral) -> list[Advice]:
    """The coordinator's advice to the ward that stands, the newest first.

    What was taken back, because it was meant for somebody else, must not be followed.
    """
    given = as_known_now(referral.milestones.filter(kind=MilestoneKind.ADVICE_GIVEN))
    rows = Advice.objects.filter(referral=referral).select_related("recorded_by")
    return [
        row
        for row in rows.order_by("-occurred_at")
        if given.get((MilestoneKind.ADVICE_GIVEN, row.recorded_at), row.occurred_at)
    ]
