"""One round of each kind of work, whoever rings: a Celery tick, the guardian, or a test."""

from collections.abc import Callable
from datetime import datetime

from scheduling.domain import (
    alarm,
    auditor,
    deadman,
    downtime_windows,
    due,
    watch,
    work,
)
from scheduling.domain.rerouting import move_on
from scheduling.domain.sweep import sweep
from scheduling.notify.dispatch import dispatch


def sweep_round(now: Callable[[], datetime], *, with_care: bool = True) -> int:
    """Fire what is due and say that it was done; how many referrals were dealt with."""
    swept = sweep(now())
    _say("sweep", now())
    if with_care:
        # After what rings, and never for long: a bell for care that was lost is made good here.
        work.catch_up(now(), limit=2 * work.BATCH)
    return swept.fired


def care_round(now: Callable[[], datetime]) -> int:
    """Work out what care is due where something changed; how many referrals were worked out."""
    return work.catch_up(now()).done


def dispatch_round(now: Callable[[], datetime], *, wait: float = 2.0) -> int:
    """Send what waits, move on from what cannot be sent, and say so; how many were sent.

    What a gateway has not answered within `wait` seconds goes on by itself.
    """
    sent = dispatch(now, wait=wait)
    # Every time: whoever saw the failure may have been killed before it could move on.
    move_on(now())
    _say("dispatch", now())
    return sent.sent


def audit_round(now: Callable[[], datetime]) -> int:
    """Check what must be true, tell the switch outside, and people if it is not; how many fail.

    During announced downtime nobody is told.
    """
    found = auditor.audit(now())
    row = auditor.keep(found)
    downtime = downtime_windows.in_force(found.at)
    deadman.tell(row, found.at, passed=found.passed, downtime=downtime)
    if downtime is None:
        alarm.sound(row, found)
    return len(found.findings)


def _say(component: str, at: datetime) -> None:
    watch.beat(component, at, left=due.left(at, *due.WORKS_THROUGH[component]))
