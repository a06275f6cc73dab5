"""Somebody's turns as a calendar they can subscribe to, behind a secret link (RFC 5545).

The calendar holds no more than the rota: role, place and times, in UTC, so that every calendar
shows them right on the nights the clocks change.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from mscc.events import Actor, publish
from mscc.people.models import User
from mscc.people.roles import ROLES
from scheduling.domain.queries import rota
from scheduling.events import CalendarLinkMade
from scheduling.models import RotaFeed, Shift

_BEHIND = timedelta(days=28)


def renew(user: User, *, by: Actor, at: datetime) -> str:
    """A new secret for somebody's calendar, to be shown once; the old link works no more."""
    token = secrets.token_urlsafe(32)
    RotaFeed.objects.update_or_create(user=user, defaults={"digest": _digest(token), "made_at": at})
    publish(CalendarLinkMade(by=by, at=at))
    return token


def made_at(user: User) -> datetime | None:
    """When somebody's link was made; None when there is none."""
    feed = RotaFeed.objects.filter(user=user).first()
    return feed.made_at if feed else None


def calendar(token: str, at: datetime) -> str | None:
    """The calendar behind a link; None when it is unknown, or its person may not sign in."""
    feed = RotaFeed.objects.filter(digest=_digest(token), user__is_active=True).first()
    if feed is None:
        return None
    return written(rota.shifts_of(feed.user_id, at - _BEHIND), at)


def written(shifts: Iterable[Shift], at: datetime) -> str:
    """Turns as text of iCalendar; `at` is when this was true."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//MSCC coordination//Rota//EN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:MSCC duty",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for shift in shifts:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{shift.pk}@mscc-rota",
            f"DTSTAMP:{_utc(at)}",
            f"DTSTART:{_utc(shift.starts_at)}",
            f"DTEND:{_utc(shift.ends_at)}",
            f"SUMMARY:{_text(f'On duty: {ROLES[shift.role].label}')}",
            f"LOCATION:{_text(shift.organisation.name)}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for special in ("\\", ";", ","):
        words = words.replace(special, f"\\{special}")
    return words.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets; what goes on begins with a space."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > 75:
            yield piece
            piece = " "
        piece += character
    yield piece


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
