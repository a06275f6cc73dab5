"""What the plan and the record already say of somebody who leaves: for the form and the letter."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mscc import clock
from mscc.web.filters import day
from referrals.clinical.course import Course
from referrals.clinical.discharge import ARRANGEMENTS, FOLLOW_UP_DAYS
from referrals.clinical.follow_up import due_on
from referrals.clinical.presentation import Answer
from referrals.domain.discharge import Leaving
from referrals.domain.discharge_plan import Plan, plan_of
from referrals.domain.queries.course import course_of
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import Story
from referrals.models import Referral
from referrals.models.referral import Confirmed

# Steps of the plan whose notes belong to "equipment and support".
AT_HOME = ("support_at_home", "equipment", "rehabilitation", "transport")


def as_planned(read: Story, at: datetime) -> Leaving:
    """The discharge as it would be if nothing more were said; the form begins with it."""
    plan, steroids = plan_of(read.discharge_steps), facts_of(read, at).steroids
    return Leaving(
        lead_name=plan.lead_name,
        lead_role=plan.note("lead_role"),
        lead_phone=plan.note("lead_phone"),
        destination="",
        discharged_at=at,
        follow_up=plan.note("follow_up"),
        equipment_and_support="\n".join(_notes(plan, AT_HOME)),
        dexamethasone=steroids.running,
        dexamethasone_plan="\n".join(_taper(course_of(read))),
        stomach_protection=steroids.stomach_protection,
        glucose_checked=steroids.glucose_monitored,
        care_plan=Answer.YES if read.care_plans else Answer.NOT_KNOWN,
        carers_trained=Answer.YES if plan.done("carers") else Answer.NOT_KNOWN,
        new_symptoms_contact=plan.note("contact")[:200],
    )


def initial(planned: Leaving) -> dict[str, Any]:
    """The same as the fields of the form; what nobody knows stays unanswered."""
    said = {name: value for name, value in vars(planned).items() if isinstance(value, str)}
    return {name: str(value) for name, value in said.items() if value not in ("", "not_known")}


def steroid_words(read: Story) -> str:
    """The course as it runs now, for the letter; that nothing says how it ends is said, too."""
    course = course_of(read)
    if not course.running:
        return ""
    dose = f"{course.daily_mg:g} mg a day." if course.daily_mg else "The dose is not recorded."
    return " ".join((dose, *(_taper(course) or ["Nothing says yet how it is reduced."])))


def _taper(course: Course) -> list[str]:
    """Each step of the plan that holds and is still to come; empty when there is no plan."""
    return [
        f"From {day(step.on)}: {step.daily_mg:g} mg a day."
        if step.daily_mg
        else f"Stop on {day(step.on)}."
        for step in course.planned
    ]


def arranged(read: Story) -> list[tuple[str, str]]:
    """Each arrangement of the plan for the letter: (what, done or not yet and the note)."""
    plan = plan_of(read.discharge_steps)
    return [
        (step.label, ": ".join(filter(None, ("Done" if plan.done(step.key) else "Not yet", note))))
        for step in ARRANGEMENTS
        if (note := plan.note(step.key)) or plan.done(step.key)
    ]


def follow_up_days(referral: Referral, left_at: datetime) -> list[str]:
    """When the service asks how the person is: "30 days: 21 December 2026".

    Empty once spinal metastases and MSCC are ruled out: then nobody asks.
    """
    if referral.confirmed == Confirmed.RULED_OUT:
        return []
    left = clock.local(left_at).date()
    return [f"{after} days: {day(due_on(left, after))}" for after in FOLLOW_UP_DAYS]


def _notes(plan: Plan, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        if note := plan.note(key):
            yield note if plan.done(key) else f"{note} (not yet)"
