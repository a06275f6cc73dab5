"""A page that does not get through does not wait for its rung: the climb goes on at once.

Lost are those that a gateway refused, that failed twice, and those it took without ever saying,
where it does say, that they arrived. What belongs to no climb falls back on others.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from mscc.people.models import ContactPoint
from scheduling.domain import digests, escalation, falling_back
from scheduling.models import Escalation, Notice
from scheduling.notify import outbox, receipts

# Where a gateway says that a message reached the device, and how long that may take.
RECEIPT_WITHIN = {"sms": timedelta(seconds=120)}


def move_on(at: datetime) -> int:
    """Go on with every climb whose page is lost; how many climbs were looked at.

    The referral is locked before its notices, as everywhere.
    """
    with transaction.atomic():
        stuck = outbox.to_reroute()
    stuck += without_receipt(at)
    by_climb: dict[tuple[UUID | None, UUID | None], list[Notice]] = {}
    for notice in stuck:
        digest = digests.of_notice(notice)
        climb = None if digest else notice.escalation_id
        by_climb.setdefault((climb, digest), []).append(notice)
    for (escalation_id, digest_id), notices in by_climb.items():
        with transaction.atomic():
            if escalation_id is not None:
                escalation.go_on_if_unreached(escalation_id, at)
            if digest_id is not None:
                digests.go_on_if_unreached(digest_id, at)
            if escalation_id is None and digest_id is None:
                falling_back.go_on(notices, at)
            for notice in notices:
                if notice.contact_is_bad:
                    _mark_bad(notice, at)
            outbox.rerouted([notice.pk for notice in notices], at)
    return len(by_climb)


def without_receipt(at: datetime, limit: int = 100) -> list[Notice]:
    """Pages of open climbs that a gateway took and never said to have delivered; marked as lost.

    One whose climb has been answered is not looked at: nobody waits for it any more.
    """
    lost: list[Notice] = []
    for channel, within in RECEIPT_WITHIN.items():
        if not receipts.expected(channel):
            continue  # no receipt can reach us, so that none came says nothing
        waiting = Escalation.objects.filter(state=Escalation.State.OPEN)
        silent = Notice.objects.filter(
            channel=channel,
            state="sent",
            sent_at__lte=at - within,
            delivered_at=None,
            # Also what was found lost by somebody who was killed before they could move on.
            rerouted_at=None,
            escalation_id__in=waiting.values("pk"),
        )
        lost += silent.order_by("sent_at")[:limit]
    Notice.objects.filter(pk__in=[notice.pk for notice in lost], reroute_at=None).update(
        reroute_at=at
    )
    return lost


def _mark_bad(notice: Notice, at: datetime) -> None:
    ContactPoint.objects.filter(
        user_id=notice.recipient_id, channel=notice.channel, address=notice.address
    ).update(marked_bad_at=at)
