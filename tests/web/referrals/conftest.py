"""Pressing what the person's page offers, as a browser does."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from mscc import clock
from tests.factories.referrals import ReferralFactory, Team


@pytest.fixture
def team(db):
    return Team.build()


@pytest.fixture
def coordinator(team, signed_in):
    """The coordinator's browser."""
    return signed_in(team.coordinator)


@pytest.fixture
def a_referral(team):
    """`a_referral(triaged=True)`: one at that stage, of this team, an hour old."""

    def make(**stage):
        stage.setdefault("at", clock.now() - timedelta(hours=1))
        return ReferralFactory(team=team, **stage)

    return make


class Page:
    """A page that was fetched, with its words and its hidden fields."""

    def __init__(self, response):
        self.status = response.status_code
        self.url = response.headers.get("Location", "")
        self.html = response.content.decode()
        self.text = " ".join(re.sub(r"<[^>]+>", " ", self.html).split())

    def hidden(self):
        found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', self.html)
        return dict(found)

    @property
    def title(self):
        return re.search(r"<title>(.*?)</title>", self.html, re.S)[1]


class Form:
    """The page of one command: opened, then sent with what was typed."""

    def __init__(self, browser: Client, path: str):
        self.browser, self.path = browser, path
        self.opened = Page(browser.get(path))

    def send(self, **typed):
        """Send it; names take `__` for the dash of a box: `at__choice`."""
        data = {name.replace("__", "-"): value for name, value in typed.items()}
        self.sent = Page(self.browser.post(self.path, {**self.opened.hidden(), **data}))
        return self.sent

    def send_on(self, **typed):
        """Send the page that was drawn again, with what it carries."""
        data = {name.replace("__", "-"): value for name, value in typed.items()}
        self.sent = Page(self.browser.post(self.path, {**self.sent.hidden(), **data}))
        return self.sent


@pytest.fixture
def form():
    """`form(browser, referral, "triage")`: that command's page."""

    def open_(browser, referral, step):
        return Form(browser, f"/referrals/{referral.reference}/{step}/")

    return open_


@pytest.fixture
def page():
    """`page(browser, "/opinions/")`: a page with its words."""
    return lambda browser, path: Page(browser.get(path))


def boxes(name, moment):
    """A moment as it is typed into the boxes of a field."""
    there = clock.local(moment)
    parts = {"choice": "earlier", "day": there.day, "month": there.month, "year": there.year}
    return {f"{name}__{box}": str(text) for box, text in parts.items()} | {
        f"{name}__time": f"{there:%H:%M}"
    }


@pytest.fixture(name="boxes")
def boxes_fixture():
    return boxes
