"""At least twice a year: when the next meeting is due, and who is reminded when."""

from datetime import date, timedelta

import pytest

from scheduling.timekeeping.cadence import Reminder, Standing, cadence, months_on, reminder

FORMED = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 10), 6, date(2026, 9, 10)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 6, date(2027, 6, 1)),
        (date(2026, 1, 31), -12, date(2025, 1, 31)),
    ],
)
def test_six_months_later_is_a_day_that_exists(day, months, later):
    assert months_on(day, months) == later


def test_a_new_group_has_six_months_for_its_first_meeting():
    now = cadence(FORMED, [], [], date(2026, 2, 1))
    assert (now.last, now.due_on, now.held) == (None, date(2026, 7, 15), 0)
    assert now.standing is Standing.IN_TIME


def test_the_next_is_due_six_months_after_the_last():
    now = cadence(FORMED, [date(2026, 3, 3), date(2026, 6, 9)], [], date(2026, 7, 1))
    assert (now.last, now.due_on, now.days) == (date(2026, 6, 9), date(2026, 12, 9), 161)


def test_on_the_day_itself_it_is_not_late_and_on_the_next_it_is():
    due = date(2026, 7, 15)
    assert cadence(FORMED, [], [], due).standing is Standing.SOON
    late = cadence(FORMED, [], [], due + timedelta(days=1))
    assert (late.standing, late.days) == (Standing.OVERDUE, -1)


def test_a_meeting_that_is_planned_in_time_is_in_time_and_one_planned_late_is_not():
    on = date(2026, 6, 20)
    assert cadence(FORMED, [], [], on).standing is Standing.SOON
    assert cadence(FORMED, [], [date(2026, 7, 15)], on).standing is Standing.IN_TIME
    assert cadence(FORMED, [], [date(2026, 7, 16)], on).standing is Standing.SOON
    # A plan whose day has passed without the meeting is no plan.
    assert cadence(FORMED, [], [date(2026, 6, 19)], on).standing is Standing.SOON


def test_two_in_twelve_months_are_twice_a_year_and_one_from_before_does_not_count():
    on = date(2026, 12, 9)
    both = cadence(date(2024, 1, 1), [date(2025, 12, 10), date(2026, 6, 9)], [], on)
    assert both.held == 2
    one = cadence(date(2024, 1, 1), [date(2025, 12, 9), date(2026, 6, 9)], [], on)
    assert one.held == 1


def test_a_meeting_written_down_for_the_future_was_not_held():
    assert cadence(FORMED, [date(2026, 9, 1)], [], date(2026, 7, 1)).last is None


def test_a_meeting_from_before_the_group_was_formed_again_does_not_make_it_late_sooner():
    now = cadence(FORMED, [date(2025, 1, 1)], [], date(2026, 2, 1))
    assert now.due_on == date(2026, 7, 15)


def test_reminders_come_six_weeks_and_two_weeks_before_and_then_every_four_weeks():
    told: tuple[Reminder | None, date | None] = (None, None)
    given = []
    for n in range(-60, 70):
        on = date(2026, 7, 15) + timedelta(days=n)
        due = reminder(cadence(FORMED, [], [], on), *told)
        if due is not None:
            given.append((n, due))
            told = (due, on)
    assert given == [
        (-42, Reminder.SOON),
        (-14, Reminder.CLOSE),
        (1, Reminder.LATE),
        (29, Reminder.LATE),
        (57, Reminder.LATE),
    ]


def test_a_day_that_was_missed_is_caught_up_with_the_reminder_that_fits_it():
    now = cadence(FORMED, [], [], date(2026, 7, 10))
    assert reminder(now, None, None) is Reminder.CLOSE
    assert reminder(now, Reminder.CLOSE, date(2026, 7, 2)) is None


def test_nobody_is_reminded_of_a_meeting_that_is_planned_in_time():
    now = cadence(FORMED, [], [date(2026, 7, 14)], date(2026, 7, 10))
    assert reminder(now, None, None) is None
