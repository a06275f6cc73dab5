from datetime import UTC, date, datetime, timedelta

import pytest

from referrals.clinical.course import Course, Entry, Kind, Step, propose
from referrals.clinical.course_checks import contradictions

NIGHT = datetime(2026, 11, 21, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
RUNNING = Course.of([Entry(Kind.START, NIGHT, 16)])


def asked(course, entry):
    return [each.code for each in contradictions(course, entry)]


def plan(*steps, at=NIGHT + HOUR):
    return Entry(Kind.PLAN, at, taper=tuple(Step(date(2026, 11, day), mg) for day, mg in steps))


def test_an_ordinary_course_is_not_asked_about():
    assert asked(Course(), Entry(Kind.START, NIGHT, 16)) == []
    assert asked(RUNNING, Entry(Kind.CHANGE, NIGHT + HOUR, 8)) == []
    assert asked(RUNNING, plan((24, 8), (26, 4), (28, 0))) == []
    assert asked(RUNNING, Entry(Kind.STOP, NIGHT + HOUR)) == []


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.PLAN, Kind.STOP])
def test_whatever_comes_before_a_start_is_asked_about(kind):
    assert asked(Course(), Entry(kind, NIGHT)) == [f"{kind}-before-start"]
    assert asked(RUNNING, Entry(kind, NIGHT - HOUR))[0] == f"{kind}-before-start"
    stopped = Course.of([*RUNNING.entries, Entry(Kind.STOP, NIGHT + HOUR)])
    assert asked(stopped, Entry(kind, NIGHT + 2 * HOUR))[0] == f"{kind}-before-start"


def test_two_starts_running_are_asked_about_but_not_the_one_the_ward_told_of():
    second = Entry(Kind.START, NIGHT + HOUR, 16)
    assert asked(RUNNING, second) == ["start-while-running"]
    assert "16 mg a day is already" in contradictions(RUNNING, second)[0].sentence
    assert asked(Course.of([Entry(Kind.START, NIGHT, told=True)]), second) == []
    stopped = Course.of([*RUNNING.entries, Entry(Kind.STOP, NIGHT + HOUR)])
    assert asked(stopped, Entry(Kind.START, NIGHT + 2 * HOUR, 16)) == []


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        (0.5, "dose-far"),
        (7.9, "dose-far"),
        (8, None),
        (16, None),
        (20, None),
        (20.1, "dose-far"),
        (40, "dose-far"),
        (40.1, "dose-implausible"),
        (160, "dose-implausible"),
    ],
)
def test_a_first_dose_far_from_sixteen_is_asked_about(dose, expected):
    found = asked(Course(), Entry(Kind.START, NIGHT, dose))
    assert found == ([expected] if expected else [])


def test_a_later_dose_may_be_low_but_neither_the_same_nor_implausible():
    def changed(dose):
        return asked(RUNNING, Entry(Kind.CHANGE, NIGHT + HOUR, dose))

    assert changed(0.5) == []
    assert changed(16) == ["dose-unchanged"]
    assert changed(41) == ["dose-implausible"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(24, 8), (26, 12), (28, 0)], ["taper-up"]),
        ([(24, 8), (26, 8), (28, 0)], ["taper-up"]),
        ([(26, 8), (24, 4), (28, 0)], ["taper-order"]),
        ([(24, 8), (24, 0)], ["taper-order"]),
        ([(24, 16), (26, 0)], ["taper-above"]),
        ([(24, 24), (26, 0)], ["taper-above"]),
        ([(24, 8), (26, 4)], ["taper-no-end"]),
        ([(20, 8), (26, 0)], ["taper-past"]),
        ([(21, 8), (26, 0)], []),
        ([(24, 0), (26, 8)], ["taper-up", "taper-no-end"]),
    ],
)
def test_a_taper_goes_down_in_order_from_today_to_an_end(steps, expected):
    assert asked(RUNNING, plan(*steps)) == expected


@pytest.mark.parametrize(("days", "expected"), [(28, []), (29, ["taper-long"])])
def test_a_taper_of_more_than_four_weeks_is_asked_about(days, expected):
    last = date(2026, 11, 21) + timedelta(days=days)
    entry = Entry(Kind.PLAN, NIGHT + HOUR, taper=(Step(last, 0),))
    assert asked(RUNNING, entry) == expected


def test_a_stop_in_the_middle_of_a_course_that_went_on_is_asked_about():
    went_on = Course.of([*RUNNING.entries, Entry(Kind.CHANGE, NIGHT + 3 * HOUR, 8)])
    assert asked(went_on, Entry(Kind.STOP, NIGHT + HOUR)) == ["stop-before-later"]
    again = Course.of([*RUNNING.entries, Entry(Kind.START, NIGHT + 3 * HOUR, 8)])
    assert asked(again, Entry(Kind.STOP, NIGHT + HOUR)) == []


def test_the_day_of_planning_is_a_day_in_london():
    late = datetime(2026, 7, 21, 23, 30, tzinfo=UTC)  # half past midnight on the 22nd in London
    course = Course.of([Entry(Kind.START, late - HOUR, 16)])
    on_the_21st = Entry(
        Kind.PLAN, late, taper=(Step(date(2026, 7, 21), 8), Step(date(2026, 7, 25), 0))
    )
    assert asked(course, on_the_21st) == ["taper-past"]


@pytest.mark.parametrize("dose", [16, 12, 8, 4, 2, 1, 0.5])
def test_what_is_proposed_is_never_asked_about(dose):
    course = Course.of([Entry(Kind.START, NIGHT, dose)])
    steps = propose(dose, date(2026, 11, 22))
    assert asked(course, Entry(Kind.PLAN, NIGHT + HOUR, taper=steps)) == []
