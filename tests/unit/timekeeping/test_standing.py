"""How a clock reads on a screen."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.timekeeping.clocks import ClockState, Judged
from scheduling.timekeeping.standing import Severity, in_words, standing

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CLOCK = Judged(
    kind="mri_24h",
    number=1,
    started_at=NINE,
    due_at=NINE + timedelta(hours=24),
    at_risk_at=NINE + timedelta(hours=12),
)


def stopped(state: ClockState, hours: float, reason: str = "") -> Judged:
    at = NINE + timedelta(hours=hours)
    return Judged(CLOCK.kind, 1, NINE, CLOCK.due_at, CLOCK.at_risk_at, state, at, reason)


@pytest.mark.parametrize(
    ("hours", "severity", "word"),
    [
        (5, Severity.DUE, "Due in 19 h"),
        (12, Severity.AT_RISK, "Due in 12 h"),
        (24, Severity.AT_RISK, "Due in under a minute"),
        (25.2, Severity.OVERDUE, "Overdue by 1 h 12 min"),
    ],
)
def test_a_running_clock_says_how_long_is_left_or_how_late_it_is(hours, severity, word):
    found = standing(CLOCK, NINE + timedelta(hours=hours))

    assert (found.severity, found.word) == (severity, word)


@pytest.mark.parametrize(
    ("clock", "word"),
    [
        (stopped(ClockState.MET, 18), "Met, 6 h to spare"),
        (stopped(ClockState.MISSED, 25), "Missed by 1 h"),
        (stopped(ClockState.SUPERSEDED, 2, "now mscc"), "Replaced: MSCC is suspected now"),
        (stopped(ClockState.EXCEPTED, 2, "withdrawn"), "Stopped: withdrawn"),
    ],
)
def test_a_clock_that_stopped_says_how_it_ended(clock, word):
    assert standing(clock, NINE + timedelta(days=9)).word == word


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.5, "under a minute"), (59, "59 min"), (60, "1 h"), (1500, "25 h"), (3000, "2 days 2 h")],
)
def test_spans_read_as_people_say_them(minutes, words):
    assert in_words(timedelta(minutes=minutes)) == words
