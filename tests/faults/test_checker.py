"""The checker of histories must be able to fail: each broken promise is fed to it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.history import Climb, Command, Delivery, History, Page, Step, check

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AGO, SOON = NOW - timedelta(hours=1), NOW + timedelta(minutes=5)

COMMAND = Command("k1", "receive", acknowledged=True, effects=1)
FIRED = Step("s1", "fired", AGO, clock_runs=True, climbs=1, said=1)
ARMED = Step("s2", "armed", SOON, clock_runs=True, climbs=0, said=0)
OPEN = Climb("c1", "open", SOON, AGO, pages=1)
ENDED = Climb("c2", "acknowledged", None, AGO, answers=1, asked_to_end=1, answered=1)
SENT = Page("p1", "sent", AGO, attempts=1)
WAITING = Page("p2", "pending", SOON, attempts=0)
ARRIVED = Delivery("p1", repeat=1, at=1.0)

WHOLE = History(
    at=NOW,
    commands=(COMMAND,),
    steps=(FIRED, ARMED),
    climbs=(OPEN, ENDED),
    pages=(SENT, WAITING),
    deliveries=(ARRIVED,),
    told=Counter({("c1", "1", "0"): 1}),
)


def promises(**changed):
    return [each.promise for each in check(replace(WHOLE, **changed)).violations]


def test_a_history_in_which_every_promise_was_kept_has_nothing_to_say():
    assert promises() == []
    assert check(WHOLE).duplicates == 0


def test_a_page_that_came_twice_and_says_so_is_counted_and_is_no_violation():
    again = (ARRIVED, replace(ARRIVED, repeat=2, at=2.0))
    verdict = check(replace(WHOLE, pages=(replace(SENT, attempts=2),), deliveries=again))
    assert (verdict.violations, verdict.duplicates) == ((), 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"commands": (replace(COMMAND, effects=0),)},
        {"steps": (replace(ARMED, fire_at=AGO),)},
        {"steps": (replace(FIRED, said=0),)},
        {"steps": (replace(FIRED, climbs=0),)},
        {"climbs": (replace(OPEN, next_at=None),)},
        {"climbs": (replace(OPEN, next_at=AGO),)},
        {"climbs": (replace(ENDED, next_at=AGO),)},
        {"climbs": (replace(OPEN, pages=0),)},
        {"climbs": (replace(OPEN, asked_to_end=1, answered=1),)},
        {"deliveries": ()},
        {"pages": (SENT, replace(WAITING, next_attempt_at=AGO))},
        {"pages": (SENT, replace(WAITING, state="leased", next_attempt_at=AGO))},
        {"pages": (SENT, replace(WAITING, state="dead"))},
        {"pages": (SENT, replace(WAITING, state="superseded"))},
    ],
    ids=[
        "an acknowledged command",
        "a step that was due",
        "a fired step that nothing tells of",
        "a fired step that nobody was told of",
        "a climb without a next time",
        "a climb that stands still",
        "an answer that held long enough",
        "a climb that nobody was told of",
        "a confirmed answer",
        "a page that is only called sent",
        "a page that waits for ever",
        "a page whose sender died",
        "a page that cannot be delivered",
        "a page that was withdrawn too soon",
    ],
)
def test_what_is_lost_is_found(changed):
    assert promises(**changed) == ["lost"]


@pytest.mark.parametrize(
    "changed",
    [
        {"commands": (replace(COMMAND, effects=2),)},
        {"commands": (replace(COMMAND, acknowledged=False, effects=2),)},
        {"steps": (replace(FIRED, said=2),)},
        {"steps": (replace(ARMED, said=1),)},
        {"climbs": (replace(ENDED, answers=2),)},
        {"told": Counter({("c1", "1", "0"): 2})},
        {"deliveries": (ARRIVED, replace(ARRIVED, id="p9"))},
        {"deliveries": (ARRIVED, replace(ARRIVED, repeat=2))},
    ],
    ids=[
        "a command",
        "a command that nobody confirmed",
        "a breach",
        "a breach that will happen again",
        "an answer",
        "a rung",
        "a page that nobody wrote",
        "a page that arrived more often than it was tried",
    ],
)
def test_what_is_doubled_is_found(changed):
    assert promises(**changed) == ["doubled"]


def test_a_repeat_that_does_not_say_so_is_found():
    unmarked = {"pages": (replace(SENT, attempts=2),), "deliveries": (ARRIVED, ARRIVED)}
    assert promises(**unmarked) == ["unmarked"]


def test_what_is_a_little_late_is_not_lost_and_what_rests_is_tried_again():
    assert promises(steps=(replace(ARMED, fire_at=NOW - timedelta(seconds=30)),)) == []
    assert promises(steps=(replace(ARMED, fire_at=AGO, resting=True),)) == []
    assert promises(steps=(replace(ARMED, fire_at=AGO, clock_runs=False),)) == []
