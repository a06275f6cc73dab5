"""What one journey says about one measure. Nothing is ever silently dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Status(IntEnum):
    """The numbers are stored: never reuse one."""

    MET = 1
    NOT_MET = 2
    NOT_APPLICABLE = 3  # the measure is not about this person
    EXCLUDED = 4  # in its denominator but for a reason, which is given
    MISSING = 5  # it is about them, and what it needs was never recorded
    RUNNING = 6  # neither yet: the time is not over


@dataclass(frozen=True, slots=True)
class Verdict:
    """`seconds` is the time that was measured (elapsed, absolute), for timed measures also when the
    target was missed. `label` is the class it falls in, for measures that count classes; `amount`
    a number for those that have one. `flag` names bad data that was seen on the way, e.g.
    `negative_interval`: such an interval is missing, never a pass. `until` is when a verdict that
    is still running changes by itself.
    """

    status: Status
    reason: str = ""
    seconds: int | None = None
    label: str = ""
    amount: float | None = None
    flag: str = ""
    until: datetime | None = None


def not_applicable(reason: str = "") -> Verdict:
    """The measure is not about this person."""
    return Verdict(Status.NOT_APPLICABLE, reason)


def excluded(reason: str) -> Verdict:
    """It would be about them, but for a reason that the measure names."""
    return Verdict(Status.EXCLUDED, reason)


def missing(reason: str, flag: str = "") -> Verdict:
    """About them, but what it needs was never recorded, or cannot be."""
    return Verdict(Status.MISSING, reason, flag=flag)


def met(seconds: int | None = None, *, label: str = "", amount: float | None = None) -> Verdict:
    """In the numerator."""
    return Verdict(Status.MET, seconds=seconds, label=label, amount=amount)


def not_met(
    reason: str = "", seconds: int | None = None, *, label: str = "", amount: float | None = None
) -> Verdict:
    """In the denominator and not in the numerator."""
    return Verdict(Status.NOT_MET, reason, seconds, label, amount)


def running(until: datetime | None = None) -> Verdict:
    """Neither yet; `until` is when that changes if nothing happens."""
    return Verdict(Status.RUNNING, until=until)
