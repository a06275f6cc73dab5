"""The part of a person's facts that is about care: dexamethasone, support, going home."""

from datetime import datetime

from referrals.clinical.facts import Care, Steroids
from referrals.clinical.presentation import Answer
from referrals.domain.queries.course import course_of
from referrals.domain.queries.known import (
    DONE,
    NO,
    NOT_KNOWN,
    YES,
    Status,
    answer,
    entered,
    entries,
    latest,
    latest_known,
)
from referrals.domain.queries.person import Story

_OFFERED = {Status.GIVEN: YES, Status.DECLINED: YES, Status.CONTRAINDICATED: NO}


def steroids_of(story: Story, at: datetime) -> Steroids:
    """The course. What the ward gave counts as a course that runs until a stop is recorded."""
    course = course_of(story)
    before = answer(latest_known(story.care), "dexamethasone")
    taken = course.taken(at)
    planned = course.running and course.without_plan_since is None
    protection = [(row.occurred_at, Answer(row.stomach_protection)) for row in story.care]
    glucose = [(row.occurred_at, Answer(row.glucose_checked)) for row in story.care]
    return Steroids(
        given=YES if course.entries else before,
        running=YES if course.running else NO if course.entries else before,
        # A dose of nought is a planned stop that nobody has recorded: not known, then.
        daily_mg=(taken.daily_mg or None) if taken else None,
        planned_taper=(YES if planned else NO) if course.running else NOT_KNOWN,
        stomach_protection=latest(protection + entries(story, "stomach_protection", DONE)),
        glucose_monitored=latest(glucose + entries(story, "glucose", DONE)),
    )


def care_of(story: Story) -> Care:
    """Support, rehabilitation, prevention of clots, and going home."""
    referral = story.referral
    steps = {row.step: row.done for row in story.discharge_steps}
    left = story.discharges[-1] if story.discharges else None
    told = bool(steps.get("contact") or (left and left.new_symptoms_contact))
    here = referral.is_open and referral.ward_id is not None
    stockings = {Status.CONTRAINDICATED: YES, Status.GIVEN: NO}
    anticoagulant = {Status.CONTRAINDICATED: NO, Status.GIVEN: YES}
    return Care(
        in_hospital=YES if here else NO if left and not referral.is_open else NOT_KNOWN,
        needs_assessed=entered(story, "holistic_needs"),
        care_plan=YES if story.care_plans else entered(story, "care_plan"),
        advance_care_planning=latest(entries(story, "advance_care_planning", _OFFERED)),
        end_of_life=latest(
            entries(story, "end_of_life_care", {**_OFFERED, Status.NOT_APPLICABLE: NO})
        ),
        knows_who_to_contact=YES if told else entered(story, "contact"),
        rehabilitation_would_help=latest(
            entries(story, "rehabilitation", {Status.GIVEN: YES, Status.NOT_APPLICABLE: NO})
        ),
        discharge_lead=YES
        if steps.get("lead") or (left and left.lead_name)
        else entered(story, "discharge_planning"),
        carers_trained=YES if steps.get("carers") else entered(story, "equipment_training"),
        stockings_contraindicated=latest(entries(story, "stockings", stockings)),
        anticoagulation_safe=latest(entries(story, "anticoagulant", anticoagulant)),
    )
