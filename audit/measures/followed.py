"""What became of a person: alive or not on a day, and what a follow-up found.

Days count from the discharge, in local dates; a follow-up may be written down up to 14 days late
before it is missing. Death in hospital counts as death before any day. An audit that was read in
may not say when somebody left: then only what holds for every such day is said.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from audit.measures.journey import JourneyFacts, Later
from audit.measures.story import Story, left_at
from audit.measures.timing import NOT_ABOUT, OPEN
from audit.measures.verdict import Status, Verdict, excluded, missing, not_met, running
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.presentation import Answer
from referrals.clinical.times import LONDON

GRACE = timedelta(days=14)

ALIVE = Verdict(Status.MET)
DIED = not_met("died after discharge")
_DIED_IN_HOSPITAL = not_met("died in hospital")
_DATE_NOT_KNOWN = missing("died, date not on record")
_NOT_REACHED = missing("could not be reached")
_NOT_FOLLOWED = missing("not followed up")
_BEFORE_REFERRAL = missing("death recorded as before the referral", "death_before_referral")
_BEFORE_DISCHARGE = missing("death recorded as before the discharge", "negative_interval")
_DIED_FIRST = excluded("died before that day")
_DIED_ANYHOW = not_met("died, day of leaving not on record")
_LEFT_NOT_KNOWN = missing("day of leaving not on record")
_LEAVES = (MilestoneKind.DISCHARGED, MilestoneKind.REDIRECTED, MilestoneKind.WITHDRAWN)


def local_day(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(LONDON).date()


def _left(facts: JourneyFacts, ended: datetime | None) -> datetime | None:
    """When the person left; None when nobody knows. An audit that was read in is over also where
    it does not say when, and the moment that is taken for its end is nobody's discharge."""
    return None if facts.imported and facts.first(*_LEAVES) is None else ended


def _about(story: Story) -> Verdict | None:
    if story.facts.confirmed not in ("mscc", "spinal_metastases"):
        return NOT_ABOUT
    if story.facts.state in ("redirected", "withdrawn"):
        return NOT_ABOUT
    return OPEN if story.open else None


def alive(story: Story, day: int) -> Verdict:
    """Whether the person was alive so many days after discharge."""
    said = story.alive_on.get(day)
    if said is None:
        said = story.alive_on[day] = _alive(story, day)
    return said


def _alive(story: Story, day: int) -> Verdict:
    settled = _about(story)
    if settled is not None:
        return settled
    facts = story.facts
    if facts.died_in_hospital:
        return _DIED_IN_HOSPITAL
    left = _left(facts, story.closed_at)
    for each in facts.later:
        if each.died_on is not None:
            return _dead_by(story, each.died_on, left, day)
    if _seen_alive(facts, day):
        return ALIVE
    for each in facts.later:
        if each.alive == Answer.NO:
            return DIED if each.day <= day else _DATE_NOT_KNOWN
    return _not_told(story, left, day)


def _seen_alive(facts: JourneyFacts, day: int) -> bool:
    return any(each.alive == Answer.YES and each.day >= day for each in facts.later)


def _dead_by(story: Story, died_on: date, left: datetime | None, day: int) -> Verdict:
    if died_on < local_day(story.received_at):
        return _BEFORE_REFERRAL
    if left is None:
        # Nobody leaves before they come: so many days after leaving, at the most.
        if (died_on - local_day(story.received_at)).days <= day:
            return _DIED_ANYHOW
        return ALIVE if _seen_alive(story.facts, day) else _LEFT_NOT_KNOWN
    days = (died_on - local_day(left)).days
    if days < 0:
        return _BEFORE_DISCHARGE
    return DIED if days <= day else ALIVE


def _not_told(story: Story, left: datetime | None, day: int) -> Verdict:
    asked = any(each.day == day and each.reached == Answer.NO for each in story.facts.later)
    if asked:
        return _NOT_REACHED
    if left is None:
        return _NOT_FOLLOWED
    until = left + timedelta(days=day) + GRACE
    return running(until) if story.as_of < until else _NOT_FOLLOWED


def found_on(story: Story, day: int) -> Later | Verdict:
    """What the follow-up of that day found of a person who was then alive; else the verdict."""
    found = story.found_on.get(day)
    if found is None:
        found = story.found_on[day] = _found_on(story, day)
    return found


def _found_on(story: Story, day: int) -> Later | Verdict:
    said = alive(story, day)
    if said.status is Status.NOT_MET:
        return _DIED_FIRST
    if said.status is not Status.MET:
        return said
    last: Later | None = None
    for each in story.facts.later:
        if each.day == day and each.reached != Answer.NO and (last is None or each.at >= last.at):
            last = each
    return last or _NOT_FOLLOWED


def followed(facts: JourneyFacts) -> tuple[int | None, bool]:
    """Days from the referral to death, or to when the person was last known to be alive; and
    whether they died. None when nobody followed them, or when the dates cannot be true.

    A death without a date is taken to be on the day it was told of: left out, it would make
    survival look better than it was. A death in hospital is on the day the person left;
    None when nobody knows that day.
    """
    start = local_day(facts.received_at)
    died = [
        each.died_on or local_day(each.at)
        for each in facts.later
        if each.died_on is not None or each.alive == Answer.NO
    ]
    ended = _left(facts, left_at(facts))
    left = local_day(ended) if ended and facts.destination else None
    if facts.died_in_hospital:
        if left is not None:
            died.append(left)
        elif not any(each.died_on for each in facts.later):
            return None, False
    seen = [local_day(each.at) for each in facts.later if each.alive == Answer.YES]
    last = min(died) if died else max([*seen, *([left] if left else [])], default=None)
    if last is None or last < start:
        return None, False
    return (last - start).days, bool(died)
