"""Reading the time."""

from datetime import UTC, datetime, timedelta

import pytest

from mscc import clock


@pytest.fixture
def unshifted():
    before = clock._shift
    clock.set_shift(None)
    yield
    clock.set_shift(before)


def test_now_is_utc(unshifted):
    assert clock.now().tzinfo is UTC


def test_the_demo_moves_now_and_leaves_real_time_alone(unshifted):
    clock.set_shift(lambda: timedelta(hours=6))
    assert clock.now() - clock.real_now() == pytest.approx(
        timedelta(hours=6), abs=timedelta(seconds=5)
    )


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 21, 12, tzinfo=UTC), "12:00 GMT"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "13:00 BST"),
    ],
)
def test_a_moment_is_shown_as_a_clock_in_london_says_it(moment, shown):
    assert f"{clock.local(moment):%H:%M %Z}" == shown


def test_a_time_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="without an offset"):
        clock.local(datetime(2026, 7, 1, 12))  # noqa: DTZ001 - the point of the test
