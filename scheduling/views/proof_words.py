"""Contact points and test messages, in words."""

from datetime import datetime, timedelta
from typing import Any

from mscc.people.models import ContactPoint
from mscc.web.filters import day
from scheduling.domain.queries.going_on import Answered
from scheduling.models import Notice, TestPage
from scheduling.views.words import WAYS, hour

_LONG_AGO = timedelta(days=90)
_SENT = {
    "pending": "waits to be sent",
    "leased": "is being sent",
    "sent": "sent",
    "failed": "given up: it could not be sent",
    "dead": "could not be delivered to this address",
    "superseded": "not sent",
}


def of_contact(contact: ContactPoint, at: datetime) -> str:
    """Whether it was ever shown that messages arrive there."""
    if contact.marked_bad_at:
        return f"Did not work, {hour(contact.marked_bad_at, at)}"
    if contact.proven_at:
        # Long ago, the hour says nothing and the year does.
        old = at - contact.proven_at > _LONG_AGO
        return f"Proven {day(contact.proven_at) if old else hour(contact.proven_at, at)}"
    return "Never proven"


def of_test(page: TestPage, notice: Notice | None, at: datetime) -> str:
    """What became of one test message."""
    if page.answered_at:
        return f"Arrived: confirmed {hour(page.answered_at, at)} {page.get_answered_by_display()}"
    if not page.channel:
        return "No contact point works: nothing could be sent"
    fate = _SENT[notice.state] if notice else "not sent"
    return f"Test of {hour(page.sent_at, at)} {fate}, not confirmed yet"


def of_person(person: Answered, at: datetime) -> dict[str, Any]:
    """One line of the report."""
    return {
        "name": person.user.name,
        "phone": person.user.phone,
        "pages": [
            (f"{WAYS.get(page.channel, '')} {page.address}".strip(), of_test(page, notice, at))
            for page, notice in person.pages
        ],
    }
