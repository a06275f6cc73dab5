from dataclasses import replace
from datetime import date, timedelta

import pytest

from referrals.clinical.follow_up import (
    Continence,
    Outcome,
    PlaceOfCare,
    contradictions,
    due_on,
)
from referrals.clinical.neurology import Mobility
from tests.unit.clinical.facts import NO, NOT_KNOWN, YES

LEFT = date(2026, 10, 22)
WELL = Outcome(YES, YES, None, Mobility.UNAIDED, Continence.CONTINENT, 2, PlaceOfCare.HOME)
DIED = Outcome(YES, NO, LEFT + timedelta(days=12))


def odd(told, day=30, today=LEFT + timedelta(days=30)):
    return [
        (each.code, each.field)
        for each in contradictions(told, day=day, discharged_on=LEFT, today=today)
    ]


@pytest.mark.parametrize(
    "told",
    [
        WELL,
        DIED,
        replace(DIED, died_on=None),
        replace(DIED, died_on=LEFT),
        replace(DIED, reached=NO),
        Outcome(NO),
        Outcome(NO, YES),
        Outcome(YES, YES),
    ],
)
def test_what_fits_together_is_not_asked_about(told):
    assert odd(told) == []


@pytest.mark.parametrize(
    "described",
    [
        {"mobility": Mobility.CANNOT_WALK},
        {"pain": 0},
        {"continence": Continence.CATHETER},
    ],
)
def test_the_dead_do_not_walk_and_whoever_was_not_reached_was_not_asked(described):
    assert odd(replace(DIED, **described)) == [("died-and-described", "alive")]
    assert odd(replace(Outcome(NO, YES), **described)) == [("not-reached-and-described", "reached")]
    assert odd(replace(DIED, reached=NO, **described)) == [("died-and-described", "alive")]


def test_the_question_says_what_was_said():
    told = replace(WELL, alive=NO)
    (asked,) = contradictions(told, day=30, discharged_on=LEFT, today=LEFT + timedelta(days=30))
    for words in ("walks without help", "pain 2 out of 10", "bladder and bowel work normally"):
        assert words in asked.sentence


@pytest.mark.parametrize("alive", [YES, NOT_KNOWN])
def test_a_date_of_death_goes_with_a_death(alive):
    told = replace(DIED, alive=alive)
    assert ("alive-with-date-of-death", "alive") in odd(told)


def test_nobody_dies_before_they_are_discharged():
    before = replace(DIED, died_on=LEFT - timedelta(days=1))
    assert odd(before) == [("died-before-discharge", "died_on")]
    (asked,) = contradictions(before, day=30, discharged_on=LEFT, today=LEFT + timedelta(days=30))
    assert "22 October 2026" in asked.sentence


def test_somebody_was_reached_and_nobody_knows():
    assert odd(Outcome(YES)) == [("reached-and-not-known", "alive")]


@pytest.mark.parametrize(
    ("day", "after", "asked"),
    [(30, 22, True), (30, 23, False), (30, 60, False), (90, 82, True), (90, 83, False)],
)
def test_a_follow_up_long_before_its_day_is_asked_about(day, after, asked):
    found = odd(WELL, day, LEFT + timedelta(days=after))
    assert found == ([("too-early", "followed_at")] if asked else [])
    assert odd(replace(DIED, died_on=LEFT), day, LEFT + timedelta(days=after)) == []


def test_the_day_is_counted_from_the_discharge():
    assert due_on(LEFT, 30) == date(2026, 11, 21)
    assert due_on(LEFT, 90) == date(2027, 1, 20)


@pytest.mark.parametrize("kind", [Continence, PlaceOfCare])
def test_every_answer_has_words_of_its_own(kind):
    labels = [each.label for each in kind]
    assert len(set(labels)) == len(labels)
    assert all(labels)
