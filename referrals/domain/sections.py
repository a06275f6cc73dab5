"""The sections of key information (1.1.15) as rows, each with the time it was found.

A time may be long ago without a question, because no clock counts from it; none may be to come.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from mscc import clock
from referrals.domain.moments import happened
from referrals.domain.path import Change
from referrals.domain.refusals import Invalid
from referrals.domain.told import SECTIONS

# The time a section may bring: its column, and what it is called where it is asked for.
_TIMES = {
    "neurology": ("occurred_at", "examined_at"),
    "pain": ("occurred_at", "asked_at"),
    "care": ("dexamethasone_at", "dexamethasone_at"),
}
_DAYS = {"considerations": ("paralysed_since", "radiotherapy_ended_on")}


def section_rows(
    sections: Mapping[str, Mapping[str, Any]], at: datetime, changing: Change
) -> list[Any]:
    """A row for each section, found at `at` unless it says when; Invalid for a time to come."""
    today = clock.local(changing.at).date()
    if to_come := dict(_to_come(sections, today)):
        raise Invalid(to_come)
    return [
        SECTIONS[name](
            referral=changing.referral,
            **{"occurred_at": at, **values, **_time(name, values, changing)},
            **changing.stamp(),
        )
        for name, values in sections.items()
    ]


def _to_come(sections: Mapping[str, Mapping[str, Any]], today: date) -> Iterator[tuple[str, str]]:
    for name, columns in _DAYS.items():
        for column in columns:
            day = sections.get(name, {}).get(column)
            if day is not None and day > today:
                yield column, "This day has not come yet. Check the date."


def _time(name: str, values: Mapping[str, Any], changing: Change) -> dict[str, datetime]:
    column, called = _TIMES.get(name, ("", ""))
    at = values.get(column)
    if at is None:
        return {}
    return {column: happened(called, at, changing, confirmed=True)}
