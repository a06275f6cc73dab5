import re
from datetime import timedelta

import pytest

from mscc import clock
from scheduling.views import board
from tests.factories.referrals import AT


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch):
    """What one test's boards shared must not be another's; a second look is a fresh one."""
    monkeypatch.setattr(board.OVERVIEWS, "seconds", -1)
    board.FRAGMENTS.forget()


@pytest.fixture
def text_of():
    """A page as somebody reads it: no tags, no doubled spaces."""

    def read(answer):
        body = answer.content.decode().split("<main", 1)[-1]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

    return read


@pytest.fixture
def noon(monkeypatch):
    """It is half an hour after AT, unless a test moves on by setting `noon[0]`."""
    moment = [AT + timedelta(minutes=30)]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


def ask(browser, etag="", **query):
    """What an open board asks every few seconds."""
    headers = {"X-Requested-With": "fetch"} | ({"If-None-Match": etag} if etag else {})
    return browser.get("/board/rows/", query, headers=headers)


@pytest.fixture
def poll():
    return ask
