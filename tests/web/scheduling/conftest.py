import re

import pytest

from scheduling.views import board


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
