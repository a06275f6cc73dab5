"""What lies between one miss and the next, where a share a month says little."""

from datetime import UTC, date, datetime

import pytest

from audit.measures import registry
from audit.measures.verdict import Status
from tests.factories.journeys import journey, many, saved

pytestmark = pytest.mark.django_db
MRI = registry.by_key("qs56_3")
PAGE = "/figures/qs56_3/"
READ_IN = {"imported": "on"}


def between(page):
    """The chart of what lies between misses, as a page has it; empty without one."""
    return page.content.decode().partition('id="between-chart-title"')[2]


def test_few_cases_are_drawn_by_what_lies_between_misses(
    service_lead, alliance_lead, place, text_of
):
    for month in range(1, 11):
        many(place, date(2026, month, 1), MRI, met=3, not_met=1)
    page = service_lead.get(PAGE, READ_IN)
    assert between(page)
    assert "How many were met between one miss and the next" in text_of(page)
    assert "Feb 2026 3" in text_of(page)
    # Whoever may not see rows is not told the order of things.
    assert not between(alliance_lead.get(PAGE, READ_IN))


def test_few_misses_of_many_are_drawn_by_the_days_between_them(
    service_lead, alliance_lead, place, text_of
):
    for month in range(1, 7):
        many(place, date(2026, month, 1), MRI, met=50, not_met=0)
    missed = [datetime(2026, month, day, 9, tzinfo=UTC) for month, day in ((1, 5), (1, 7), (3, 8))]
    missed += [datetime(2026, 6, day, 21, tzinfo=UTC) for day in (28, 30)]
    saved(
        [
            journey(place, at.date().replace(day=1), MRI, Status.NOT_MET, received_at=at)
            for at in missed
        ]
    )
    page = service_lead.get(PAGE, READ_IN)
    text = text_of(page)
    assert between(page)
    assert "Of 305 people in 24 months only 5 were missed" in text
    # 5 to 7 January, to 8 March, to 28 June at night, to 30 June.
    assert "Jan 2026 2.0 Mar 2026 60.0 Jun 2026 112.5 Jun 2026 2.0" in text
    assert not between(alliance_lead.get(PAGE, READ_IN))


def test_nothing_is_drawn_between_misses_that_are_many_or_that_are_none(service_lead, place):
    """With 48 misses in 24 months a share a month says enough. And where neither way is better
    nothing is missed, however few there are."""
    for month in range(1, 11):
        many(place, date(2026, month, 1), MRI, met=30, not_met=5)
    assert not between(service_lead.get(PAGE, READ_IN))
    redirected = registry.by_key("redirected")
    many(place, date(2026, 9, 1), redirected, met=5, not_met=15)
    assert not between(service_lead.get("/figures/redirected/", READ_IN))
