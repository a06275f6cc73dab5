"""How soon a specialty is asked to answer: local numbers in `answers.toml` (1.1.10).

NG234 wants a single point of contact that gives advice, and gives no time for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from referrals.clinical.library import HERE, LibraryError, seconds
from referrals.clinical.milestones import Suspicion
from referrals.clinical.times import said_span

# Longer than any question may wait: a later date is a slip of the keyboard.
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """`choices` from the shortest; `within` proposes one of them for each suspicion."""

    choices: tuple[timedelta, ...]
    within: Mapping[Suspicion, timedelta]


@cache
def answer_times() -> AnswerTimes:
    """The service's own numbers, checked; LibraryError when they do not fit together."""
    with (HERE / "answers.toml").open("rb") as file:
        return read_answer_times(tomllib.load(file))


def read_answer_times(said: Mapping[str, Any]) -> AnswerTimes:
    """Check and freeze what `answers.toml` says."""
    choices = tuple(timedelta(seconds=seconds(each)) for each in said["choices"])
    within = {Suspicion(key): timedelta(seconds=seconds(v)) for key, v in said["within"].items()}
    if not choices or list(choices) != sorted(set(choices)):
        raise LibraryError("The times for an answer must go from the shortest to the longest.")
    if choices[0] <= timedelta(0) or choices[-1] > LONGEST:
        raise LibraryError("A time for an answer must be more than nothing and under a month.")
    if set(within) != set(Suspicion) or not set(within.values()) <= set(choices):
        raise LibraryError("Each suspicion needs a time for an answer that can be chosen.")
    return AnswerTimes(choices, MappingProxyType(within))


def answer_due(asked_at: datetime, condition: Suspicion) -> datetime:
    """When an answer is wanted, if nobody says otherwise; `condition` is what is being treated."""
    return asked_at + answer_times().within[condition]


def due_error(asked_at: datetime, due_at: datetime) -> str:
    """What is wrong with a time for an answer, as a sentence; empty when nothing is."""
    if due_at <= asked_at:
        return "The answer is wanted before the question was asked. Check the time."
    if due_at - asked_at > LONGEST:
        return "This is more than a month after the question. Check the date."
    return ""


@dataclass(frozen=True, slots=True)
class AnswerStanding:
    """How a question stands: `severity` gives the shape, `word` says it, `when` is the due time
    or, once it was answered, that of the answer."""

    severity: str
    word: str
    when: datetime


def how_it_stands(
    asked_at: datetime, due_at: datetime, answered_at: datetime | None, at: datetime
) -> AnswerStanding:
    """A question as a list shows it at `at`; the due moment itself is still in time.

    In the last quarter of its time it is at risk, so that it stands out before it is late.
    """
    if answered_at is not None:
        if answered_at <= due_at:
            return AnswerStanding("met", "Answered in time", answered_at)
        late = _said_late(answered_at - due_at)
        return AnswerStanding("missed", f"Answered {late} late", answered_at)
    left = due_at - at
    if left < timedelta(0):
        return AnswerStanding("overdue", f"Overdue by {_said_late(-left)}", due_at)
    severity = "at_risk" if left * 4 <= due_at - asked_at else "due"
    return AnswerStanding(severity, f"Due in {said_span(left)}", due_at)


def _said_late(span: timedelta) -> str:
    return "less than a minute" if span < timedelta(minutes=1) else said_span(span)
