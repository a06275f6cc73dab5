"""Times people type, turned into moments: daylight saving, the future, and the far past.

Stored times are UTC; people read and write Europe/London. All functions are told the time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from referrals.clinical.text import InputError

LONDON = ZoneInfo("Europe/London")

# Two clocks in a hospital rarely agree to the minute.
FUTURE_ALLOWED = timedelta(minutes=2)
LONG_AGO = timedelta(days=7)

# Not from strftime: a server's locale must not change a sentence.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class TimeError(InputError):
    """A time nobody can have meant."""


class Fold(StrEnum):
    """Which of the two hours was meant when the clocks went back."""

    BST = "bst"
    GMT = "gmt"


def parse_date(day: str, month: str, year: str) -> date:
    """A date from the three boxes of a form; TimeError says which box is wrong.

    Only the digits 0 to 9 count, and the year has four of them: 26 could be 1926.
    """
    given = [part.strip() for part in (day, month, year)]
    if not all(given):
        raise TimeError("date-missing", "Enter a day, a month and a year.")
    if not all(re.fullmatch(r"[0-9]+", part) for part in given):
        raise TimeError("date-digits", "Use digits 0–9 only, for example 27 3 2026.")
    if len(given[2]) != 4 or given[2].startswith("0"):
        raise TimeError("date-year", "Enter a 4-digit year.")
    # Only the first characters are read: int() of a megabyte of digits is slow.
    d, m, y = (int(part) if len(part) <= 4 else 9999 for part in given)
    if not 1 <= m <= 12:
        raise TimeError("date-month", "Month must be 1–12.")
    if not 1 <= d <= 31:
        raise TimeError("date-day", "Day must be 1–31.")
    try:
        return date(y, m, d)
    except ValueError:
        raise TimeError("date-missing-day", _does_not_exist(d, m, y)) from None


def _does_not_exist(day: int, month: int, year: int) -> str:
    if (day, month) == (29, 2):
        return f"29 February {year} does not exist."
    return f"{day} {MONTHS[month - 1]} does not exist."


def parse_time(text: str) -> time:
    """A time of day typed as 14:05, 14.05, 1405 or 9:05, on the 24-hour clock."""
    match = re.fullmatch(r"\s*([0-9]{1,2})[:.]?([0-9]{2})\s*", text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise TimeError("time", "Enter a time on the 24-hour clock, for example 14:05.")
    return time(int(match[1]), int(match[2]))


def parse_local(day: date, at: time, fold: Fold | None = None) -> datetime:
    """The UTC moment of a London wall-clock time.

    An hour that was skipped is refused; one that happened twice needs `fold`. TimeError both.
    """
    wall = datetime.combine(day, at).replace(fold=0)
    first, second = (_utc(wall.replace(fold=each)) for each in (0, 1))
    if first.astimezone(LONDON).replace(tzinfo=None) != wall:
        raise TimeError(
            "time-skipped",
            f"{_hour(at)} did not exist on {said_day(day)} (clocks went forward).",
        )
    if first == second:
        return first
    if fold is None:
        raise TimeError("time-twice", f"{_hour(at)} happened twice. Choose BST or GMT.")
    return first if fold is Fold.BST else second


def parse_instant(text: str) -> datetime:
    """The UTC moment of an ISO 8601 time with its offset, as an API sends it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or "T" not in text.upper():
        raise TimeError("time-format", "Enter a time such as 2027-03-28T01:30:00Z.")
    if moment.tzinfo is None:
        raise TimeError("time-offset", "Time must include an offset, e.g. 2027-03-28T01:30:00Z.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise TimeError("time-format", "Enter a time such as 2027-03-28T01:30:00Z.") from None


def refuse_future(occurred_at: datetime, now: datetime, what: str = "Start time") -> None:
    """Raise TimeError when something is said to have happened more than two minutes from now."""
    ahead = occurred_at - now
    if ahead > FUTURE_ALLOWED:
        raise TimeError(
            "time-future",
            f"{what} is {said_span(ahead)} in the future. Enter the time it happened.",
        )


def long_ago(occurred_at: datetime, now: datetime) -> bool:
    """True when a time lies more than seven days back: it needs confirming, with a reason."""
    return now - occurred_at > LONG_AGO


def overdue_warning(occurred_at: datetime, within_s: int, now: datetime) -> str:
    """What a late entry sets off: the clock it starts is overdue already and will page.

    Empty when the clock (`within_s` seconds long) still has time left.
    """
    late = now - occurred_at - timedelta(seconds=within_s)
    if late < timedelta(0):
        return ""
    return f"This clock is already {said_span(late)} overdue and will page now."


def said_span(span: timedelta) -> str:
    """A span as people say it: "14 minutes", "3 h", "3 h 05 min", "8 days"."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    hours, rest = divmod(minutes, 60)
    if hours >= 72:
        return f"{hours // 24} days"
    return f"{hours} h {rest:02} min" if rest else f"{hours} h"


def said_day(day: date) -> str:
    """A day in full: "28 March 2027"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _hour(at: time) -> str:
    return f"{at.hour:02}:{at.minute:02}"


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=LONDON).astimezone(UTC)
