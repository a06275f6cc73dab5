"""How somebody is on a day after discharge, and which answers do not fit together.

The days (30 and 90) and the questions are this product's: NG234 asks for follow-up (1.1.11) and
names no day. A contradiction is a question to the person typing, never a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from referrals.clinical.neurology import Contradiction, Mobility
from referrals.clinical.presentation import Answer
from referrals.clinical.times import said_day


class Continence(StrEnum):
    """Control of bladder and bowel."""

    CONTINENT = "continent"
    BLADDER = "bladder"
    BOWEL = "bowel"
    BOTH = "both"
    CATHETER = "catheter"
    NOT_KNOWN = "not_known"

    @property
    def label(self) -> str:
        """As a screen says it."""
        return _CONTINENCE[self]


_CONTINENCE = {
    Continence.CONTINENT: "Bladder and bowel work normally",
    Continence.BLADDER: "Bladder problem",
    Continence.BOWEL: "Bowel problem",
    Continence.BOTH: "Bladder and bowel problem",
    Continence.CATHETER: "Urinary catheter",
    Continence.NOT_KNOWN: "Not known",
}


class PlaceOfCare(StrEnum):
    """Where the person is cared for."""

    HOME = "home"
    CARE_HOME = "care_home"
    HOSPICE = "hospice"
    REHABILITATION = "rehabilitation"
    HOSPITAL = "hospital"
    NOT_KNOWN = "not_known"

    @property
    def label(self) -> str:
        """As a screen says it."""
        return _PLACES[self]


_PLACES = {
    PlaceOfCare.HOME: "At home",
    PlaceOfCare.CARE_HOME: "Care home",
    PlaceOfCare.HOSPICE: "Hospice",
    PlaceOfCare.REHABILITATION: "Rehabilitation unit",
    PlaceOfCare.HOSPITAL: "Hospital",
    PlaceOfCare.NOT_KNOWN: "Not known",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found out. `pain` is 0 to 10; whatever nobody said is not known."""

    reached: Answer
    alive: Answer = Answer.NOT_KNOWN
    died_on: date | None = None
    mobility: Mobility = Mobility.NOT_KNOWN
    continence: Continence = Continence.NOT_KNOWN
    pain: int | None = None
    place: PlaceOfCare = PlaceOfCare.NOT_KNOWN

    @property
    def said(self) -> tuple[str, ...]:
        """What was said of the person's state, in words for the middle of a sentence."""
        parts = (
            self.mobility.label if self.mobility is not Mobility.NOT_KNOWN else "",
            f"pain {self.pain} out of 10" if self.pain is not None else "",
            _lower(self.continence.label) if self.continence is not Continence.NOT_KNOWN else "",
        )
        return tuple(filter(None, parts))


def due_on(discharged_on: date, day: int) -> date:
    """The day in the calendar on which follow-up `day` is due."""
    return discharged_on + timedelta(days=day)


def contradictions(
    told: Outcome, *, day: int, discharged_on: date, today: date
) -> tuple[Contradiction, ...]:
    """Answers that do not fit together, or not with the discharge; `today` is London's."""
    return (
        *_about_death(told, discharged_on),
        *_about_reaching(told),
        *_about_the_day(told, day, discharged_on, today),
    )


def _about_death(told: Outcome, discharged_on: date) -> Iterator[Contradiction]:
    if told.alive is Answer.NO and told.said:
        yield Contradiction(
            "died-and-described",
            "alive",
            f"Check this: the person has died, and you also said: {', '.join(told.said)}.",
        )
    if told.alive is not Answer.NO and told.died_on is not None:
        yield Contradiction(
            "alive-with-date-of-death",
            "alive",
            "Check this: there is a date of death, and you did not say that the person has died.",
        )
    if told.died_on is not None and told.died_on < discharged_on:
        yield Contradiction(
            "died-before-discharge",
            "died_on",
            f"Check the date: the person was discharged after that, on {said_day(discharged_on)}.",
        )


def _about_reaching(told: Outcome) -> Iterator[Contradiction]:
    if told.reached is Answer.NO and told.alive is not Answer.NO and told.said:
        yield Contradiction(
            "not-reached-and-described",
            "reached",
            f"Check this: nobody was reached, and you also said: {', '.join(told.said)}.",
        )
    if told.reached is Answer.YES and told.alive is Answer.NOT_KNOWN:
        yield Contradiction(
            "reached-and-not-known",
            "alive",
            "Check this: somebody was reached, and it is not known whether the person is alive.",
        )


def _about_the_day(
    told: Outcome, day: int, discharged_on: date, today: date
) -> Iterator[Contradiction]:
    due = due_on(discharged_on, day)
    # A few days early is how clinics are, a week is not; a death is recorded when it is known.
    if told.alive is not Answer.NO and today < due - timedelta(days=EARLY_DAYS):
        yield Contradiction(
            "too-early",
            "followed_at",
            f"Check the day: follow-up at {day} days is due on {said_day(due)}.",
        )


EARLY_DAYS = 7


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
