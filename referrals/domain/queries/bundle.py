"""The care bundle of one person, and what is still to be done, from everything on record.

What a step of the pathway records (a course of dexamethasone, a care plan, an assessment of pain)
counts as an entry of the bundle: nobody writes it down twice.
"""

from collections.abc import Iterator
from datetime import datetime

from mscc import clock
from referrals.clinical import bundle
from referrals.clinical.bundle import BundleItem, Entry, Left, Moment, Status, Work
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.presentation import PAIN_ITEMS, Answer
from referrals.domain.queries.course import course_of, due_of, standing_entries
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import Story
from referrals.models import (
    DexamethasoneEntry,
    MriScan,
    PainPlan,
    TreatmentDecision,
)
from referrals.models.recorded import Recorded
from referrals.models.referral import Confirmed
from referrals.states import State

_FOUND = (MriScan.Outcome.MSCC, MriScan.Outcome.SPINAL_METASTASES)
_NONE = frozenset({"none", "no", "nil"})


def bundle_of(story: Story, at: datetime) -> tuple[BundleItem, ...]:
    """Every item of the bundle for this person as of `at`; nothing here asks the database."""
    facts = facts_of(story, at)
    return bundle.items(facts, entries_of(story), moments_of(story))


def outstanding_of(story: Story, at: datetime) -> tuple[Work, ...]:
    """What is still to be done for this person as of `at`, the next first."""
    is_open = story.referral.is_open
    return bundle.outstanding(
        bundle_of(story, at) if is_open else (),
        is_open=is_open,
        questions={
            str(row.pk): row.due_at
            for row in story.opinions
            if row.answered_at is None and row.due_at is not None
        },
        reminders={each.key: each.due_at for each in due_of(story)},
        left=_left(story),
    )


def entries_of(story: Story) -> list[Entry]:
    """What was recorded of the bundle's items, by whichever step."""
    return [*_recorded(story), *_by_the_ward(story), *_by_steps(story)]


def _recorded(story: Story) -> Iterator[Entry]:
    for row in story.care_entries:
        yield Entry(row.item, Status(row.status), row.occurred_at, row.reason, _by(row))


def _by_the_ward(story: Story) -> Iterator[Entry]:
    for row in story.care:
        for item, column, when in _WARD:
            if getattr(row, column) == Answer.YES:
                at = getattr(row, when) if when else None
                yield _given(item, row, at=at)
        if row.analgesia.strip().rstrip(".").lower() not in _NONE | {""}:
            yield _given("analgesia", row)


# Item, the question of the referral form that answers it, and the time it was asked with.
_WARD = (
    ("immobilisation", "immobilised", "immobilised_at"),
    ("dexamethasone", "dexamethasone", "dexamethasone_at"),
    ("stomach_protection", "stomach_protection", ""),
    ("glucose", "glucose_checked", ""),
    ("vte_assessment", "vte_prophylaxis", ""),
)


def _by_steps(story: Story) -> Iterator[Entry]:
    for row in story.standing:
        if row.kind == Kind.IMMOBILISATION_STARTED:
            yield _given("immobilisation", row)
        elif row.kind == Kind.IMMOBILISATION_ENDED:
            ended = Status.NOT_APPLICABLE
            yield Entry("immobilisation", ended, row.occurred_at, "Ended", _by(row))
    for row, at in standing_entries(story):
        if row.kind == DexamethasoneEntry.Kind.STOP:
            why = row.reason or "Stopped"
            yield Entry("dexamethasone", Status.NOT_APPLICABLE, at, why, _by(row))
        else:
            yield _given("dexamethasone", row, at=at)
    for row in story.pain:
        if row.severity is not None:
            yield _given("pain_assessment", row)
    for row in story.pain_plans:
        review = row.kind == PainPlan.Kind.REVIEW
        yield _given("pain_review" if review else "pain_plan", row)
    for row in story.care_plans:
        yield _given("care_plan", row)
    for row in story.discharge_steps:
        if row.done and row.step in _STEPS:
            yield _given(_STEPS[row.step], row)


_STEPS = {"lead": "discharge_planning", "carers": "equipment_training", "contact": "contact"}


def _given(item: str, row: Recorded, at: datetime | None = None) -> Entry:
    return Entry(item, Status.GIVEN, at or row.occurred_at, "", _by(row))


def _by(row: Recorded) -> str:
    return row.on_behalf_of or (row.recorded_by.name if row.recorded_by else "")


def moments_of(story: Story) -> dict[Moment, datetime]:
    """The moments that due times count from, as far as they have happened."""
    found: dict[Moment, datetime | None] = {
        Moment.REFERRED: story.referral.received_at,
        Moment.SUSPECTED: _first(story, Kind.MSCC_SUSPECTED, Kind.METASTASES_SUSPECTED),
        Moment.SIGNS: _last(story, Kind.NEW_SIGNS_REPORTED),
        Moment.FOUND: _found(story),
        Moment.PAIN: _pain(story),
        Moment.PAIN_CHANGED: _latest(
            row.occurred_at for row in story.pain_plans if row.kind == PainPlan.Kind.PLAN
        ),
        Moment.STEROIDS: _steroids(story),
        Moment.RADIOTHERAPY: _radiotherapy(story),
        Moment.DECIDED: _last(story, Kind.DECISION_TO_TREAT),
        Moment.OPERATED: _last(story, Kind.SURGERY_PERFORMED),
        # What changes what a person needs: they are worse, or treatment was decided or done.
        Moment.NEEDS_CHANGED: _last(
            story, Kind.NEW_SIGNS_REPORTED, Kind.DECISION_TO_TREAT, Kind.SURGERY_PERFORMED
        ),
        Moment.END_OF_LIFE: _latest(
            row.occurred_at
            for row in story.care_entries
            if row.item == "end_of_life_care" and row.status != Status.NOT_APPLICABLE
        ),
    }
    return {moment: when for moment, when in found.items() if when is not None}


def _first(story: Story, *kinds: Kind) -> datetime | None:
    return min(story.times(*kinds), default=None)


def _last(story: Story, *kinds: Kind) -> datetime | None:
    return max(story.times(*kinds), default=None)


def _latest(times: Iterator[datetime]) -> datetime | None:
    return max(times, default=None)


def _found(story: Story) -> datetime | None:
    """When spinal metastases or MSCC were shown, or the referral told of them."""
    shown = [s.reported_at for s in story.scans if s.reported_at and s.outcome in _FOUND]
    told = [row.recorded_at for row in story.cancer if row.spinal_metastases_known == Answer.YES]
    return min([*shown, *told], default=None)


def _pain(story: Story) -> datetime | None:
    """When pain was first told of, here or with the referral."""
    told = [row.occurred_at for row in story.pain if row.severity]
    for row in story.presentations:
        facts = row.as_facts()
        if any(facts.answer(item.id) is Answer.YES for item in PAIN_ITEMS):
            told.append(row.occurred_at)
    return min(told, default=None)


def _steroids(story: Story) -> datetime | None:
    """When the course that runs now, or ran last, was begun."""
    begun = [entry.at for entry in course_of(story).current]
    return begun[0] if begun else None


def _radiotherapy(story: Story) -> datetime | None:
    planned = [
        row.occurred_at
        for row in story.decisions
        if row.plan == TreatmentDecision.Plan.RADIOTHERAPY
    ]
    return min([*planned, *story.times(Kind.RADIOTHERAPY_BOOKED)], default=None)


def _left(story: Story) -> Left | None:
    """The discharge that follow-up counts from; None for anybody whose story ended otherwise."""
    referral = story.referral
    if referral.state != State.DISCHARGED or referral.confirmed == Confirmed.RULED_OUT:
        return None
    left = story.discharges[-1]
    at = _last(story, Kind.DISCHARGED) or left.occurred_at
    return Left(
        on=clock.local(at).date(),
        followed=frozenset(row.day for row in story.follow_ups if row.occurred_at >= at),
        died=story.died_at is not None,
    )
