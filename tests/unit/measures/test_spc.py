"""Change told from chance: each rule by an example worked by hand."""

import pytest

from audit.measures.measure import Better
from audit.measures.spc import Change, Rule, Signal, cases_between, change, days_between, xmr

# Alternating 49 and 51: the mean is 50, every moving range 2, the limits 50 - 5.32 and 50 + 5.32.
_CALM = [49.0, 51.0] * 6


def test_the_limits_are_the_mean_and_2_66_mean_moving_ranges():
    chart = xmr([10, 12, 11, 13, 9, 11])  # mean 66 / 6; ranges 2, 1, 2, 4, 2: 11 / 5 = 2.2
    assert chart.mean == pytest.approx(11)
    assert (chart.lower, chart.upper) == (pytest.approx(5.148), pytest.approx(16.852))
    assert chart.signals == (None,) * 6


def test_limits_of_a_share_stay_within_nothing_and_all():
    chart = xmr([0.9, 1.0, 0.8, 1.0], low=0.0, high=1.0)  # 0.925 + 2.66 * 0.1667 is over 1
    assert chart.upper == 1.0
    assert chart.lower == pytest.approx(0.925 - 2.66 * 0.5 / 3)


def test_a_point_outside_the_limits_is_no_chance():
    # 13 points, mean 50.77; ranges eleven of 2 and one of 9: 31 / 12 = 2.583; upper 57.64.
    chart = xmr([*_CALM, 60.0])
    assert chart.upper == pytest.approx(660 / 13 + 2.66 * 31 / 12)
    assert chart.signals[-1] == Signal(Rule.ASTRONOMICAL, up=True)
    assert chart.signals[:-1] == (None,) * 12


@pytest.mark.parametrize(("low", "found"), [(6, None), (7, Signal(Rule.SHIFT, up=False))])
def test_a_shift_is_seven_on_one_side_and_six_are_not(low, found):
    # The lows lie just under the mean, far from the limits that the wide swings before them make.
    chart = xmr([*[30.0, 72.0] * 5, *[49.0, 48.0, 49.0, 48.5, 49.0, 48.0, 48.5][:low]])
    assert chart.signals[-1] == found


def test_a_point_on_the_mean_breaks_a_run():
    values = [4.0, 6.0, 4.0, 6.0, 4.0, 6.0, 4.0, 6.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0]
    assert xmr(values).signals == (None,) * 15


@pytest.mark.parametrize(("points", "found"), [(6, None), (7, Signal(Rule.TREND, up=True))])
def test_a_trend_is_seven_points_rising_and_six_are_not(points, found):
    swings = [20.0, 80.0] * 4
    rising = [44.0, 46.0, 48.0, 50.0, 52.0, 54.0, 56.0][-points:]
    chart = xmr([*swings, 90.0, *rising])
    assert chart.signals[-1] == found


def test_the_point_a_trend_begins_with_belongs_to_it():
    chart = xmr([20.0, 80.0, 20.0, 80.0, 20.0, 80.0, 44, 46, 48, 50, 52, 54, 56])
    assert [bool(signal) for signal in chart.signals] == [False] * 6 + [True] * 7


def test_two_of_three_near_a_limit_are_no_chance_and_one_is():
    # Mean 712 / 14 = 50.86, ranges 27 / 13 = 2.08: the outer third is from 54.54 to 56.38.
    two = xmr([*_CALM, 56.0, 56.0])
    assert two.upper == pytest.approx(712 / 14 + 2.66 * 27 / 13)
    assert two.signals[-2:] == (Signal(Rule.TWO_OF_THREE, up=True),) * 2
    one = xmr([*_CALM, 56.0, 51.0])
    assert one.signals[-1] is None
    assert one.signals[-2] is None


@pytest.mark.parametrize(
    ("last", "better", "word"),
    [
        (60.0, Better.MORE, Change.BETTER),
        (60.0, Better.LESS, Change.WORSE),
        (40.0, Better.MORE, Change.WORSE),
        (40.0, Better.LESS, Change.BETTER),
        (60.0, Better.NEITHER, Change.HIGHER),
        (40.0, Better.NEITHER, Change.LOWER),
        (50.0, Better.MORE, Change.SAME),
    ],
)
def test_the_word_says_which_way_is_better(last, better, word):
    assert change(xmr([*_CALM, last]), better) is word


def test_an_old_change_is_not_todays():
    assert change(xmr([60.0, *_CALM]), Better.MORE) is Change.SAME


def test_nine_points_are_too_few_and_ten_are_not():
    assert change(xmr(_CALM[:9]), Better.MORE) is Change.TOO_FEW
    assert change(xmr(_CALM[:10]), Better.MORE) is Change.SAME
    assert change(None, Better.MORE) is Change.TOO_FEW


def test_without_a_value_there_is_no_chart():
    with pytest.raises(ValueError, match="needs a value"):
        xmr([])
    assert xmr([3.0]).upper == 3.0


def test_days_between_rare_events_are_judged_by_their_root():
    two = 2**3.6  # its root of 3.6 is 2
    chart = days_between([1, two, 1, two])  # roots 1, 2, 1, 2: mean 1.5, range 1, upper 4.16
    assert chart.mean == pytest.approx(1.5**3.6)
    assert chart.lower == 0
    assert chart.upper == pytest.approx(4.16**3.6)
    assert chart.values == (1, two, 1, two)


def test_events_out_of_order_are_refused():
    with pytest.raises(ValueError, match="in order"):
        days_between([3, -1])


def test_cases_between_have_the_limits_of_a_geometric_distribution():
    chart = cases_between([9] * 12)  # one in ten: log(0.5) / log(0.9) - 1 = 5.58
    assert chart.mean == pytest.approx(5.5788, abs=1e-4)
    assert chart.lower == 0
    assert chart.upper == pytest.approx(61.715, abs=1e-3)  # log(0.00135) / log(0.9) - 1
    assert chart.signals[-1] == Signal(Rule.SHIFT, up=True)


def test_long_without_a_miss_is_no_chance():
    # The mean is 15, so one in 16: the upper limit is log(0.00135) / log(15 / 16) - 1 = 101.4.
    chart = cases_between([5, 2] * 6 + [153])
    assert chart.upper == pytest.approx(101.385, abs=1e-2)
    assert chart.signals[-1] == Signal(Rule.ASTRONOMICAL, up=True)
    assert change(chart, Better.MORE) is Change.BETTER


def test_misses_one_after_the_other_have_no_cases_between():
    assert cases_between([0, 0]).upper == 0
    with pytest.raises(ValueError, match="counts from 0"):
        cases_between([])
