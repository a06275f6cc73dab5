"""What became of a person: alive or not on a day, and what a follow-up found.

Days count from the discharge, in local dates; a follow-up may be written down up to 14 days late
before it is missing. Death in hospital counts as death before any day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from audit.measures.journey import JourneyFacts, Later
from audit.measures.story import Story, left_at
from audit.measures.timing import NOT_ABOUT, OPEN
from audit.measures.verdict import Status, Verdict, excluded, missing, not_met, running
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


def local_day(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(LONDON).date()


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
    closed_at, facts = story.closed_at, story.facts
    if closed_at is None or facts.died_in_hospital:
        return _DIED_IN_HOSPITAL
    for each in facts.later:
        if each.died_on is not None:
            return _dead_by(story, each.died_on, closed_at, day)
    for each in facts.later:
        if each.alive == Answer.YES and each.day >= day:
            return ALIVE
    for each in facts.later:
        if each.alive == Answer.NO:
            return DIED if each.day <= day else _DATE_NOT_KNOWN
    return _not_told(story, closed_at, day)


def _dead_by(story: Story, died_on: date, closed_at: datetime, day: int) -> Verdict:
    if died_on < local_day(story.received_at):
        return _BEFORE_REFERRAL
    days = (died_on - local_day(closed_at)).days
    if days < 0:
        return _BEFORE_DISCHARGE
    return DIED if days <= day else ALIVE


def _not_told(story: Story, closed_at: datetime, day: int) -> Verdict:
    asked = any(each.day == day and each.reached == Answer.NO for each in story.facts.later)
    if asked:
        return _NOT_REACHED
    until = closed_at + timedelta(days=day) + GRACE
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
    survival look better than it was.
    """
    start = local_day(facts.received_at)
    died = [
        each.died_on or local_day(each.at)
        for each in facts.later
        if each.died_on is not None or each.alive == Answer.NO
    ]
    ended = left_at(facts)
    left = local_day(ended) if ended and facts.destination else None
    if facts.died_in_hospital and left is not None:
        died.append(left)
    seen = [local_day(each.at) for each in facts.later if each.alive == Answer.YES]
    last = min(died) if died else max([*seen, *([left] if left else [])], default=None)
    if last is None or last < start:
        return None, False
    return (last - start).days, bool(died)
