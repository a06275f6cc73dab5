"""What an examination shows that must not pass silently, noticed while it is written down."""

from collections.abc import Iterable

from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import deteriorated
from referrals.domain.path import Change
from referrals.domain.queries.facts import examined
from referrals.models import NeurologicalAssessment, Referral
from referrals.models.recorded import Recorded
from referrals.models.referral import Confirmed


def mscc_stands(referral: Referral) -> bool:
    """Whether MSCC is suspected or shown, and no scan that was read has shown otherwise."""
    read = referral.confirmed
    return referral.suspicion == Suspicion.MSCC and read in ("", Confirmed.MSCC)


def noticed_in(rows: Iterable[Recorded], changing: Change) -> str:
    """How an examination among `rows` is worse than those before it, or the first to show
    a deficit in somebody not suspected of MSCC (1.3.2, 1.2.4), in words; "" for neither.

    Only on an open referral, and not for whoever has it: they have just written it themselves.
    """
    referral = changing.referral
    seen = [row for row in rows if isinstance(row, NeurologicalAssessment)]
    if not seen or not referral.is_open or changing.by.user_id == referral.taken_by_id:
        return ""
    earlier = referral.neurologicalassessments.filter(occurred_at__lt=seen[0].occurred_at)
    # All of them: the last may have been about one sign that had been missing.
    before = examined(earlier.order_by("occurred_at", "recorded_at"))
    now = seen[0].as_facts()
    if deteriorated(before, now):
        return "that is worse"
    if now.has_deficit and not before.has_deficit and not mscc_stands(referral):
        return "that shows a deficit"
    return ""
