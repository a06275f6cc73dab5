"""Where things stand on the paper, worked out by hand."""

import pytest

from audit.charts import alive, control, funnel, spread
from audit.charts.frame import Frame, round_up
from audit.measures.funnel import Standing
from audit.measures.measure import Better
from audit.measures.spc import Rule, Signal, xmr
from audit.measures.survival import curve

SQUARE = Frame(width=120, height=120, left=10, right=10, top=10, bottom=10)


@pytest.mark.parametrize(("value", "up"), [(0.3, 1), (1, 1), (3, 5), (6, 10), (11, 20), (201, 500)])
def test_an_axis_ends_with_an_easy_number(value, up):
    assert round_up(value) == up


def test_the_field_is_from_edge_to_edge_and_nothing_leaves_it():
    assert (SQUARE.x(0), SQUARE.x(1), SQUARE.y(0), SQUARE.y(1)) == (10, 110, 110, 10)
    assert SQUARE.y(1.7) == 10


def test_a_series_is_drawn_with_gaps_where_nobody_was():
    chart = xmr([0.5, 1.0], low=0.0, high=1.0)
    drawn = control.control(chart, ["Jan", "Feb", "Mar"], [0, 2], Better.MORE, frame=SQUARE)
    assert [(dot.x, dot.y, dot.word) for dot in drawn.dots] == [(10, 60, "Jan"), (110, 10, "Mar")]
    assert drawn.path == "M10 60L110 10"
    assert drawn.mean == 35
    assert drawn.across[-1].word == "Mar"


@pytest.mark.parametrize(
    ("up", "better", "kind"),
    [
        (True, Better.MORE, "good"),
        (False, Better.MORE, "bad"),
        (True, Better.LESS, "bad"),
        (True, Better.NEITHER, "up"),
        (False, Better.NEITHER, "down"),
    ],
)
def test_a_shape_says_whether_a_change_is_for_the_better(up, better, kind):
    assert control.kind(Signal(Rule.SHIFT, up), better) == kind
    assert control.kind(None, better) == "chance"


def test_a_small_drawing_fills_its_height_even_when_nothing_varies():
    level = control.spark(xmr([0.9, 0.9], low=0.0, high=1.0), 2, [0, 1], Better.MORE)
    assert {dot.y for dot in level.dots} == {20}
    moving = control.spark(xmr([0.2, 0.8], low=0.0, high=1.0), 2, [0, 1], Better.MORE)
    assert [dot.y for dot in moving.dots] == [28.4, 11.6]  # limits 0 and 1 are the edges


def test_a_hospital_stands_at_its_cases_and_its_share():
    places = [
        funnel.Place("A", 5, 10, Standing.WITHIN),
        funnel.Place("B", 0, 19, Standing.VERY_LOW),
    ]
    drawn = funnel.funnel(places, 0.5, SQUARE)
    assert [(dot.x, dot.y, dot.mark, dot.out) for dot in drawn.dots] == [
        (60, 60, "1", False),
        (105, 110, "2", True),
    ]
    assert [tick.word for tick in drawn.across] == ["0", "5", "10", "15", "20"]
    assert drawn.inner[0].endswith("L110 84.4")  # F(5) = 0.0207, F(6) = 0.0577: 5.12 of 20


def test_times_are_drawn_in_hours_or_days_on_an_axis_that_can_be_read():
    hours = [2 * 3600, 6 * 3600, 12 * 3600, 18 * 3600, 23 * 3600]
    drawn = spread.spread([("All", hours)], target_s=24 * 3600)
    assert [tick.word for tick in drawn.across] == ["0", "6", "12", "18", "24"]
    assert drawn.unit == "hours"
    assert (drawn.strips[0].median, drawn.target) == (403.0, 616.0)
    days = spread.spread([("All", [None, None, 10 * 86_400, None, None])])
    assert (days.unit, days.strips[0].box, days.strips[0].low) == ("days", None, None)
    assert spread.spread([("All", [None] * 5)]) is None


def test_survival_falls_in_steps():
    found = curve([(10, True, 1), (20, False, 1)])
    drawn = alive.alive(found.steps, 20, SQUARE)
    assert drawn.path == "M10 10H60V60H110"


def test_single_deaths_are_not_drawn_for_whoever_may_not_see_rows():
    found = curve([(day, True, 1) for day in range(1, 13)] + [(50, False, 8)])
    assert [step.days for step in alive.shown(found, entitled=True)] == list(range(1, 13))
    assert [step.days for step in alive.shown(found, entitled=False)] == [5, 10]
