"""Checks every minute that what must be true is true, and repairs nothing.

It asks over a short transaction of its own with a limit of three seconds a statement, so that a
sick database costs it an answer and nobody else anything. What it could not check has failed.
"""

import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import Error, connection, transaction

from mscc import clock
from referrals.clinical.library import targets
from scheduling.domain.invariants import ALL, CLOCKS_DIFFER, COMPONENTS, INVARIANTS, Invariant
from scheduling.models import Watching

logger = structlog.get_logger(__name__)

# Nobody has checked for so long that the last pass says nothing any more.
STALE = timedelta(seconds=180)
TIMEOUT_MS = 3000
APART = timedelta(seconds=2)
LEAD = timedelta(hours=24)
NAMED = 5  # rows that a finding names


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant that does not hold. `count` 0: it could not be checked in time."""

    key: str
    count: int
    oldest: datetime | None = None
    ids: tuple[str, ...] = ()

    @property
    def about(self) -> Invariant:
        """Which invariant."""
        return ALL[self.key]

    @property
    def sentence(self) -> str:
        """What is wrong, in words."""
        if not self.count:
            return f"This could not be checked in time: whether {self.about.one}."
        return f"{self.count} {self.about.one if self.count == 1 else self.about.many}."


@dataclass(frozen=True, slots=True)
class Audit:
    """What one pass found, and how many milliseconds it took."""

    at: datetime
    findings: tuple[Finding, ...] = ()
    took_ms: int = 0

    @property
    def passed(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the auditor: when it looked last, when all was well, and what is wrong."""

    audited_at: datetime | None = None
    passed_at: datetime | None = None
    failing_since: datetime | None = None
    findings: tuple[Finding, ...] = field(default=())

    def stale(self, at: datetime) -> bool:
        """Whether nobody has checked for too long."""
        return self.audited_at is None or at - self.audited_at > STALE


def audit(at: datetime) -> Audit:
    """Check every invariant as of `at`; a dozen short statements."""
    began = time.monotonic()
    given = {
        "at": at,
        "lead": at + LEAD,
        "components": list(COMPONENTS),
        "targets": json.dumps(
            [
                {"kind": t.key, "within_s": t.within_s, "at_risk_after_s": t.at_risk_after_s}
                for t in targets()
            ]
        ),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
        cursor.execute("SET LOCAL jit = off")  # planning such a statement costs more than it does
        checks = [_check(each, given) for each in INVARIANTS]
    found = [each for each in (*checks, _clocks(at)) if each is not None]
    return Audit(at, tuple(found), round(1000 * (time.monotonic() - began)))


def _check(invariant: Invariant, given: dict[str, Any]) -> Finding | None:
    counted = f"""
        SELECT count(*), min(since), (array_agg(id::text ORDER BY since))[1:{NAMED}]
        FROM ({invariant.sql}) AS broken
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(counted, given)
            count, oldest, ids = cursor.fetchone()
    except Error:
        if connection.connection is None or connection.connection.closed:
            raise  # the database is away: that is no answer about this invariant
        logger.exception("audit_check_failed", kind=invariant.key)
        return Finding(invariant.key, 0)
    return Finding(invariant.key, count, oldest, tuple(ids)) if count else None


def _clocks(at: datetime) -> Finding | None:
    with connection.cursor() as cursor:
        before = clock.real_now()
        cursor.execute(CLOCKS_DIFFER.sql)
        theirs: datetime = cursor.fetchone()[0]
        after = clock.real_now()
    # Whatever the way there and back took is nobody's fault.
    if before - APART <= theirs <= after + APART:
        return None
    return Finding(CLOCKS_DIFFER.key, 1, at)


def keep(found: Audit) -> Watching:
    """Write down what a pass found; the row that the board and the service page read."""
    row, _ = Watching.objects.get_or_create(pk=1)
    row.audited_at, row.took_ms = found.at, found.took_ms
    row.findings = [
        {
            "key": each.key,
            "count": each.count,
            "oldest": each.oldest.isoformat() if each.oldest else None,
            "ids": list(each.ids),
        }
        for each in found.findings
    ]
    if found.passed:
        row.passed_at, row.failing_since = found.at, None
    elif row.failing_since is None:
        row.failing_since = found.at
    row.save(update_fields=["audited_at", "took_ms", "findings", "passed_at", "failing_since"])
    return row


def standing(row: Watching | None) -> Standing:
    """What the kept row says, as values."""
    if row is None:
        return Standing()
    findings = tuple(
        Finding(
            each["key"],
            each["count"],
            datetime.fromisoformat(each["oldest"]) if each["oldest"] else None,
            tuple(each["ids"]),
        )
        for each in row.findings
        if each["key"] in ALL  # another release may have known more
    )
    return Standing(row.audited_at, row.passed_at, row.failing_since, findings)
