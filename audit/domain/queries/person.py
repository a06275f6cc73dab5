"""Who looked at a person's record, and which pages nobody answered to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit.models import Trail
from mscc import clock

_HOW = {
    "screen": "Looked at this page",
    "print": "Printed this page",
    "letter": "Opened the discharge letter",
    "api": "Read by another system",
    "search": "Found by a search",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: `kind` is look or page."""

    at: datetime
    what: str
    by: str
    kind: str
    note: str = ""


def lines_of(referral_id: UUID) -> list[Line]:
    """Readings and pages gone astray, newest first; one statement.

    Several readings by one person in one way on one day are one line, at the last of them.
    """
    rows = Trail.objects.filter(
        referral_id=referral_id, action__in=("record_read", "people_paged", "page_handed_on")
    ).order_by("-id")
    reads = [row for row in rows if row.action == "record_read"]
    return sorted(
        [*_looks(reads), *_astray(row for row in rows if row.action != "record_read")],
        key=lambda line: line.at,
        reverse=True,
    )


def _looks(reads: Iterable[Trail]) -> Iterator[Line]:
    days: dict[tuple[str, str, date], list[Trail]] = {}
    for row in reads:
        day = clock.local(row.at).date()
        days.setdefault((row.actor_name, row.details.get("how", ""), day), []).append(row)
    for (name, how, _), same in days.items():
        times = f", {len(same)} times that day" if len(same) > 1 else ""
        yield Line(same[0].at, f"{_HOW.get(how, 'Read')}{times}", name, "look")


def _astray(rows: Iterable[Trail]) -> Iterator[Line]:
    for row in rows:
        if row.action == "page_handed_on":
            yield Line(row.at, "Page handed on: the next person is told", row.actor_name, "page")
        elif not row.details.get("told"):
            yield Line(
                row.at,
                "Nobody could be reached on this step: the next is told",
                "The service",
                "page",
            )
