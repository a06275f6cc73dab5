"""Times people enter: not in the future, not unbelievably long ago, not before what they follow."""

from datetime import datetime

from mscc import clock
from referrals.clinical import times
from referrals.domain.path import Change
from referrals.domain.refusals import Invalid, NeedsConfirmation


def happened(
    field: str, occurred_at: datetime, change: Change, *, confirmed: bool = False
) -> datetime:
    """`occurred_at` if it can be when something happened, or a refusal that names the field.

    More than 2 minutes ahead is Invalid; more than 7 days ago is NeedsConfirmation, because a
    clock started then may be overdue by now and would page at once.
    """
    try:
        times.refuse_future(occurred_at, change.at, "This time")
    except times.TimeError as error:
        raise Invalid({field: str(error)}) from error
    if times.long_ago(occurred_at, change.at) and not confirmed:
        raise NeedsConfirmation(
            {
                field: f"This was {times.said_span(change.at - occurred_at)} ago. Check the date; "
                "if it is right, confirm it."
            }
        )
    return min(occurred_at, change.at)


def not_before(field: str, occurred_at: datetime, earliest: datetime, of: str) -> None:
    """Refuse a time that lies before what it follows, e.g. a report before its scan."""
    if occurred_at < earliest:
        raise Invalid({field: f"This is before {of} ({_said(earliest)}). Check the time."})


def not_after(field: str, occurred_at: datetime, latest: datetime, of: str) -> None:
    """Refuse a time that lies after what followed it, e.g. a scan after its report."""
    if occurred_at > latest:
        raise Invalid({field: f"This is after {of} ({_said(latest)}). Check the time."})


def _said(moment: datetime) -> str:
    shown = clock.local(moment)
    return f"{times.said_day(shown.date())}, {shown:%H:%M}"
