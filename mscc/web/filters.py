"""How times, durations, NHS numbers and names are written on every page.

One place, so that the same moment reads the same on the board, on a print and in an email.
Times are shown in Europe/London with their zone; durations are elapsed, so 24 hours across
the October change is still "24 h".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from mscc import clock

MINUTE, HOUR, DAY = 60, 3600, 86_400


def duration(value: timedelta | float) -> str:
    """An elapsed time (timedelta or seconds) in words, as clinicians say it: "1 h 12 min".

    Under a minute it says seconds, from two days on days and hours; the sign is dropped,
    since the words around it ("overdue by", "due in") carry the direction.
    """
    total = value.total_seconds() if isinstance(value, timedelta) else value
    seconds = int(abs(total))
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < 2 * DAY:
        hours, minutes = divmod(seconds // MINUTE, 60)
        return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"
    days, hours = divmod(seconds // HOUR, 24)
    return f"{days} days {hours} h" if hours else f"{days} days"


def local(moment: datetime | None) -> str:
    """A moment in London, "Tue 24 Nov, 08:00 GMT"; with the year when it is not this year's."""
    if moment is None:
        return "not known"
    there = clock.local(moment)
    year = f" {there.year}" if there.year != clock.local(clock.now()).year else ""
    return f"{there:%a} {there.day} {there:%b}{year}, {there:%H:%M %Z}"


def hour(moment: datetime) -> str:
    """Only the time of day in London, "08:00"; for lists whose day is said above them."""
    return f"{clock.local(moment):%H:%M}"


def day(value: date | None) -> str:
    """A calendar day, "5 March 1961"; a datetime is first taken to London."""
    if value is None:
        return "not known"
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return f"{value.day} {value:%B %Y}"


def ago(moment: datetime | None, at: datetime | None = None) -> str:
    """How long before `at` (default: now): "4 s ago"; of a later moment "in 2 h 05 min"."""
    if moment is None:
        return "never"
    seconds = ((at or clock.now()) - moment).total_seconds()
    return f"{duration(seconds)} ago" if seconds >= 0 else f"in {duration(seconds)}"


def age(born: date | None, on: date | None = None) -> str:
    """Whole years on a day (default: today in London); those born on 29 February turn on 1 March.

    Under two years it says months, since "0" helps nobody; an unknown birth date says so.
    """
    if born is None:
        return "age not known"
    on = on or clock.local(clock.now()).date()
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if years >= 2:
        return str(years)
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return plural(months, "month")


def nhs(number: str | None) -> str:
    """An NHS number in 3-3-4; anything that is not ten digits is shown as it is."""
    if not number:
        return "No NHS number"
    if len(number) != 10 or not number.isdecimal():
        return number
    return f"{number[:3]} {number[3:6]} {number[6:]}"


# Embeddings and overrides: no language needs them here, and one would turn all that follows it in
# the same text, so that a clinical note reads backwards. Stored as typed, not shown.
_TURNING = dict.fromkeys(range(0x202A, 0x202F))


def isolate(text: object) -> Markup:
    """Text somebody typed, escaped and kept from turning its own direction or its neighbours'."""
    # Not Markup.format: it parses the pattern each time, and a board says hundreds of names.
    return Markup("<bdi>") + escape(text).translate(_TURNING) + Markup("</bdi>")


def telephone(number: str | None) -> str:
    """What a `tel:` link dials; empty for what is not a telephone number, such as a bleep."""
    text = (number or "").strip()
    digits = re.sub(r"[\s().-]", "", text.replace("(0)", ""))
    return digits if re.fullmatch(r"\+?[0-9]{5,15}", digits) else ""


@dataclass(frozen=True, slots=True)
class DayOf:
    """The items of one London day, in the order they came."""

    day: date
    entries: list[Any]


def groupby_day(items: Iterable[Any]) -> list[DayOf]:
    """Items with an `at`, already in order, under the London day they happened on."""
    days = groupby(items, key=lambda item: clock.local(_at(item)).date())
    return [DayOf(day, list(group)) for day, group in days]


def _at(item: Any) -> datetime:
    return item["at"] if isinstance(item, dict) else item.at


def iso(moment: datetime) -> str:
    """A moment for the `datetime` attribute of `<time>`, in UTC to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 referral`, `3 referrals`; `many` for a plural that does not end in s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


FILTERS = {
    "duration": duration,
    "local": local,
    "hour": hour,
    "day": day,
    "ago": ago,
    "age": age,
    "nhs": nhs,
    "isolate": isolate,
    "telephone": telephone,
    "groupby_day": groupby_day,
    "iso": iso,
    "plural": plural,
}
