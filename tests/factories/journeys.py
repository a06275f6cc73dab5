"""Journeys as a rebuild would have written them, without the referrals behind them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from audit.domain import journeys
from audit.measures import registry
from audit.measures.measure import Measure
from audit.measures.verdict import Status
from audit.models import Journey
from tests.factories.people import Place
from tests.factories.referrals import AT

_SIZE = max(each.number for each in registry.ALL) + 1


def journey(
    place: Place,
    month: date,
    measure: Measure,
    status: Status,
    *,
    seconds: int | None = None,
    **fields: Any,
) -> Journey:
    """One journey with one verdict; not saved. `reason` and `flag` go into its details."""
    verdicts, times = [0] * _SIZE, [None] * _SIZE
    verdicts[measure.number], times[measure.number] = status.value, seconds
    details = {key: fields.pop(key) for key in ("reason", "flag", "label") if key in fields}
    values = {
        "suspicion": "mscc",
        "deficit": "yes",
        "groups": {"sex": "female"},
        "received_at": datetime(month.year, month.month, 10, 9, tzinfo=UTC),
        "details": {str(measure.number): details} if details else {},
        "imported": True,
    } | fields
    return Journey(
        alliance=place.alliance,
        trust=place.trust,
        hospital=place.hospital,
        month=month,
        verdicts=verdicts,
        seconds=times,
        as_of=AT,
        definitions=registry.definitions(),
        **values,
    )


def saved(rows: Iterable[Journey]) -> list[Journey]:
    """Save them as a rebuild does, so that nothing kept of their months is stale."""
    kept = list(rows)
    journeys.save(kept)
    return kept


def many(
    place: Place,
    month: date,
    measure: Measure,
    met: int,
    not_met: int,
    missing: int = 0,
    **fields: Any,
) -> list[Journey]:
    """So many of each, saved."""
    counts = {Status.MET: met, Status.NOT_MET: not_met, Status.MISSING: missing}
    return saved(
        journey(place, month, measure, status, **fields)
        for status, n in counts.items()
        for _ in range(n)
    )
