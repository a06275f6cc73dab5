"""What a monitoring system may know: counts, ages and states, and nothing about anybody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from scheduling.domain import auditor
from scheduling.domain.due import next_due
from scheduling.domain.invariants import ALL
from scheduling.models import Heartbeat, RoundRun, Watching

_COUNTS = """
SELECT
    (SELECT count(*) FROM referrals_referral WHERE closed_at IS NULL) AS open,
    (SELECT count(*) FROM scheduling_clock WHERE state = 'running') AS running,
    (SELECT count(*) FROM scheduling_clock WHERE state = 'running' AND due_at <= %(at)s) AS overdue,
    (SELECT count(*) FROM scheduling_escalation WHERE state = 'open') AS climbing
"""
# The outbox keeps what was sent for ever: of what is over, only the last day is counted.
_NOTICES = """
SELECT state, channel, count(*) FROM scheduling_notice
WHERE created_at > %(at)s - interval '24 hours' OR state IN ('pending', 'leased')
GROUP BY state, channel ORDER BY state, channel
"""


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure with its meaning; `values` are (labels, value)."""

    name: str
    help: str
    values: tuple[tuple[dict[str, str], float], ...] = field(default=())


def metrics(at: datetime) -> Iterator[Metric]:
    """Every figure as of `at`; a handful of statements."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"at": at})
        open_, running, overdue, climbing = cursor.fetchone()
        cursor.execute(_NOTICES, {"at": at})
        notices = cursor.fetchall()
    yield _one("mscc_referrals_open", "Referrals that are open.", open_)
    yield _one("mscc_clocks_running", "Timed targets that run.", running)
    yield _one("mscc_clocks_overdue", "Timed targets that run and have passed.", overdue)
    yield _one("mscc_escalations_open", "Pages that nobody has answered.", climbing)
    yield Metric(
        "mscc_notices",
        "Messages by state and channel: what waits, and the last 24 hours.",
        tuple(({"state": state, "channel": channel}, n) for state, channel, n in notices),
    )
    moment = next_due(at)
    late = max(0.0, (at - moment).total_seconds()) if moment else 0.0
    yield _one("mscc_oldest_due_seconds", "How long the oldest due work has waited.", late)
    yield from _beats(at)
    yield from _audit(at)


def _beats(at: datetime) -> Iterator[Metric]:
    beats = list(Heartbeat.objects.order_by("component", "instance"))
    labels = [
        {
            "component": row.component,
            "instance": row.instance,
            "process": row.process,
            "build": row.build,
        }
        for row in beats
    ]
    for name, words, column in (
        ("mscc_heartbeat_age_seconds", "Since a process last ran.", "beat_at"),
        ("mscc_progress_age_seconds", "Since a process last finished a round.", "progress_at"),
    ):
        ages = [
            (label, (at - moment).total_seconds())
            for label, row in zip(labels, beats, strict=True)
            if (moment := getattr(row, column)) is not None
        ]
        yield Metric(name, words, tuple(ages))
    left = [
        (label, float(row.backlog))
        for label, row in zip(labels, beats, strict=True)
        if row.backlog is not None
    ]
    yield Metric("mscc_backlog", "What a round left undone, at most 1000.", tuple(left))
    yield Metric(
        "mscc_round_age_seconds",
        "Since a slow round was last finished.",
        tuple(
            ({"round": row.name}, (at - row.finished_at).total_seconds())
            for row in RoundRun.objects.exclude(finished_at=None).order_by("name")
        ),
    )


def _audit(at: datetime) -> Iterator[Metric]:
    row = Watching.objects.first()
    known = auditor.standing(row)
    passing = not known.findings and not known.stale(at)
    yield _one("mscc_audit_passing", "1 while the auditor looks and finds nothing.", int(passing))
    found = {each.key: each.count for each in known.findings}
    yield Metric(
        "mscc_audit_findings",
        "What breaks each invariant.",
        tuple(
            ({"invariant": key, "number": each.number}, float(found.get(key, 0)))
            for key, each in ALL.items()
        ),
    )
    for name, words, moment in (
        ("mscc_audit_age_seconds", "Since the auditor last looked.", known.audited_at),
        ("mscc_audit_pass_age_seconds", "Since the auditor last found nothing.", known.passed_at),
        (
            "mscc_deadman_age_seconds",
            "Since the switch outside was last told that all is well.",
            row.switch_told_at if row else None,
        ),
    ):
        if moment is not None:
            yield _one(name, words, (at - moment).total_seconds())
    if row is not None and row.took_ms is not None:
        yield _one("mscc_audit_seconds", "How long the last audit took.", row.took_ms / 1000)


def _one(name: str, words: str, value: float) -> Metric:
    return Metric(name, words, (({}, float(value)),))
