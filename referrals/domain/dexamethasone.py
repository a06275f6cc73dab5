"""A course of dexamethasone, entry by entry: started, changed, given a taper, stopped (1.8)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from mscc.events import Command
from referrals.clinical.course import Entry, Kind, Step
from referrals.clinical.course_checks import contradictions
from referrals.clinical.milestones import MilestoneKind
from referrals.domain.moments import happened
from referrals.domain.path import Change, Which, change, save_rows
from referrals.domain.queries.course import not_taken_back, read_course
from referrals.domain.refusals import Conflict, Invalid, NeedsConfirmation
from referrals.events import DexamethasoneRecorded
from referrals.models import DexamethasoneEntry, Referral, TreatmentDecision
from referrals.models.referral import Confirmed

MOST_MG = Decimal("999.9")
# A change and a plan are no facts of the timeline, so that they are taken back here.
TAKEN_BACK_HERE = (Kind.CHANGE.value, Kind.PLAN.value)
_TREATED = (MilestoneKind.SURGERY_PERFORMED.value, MilestoneKind.RADIOTHERAPY_STARTED.value)
_SAID = {
    Kind.START: "recorded that dexamethasone was started",
    Kind.CHANGE: "recorded a change of dexamethasone",
    Kind.PLAN: "planned a taper of dexamethasone",
    Kind.STOP: "recorded that dexamethasone was stopped",
}
_MILESTONES = {
    Kind.START: MilestoneKind.DEXAMETHASONE_STARTED,
    Kind.STOP: MilestoneKind.DEXAMETHASONE_STOPPED,
}


@dataclass(frozen=True)
class CourseEntry:
    """One entry. `daily_mg` is the whole dose of a day; `at` None means now."""

    kind: Kind
    at: datetime | None = None
    daily_mg: Decimal | None = None
    route: str = ""
    taper: tuple[Step, ...] = ()
    reason: str = ""
    confirmed: bool = False


def record_dexamethasone(referral_id: Which, entry: CourseEntry, *, command: Command) -> Referral:
    """Record an entry; also of a closed referral, where the course may go on at home.

    Raises Invalid for what is missing, NeedsConfirmation for what does not fit the course.
    """

    def act(changing: Change) -> None:
        if errors := _errors(entry):
            raise Invalid(errors)
        at = changing.at
        if entry.at is not None:
            at = happened("at", entry.at, changing, confirmed=entry.confirmed)
        if not entry.confirmed:
            _ask(entry, at, changing.referral)
        dosed = entry.kind in (Kind.START, Kind.CHANGE)
        save_rows(
            [
                DexamethasoneEntry(
                    referral=changing.referral,
                    occurred_at=at,
                    kind=entry.kind.value,
                    daily_mg=entry.daily_mg if dosed else None,
                    route=entry.route if dosed else "",
                    taper=_stored(entry) if entry.kind is Kind.PLAN else [],
                    reason=entry.reason,
                    **changing.stamp(),
                )
            ]
        )
        if kind := _MILESTONES.get(entry.kind):
            changing.record(kind, at)
        changing.says(DexamethasoneRecorded, _SAID[entry.kind], kind=entry.kind.value)

    return change(referral_id, command, "record_dexamethasone", entry, act)


@dataclass(frozen=True)
class TakeBack:
    """Which entry was wrong, and why."""

    entry_id: UUID
    reason: str


def take_back(referral_id: Which, wrong: TakeBack, *, command: Command) -> Referral:
    """Take a change of dose or a planned taper out of the course; the row stays on record.

    Raises Invalid without a reason, Conflict for an entry that no longer holds. A start and a stop
    are facts of the timeline and corrected as such (`milestones.correct`).
    """

    def act(changing: Change) -> None:
        referral = changing.referral
        holding = not_taken_back(referral.dexamethasoneentrys.filter(kind__in=TAKEN_BACK_HERE))
        entry = next((row for row in holding if row.pk == wrong.entry_id), None)
        if entry is None:
            raise Conflict("This entry was taken back already. Look at what the course says now.")
        if not wrong.reason.strip():
            raise Invalid({"reason": "Say what was wrong with it."})
        save_rows(
            [
                DexamethasoneEntry(
                    referral=referral,
                    occurred_at=changing.at,
                    kind=entry.kind,
                    daily_mg=entry.daily_mg,
                    reason=wrong.reason.strip(),
                    takes_back=entry,
                    **changing.stamp(),
                )
            ]
        )
        changing.says(DexamethasoneRecorded, "took an entry of dexamethasone back", kind=entry.kind)

    return change(referral_id, command, "take_back_dexamethasone", wrong, act)


def _errors(entry: CourseEntry) -> dict[str, str]:
    errors = {}
    if entry.kind in (Kind.START, Kind.CHANGE):
        if entry.daily_mg is None or entry.daily_mg <= 0:
            errors["daily_mg"] = "Enter the dose of a whole day in mg, for example 16."
        elif entry.daily_mg > MOST_MG:
            errors["daily_mg"] = "No such dose is given. Enter milligrams a day."
    if entry.kind is Kind.PLAN and not entry.taper:
        errors["taper"] = "Enter at least one day and its dose."
    if entry.kind in (Kind.CHANGE, Kind.STOP) and not entry.reason.strip():
        errors["reason"] = "Say why, in a few words."
    return errors


def _ask(entry: CourseEntry, at: datetime, referral: Referral) -> None:
    """Raise NeedsConfirmation for whatever does not fit, all at once."""
    dose = None if entry.daily_mg is None else float(entry.daily_mg)
    found = contradictions(read_course(referral), Entry(entry.kind, at, dose, entry.taper))
    asked: dict[str, list[str]] = {}
    for each in found:
        asked.setdefault(each.field, []).append(each.sentence)
    if entry.kind is Kind.PLAN and _before_treatment(referral):
        asked.setdefault("taper", []).append(
            "Check the taper: no treatment has begun on record. A taper follows surgery, or begins "
            "with radiotherapy."
        )
    if asked:
        sentences = {field: " ".join(said) for field, said in asked.items()}
        last = list(sentences)[-1]
        sentences[last] += " If it is right, confirm it."
        raise NeedsConfirmation(sentences)


def _before_treatment(referral: Referral) -> bool:
    """Whether treatment that a taper follows is still to come: neither begun, nor decided against,
    nor without object because imaging ruled the condition out."""
    if referral.confirmed == Confirmed.RULED_OUT:
        return False
    decided = referral.treatmentdecisions.order_by("occurred_at", "recorded_at").last()
    if decided is not None and decided.plan == TreatmentDecision.Plan.SUPPORTIVE:
        return False
    return not referral.milestones.standing().filter(kind__in=_TREATED).exists()


def _stored(entry: CourseEntry) -> list[dict[str, object]]:
    return [{"on": step.on.isoformat(), "daily_mg": step.daily_mg} for step in entry.taper]
