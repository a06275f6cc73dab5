from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical.times import (
    LONDON,
    Fold,
    TimeError,
    long_ago,
    overdue_warning,
    parse_instant,
    parse_local,
    parse_time,
    refuse_future,
    said_span,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def refusal(call, *args):
    with pytest.raises(TimeError) as wrong:
        call(*args)
    return wrong.value.sentence


def test_a_winter_time_is_utc_and_a_summer_time_an_hour_before_it():
    assert parse_local(date(2027, 1, 5), time(9, 30)) == datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
    assert parse_local(date(2027, 7, 5), time(9, 30)) == datetime(2027, 7, 5, 8, 30, tzinfo=UTC)


def test_a_time_that_was_skipped_is_refused():
    sentence = "01:30 did not exist on 28 March 2027 (clocks went forward)."
    assert refusal(parse_local, SPRING, time(1, 30)) == sentence
    assert refusal(parse_local, SPRING, time(1, 30), Fold.BST) == sentence
    assert parse_local(SPRING, time(0, 59)) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert parse_local(SPRING, time(2, 0)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_a_time_that_happened_twice_needs_a_choice():
    assert refusal(parse_local, AUTUMN, time(1, 30)) == "01:30 happened twice. Choose BST or GMT."
    assert parse_local(AUTUMN, time(1, 30), Fold.BST) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert parse_local(AUTUMN, time(1, 30), Fold.GMT) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_choice_that_was_not_needed_changes_nothing():
    assert parse_local(date(2027, 1, 5), time(9, 30), Fold.GMT) == datetime(
        2027, 1, 5, 9, 30, tzinfo=UTC
    )


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.times(), st.sampled_from(Fold))
def test_a_wall_clock_time_that_existed_comes_back_as_it_was_typed(day, at, fold):
    try:
        moment = parse_local(day, at, fold).astimezone(LONDON)
    except TimeError:
        assert (day.month, day.weekday(), at.hour) == (3, 6, 1)
        return
    assert (moment.date(), moment.time()) == (day, at)


@pytest.mark.parametrize(
    ("text", "at"),
    [("14:05", (14, 5)), ("1405", (14, 5)), ("9.05", (9, 5)), (" 00:00 ", (0, 0)), ("905", (9, 5))],
)
def test_a_time_of_day_is_read_as_people_write_it(text, at):
    assert parse_time(text) == time(*at)


@pytest.mark.parametrize(
    "text", ["", "24:00", "12:60", "2pm", "14:5", "١٤:٠٥", "14:05:30", "-1:00"]
)
def test_a_time_of_day_that_does_not_exist_is_refused(text):
    assert refusal(parse_time, text) == "Enter a time on the 24-hour clock, for example 14:05."


def test_an_api_time_needs_its_offset():
    sentence = "Time must include an offset, e.g. 2027-03-28T01:30:00Z."
    assert refusal(parse_instant, "2027-03-28T01:30:00") == sentence
    assert parse_instant("2027-03-28T01:30:00Z") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert parse_instant("2027-03-28T02:30:00+01:00") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "today", "2027-03-28", "0001-01-01T00:00:00+14:00"])
def test_an_api_time_that_is_no_time_is_refused(text):
    assert refusal(parse_instant, text) == "Enter a time such as 2027-03-28T01:30:00Z."


def test_a_start_in_the_future_says_by_how_much():
    assert refusal(refuse_future, NOW + timedelta(minutes=14), NOW) == (
        "Start time is 14 minutes in the future. Enter the time it happened."
    )


def test_a_watch_two_minutes_ahead_is_no_reason_to_refuse():
    refuse_future(NOW + timedelta(minutes=2), NOW)
    with pytest.raises(TimeError):
        refuse_future(NOW + timedelta(minutes=2, seconds=1), NOW)


def test_a_start_more_than_seven_days_back_needs_confirming():
    assert not long_ago(NOW - timedelta(days=7), NOW)
    assert long_ago(NOW - timedelta(days=7, seconds=1), NOW)


def test_a_late_entry_says_that_it_pages_at_once():
    assert overdue_warning(NOW - timedelta(hours=27), 86_400, NOW) == (
        "This clock is already 3 h overdue and will page now."
    )
    assert overdue_warning(NOW - timedelta(hours=23), 86_400, NOW) == ""


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=30), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=3, minutes=5), "3 h 05 min"),
        (timedelta(hours=71, minutes=59), "71 h 59 min"),
        (timedelta(days=8), "8 days"),
    ],
)
def test_a_span_is_said_as_people_say_it(span, words):
    assert said_span(span) == words
