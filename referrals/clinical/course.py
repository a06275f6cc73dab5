"""A course of dexamethasone as it was recorded: what is taken, what is planned, what is due.

Entries tell it: a start, a change of dose, a plan of the taper, a stop. All times are aware, all
doses milligrams a day. The steps of a taper are days in London; a step of 0 mg is the planned stop.
Where NG234 gives no number (how long a dose may run on with no plan) the number is a local one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

from referrals.clinical.reasoning import LOCAL, SUMMARY
from referrals.clinical.times import LONDON, said_day

_SUMMARY = SUMMARY + "corticosteroids"
# Local numbers, to be agreed by the service.
NO_PLAN_AFTER = timedelta(days=5)
TAPER_PLANNED_WITHIN = timedelta(hours=24)
TOLD_RECORDED_WITHIN = timedelta(hours=24)
DUE_AT = time(8)  # a dexamethasone dose is given in the morning
_NO_PLAN = (LOCAL + "no more than 5 days of dexamethasone without a plan",)
_PLAN_SOON = ("1.8.1", _SUMMARY, LOCAL + "a taper is planned within 24 hours")


class Kind(StrEnum):
    """What an entry says."""

    START = "start"
    CHANGE = "change"
    PLAN = "plan"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on the dose is `daily_mg`; 0 is the stop."""

    on: date
    daily_mg: float

    @property
    def due_at(self) -> datetime:
        """When the step falls due: the morning of its day in London."""
        return datetime.combine(self.on, DUE_AT, LONDON)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `daily_mg` may be unknown for a start that the ward only `told` of: it stands
    until somebody records the start."""

    kind: Kind
    at: datetime
    daily_mg: float | None = None
    taper: tuple[Step, ...] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The dose that is taken now, if it is known, and since when. `as_planned`: only the plan says
    so, and nobody has recorded the step yet."""

    daily_mg: float | None
    since: datetime
    as_planned: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to do about a course by an absolute time; a new course has new due times."""

    key: str
    text: str
    due_at: datetime
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The open steps of the plan that holds; `without_since` while none says how it ends."""

    steps: tuple[Step, ...]
    without_since: datetime | None


@dataclass(frozen=True)
class Course:
    """The entries in the order of their times, whatever the order they were recorded in."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Course:
        """The course these entries tell; entries of the same moment keep their order."""
        return cls(tuple(sorted(entries, key=lambda entry: entry.at)))

    @cached_property
    def running(self) -> bool:
        """Whether it has not been stopped since it was last started, changed or given a plan."""
        return bool(self.entries) and self.entries[-1].kind is not Kind.STOP

    @cached_property
    def current(self) -> tuple[Entry, ...]:
        """The entries since the last stop; empty when nothing is taken."""
        stops = [at for at, each in enumerate(self.entries) if each.kind is Kind.STOP]
        return self.entries[stops[-1] + 1 :] if stops else self.entries

    @cached_property
    def _dosed(self) -> Entry | None:
        """The entry that last said a dose."""
        dosed = [each for each in self.current if each.kind in (Kind.START, Kind.CHANGE)]
        return dosed[-1] if dosed else None

    @cached_property
    def daily_mg(self) -> float | None:
        """The dose a day as last recorded; None when nothing is taken or nobody said."""
        return self._dosed.daily_mg if self._dosed else None

    @cached_property
    def _plan(self) -> _Plan:
        """What holds of the plans. A change to one of a plan's doses is that step being taken; a
        change to any other dose leaves the plan."""
        steps: tuple[Step, ...] = ()
        without_since = self.current[0].at if self.current else None
        for each in self.current:
            if each.kind is Kind.PLAN and each.taper:
                steps, last = each.taper, each.taper[-1]
                without_since = last.due_at if last.daily_mg else None
            elif each.kind is Kind.CHANGE and steps:
                doses = [step.daily_mg for step in steps]
                if each.daily_mg in doses:
                    steps = steps[doses.index(each.daily_mg) + 1 :]
                else:
                    steps, without_since = (), each.at
            elif each.kind is Kind.START:
                steps, without_since = (), each.at
        return _Plan(steps, without_since)

    @property
    def planned(self) -> tuple[Step, ...]:
        """The steps of the plan that holds and that nobody has recorded yet."""
        return self._plan.steps

    @property
    def without_plan_since(self) -> datetime | None:
        """Since when nothing says how it ends; None while a plan does, or nothing is taken."""
        return self._plan.without_since

    def taken(self, now: datetime) -> Taken | None:
        """What is taken at `now`: as recorded, or as the plan says since its last day."""
        if not self.running:
            return None
        reached = [step for step in self.planned if step.due_at <= now]
        if reached:
            return Taken(reached[-1].daily_mg, reached[-1].due_at, as_planned=True)
        said = self._dosed or self.current[0]
        return Taken(self.daily_mg, said.at)


def reminders(
    course: Course, *, treated_at: datetime | None, ruled_out_at: datetime | None
) -> tuple[Reminder, ...]:
    """What is or will be due on this course, soonest first.

    `treated_at`: surgery performed or radiotherapy started, the earlier one. `ruled_out_at`: when
    imaging ruled out spinal metastases and MSCC. Nothing while nothing is taken.
    """
    if not course.running:
        return ()
    if ruled_out_at is not None:
        return (_ruled_out(course, ruled_out_at),)
    found = (*_told(course), *_planned(course), *_unplanned(course, treated_at))
    return tuple(sorted(found, key=lambda each: each.due_at))


def _ruled_out(course: Course, at: datetime) -> Reminder:
    return Reminder(
        "dexamethasone_ruled_out",
        "Stop dexamethasone: spinal metastases and MSCC are ruled out.",
        max(at, course.current[0].at),
        ("1.8.2",),
    )


def _told(course: Course) -> Iterator[Reminder]:
    """A start that only the referral form knows of is recorded, or said not to be so."""
    for each in course.current:
        if each.told:
            yield Reminder(
                "dexamethasone_told",
                "The ward said that dexamethasone was given: record the start.",
                each.at + TOLD_RECORDED_WITHIN,
                ("1.8.1", LOCAL + "what the ward told is recorded within 24 hours"),
            )


def _planned(course: Course) -> Iterator[Reminder]:
    """The next step of the plan, once: recording a later step catches up."""
    for step in course.planned[:1]:
        if step.daily_mg:
            yield Reminder(
                "dexamethasone_step",
                f"Reduce dexamethasone to {step.daily_mg:g} mg a day, as planned for "
                f"{said_day(step.on)}.",
                step.due_at,
                ("1.8.1", _SUMMARY),
            )
        else:
            yield Reminder(
                "dexamethasone_stop",
                f"Dexamethasone ends on {said_day(step.on)}, as planned: record the stop.",
                step.due_at,
                ("1.8.1", _SUMMARY),
            )


def _unplanned(course: Course, treated_at: datetime | None) -> Iterator[Reminder]:
    """A dose that runs on with nothing saying how it ends."""
    since = course.without_plan_since
    if since is None:
        return
    if treated_at is not None:
        yield Reminder(
            "dexamethasone_taper",
            "Treatment has begun: plan how dexamethasone is reduced over 5 to 7 days and stopped.",
            max(treated_at, since) + TAPER_PLANNED_WITHIN,
            _PLAN_SOON,
        )
    else:
        yield Reminder(
            "dexamethasone_no_plan",
            "Dexamethasone runs on with no plan: say how it goes on, or how it is reduced.",
            since + NO_PLAN_AFTER,
            _NO_PLAN,
        )


def propose(daily_mg: float, first: date) -> tuple[Step, ...]:
    """A taper to start from: half the dose every two days, and the stop on the seventh day.

    The 5 to 7 days are the management summary's, the halving is local; half milligrams, because
    that is the smallest tablet. `first` is the day of the first reduction.
    """
    steps: list[Step] = []
    dose = daily_mg
    for day in (0, 2, 4):
        dose = int(dose) / 2 if dose >= 1 else 0.0
        if dose and (not steps or dose < steps[-1].daily_mg):
            steps.append(Step(first + timedelta(days=day), dose))
    return (*steps, Step(first + timedelta(days=6), 0))
