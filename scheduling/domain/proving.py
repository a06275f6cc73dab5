"""Proving that a message arrives: a test to each contact point, answered by whoever got it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from mscc.celery import ring_on_commit
from mscc.events import Actor, publish
from mscc.people.models import ContactPoint
from scheduling.domain.queries import going_on as query
from scheduling.events import ContactProven
from scheduling.models import DutyStart, TestPage, TestRound
from scheduling.notify import outbox
from scheduling.notify.models import Channel

# From an hour before a shift on, a confirmed test page counts for it.
EARLY = timedelta(hours=1)
# An answer counts for so long; a button pressed twice sends once.
COUNTS = timedelta(hours=12)
_TWICE = timedelta(minutes=1)


def send_tests(user_id: int, at: datetime, round_: TestRound | None = None) -> list[TestPage]:
    """Send a test message to each contact point that messages go to; what was sent.

    One that was sent within the last minute is not sent again. In a daily round an address that is
    marked bad is left out: nobody is paged there.
    """
    with transaction.atomic():
        points = ContactPoint.objects.select_for_update().filter(
            user_id=user_id, channel__in=Channel.values
        )
        if round_ is not None:
            points = points.filter(marked_bad_at=None)
        recent = set(
            TestPage.objects.filter(
                user_id=user_id, sent_at__gt=at - _TWICE, answered_at=None
            ).values_list("contact_id", flat=True)
        )
        pages = [
            TestPage(
                round=round_,
                user_id=user_id,
                contact=point,
                channel=point.channel,
                address=point.address,
                sent_at=at,
            )
            for point in points.order_by("priority", "pk")
            if round_ is not None or point.pk not in recent
        ]
        TestPage.objects.bulk_create(pages)
        post(pages, at)
    return pages


def post(pages: Iterable[TestPage], at: datetime) -> None:
    """Write the messages of these test pages; the people they go to are loaded."""
    outbox.post(
        [
            outbox.NewNotice(
                kind="test",
                channel=page.channel,
                address=page.address,
                recipient_id=page.user_id,
                recipient_name=page.user.name,
                dedupe_key=page.dedupe_key,
            )
            for page in pages
        ],
        at,
    )
    ring_on_commit("scheduling.tasks.dispatch_notices")


def arrived(page_id: UUID, how: str, *, by: Actor, at: datetime) -> bool:
    """Somebody confirms that a test message arrived: its contact point is proven.

    `how` is one of `TestPage.Answer`. Confirming twice is the same answer; False when it was sent
    too long ago to prove anything. The caller has checked that `by` is whom it was sent to.
    """
    with transaction.atomic():
        page = TestPage.objects.select_for_update(of=("self",)).get(pk=page_id)
        if page.answered_at is not None:
            return True
        if at - page.sent_at > COUNTS:
            return False
        page.answered_at, page.answered_by = at, how
        page.save(update_fields=["answered_at", "answered_by"])
        # Not if it was changed meanwhile: another address was not tried.
        ContactPoint.objects.filter(
            pk=page.contact_id, channel=page.channel, address=page.address
        ).update(proven_at=at, marked_bad_at=None)
        for shift in query.shifts_begun_or_beginning(page.user_id, at, EARLY):
            if page.sent_at >= shift.starts_at - EARLY:
                DutyStart.objects.get_or_create(shift=shift)
                DutyStart.objects.filter(shift=shift, confirmed_at=None).update(confirmed_at=at)
        publish(ContactProven(by=by, at=at, user_id=page.user_id, channel=page.channel, how=how))
    return True
