"""Turns that repeat, on the clock on the wall; and the times when nobody is on shift."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.timekeeping.cover import Turn
from scheduling.timekeeping.gaps import (
    Stage,
    follow_ups,
    gaps,
    merged,
    stage_due,
    stretches,
    without,
)
from scheduling.timekeeping.pattern import Line, Pattern, expand, longer_by, moment_of

EVERY_DAY = frozenset(range(7))
DAY = Line(EVERY_DAY, time(8), time(20), 0)
NIGHT = Line(EVERY_DAY, time(20), time(8), 1)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def utc(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def pattern(first, days=1, lines=(DAY, NIGHT), people=(1, 2), weeks_each=1):
    return Pattern(lines, people, first, first + timedelta(days=days - 1), weeks_each)


class TestPatterns:
    @pytest.mark.parametrize(("change", "hours"), [(SPRING, 11), (AUTUMN, 13)])
    def test_the_night_the_clocks_change_is_an_hour_shorter_or_longer(self, change, hours):
        _, night = expand(pattern(change - timedelta(days=1)))
        assert night.ends_at - night.starts_at == timedelta(hours=hours)
        assert longer_by(night.starts_at, night.ends_at) == timedelta(hours=hours - 12)

    def test_a_turn_that_begins_in_the_hour_that_does_not_exist_begins_when_the_clocks_change(self):
        lines = (Line(EVERY_DAY, time(1, 30), time(9)), Line(EVERY_DAY, time(9), time(1, 30)))
        turns = expand(pattern(SPRING - timedelta(days=1), 2, lines, (1,)))
        # 01:00 in UTC is the moment at which 01:00 became 02:00; the one before ends there, too.
        assert turns[1].ends_at == turns[2].starts_at == utc(SPRING, 1)

    def test_a_turn_within_that_hour_does_not_take_place(self):
        assert expand(pattern(SPRING, 1, (Line(EVERY_DAY, time(1), time(2)),), (1,))) == []

    def test_the_hour_that_comes_twice_begins_with_the_first(self):
        assert moment_of(AUTUMN, time(1, 30)) == utc(AUTUMN, 0, 30)
        assert moment_of(AUTUMN, time(2)) == utc(AUTUMN, 2)

    def test_weekdays_and_weekends(self):
        lines = (
            Line(frozenset({0, 1, 2, 3, 4}), time(8), time(18)),
            Line(frozenset({5, 6}), time(9), time(13), 1),
        )
        monday = date(2026, 11, 23)
        turns = expand(pattern(monday, 7, lines))
        assert [turn.user_id for turn in turns] == [1] * 5 + [2] * 2
        assert turns[5].starts_at == utc(date(2026, 11, 28), 9)

    def test_people_move_on_one_place_in_the_order_each_week(self):
        monday = date(2026, 11, 23)
        turns = expand(pattern(monday, 21, people=(1, 2, 3)))
        by_day = [turn.user_id for turn in turns if turn.starts_at.hour == 8]
        by_night = [turn.user_id for turn in turns if turn.starts_at.hour == 20]
        assert by_day == [1] * 7 + [2] * 7 + [3] * 7
        assert by_night == [2] * 7 + [3] * 7 + [1] * 7

    def test_two_weeks_each_count_from_the_monday_of_the_first_week(self):
        thursday = date(2026, 11, 26)
        turns = expand(pattern(thursday, 14, (DAY,), (1, 2), weeks_each=2))
        assert [turn.user_id for turn in turns] == [1] * 11 + [2] * 3

    def test_with_no_rotation_nobody_ever_moves(self):
        turns = expand(pattern(date(2026, 11, 23), 28, (DAY,), (1, 2), weeks_each=0))
        assert {turn.user_id for turn in turns} == {1}

    @settings(max_examples=60, deadline=None)
    @given(
        first=st.dates(date(2026, 1, 1), date(2028, 12, 1)),
        days=st.integers(1, 12),
        cuts=st.sets(st.times(), min_size=1, max_size=4),
    )
    def test_turns_that_join_on_paper_join_in_fact_on_every_night_of_the_year(
        self, first, days, cuts
    ):
        marks = sorted(cut.replace(microsecond=0) for cut in cuts)
        marks = sorted(set(marks))
        ends = [*marks[1:], marks[0]]
        lines = tuple(
            Line(EVERY_DAY, one, two, n)
            for n, (one, two) in enumerate(zip(marks, ends, strict=True))
        )
        turns = expand(pattern(first, days, lines, tuple(range(len(lines)))))
        last = first + timedelta(days=days)
        whole = (moment_of(first, marks[0]), moment_of(last, marks[0]))
        spans = [(turn.starts_at, turn.ends_at) for turn in turns]
        assert merged(spans) == [whole]
        # Nobody is counted twice: the lengths add up to the time itself.
        assert sum((b - a for a, b in spans), timedelta()) == whole[1] - whole[0]


def turn(starts, ends, role="coordinator", user_id=1):
    begin, end = (NINE + timedelta(hours=hours) for hours in (starts, ends))
    return Turn(role, user_id, f"P{user_id}", "", begin, end)


def span(starts, ends):
    return NINE + timedelta(hours=starts), NINE + timedelta(hours=ends)


class TestGaps:
    def test_a_gap_is_where_nobody_is_on_shift_and_says_who_stands_in(self):
        senior = Turn("senior_clinician", 9, "Grace", "")
        shifts = [turn(0, 4), turn(4, 8, user_id=2), turn(12, 20)]
        found = stretches("coordinator", *span(0, 20), shifts, [senior])
        assert [(s.starts_at, s.ends_at, s.gap) for s in found] == [
            (*span(0, 4), False),
            (*span(4, 8), False),
            (*span(8, 12), True),
            (*span(12, 20), False),
        ]
        assert found[2].cover.turn == senior
        assert found[2].cover.by_role == "senior_clinician"

    def test_holding_a_role_is_no_shift(self):
        holder = Turn("senior_clinician", 9, "Grace", "")
        (found,) = stretches("senior_clinician", *span(0, 5), [], [holder])
        assert found.gap
        assert found.cover.turn == holder

    def test_the_turns_of_another_role_fill_nothing(self):
        others = [turn(0, 20, role="senior_clinician")]
        assert gaps("coordinator", *span(0, 20), others) == [span(0, 20)]

    def test_a_designated_clinician_on_shift_leaves_no_gap_and_one_who_only_holds_the_role_does(
        self,
    ):
        on = [turn(0, 8), turn(8, 20, role="designated_clinician", user_id=2)]
        assert gaps("coordinator", *span(0, 20), on) == []
        held = Turn("designated_clinician", 2, "Yusuf", "")
        found = stretches("coordinator", *span(0, 20), on[:1], [held])
        assert [(s.gap, s.cover.by_role) for s in found] == [
            (False, "coordinator"),
            (True, "designated_clinician"),
        ]

    def test_gaps_that_touch_are_one(self):
        # The stand-in changes at 5: there is still but one time without a coordinator.
        stand_ins = [turn(0, 5, "senior_clinician"), turn(5, 9, "senior_clinician", 2)]
        assert gaps("coordinator", *span(0, 9), stand_ins) == [span(0, 9)]

    def test_without_takes_times_away(self):
        assert without([span(0, 10)], [span(2, 4), span(8, 12)]) == [span(0, 2), span(4, 8)]
        assert without([span(0, 2)], [span(0, 2)]) == []

    def test_across_the_change_of_the_clocks_a_gap_is_as_long_as_it_lasts(self):
        turns = expand(pattern(SPRING - timedelta(days=2), 4))
        shifts = [
            Turn("coordinator", each.user_id, "", "", each.starts_at, each.ends_at)
            for each in turns
            if each.starts_at != utc(SPRING - timedelta(days=1), 20)
        ]
        (gap,) = gaps("coordinator", turns[0].starts_at, turns[-1].ends_at, shifts)
        assert gap == (utc(SPRING - timedelta(days=1), 20), utc(SPRING, 7))

    @settings(max_examples=80, deadline=None)
    @given(st.lists(st.tuples(st.integers(-20, 60), st.integers(1, 30), st.integers(1, 4))))
    def test_shifts_and_gaps_tile_the_time(self, given_turns):
        shifts = [turn(start, start + hours, user_id=who) for start, hours, who in given_turns]
        start, end = span(0, 48)
        found = stretches("coordinator", start, end, shifts, [])
        assert [s.starts_at for s in found] == [start, *(s.ends_at for s in found[:-1])]
        assert found[-1].ends_at == end
        free = gaps("coordinator", start, end, shifts)
        for hour in range(48):
            at = start + timedelta(hours=hour)
            on = any(s.starts_at <= at < s.ends_at for s in shifts)
            assert on != any(begins <= at < ends for begins, ends in free)
        # Neither a gap of no length nor two that touch.
        assert merged(free) == free


class TestBeingTold:
    @pytest.mark.parametrize(
        ("hours_before", "told", "stage"),
        [
            (24 * 8, None, None),
            (24 * 7, None, Stage.WEEK),
            (24 * 6, Stage.WEEK, None),
            (24, Stage.WEEK, Stage.DAY),
            (24, None, Stage.DAY),
            (5, Stage.DAY, None),
            (0, Stage.DAY, Stage.NOW),
            (-3, None, Stage.NOW),
        ],
    )
    def test_each_stage_once_and_the_nearest_one_only(self, hours_before, told, stage):
        starts = NINE + timedelta(hours=hours_before)
        assert stage_due(starts, NINE, told, NINE - timedelta(days=1) if told else None) == stage

    def test_a_gap_that_lasts_is_told_every_half_hour(self):
        told_at = NINE + timedelta(minutes=5)
        for minutes, stage in ((34, None), (35, Stage.NOW)):
            at = NINE + timedelta(minutes=minutes)
            assert stage_due(NINE, at, Stage.NOW, told_at) == stage

    @pytest.mark.parametrize(
        ("hours_left", "chased", "lead"), [(240, 24, 48), (48, 12, 24), (4, 1, 2), (-1, 0, 0)]
    )
    def test_a_swap_is_chased_and_then_told_before_it_is_too_late(self, hours_left, chased, lead):
        assert follow_ups(NINE, NINE + timedelta(hours=hours_left)) == span(chased, lead)
