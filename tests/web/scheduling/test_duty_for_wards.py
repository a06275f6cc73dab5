"""Who is on duty, on the pages of a ward: one look, with numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from mscc import clock
from tests.factories.people import Place, person
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 3, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_wards_page_says_who_is_on_now_and_next_with_numbers(signed_in, text_of, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    place = Place.build()
    ada = person("coordinator", place, name="Ada Example", phone="01632 960 123")
    bob = person("coordinator", place, name="Bob Example", phone="01632 960 777")
    on_duty(ada, place, NOON - 4 * HOUR)
    on_duty(bob, place, NOON + 8 * HOUR)
    text = text_of(signed_in(person("referrer", place)).get("/refer/"))
    assert "On duty: Ada Example until 20:00 , 01632 960 123" in text
    assert "Next: Bob Example from 20:00 , 01632 960 777" in text
