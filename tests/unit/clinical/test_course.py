from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.clinical.course import Course, Entry, Kind, Step, Taken, propose, reminders
from referrals.clinical.times import LONDON

DAY = timedelta(days=1)
NIGHT = datetime(2026, 11, 21, 3, 10, tzinfo=UTC)


def start(at=NIGHT, mg=16, **more):
    return Entry(Kind.START, at, mg, **more)


def change(at, mg):
    return Entry(Kind.CHANGE, at, mg)


def stop(at):
    return Entry(Kind.STOP, at)


TAPER = (
    Step(date(2026, 11, 24), 8),
    Step(date(2026, 11, 26), 4),
    Step(date(2026, 11, 28), 2),
    Step(date(2026, 11, 30), 0),
)
PLANNED = Entry(Kind.PLAN, NIGHT + 2 * DAY, taper=TAPER)


def due(*entries, treated_at=None, ruled_out_at=None):
    found = reminders(Course.of(entries), treated_at=treated_at, ruled_out_at=ruled_out_at)
    return [(each.key.removeprefix("dexamethasone_"), each.due_at) for each in found]


def morning(day, month=11):
    return datetime(2026, month, day, 8, tzinfo=LONDON)


def test_nothing_recorded_means_nothing_taken_and_nothing_due():
    empty = Course()
    assert not empty.running
    assert empty.taken(NIGHT) is None
    assert empty.without_plan_since is None
    assert due(treated_at=NIGHT) == []


def test_a_start_runs_at_its_dose_until_it_is_stopped():
    assert Course.of([start()]).taken(NIGHT) == Taken(16, NIGHT)
    stopped = Course.of([stop(NIGHT + DAY), start()])
    assert (stopped.running, stopped.daily_mg, stopped.current) == (False, None, ())
    again = Course.of([start(), stop(NIGHT + DAY), start(NIGHT + 2 * DAY, 8)])
    assert again.taken(NIGHT + 3 * DAY) == Taken(8, NIGHT + 2 * DAY)


def test_a_dose_with_no_plan_is_asked_about_after_five_days_of_this_course():
    assert due(start()) == [("no_plan", NIGHT + 5 * DAY)]
    # A change of dose is no plan.
    assert due(start(), change(NIGHT + DAY, 8)) == [("no_plan", NIGHT + 5 * DAY)]
    again = NIGHT + 9 * DAY
    assert due(start(), stop(NIGHT + DAY), start(again)) == [("no_plan", again + 5 * DAY)]


def test_the_reminder_says_that_the_five_days_are_local():
    (found,) = reminders(Course.of([start()]), treated_at=None, ruled_out_at=None)
    assert [number.partition(":")[0] for number in found.numbers] == ["local"]


def test_treatment_makes_a_taper_due_within_a_day():
    treated = NIGHT + DAY
    assert due(start(), treated_at=treated) == [("taper", treated + DAY)]
    late = NIGHT + 3 * DAY
    assert due(start(late), treated_at=treated) == [("taper", late + DAY)]
    assert due(start(), stop(NIGHT + DAY), treated_at=treated) == []


def test_a_plan_answers_the_question_and_brings_its_next_step():
    for treated_at in (None, NIGHT + DAY):
        assert due(start(), PLANNED, treated_at=treated_at) == [("step", morning(24))]


def test_recording_a_step_brings_the_next_and_skipping_one_catches_up():
    eight = change(morning(24), 8)
    assert due(start(), PLANNED, eight) == [("step", morning(26))]
    assert due(start(), PLANNED, change(morning(26), 4)) == [("step", morning(28))]
    to_two = [eight, change(morning(26), 4), change(morning(28), 2)]
    assert due(start(), PLANNED, *to_two) == [("stop", morning(30))]
    assert due(start(), PLANNED, *to_two, stop(morning(30))) == []


def test_a_planned_stop_that_nobody_recorded_stays_due():
    course = Course.of([start(), PLANNED, change(morning(28), 2)])
    assert course.running
    assert course.taken(morning(29)) == Taken(2, morning(28))
    assert course.taken(morning(30)) == Taken(0, morning(30), as_planned=True)


def test_a_dose_outside_the_plan_leaves_it_and_needs_a_new_one():
    up = change(morning(25), 16)
    assert due(start(), PLANNED, change(morning(24), 8), up) == [("no_plan", morning(25) + 5 * DAY)]
    treated = [("taper", morning(25) + DAY)]
    assert due(start(), PLANNED, up, treated_at=NIGHT) == treated
    new = Entry(Kind.PLAN, morning(26), taper=(Step(date(2026, 12, 1), 0),))
    assert due(start(), PLANNED, up, new) == [("stop", morning(1, 12))]


def test_a_plan_with_no_end_is_asked_about_five_days_after_its_last_step():
    endless = Entry(Kind.PLAN, NIGHT, taper=TAPER[:2])
    assert due(start(), endless) == [("step", morning(24)), ("no_plan", morning(26) + 5 * DAY)]


def test_what_is_taken_follows_the_plan_from_the_morning_of_its_day():
    course = Course.of([start(), PLANNED])
    assert course.taken(morning(24) - timedelta(seconds=1)) == Taken(16, NIGHT)
    assert course.taken(morning(24)) == Taken(8, morning(24), as_planned=True)
    assert course.taken(morning(27)) == Taken(4, morning(26), as_planned=True)


def test_a_morning_is_a_morning_in_london_on_both_sides_of_the_clock_change():
    assert Step(date(2026, 10, 24), 8).due_at.astimezone(UTC).hour == 7
    assert Step(date(2026, 10, 25), 8).due_at.astimezone(UTC).hour == 8


def test_ruled_out_means_one_thing_only_and_at_once():
    ruled_out = NIGHT + DAY
    found = due(start(), PLANNED, treated_at=NIGHT, ruled_out_at=ruled_out)
    assert found == [("ruled_out", ruled_out)]
    assert due(start(), stop(ruled_out), ruled_out_at=ruled_out) == []


def test_a_start_after_everything_was_ruled_out_is_due_from_the_start():
    assert due(start(NIGHT + DAY), ruled_out_at=NIGHT) == [("ruled_out", NIGHT + DAY)]


def test_what_the_ward_told_counts_as_taken_and_waits_to_be_recorded():
    told = start(mg=None, told=True)
    assert Course.of([told]).taken(NIGHT) == Taken(None, NIGHT)
    assert due(told) == [("told", NIGHT + DAY), ("no_plan", NIGHT + 5 * DAY)]
    assert ("taper", NIGHT + DAY) in due(told, treated_at=NIGHT)
    assert due(told, stop(NIGHT + DAY)) == []


def test_a_second_start_makes_a_course_of_its_own():
    again = start(NIGHT + 3 * DAY, 8)
    assert due(start(), PLANNED, again) == [("no_plan", NIGHT + 8 * DAY)]


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        (16, [8, 4, 2, 0]),
        (12, [6, 3, 1.5, 0]),
        (8, [4, 2, 1, 0]),
        (3, [1.5, 0.5, 0]),
        (2, [1, 0.5, 0]),
        (1, [0.5, 0]),
        (0.5, [0]),
    ],
)
def test_a_taper_is_proposed_in_halves_over_a_week(dose, expected):
    steps = propose(dose, date(2026, 11, 24))
    assert [step.daily_mg for step in steps] == expected
    assert steps[-1].on == date(2026, 11, 30)


@given(st.floats(0.5, 200), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_every_proposal_goes_down_in_tablets_that_exist_and_ends_within_the_summarys_week(
    dose, first
):
    steps = propose(dose, first)
    doses = [dose, *(step.daily_mg for step in steps)]
    assert all(later < earlier for earlier, later in zip(doses, doses[1:], strict=False))
    assert all(step.daily_mg * 2 == int(step.daily_mg * 2) for step in steps)
    assert steps[-1].daily_mg == 0
    assert 5 <= (steps[-1].on - first).days <= 7


entries = st.lists(
    st.builds(
        Entry,
        kind=st.sampled_from(Kind),
        at=st.integers(0, 400).map(lambda hours: NIGHT + timedelta(hours=hours)),
        daily_mg=st.sampled_from([2, 4, 8, 16]),
        taper=st.sampled_from([(), TAPER, TAPER[:2]]),
    ),
    max_size=8,
)


@settings(max_examples=150)
@given(entries, st.none() | st.just(NIGHT), st.none() | st.just(NIGHT + DAY))
def test_whatever_runs_always_has_something_due_and_nothing_else_has(told, treated, ruled_out):
    course = Course.of(told)
    found = reminders(course, treated_at=treated, ruled_out_at=ruled_out)
    assert bool(found) is course.running
    assert len({each.key for each in found}) == len(found)
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)
    assert all(each.due_at.tzinfo and each.numbers for each in found)
