"""The test page of the day: everybody on duty gets one, and whoever does not answer is named."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from mscc import clock
from mscc.events import Actor, publish
from scheduling.domain import posting, rota
from scheduling.domain.proving import send_tests
from scheduling.domain.queries import going_on as query
from scheduling.events import TestPagesSent
from scheduling.models import TestPage, TestRound
from scheduling.notify.models import Kind
from scheduling.timekeeping.ladder import RINGS

SERVICE = Actor.system("daily test")
# Missed by more than this, the test of a day is left out: nobody is woken to make it good.
TOO_LATE = timedelta(hours=2)
# So long after it the service lead hears who did not answer.
TOLD_AFTER = timedelta(minutes=30)


def due_on(day: date) -> datetime:
    """When the test of a local day is due; on the day of a clock change, too, once."""
    hour, minute = (int(part) for part in settings.TEST_PAGE_AT.split(":"))
    return datetime.combine(day, time(hour, minute), tzinfo=clock.LONDON)


def daily_round(now: datetime) -> int:
    """Send today's test when it is due, and say who has not answered; how much was done."""
    return _send(now) + _tell(now)


def _send(now: datetime) -> int:
    day = clock.local(now).date()
    # As instants: two times of one zone would be compared by the clock on the wall.
    waited = now.astimezone(UTC) - due_on(day)
    if not timedelta(0) <= waited < TOO_LATE or TestRound.objects.filter(day=day).exists():
        return 0
    with transaction.atomic():
        # Two rounds at once: the second waits here, finds the day made, and sends nothing.
        round_, made = TestRound.objects.get_or_create(day=day, defaults={"sent_at": now})
        if not made:
            return 0
        people = query.people_on_duty(now)
        unreached = [pk for pk in people if not send_tests(pk, now, round_)]
        # Whoever has no contact point that works is in the report, too, and cannot answer.
        TestPage.objects.bulk_create(
            TestPage(round=round_, user_id=pk, sent_at=now) for pk in unreached
        )
        publish(TestPagesSent(by=SERVICE, at=now, day=day.isoformat(), people=len(people)))
    return 1


def _tell(now: datetime) -> int:
    due = TestRound.objects.filter(told_at=None, sent_at__lte=now - TOLD_AFTER)
    return sum(_tell_of(pk, now) for pk in due.values_list("pk", flat=True))


def _tell_of(pk: int, now: datetime) -> int:
    with transaction.atomic():
        round_ = (
            TestRound.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, told_at=None)
            .first()
        )
        if round_ is None:
            return 0
        leads = query.leads_of(_silent(round_), now)
        for lead, count in Counter(leads.values()).items():
            fields = {"count": count, "link": "/duty/tests/"}
            to = rota.reaches([lead], RINGS)
            posting.post(to, Kind.UNPROVEN, f"tests:{round_.day}", fields, now)
        round_.told_at = now
        round_.save(update_fields=["told_at"])
    return 1


def _silent(round_: TestRound) -> set[int]:
    pages = TestPage.objects.filter(round=round_)
    everybody = set(pages.values_list("user_id", flat=True))
    return everybody - set(pages.exclude(answered_at=None).values_list("user_id", flat=True))
