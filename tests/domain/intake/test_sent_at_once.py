"""Two presses of "Send" that reach the service in the same moment, on real connections."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from mscc import clock
from referrals.clinical.presentation import CORD_ITEMS
from referrals.domain import drafts
from referrals.models import Referral
from tests.factories.people import Place, person
from tests.factories.referrals import nhs_number

pytestmark = pytest.mark.django_db(transaction=True)


def typed(place):
    """Every page of the ward's form, as it is kept in a draft."""
    now = clock.local(clock.now())
    return {
        "nhs-number": {"nhs_number": [nhs_number()]},
        "person": {"family_name": ["Example"], "where": [str(place.ward.pk)]},
        "referrer": {"name": ["Alex Ward"], "call_back": ["bleep 4321"]},
        "noticed": {
            "cancer": ["past_or_current"],
            "suspected_at-choice": ["earlier"],
            "suspected_at-day": [str(now.day)],
            "suspected_at-month": [str(now.month)],
            "suspected_at-year": [str(now.year)],
            "suspected_at-time": ["00:00"],
            **{item.id: ["yes" if item.id == "gait" else "no"] for item in CORD_ITEMS},
        },
        "examined": {"mobility": ["walks_with_aid"]},
    }


def test_two_presses_at_once_are_one_referral():
    place = Place.build()
    nurse = person("referrer", place)
    draft_id = uuid.uuid4()
    for page, answers in typed(place).items():
        drafts.save(draft_id, nurse, page, answers, clock.now())
    together, answers = threading.Barrier(2), []

    def press():
        browser = Client()
        browser.force_login(nurse, backend="mscc.people.backends.PeopleBackend")
        together.wait(10)
        answers.append(browser.post(f"/refer/{draft_id}/check/", {"go": "send"}))
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for press_one in presses:
        press_one.start()
    for press_one in presses:
        press_one.join(30)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.url for answer in answers}) == 1
    assert Referral.objects.count() == 1
