"""The course of dexamethasone on record: its entries with the times they were corrected to."""

from collections.abc import Iterable
from datetime import date, datetime

from referrals.clinical.course import Course, Entry, Kind, Reminder, Step, reminders
from referrals.clinical.milestones import MilestoneKind
from referrals.domain.queries.person import Story, as_known_now
from referrals.models import DexamethasoneEntry, InitialCare, Milestone, Referral
from referrals.models.assessment import ThreeWay
from referrals.models.referral import Confirmed

_MILESTONE = {
    Kind.START: MilestoneKind.DEXAMETHASONE_STARTED,
    Kind.STOP: MilestoneKind.DEXAMETHASONE_STOPPED,
}


def course_of(story: Story) -> Course:
    """The course; nothing here asks the database. What the ward told of counts as its start until
    a start is recorded."""
    return _course(story.dexamethasone, story.milestones, story.care)


def read_course(referral: Referral) -> Course:
    """The same for a command, in three statements."""
    kinds = [kind.value for kind in _MILESTONE.values()]
    return _course(
        referral.dexamethasoneentrys.order_by("occurred_at", "recorded_at"),
        referral.milestones.filter(kind__in=kinds),
        referral.initialcares.order_by("occurred_at", "recorded_at"),
    )


def due_of(story: Story) -> tuple[Reminder, ...]:
    """What is or will be due on the course, soonest first."""
    begun = (MilestoneKind.SURGERY_PERFORMED, MilestoneKind.RADIOTHERAPY_STARTED)
    ruled_out = story.referral.confirmed == Confirmed.RULED_OUT
    reported = story.times(MilestoneKind.SCAN_REPORTED)
    return reminders(
        course_of(story),
        treated_at=min(story.times(*begun), default=None),
        ruled_out_at=max(reported, default=story.referral.changed_at) if ruled_out else None,
    )


def standing_entries(story: Story) -> list[tuple[DexamethasoneEntry, datetime]]:
    """The entries that hold, with when each happened; one that was taken back is left out."""
    return _standing(story.dexamethasone, story.milestones)


def not_taken_back(rows: Iterable[DexamethasoneEntry]) -> list[DexamethasoneEntry]:
    """The entries that nobody took back, without those that only take another back."""
    given = list(rows)
    wrong = {row.takes_back_id for row in given}
    return [row for row in given if row.takes_back_id is None and row.pk not in wrong]


def told_by_ward(care: Iterable[InitialCare]) -> InitialCare | None:
    """The first time the ward said that dexamethasone was given."""
    return next((row for row in care if row.dexamethasone == ThreeWay.YES), None)


def _course(
    rows: Iterable[DexamethasoneEntry],
    milestones: Iterable[Milestone],
    care: Iterable[InitialCare],
) -> Course:
    entries = [_entry(row, at) for row, at in _standing(rows, milestones)]
    told = told_by_ward(care)
    if told is not None and all(each.kind is not Kind.START for each in entries):
        at = told.dexamethasone_at or told.occurred_at
        entries.append(Entry(Kind.START, at, _mg(told.dexamethasone_mg), told=True))
    return Course.of(entries)


def _standing(
    rows: Iterable[DexamethasoneEntry], milestones: Iterable[Milestone]
) -> list[tuple[DexamethasoneEntry, datetime]]:
    known = as_known_now(milestones)
    found = []
    for row in not_taken_back(rows):
        kind, at = _MILESTONE.get(Kind(row.kind)), row.occurred_at
        if kind is not None:
            at = known.get((kind, row.recorded_at), at)
        if at is not None:
            found.append((row, at))
    return sorted(found, key=lambda each: (each[1], each[0].recorded_at))


def _entry(row: DexamethasoneEntry, at: datetime) -> Entry:
    steps = tuple(Step(date.fromisoformat(s["on"]), float(s["daily_mg"])) for s in row.taper)
    return Entry(Kind(row.kind), at, _mg(row.daily_mg), steps)


def _mg(dose: object) -> float | None:
    return None if dose is None else float(str(dose))
