"""The monthly digest: figures to whoever leads a service, and nothing that would tell a person."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from audit.domain import digests, reminders
from audit.measures import registry
from audit.measures.verdict import Status
from audit.models import Digest, Trail
from mscc import clock
from mscc.people.models import Assignment
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.reports import journeys_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def lead(place):
    return person("service_lead", place.hospital, email="lead@example.nhs.uk")


def line(body, key):
    name = registry.by_key(key).name
    return next(each for each in body.splitlines() if name in each)


def test_a_service_lead_is_sent_last_months_figures_once(place, lead):
    journeys_of(place, SEPTEMBER, "qs56_3", {Status.MET: 12, Status.NOT_MET: 6})
    assert reminders.steering_round(AT) == 1
    assert reminders.steering_round(AT + timedelta(hours=1)) == 0
    (letter,) = mail.outbox
    assert letter.to == ["lead@example.nhs.uk"]
    assert letter.subject == "MSCC figures for September 2026"
    assert line(letter.body, "qs56_3").endswith("67% (12 of 18)")
    assert "/figures/" in letter.body
    assert Trail.objects.get(action="digest_sent").details["month"] == "2026-09-01"


def test_one_missed_of_many_is_not_rounded_away():
    cell = {"of": 400, "met": 399, "missing": 0, "share": 399 / 400}
    assert digests.said(cell) == "over 99% (399 of 400)"


def test_a_number_under_five_is_not_in_it(place, lead):
    few = {Status.MET: 20, Status.NOT_MET: 3, Status.MISSING: 2}
    journeys_of(place, SEPTEMBER, "qs56_3", few)
    digests.send_due(AT)
    body = mail.outbox[0].body
    assert line(body, "qs56_3").endswith("not shown, too few, data missing of a few")
    # Besides the year, the measures' names and the sentence about them there is no number at all.
    rest = [each.partition(": ")[2] for each in body.splitlines() if each.startswith("  ")]
    assert not re.search(r"[1-4]\b", " ".join(rest))


def test_a_month_without_anybody_says_so(place, lead):
    digests.send_due(AT)
    assert line(mail.outbox[0].body, "qs56_3").endswith("nobody with data")


def test_it_goes_to_the_contact_point_and_not_before_the_third(place, lead):
    ContactPointFactory(user=lead, address="desk@example.nhs.uk")
    assert digests.send_due(datetime(2026, 10, 2, 22, 59, tzinfo=UTC)) == 0
    # 23:30 UTC on the 2nd is the 3rd in London.
    assert digests.send_due(datetime(2026, 10, 2, 23, 30, tzinfo=UTC)) == 1
    assert mail.outbox[0].to == ["desk@example.nhs.uk"]


def test_nobody_else_and_nobody_who_leads_no_longer_is_sent_one(place, lead):
    person("coordinator", place)
    person("alliance_lead", place.alliance)
    Assignment.objects.filter(user=lead).update(ends_at=AT - timedelta(days=1))
    assert digests.send_due(AT) == 0
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_tried_again_later_and_not_for_ever(place, lead, monkeypatch):
    def away(*_):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    assert digests.send_due(AT) == 0
    assert digests.send_due(AT + timedelta(minutes=1)) == 0
    assert Digest.objects.get().attempts == 1
    for n in range(1, 30):
        digests.send_due(AT + timedelta(hours=n))
    assert Digest.objects.get().attempts == 8
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: AT)
    Digest.objects.update(attempts=1, claimed_until=None)
    assert digests.send_due(AT + timedelta(hours=40)) == 1
