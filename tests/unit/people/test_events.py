"""Facts and who listens to them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from mscc import events
from mscc.events import Actor, Event

AT = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(Event):
    times: int


@pytest.fixture
def page():
    before = events._handlers
    yield events.install
    events._handlers = before


def test_handlers_hear_a_fact_in_the_order_of_the_page(page):
    heard = []
    page({BellRung: [lambda e: heard.append(("first", e.times)), lambda e: heard.append("second")]})
    events.publish(BellRung(by=Actor.system("tester"), at=AT, times=3))
    assert heard == [("first", 3), "second"]


def test_a_fact_nobody_placed_on_the_page_is_a_mistake(page):
    page({})
    with pytest.raises(LookupError, match="BellRung is not on the page"):
        events.publish(BellRung(by=Actor.system("tester"), at=AT, times=1))


def test_a_handler_that_fails_fails_the_whole_change(page):
    def broken(event):
        raise RuntimeError("no")

    page({BellRung: [broken]})
    with pytest.raises(RuntimeError):
        events.publish(BellRung(by=Actor.system("tester"), at=AT, times=1))


@pytest.mark.parametrize("who", [{"user_id": None}, {"user_id": 1, "process": "sweeper"}])
def test_an_actor_is_a_person_or_a_process_and_never_both(who):
    with pytest.raises(ValueError, match="either a user or a named process"):
        Actor(**who)
