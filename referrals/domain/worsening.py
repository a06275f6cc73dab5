"""An examination that is worse than the one before it, noticed while it is written down."""

from collections.abc import Iterable

from referrals.clinical.neurology import deteriorated
from referrals.domain.path import Change
from referrals.models import NeurologicalAssessment
from referrals.models.recorded import Recorded


def is_worse(rows: Iterable[Recorded], changing: Change) -> bool:
    """Whether an examination among `rows` is worse than the last one before it (1.3.2, 1.2.4).

    Only on an open referral, and not for whoever has it: they have just written it themselves.
    """
    referral = changing.referral
    seen = [row for row in rows if isinstance(row, NeurologicalAssessment)]
    if not seen or not referral.is_open or changing.by.user_id == referral.taken_by_id:
        return False
    earlier = referral.neurologicalassessments.filter(occurred_at__lt=seen[0].occurred_at)
    before = earlier.order_by("occurred_at", "recorded_at").last()
    return before is not None and bool(deteriorated(before.as_facts(), seen[0].as_facts()))
