"""What the board says about going on and off duty: a line with a link, only while it matters."""

from datetime import datetime, timedelta

from django.urls import reverse

from mscc.people.models import User
from scheduling.domain import proving
from scheduling.domain.queries import going_on
from scheduling.models import Handover
from scheduling.views.on_duty import moment

_SOON = timedelta(hours=1)


def of_board(user: User, handovers: list[Handover], at: datetime) -> list[tuple[str, str]]:
    """What waits to be accepted, what is mine to write, and whether a page has reached me."""
    said = [
        (words, reverse("handover", args=[row.pk]))
        for row in handovers
        if (words := _of_handover(row, user, at))
    ]
    for shift in going_on.shifts_begun_or_beginning(user.pk, at, proving.EARLY):
        begin = getattr(shift, "start", None)
        if (begin is None or begin.confirmed_at is None) and not going_on.goes_on(shift):
            when = "has begun" if shift.starts_at <= at else f"begins {moment(shift.starts_at, at)}"
            words = f"Your shift {when}: confirm that a test page reaches you"
            said.append((words, reverse("duty-start")))
    return said


def _of_handover(row: Handover, me: User, at: datetime) -> str:
    if row.state == Handover.State.OFFERED:
        to = "you" if row.to_user_id == me.pk else row.to_user.name if row.to_user else "anybody"
        by = "you" if row.from_user_id == me.pk else row.from_user.name if row.from_user else ""
        return f"A handover{f' from {by}' if by else ''} waits to be accepted by {to}"
    if row.from_user_id == me.pk and row.changes_at - at <= _SOON:
        return f"Your shift ends at {moment(row.changes_at, at)}: write the handover"
    return ""
