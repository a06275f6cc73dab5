"""Tells people that targets may not be watched: by the outbox, and by a way that needs none.

The second way is plain: one email over SMTP to the addresses of WATCH_EMAIL, without the outbox,
its lanes or, if need be, the database. Each goes out at most every ten minutes.
"""

from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from scheduling.domain import posting
from scheduling.domain.auditor import Audit
from scheduling.models import Watching
from scheduling.notify.models import Kind

logger = structlog.get_logger(__name__)

AGAIN = timedelta(minutes=10)
# After the first hour whoever can do something knows; then it is said once an hour.
LATER_AGAIN = timedelta(hours=1)
_MARK = "database-away-was-mailed"
SUBJECT = "MSCC: targets may not be watched"


def sound(row: Watching, found: Audit) -> None:
    """Tell the service leads and administrators, by both ways, as often as is right."""
    if not found.passed:
        since = row.failing_since or found.at
        if _is_time(row.alarmed_at, since, found.at):
            row.alarmed_at = found.at
            row.save(update_fields=["alarmed_at"])
            fields = {"due": since, "link": reverse("service")}
            posting.to_those_who_run_it(Kind.WATCH, fields, found.at)
        if settings.WATCH_EMAIL and _is_time(row.mailed_at, since, found.at):
            row.mailed_at = found.at
            row.mail_error = mail([each.sentence for each in found.findings])
            row.save(update_fields=["mailed_at", "mail_error"])


def _is_time(last: datetime | None, since: datetime, at: datetime) -> bool:
    if last is None:
        return True
    gap = AGAIN if at - since <= timedelta(hours=1) else LATER_AGAIN
    return at - last >= gap


def mail(sentences: list[str]) -> str:
    """The second way: one email to WATCH_EMAIL; what went wrong in a word, empty when it went."""
    body = "\n".join(
        [
            *sentences,
            "",
            "Pages may not go out. Watch the times on the board yourself, ring people, and look at",
            f"{settings.PUBLIC_URL}{reverse('service')}",
        ]
    )
    try:
        with get_connection(timeout=5) as line:
            message = EmailMessage(
                SUBJECT, body, settings.DEFAULT_FROM_EMAIL, list(settings.WATCH_EMAIL)
            )
            line.send_messages([message])
    except Exception as error:  # whatever it is, the other ways must go on
        logger.exception("watch_email_failed")
        return type(error).__name__[:80]
    return ""


def database_away(at: datetime) -> bool:
    """The database cannot be reached: say so by the second way, at most every ten minutes.

    When it was said last is kept in a file of WATCH_FOLDER, since there is no row to write and
    this process is about to end. Whether anything was sent.
    """
    if not settings.WATCH_EMAIL:
        return False
    mark = Path(settings.WATCH_FOLDER) / f"mscc-{_MARK}"
    try:
        if mark.exists() and at - datetime.fromisoformat(mark.read_text()) < AGAIN:
            return False
    except (OSError, ValueError):
        logger.warning("watch_mark_unreadable")
    wrong = mail(["The database cannot be reached."])
    try:
        mark.write_text(at.isoformat())
    except OSError:
        logger.warning("watch_mark_unwritable")
    return not wrong
