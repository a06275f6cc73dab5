"""A report is drawn of journeys that are as of now, or not at all."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.domain import journeys, reports, steering
from audit.measures.period import Period
from audit.measures.verdict import Status
from audit.models import Journey, JourneyChanged, Report
from mscc import clock
from mscc.events import Actor
from tests.factories.people import Place
from tests.factories.reports import journeys_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
HALF = Period(date(2026, 4, 1), date(2026, 9, 1))
BY = Actor.system("test")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Eight journeys wait at the most, where a page reads five at once."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(journeys, "ASKED", 5)


@pytest.fixture
def place():
    place = Place.build()
    journeys_of(place, date(2026, 5, 1), "qs56_3", {Status.MET: 8})
    return place


def changed(place):
    ids = Journey.objects.filter(alliance=place.alliance).values_list("referral_id", flat=True)
    JourneyChanged.objects.bulk_create(JourneyChanged(referral_id=each) for each in ids)


def overdue(place):
    Journey.objects.filter(alliance=place.alliance).update(changes_at=AT - timedelta(hours=1))


def redefined(place):
    Journey.objects.filter(alliance=place.alliance).update(definitions="of before")


@pytest.mark.parametrize("wait", [changed, overdue, redefined])
def test_a_report_is_not_drawn_while_more_waits_than_is_read_at_once(place, wait):
    wait(place)
    with pytest.raises(reports.StillReading) as refused:
        reports.prepare(place.alliance, HALF, by=BY, at=AT)
    assert "try again in some minutes" in refused.value.sentence
    assert not Report.objects.exists()
    # The first five were read meanwhile, and the other three are now.
    assert reports.prepare(place.alliance, HALF, by=BY, at=AT).state == "draft"
    assert not JourneyChanged.objects.exists()
    assert set(Journey.objects.values_list("as_of", flat=True)) == {AT}


def test_what_waits_elsewhere_keeps_no_report_waiting(place):
    changed(place)
    other = Place.build()
    assert reports.prepare(other.alliance, HALF, by=BY, at=AT).state == "draft"


def test_a_draft_keeps_its_figures_while_they_cannot_be_drawn_again(place):
    report = reports.prepare(place.alliance, HALF, by=BY, at=AT)
    changed(place)
    with pytest.raises(reports.StillReading):
        reports.draw_again(report.pk, by=BY, at=AT + timedelta(days=1))
    report.refresh_from_db()
    assert report.as_of == AT


def test_the_round_waits_for_the_next_one_and_goes_on_with_the_others(place):
    other = Place.build()
    for each, due_on in ((place, date(2026, 10, 1)), (other, date(2026, 10, 2))):
        steering.form(each.alliance, date(2026, 5, 1), due_on, by=BY, at=AT)
    changed(place)
    assert reports.prepare_due(AT) == 1
    assert Report.objects.get().alliance == other.alliance
    assert reports.prepare_due(AT) == 1
    assert set(Report.objects.values_list("alliance", flat=True)) == {
        place.alliance.pk,
        other.alliance.pk,
    }
