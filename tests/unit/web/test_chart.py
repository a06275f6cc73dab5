from datetime import UTC, datetime, timedelta

import pytest

from mscc.web.chart import chart

TIMES = [datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (6, 9, 18)]


def test_a_fall_in_power_is_marked():
    line = chart(TIMES, {"Left leg": [5, 3, 4]}).lines[0]
    assert [(point.value, point.worse) for point in line.points] == [
        (5, False),
        (3, True),
        (4, False),
    ]


def test_a_grade_nobody_recorded_is_a_gap_and_never_a_zero():
    drawing = chart(TIMES, {"Left leg": [5, None, 4]})
    line = drawing.lines[0]
    assert [point.value for point in line.points] == [5, 4]
    assert line.path.count("M") == 2
    assert [values for _, values in drawing.rows] == [("4",), ("–",), ("5",)]


def test_a_fall_across_a_gap_is_still_a_fall():
    assert chart(TIMES, {"Left leg": [5, None, 4]}).lines[0].points[-1].worse


def test_time_runs_to_the_right_in_proportion():
    points = chart(TIMES, {"Left leg": [5, 5, 5]}).lines[0].points
    first, second, third = (point.x for point in points)
    assert (second - first) / (third - first) == pytest.approx(3 / 12, abs=0.01)


def test_a_lower_grade_stands_lower_and_inside_its_own_row():
    drawing = chart(TIMES[:2], {"Right leg": [0, 5], "Left leg": [0, 5]})
    for line in drawing.lines:
        low, high = line.points
        assert (low.y, high.y) == (line.base, line.top)
    assert drawing.lines[0].base < drawing.lines[1].top


def test_one_examination_alone_can_be_drawn():
    assert len(chart(TIMES[:1], {"Left leg": [4]}).lines[0].points) == 1


def test_two_examinations_at_one_time_do_not_break_the_drawing():
    twice = [TIMES[0], TIMES[0] + timedelta(0)]
    assert [point.value for point in chart(twice, {"Left leg": [4, 3]}).lines[0].points] == [4, 3]


def test_grades_and_times_must_be_as_many():
    with pytest.raises(ValueError, match="shorter"):
        chart(TIMES, {"Left leg": [5]})
