"""The monthly digest: the last month's headline figures to whoever leads a service, by email.

Numbers only, held back like everywhere else: an email is read on the way, also by leads who may
see the rows behind a figure on the screen. The outbox of the pages has no room for figures, so it
goes by plain mail; a row says that it was sent, and it is sent again only if nobody said so.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from audit.domain import drawing, figures, report_words, sending
from audit.events import DigestSent
from audit.measures import registry
from audit.measures.period import Period, month_of, shifted
from audit.models import Digest
from mscc import clock
from mscc.events import Actor, publish
from mscc.people.models import Assignment, Organisation

logger = structlog.get_logger(__name__)

SENDER = Actor.system("digest")
FIRST_DAY = 3  # of the month: what was typed in over the first days is in it
KINDS = ("alliance", "trust", "hospital")
_CLAIM = timedelta(minutes=5)
_MOST_TRIES = 8
_AT_ONCE = 3  # a mail server that hangs must not hold up what else the round has to do


def send_due(now: datetime) -> int:
    """Send the digests of the last month that were not sent yet; how many."""
    if clock.local(now).day < FIRST_DAY:
        return 0
    month = shifted(month_of(now), -1)
    leads = _leads(now)
    Digest.objects.bulk_create(
        [Digest(user_id=user, place_id=place, month=month) for user, place in leads],
        ignore_conflicts=True,
    )
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    waiting = Digest.objects.filter(free, month=month, sent_at=None, attempts__lt=_MOST_TRIES)
    rows = waiting.select_related("user", "place").order_by("pk")[:_AT_ONCE]
    done = 0
    for row in rows:
        # Whoever leads no longer gets none. After one that failed the others wait, too.
        if (row.user_id, row.place_id) in leads:
            if not _send(row, now):
                break
            done += 1
    return done


def _leads(now: datetime) -> set[tuple[int, int]]:
    held = Assignment.objects.current(now).filter(
        role="service_lead", user__is_active=True, organisation__kind__in=KINDS
    )
    return set(held.values_list("user_id", "organisation_id"))


def _send(row: Digest, now: datetime) -> bool:
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    until = now + _CLAIM * (row.attempts + 1)
    claimed = Digest.objects.filter(free, pk=row.pk, sent_at=None)
    if not claimed.update(claimed_until=until, attempts=row.attempts + 1):
        return False
    period = Period(row.month, row.month)
    address = sending.email_of([row.user])[row.user_id]
    subject = f"MSCC figures for {period.words}"
    try:
        EmailMessage(subject, words(row.place, period), to=[address]).send()
    except OSError as error:  # smtplib's errors are among them
        logger.warning("digest_not_sent", error=type(error).__name__)
        return False
    Digest.objects.filter(pk=row.pk).update(sent_at=now)
    publish(
        DigestSent(
            by=SENDER, at=now, user_id=row.user_id, place_id=row.place_id, month=str(row.month)
        )
    )
    return True


def words(place: Organisation, period: Period) -> str:
    """The body of the digest of a place: a line a headline measure, and where to read more."""
    measures = [each for each in registry.ALL if each.headline]
    found = figures.totals(measures, place, period)
    lines = [f"  {m.name}: {said(drawing.cell(found[m.number], m))}" for m in measures]
    return "\n".join(
        [
            f"{place.name}, referrals received in {period.words}.",
            "",
            *lines,
            "",
            "Numbers of people under 5 are not shown. What is still under way is not counted yet.",
            f"All figures: {settings.PUBLIC_URL}/figures/",
            "",
        ]
    )


def said(cell: drawing.Cell) -> str:
    """One figure in words: "83% (20 of 24)", with what is missing; or why there is none."""
    return ", ".join([_share(cell), *_missing(cell)])


def _share(cell: drawing.Cell) -> str:
    if cell["of"] == 0:
        return "nobody with data"
    if cell["met"] is None or cell["of"] is None:
        return "not shown, too few"
    return report_words.figure(cell)


def _missing(cell: drawing.Cell) -> Iterable[str]:
    if cell["missing"] is None:
        return ["data missing of a few"]
    return [f"data missing of {cell['missing']}"] if cell["missing"] else []
