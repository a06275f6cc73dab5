"""What does not fit in an entry of a course of dexamethasone: questions, never refusals.

The person typing may well be right (a course begun at another hospital has no start here), so each
one is asked about and can be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from referrals.clinical.course import Course, Entry, Kind, Step
from referrals.clinical.neurology import Contradiction
from referrals.clinical.steroids import FULL_DOSE_MG
from referrals.clinical.times import LONDON, said_day

# Local limits in mg a day: a first dose outside the first two is far from the 16 mg of 1.8.1;
# more than the last is hardly ever meant.
FAR_BELOW_MG, FAR_ABOVE_MG, IMPLAUSIBLE_MG = 8, 20, 40
LONG_TAPER = timedelta(days=28)


def contradictions(course: Course, entry: Entry) -> tuple[Contradiction, ...]:
    """What to ask about before `entry` joins `course`; the course as it was when it happened."""
    before = Course.of(each for each in course.entries if each.at <= entry.at)
    after = [each for each in course.entries if each.at > entry.at]
    return (
        *_order(before, entry),
        *_later(after, entry),
        *_dose(before, entry),
        *_taper(before, entry),
    )


_WHAT = {Kind.CHANGE: "a change of dose", Kind.PLAN: "a taper", Kind.STOP: "a stop"}


def _order(before: Course, entry: Entry) -> Iterator[Contradiction]:
    if entry.kind is not Kind.START:
        if not before.running:
            yield Contradiction(
                f"{entry.kind}-before-start",
                "at",
                f"Check the time: this is {_WHAT[entry.kind]}, and nothing was being taken then.",
            )
        return
    recorded = [each for each in before.current if not each.told]
    if recorded:
        dose = f" {before.daily_mg:g} mg a day" if before.daily_mg else ""
        yield Contradiction(
            "start-while-running",
            "kind",
            f"Check what happened: dexamethasone{dose} is already being taken. "
            "Is this a change of dose?",
        )


def _later(after: list[Entry], entry: Entry) -> Iterator[Contradiction]:
    """A stop in the past of a course that went on afterwards."""
    if entry.kind is Kind.STOP and after and after[0].kind is not Kind.START:
        yield Contradiction(
            "stop-before-later", "at", "Check the time: the course has entries after this stop."
        )


def _dose(before: Course, entry: Entry) -> Iterator[Contradiction]:
    dose = entry.daily_mg
    if dose is None or entry.kind not in (Kind.START, Kind.CHANGE):
        return
    if dose > IMPLAUSIBLE_MG:
        yield Contradiction(
            "dose-implausible", "daily_mg", f"Check the dose: {dose:g} mg a day is very high."
        )
    elif entry.kind is Kind.START and not FAR_BELOW_MG <= dose <= FAR_ABOVE_MG:
        yield Contradiction(
            "dose-far",
            "daily_mg",
            f"Check the dose: {dose:g} mg a day is far from the {FULL_DOSE_MG} mg of NG234 1.8.1.",
        )
    elif entry.kind is Kind.CHANGE and dose == before.daily_mg:
        yield Contradiction(
            "dose-unchanged", "daily_mg", f"Check the dose: it is {dose:g} mg a day already."
        )


def _taper(before: Course, entry: Entry) -> Iterator[Contradiction]:
    steps = entry.taper
    if entry.kind is not Kind.PLAN or not steps:
        return
    yield from _days(entry, steps)
    present = before.daily_mg
    if present is not None and steps[0].daily_mg >= present:
        yield _asked(
            "taper-above",
            f"the first step is {steps[0].daily_mg:g} mg, and {present:g} mg is taken.",
        )
    for one, next_ in pairwise(steps):
        if next_.daily_mg >= one.daily_mg:
            yield _asked(
                "taper-up",
                f"the dose does not go down on {said_day(next_.on)} "
                f"(from {one.daily_mg:g} mg to {next_.daily_mg:g} mg).",
            )
    if steps[-1].daily_mg:
        yield _asked("taper-no-end", "it has no day on which dexamethasone stops.")


def _days(entry: Entry, steps: tuple[Step, ...]) -> Iterator[Contradiction]:
    planned_on = entry.at.astimezone(LONDON).date()
    if any(later.on <= earlier.on for earlier, later in pairwise(steps)):
        yield _asked("taper-order", "its days are not in order.")
    if steps[0].on < planned_on:
        yield _asked("taper-past", f"it begins on {said_day(steps[0].on)}, before it was planned.")
    last = max(step.on for step in steps)
    if last - planned_on > LONG_TAPER:
        yield _asked("taper-long", f"it lasts until {said_day(last)}.")


def _asked(code: str, what: str) -> Contradiction:
    return Contradiction(code, "taper", f"Check the taper: {what}")
