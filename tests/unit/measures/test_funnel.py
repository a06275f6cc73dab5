"""Limits for a hospital's share, worked by hand from the binomial distribution."""

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measures.funnel import Standing, limits, quantile, standing


def test_the_limits_of_ten_tosses_of_a_coin():
    # F(1) = 11/1024, F(2) = 56/1024: 2 - (56/1024 - 0.025) / (45/1024) = 1.3244.
    found = limits(10, 0.5)
    assert found.low_95 == pytest.approx(0.132444, abs=1e-6)
    assert found.high_95 == pytest.approx(1 - 0.132444, abs=1e-6)
    # F(0) = 1/1024 < 0.001: 1 - (11/1024 - 0.001) / (10/1024) = 0.0024.
    assert found.low_998 == pytest.approx(0.00024, abs=1e-8)
    assert found.high_998 == pytest.approx(0.99976, abs=1e-8)


def test_the_limits_are_not_symmetric_where_the_share_is_high():
    # p = 0.9, n = 10: F(6) = 0.0127952, F(7) = 0.0701908; upper: even 10 of 10 is chance (0.35).
    found = limits(10, 0.9)
    assert found.low_95 == pytest.approx((7 - (0.0701908 - 0.025) / 0.0573956) / 10, abs=1e-5)
    assert found.high_95 == found.high_998 == 1.0


@pytest.mark.parametrize(
    ("met", "word"),
    [
        (5, Standing.WITHIN),
        (2, Standing.WITHIN),  # 2 or fewer: 0.055
        (1, Standing.LOW),  # 1 or fewer: 0.011
        (0, Standing.VERY_LOW),  # none: 0.00098
        (8, Standing.WITHIN),
        (9, Standing.HIGH),
        (10, Standing.VERY_HIGH),
    ],
)
def test_where_a_hospital_lies_is_said_in_words(met, word):
    assert standing(met, 10, 0.5) is word


def test_when_all_were_met_everywhere_one_missed_is_out():
    assert limits(7, 1.0).low_998 == 1.0
    assert standing(6, 7, 1.0) is Standing.VERY_LOW
    assert standing(0, 7, 0.0) is Standing.WITHIN


@pytest.mark.parametrize(("n", "share"), [(0, 0.5), (3, -0.1), (3, 1.1)])
def test_no_case_or_no_share_has_no_limits(n, share):
    with pytest.raises(ValueError, match="Limits need"):
        limits(n, share)


def test_many_cases_come_close_to_the_normal_distribution():
    # 1.96 standard deviations of 0.5 / sqrt(100,000), less half a case of the interpolation.
    found = limits(100_000, 0.5)
    assert found.low_95 == pytest.approx(0.5 - 1.959964 * 0.5 / 100_000**0.5, abs=6e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 19), st.sampled_from([0.025, 0.001]))
def test_beyond_a_limit_is_just_as_unlikely_as_it_says(n, twentieths, tail):
    share, low = twentieths / 20, quantile(n, twentieths / 20, tail)
    below = 0.0
    for met in range(n + 1):
        below += comb(n, met) * share**met * (1 - share) ** (n - met)
        if abs(below - tail) > 1e-9:
            assert (met / n < low) is (below < tail)
