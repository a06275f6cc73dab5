"""Cover, meetings, incidence: against figures worked out by hand or in published tables."""

from datetime import UTC, datetime, timedelta
from math import exp, fsum, lgamma, log

import pytest

from audit.measures.structure import cover, incidence, poisson_limits
from referrals.clinical.times import LONDON
from tests.unit.measures.told import at

HOUR = 3600


def test_cover_and_its_gaps():
    turns = [(at(8), at(20)), (at(-5), at(4)), (at(18), at(22)), (at(23), at(30)), (at(9), at(9))]
    found = cover(turns, at(0), at(24))
    assert found.gaps == ((at(4), at(8)), (at(22), at(23)))
    assert (found.covered_s, found.total_s) == (19 * HOUR, 24 * HOUR)
    assert (found.share, found.longest_gap_s) == (pytest.approx(19 / 24), 4 * HOUR)


def test_no_turns_and_no_time():
    assert cover([], at(0), at(24)).share == 0
    assert cover([(at(0), at(24))], at(0), at(24)).gaps == ()
    nothing = cover([], at(3), at(3))
    assert (nothing.share, nothing.gaps, nothing.longest_gap_s) == (None, (), 0)


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 10, 25), 25), ((2026, 3, 29), 23), ((2026, 6, 8), 24)]
)
def test_a_night_has_the_hours_it_has(day, hours):
    start = datetime(*day, tzinfo=LONDON)
    end = (datetime(*day, tzinfo=LONDON) + timedelta(days=1)).replace(tzinfo=LONDON)
    evening = start.replace(hour=20)
    found = cover([(evening, end)], start, end)
    assert (found.total_s, found.covered_s) == (hours * HOUR, 4 * HOUR)


def test_a_turn_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        cover([(at(0).replace(tzinfo=None), at(3))], at(0), at(24))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's limits as in published tables (e.g. Ulm 1990).
    [
        (0, 0.0, 3.689),
        (1, 0.025, 5.572),
        (10, 4.795, 18.390),
        (100, 81.364, 121.627),
    ],
)
def test_exact_limits_of_a_count(count, low, high):
    found = poisson_limits(count)
    assert found == (
        pytest.approx(low, abs=6e-4, rel=2e-6),
        pytest.approx(high, abs=6e-4, rel=2e-6),
    )


@pytest.mark.parametrize("count", [7, 1000, 20_000])
def test_limits_leave_the_chance_they_should(count):
    def fewer(than: int, mean: float) -> float:
        return fsum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(than))

    low, high = poisson_limits(count)
    assert 1 - fewer(count, low) == pytest.approx(0.025, abs=1e-7)
    assert fewer(count + 1, high) == pytest.approx(0.025, abs=1e-7)


def test_incidence_per_100_000_a_year():
    found = incidence(40, 2_000_000, 0.5)
    assert found.rate == 4.0
    assert (found.low, found.high) == (
        pytest.approx(2.858, abs=1e-3),
        pytest.approx(5.447, abs=1e-3),
    )
    assert incidence(3, 0, 1) is None
    assert incidence(3, 1000, 0) is None
    with pytest.raises(ValueError, match="fewer"):
        incidence(-1, 1000, 1)


def test_moments_in_any_zone_are_the_same_moments():
    local = [(at(1).astimezone(LONDON), at(2).astimezone(LONDON))]
    assert cover(local, at(0), at(3)) == cover([(at(1), at(2))], at(0), at(3).astimezone(UTC))
