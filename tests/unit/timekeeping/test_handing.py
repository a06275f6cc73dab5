"""When a role changes hands, on ordinary days and on both nights of the clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.timekeeping.cover import Turn
from scheduling.timekeeping.handing import changes, told_again

LONDON = ZoneInfo("Europe/London")
DAY = datetime(2026, 11, 21, tzinfo=UTC)


def turn(user, start, end, role="coordinator"):
    return Turn(role, user, f"Person {user}", "", start, end)


def hours(first, last):
    return DAY + timedelta(hours=first), DAY + timedelta(hours=last)


def found(shifts, holders=(), since=DAY, until=DAY + timedelta(days=1)):
    return [
        (change.at, change.from_user, change.to_user)
        for change in changes("coordinator", since, until, shifts, holders)
    ]


def test_one_after_the_other():
    shifts = [turn(1, *hours(-4, 8)), turn(2, *hours(8, 20))]
    assert found(shifts) == [
        (DAY + timedelta(hours=8), 1, 2),
        (DAY + timedelta(hours=20), 2, None),
    ]


def test_turns_of_one_person_that_touch_are_no_change():
    assert found([turn(1, *hours(-4, 8)), turn(1, *hours(8, 30))]) == []


def test_where_turns_overlap_the_change_is_when_the_later_one_begins():
    shifts = [turn(1, *hours(-4, 8.5)), turn(2, *hours(8, 30))]
    assert found(shifts) == [(DAY + timedelta(hours=8), 1, 2)]


def test_falling_back_to_the_designated_clinician_is_a_change():
    holder = Turn("designated_clinician", 9, "Dr Nine", "")
    assert found([turn(1, *hours(-4, 8))], [holder]) == [(DAY + timedelta(hours=8), 1, 9)]


def test_a_turn_of_another_role_behind_a_coordinator_changes_nothing():
    shifts = [turn(1, *hours(-4, 30)), turn(7, *hours(3, 9), role="senior_clinician")]
    assert found(shifts) == []


def test_the_beginning_of_the_span_is_left_out_and_its_end_belongs_to_it():
    shifts = [turn(1, *hours(-12, 0)), turn(2, *hours(0, 24)), turn(3, *hours(24, 30))]
    assert found(shifts) == [(DAY + timedelta(hours=24), 2, 3)]


@pytest.mark.parametrize(
    ("night", "length"),
    [((2027, 3, 27), 10.5), ((2027, 10, 30), 12.5)],
)
def test_on_a_night_of_the_clock_change_there_is_one_moment_of_change(night, length):
    """20:00 to 07:30 in London is an hour shorter in March and an hour longer in October."""
    starts = datetime(*night, 20, tzinfo=LONDON)
    ends = starts + timedelta(hours=11, minutes=30)  # in one zone: hours on the wall
    starts_utc, ends_utc = starts.astimezone(UTC), ends.astimezone(UTC)
    assert ends_utc - starts_utc == timedelta(hours=length)
    shifts = [
        turn(1, starts_utc - timedelta(hours=12), starts_utc),
        turn(2, starts, ends),
        turn(1, ends_utc, ends_utc + timedelta(hours=12)),
    ]
    over_night = found(shifts, since=starts_utc - timedelta(hours=1), until=ends_utc)
    assert over_night == [(starts_utc, 1, 2), (ends_utc, 2, 1)]


def test_told_at_the_change_and_every_quarter_of_an_hour_after_it():
    told, heard = None, []
    for minute in range(-5, 50):
        at = DAY + timedelta(minutes=minute)
        number = told_again(DAY, told, at)
        if number is not None:
            told = at
            heard.append((minute, number))
    assert heard == [(0, 0), (15, 1), (30, 2), (45, 3)]


def test_tellings_that_were_slept_through_are_one():
    told = DAY + timedelta(minutes=1)
    assert told_again(DAY, told, DAY + timedelta(minutes=62)) == 4
    assert told_again(DAY, DAY + timedelta(minutes=62), DAY + timedelta(minutes=74)) is None
    assert told_again(DAY, DAY + timedelta(minutes=62), DAY + timedelta(minutes=75)) == 5


def test_the_quarter_hours_are_elapsed_time_when_the_clocks_go_back():
    change = datetime(2027, 10, 31, 1, 30, tzinfo=LONDON)  # the first half past one
    later = datetime(2027, 10, 31, 1, 30, fold=1, tzinfo=LONDON)  # the second, an hour on
    assert told_again(change.astimezone(UTC), None, later.astimezone(UTC)) == 4
