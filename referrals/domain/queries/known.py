"""What is known from rows that were recorded one after the other: later knowledge holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from referrals.clinical.presentation import Answer
from referrals.domain.queries.person import Story
from referrals.models import CareEntry
from referrals.models.recorded import Recorded

_Row = TypeVar("_Row", bound=Recorded)
YES, NO, NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN
Status = CareEntry.Status
# What an entry of the care bundle says about "was it done?"; "not applicable" says nothing.
DONE = {Status.GIVEN: YES, Status.DECLINED: NO, Status.CONTRAINDICATED: NO}


def latest_known(rows: Iterable[Any]) -> dict[str, Any]:
    """Each column's latest known value over these rows, which go from old to new."""
    known: dict[str, Any] = {}
    for row in rows:
        values = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
        known |= {name: value for name, value in values.items() if _is_known(value)}
    return known


def held(rows: Sequence[_Row]) -> list[_Row]:
    """What changes slowly as one row, to be read and not saved: the latest known value of each
    column. A later row may have brought only what was missing. Empty when there is no row."""
    if not rows:
        return []
    known = latest_known(rows)
    for detail, of in _DETAILS.items():
        if known.get(of) == NO:
            known.pop(detail, None)
    return [type(rows[-1])(**known)]


# What was said about a yes says nothing once the answer is no.
_DETAILS = {"contraindication": "contraindicated", "implant_details": "implants"}


def _is_known(value: object) -> bool:
    return value is not None and value != "" and value != NOT_KNOWN.value


def answer(known: Mapping[str, Any], name: str) -> Answer:
    """The answer of one column of `latest_known`; not known when nobody gave one."""
    return Answer(known.get(name) or NOT_KNOWN)


def latest(told: Iterable[tuple[datetime, Answer]]) -> Answer:
    """The answer that was known last; of two at one moment, the later in the row."""
    answers = [(when, answer) for when, answer in told if answer is not NOT_KNOWN]
    return sorted(answers, key=lambda each: each[0])[-1][1] if answers else NOT_KNOWN


def entered(story: Story, item: str) -> Answer:
    """Whether an item of the care bundle was done, as last recorded."""
    return latest(entries(story, item, DONE))


def entries(
    story: Story, item: str, says: Mapping[Status, Answer]
) -> list[tuple[datetime, Answer]]:
    """The answers that the entries of an item amount to, with when each was so."""
    return [
        (row.occurred_at, says[Status(row.status)])
        for row in story.care_entries
        if row.item == item and row.status in says
    ]
