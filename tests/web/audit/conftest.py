import re
from datetime import UTC, datetime

import pytest

from mscc import clock
from tests.factories.people import Place, person

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is 21 November 2026: the newest whole month is October."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def alliance_lead(signed_in, place):
    return signed_in(person("alliance_lead", place))


@pytest.fixture
def service_lead(signed_in, place):
    return signed_in(person("service_lead", place))


@pytest.fixture
def text_of():
    """A page as somebody reads it: no tags, no doubled spaces."""

    def read(answer):
        body = answer.content.decode().split("<main", 1)[-1]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

    return read
