"""The months a figure is about. A referral counts in the month in which it was received, in local
time, whatever happened to it later: so that no journey is counted twice or lost between two months.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months, `first` to `last`, both given by their first day and both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first.day != 1 or self.last.day != 1:
            raise ValueError("A period begins and ends with a month: give the first of each.")
        if self.last < self.first:
            raise ValueError("The last month is before the first: swap them.")

    @classmethod
    def ending(cls, last: date, months: int) -> Period:
        """So many months up to and with that of `last`."""
        end = last.replace(day=1)
        return cls(shifted(end, 1 - months), end)

    @property
    def months(self) -> int:
        """How many months."""
        years = self.last.year - self.first.year
        return years * 12 + self.last.month - self.first.month + 1

    @property
    def before(self) -> Period:
        """As many months just before these."""
        return Period(shifted(self.first, -self.months), shifted(self.first, -1))

    @property
    def words(self) -> str:
        """ "April to September 2026"."""
        if self.first == self.last:
            return f"{self.first:%B %Y}"
        if self.first.year == self.last.year:
            return f"{self.first:%B} to {self.last:%B %Y}"
        return f"{self.first:%B %Y} to {self.last:%B %Y}"

    def __iter__(self) -> Iterator[date]:
        return (shifted(self.first, n) for n in range(self.months))

    def __contains__(self, month: date) -> bool:
        return self.first <= month.replace(day=1) <= self.last


def shifted(month: date, by: int) -> date:
    """The first day of the month so many months later."""
    years, zero_based = divmod(month.month - 1 + by, 12)
    return date(month.year + years, zero_based + 1, 1)


def month_of(moment: datetime) -> date:
    """The month in which a moment lies in local time, by its first day."""
    return moment.astimezone(_LONDON).date().replace(day=1)
