"""How a clock stands at a moment, in the words, the shape and the severity a screen shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from scheduling.timekeeping.clocks import ClockState


class Severity(StrEnum):
    """Worst first; each has a shape and a word of its own, so colour is never alone."""

    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    DUE = "due"
    MISSED = "missed"
    MET = "met"
    SUPERSEDED = "superseded"
    EXCEPTED = "excepted"


# Why a clock ended without being met, as `clocks.judge` writes it and as people say it.
_REASONS = {
    "now mscc": "MSCC is suspected now",
    "now spinal_metastases": "spinal metastases are suspected now, and not MSCC",
    "suspicion ended": "neither MSCC nor spinal metastases is suspected any more",
    "judged otherwise later": "a later finding reaches back to before it",
    "immobilisation_ended": "the person is no longer immobilised",
    "paralysis_pain_controlled": "complete paralysis for 2 weeks or more, pain controlled (1.10.4)",
    "poor_prognosis": "the overall prognosis is poor (1.10.4)",
}


class Timed(Protocol):
    """What `standing` needs of a clock: a `Judged` or a row of the projection."""

    @property
    def state(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def at_risk_at(self) -> datetime: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """`seconds` is what is left (negative when overdue), or what was to spare when it stopped."""

    severity: Severity
    word: str
    when: datetime
    seconds: int


def standing(clock: Timed, at: datetime) -> Standing:
    """Say how `clock` stands at `at` (aware). The due moment itself is still in time."""
    due, stopped, reason = clock.due_at, clock.stopped_at, reason_in_words(clock.reason)
    if clock.state == ClockState.RUNNING:
        left = due - at
        if left < timedelta(0):
            return _say(Severity.OVERDUE, f"Overdue by {in_words(-left)}", due, left)
        severity = Severity.AT_RISK if at >= clock.at_risk_at else Severity.DUE
        return _say(severity, f"Due in {in_words(left)}", due, left)
    assert stopped is not None  # a clock that does not run has stopped: the row's own constraint
    spare = due - stopped
    if clock.state == ClockState.MET:
        return _say(Severity.MET, f"Met, {in_words(spare)} to spare", stopped, spare)
    if clock.state == ClockState.MISSED:
        word = f"Missed by {in_words(-spare)}"
        return _say(Severity.MISSED, f"{word}: {reason}" if reason else word, stopped, spare)
    if clock.state == ClockState.SUPERSEDED:
        return _say(Severity.SUPERSEDED, f"Replaced: {reason}", stopped, spare)
    return _say(Severity.EXCEPTED, f"Stopped: {reason}", stopped, spare)


def of_due(due_at: datetime, at: datetime, soon: timedelta) -> Standing:
    """How something stands that has a due time and no clock; `soon` before it is at risk."""
    left = due_at - at
    if left < timedelta(0):
        return _say(Severity.OVERDUE, f"Overdue by {in_words(-left)}", due_at, left)
    severity = Severity.AT_RISK if left <= soon else Severity.DUE
    return _say(severity, f"Due in {in_words(left)}", due_at, left)


def reason_in_words(reason: str) -> str:
    """Why a clock ended, for a screen; a reason that is words already stays as it is."""
    return _REASONS.get(reason, reason.replace("_", " "))


def in_words(span: timedelta) -> str:
    """ "1 h 12 min", "3 days 4 h", "under a minute". Elapsed time: a day is 24 h."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days >= 2:
        unit = f"{days} days"
        return f"{unit} {hours} h" if hours else unit
    hours += days * 24
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"


def _say(severity: Severity, word: str, when: datetime, left: timedelta) -> Standing:
    return Standing(severity, word, when, int(left.total_seconds()))
