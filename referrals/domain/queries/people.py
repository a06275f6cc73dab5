"""Finding a person's referrals without their number ever being in a URL or a log."""

from django.db.models import QuerySet

from referrals.models import Referral


def open_referrals_of(nhs_number: str, *, alliance_id: int) -> QuerySet[Referral]:
    """The open referrals of one person anywhere in the alliance, the newest first."""
    return Referral.objects.filter(
        patient__nhs_number=nhs_number,
        patient__alliance_id=alliance_id,
        closed_at__isnull=True,
    ).order_by("-received_at")
