"""Months as they are counted: in local time, and none twice."""

from datetime import UTC, date, datetime

import pytest

from audit.measures.period import Period, month_of


def test_half_a_year_is_named_as_people_name_it():
    period = Period.ending(date(2026, 9, 30), 6)
    assert period.words == "April to September 2026"
    assert period.before.words == "October 2025 to March 2026"
    assert Period(date(2026, 9, 1), date(2026, 9, 1)).words == "September 2026"
    assert (period.months, len(list(period))) == (6, 6)


def test_it_holds_its_first_and_its_last_month():
    period = Period(date(2025, 12, 1), date(2026, 2, 1))
    assert list(period) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert date(2026, 2, 28) in period
    assert date(2026, 3, 1) not in period


@pytest.mark.parametrize("bad", [date(2026, 1, 2), date(2026, 2, 1)])
def test_a_period_is_of_whole_months(bad):
    with pytest.raises(ValueError, match="month"):
        Period(bad, date(2026, 1, 1))


def test_a_month_is_that_of_local_time():
    last_minutes_of_june = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    first_of_july = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert month_of(last_minutes_of_june) == date(2026, 6, 1)
    assert month_of(first_of_july) == date(2026, 7, 1)
