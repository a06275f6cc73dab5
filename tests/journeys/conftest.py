"""A real browser for a real person: what they see, what they do, and whether they could.

Every `see(...)` waits for a page, checks it for accessibility, refuses script errors, and keeps a
picture of it at desktop and at phone width in var/screenshots/.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from mscc import clock
from mscc.people.models import User
from tests.conftest import BROWSERS
from tests.factories.people import PASSWORD, ContactPointFactory
from tests.factories.referrals import Team
from tests.factories.rota import on_duty

# Playwright's synchronous API runs an event loop in this thread; Django is told that it is fine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Without these Chromium looks for hosts of its own that are none of our business.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = next(path for name in BROWSERS if (path := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Someone:
    """A person at a browser, told apart by what they came to do."""

    def __init__(self, context: BrowserContext, address: str, journey: str) -> None:
        self.page: Page = context.new_page()
        self.address, self.journey = address, journey
        self.complaints: list[str] = []
        self.pictures = 0
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def opens(self, path: str) -> "Someone":
        """Go to an address of the product."""
        self.page.goto(f"{self.address}{path}")
        return self

    def signs_in(self, user: User) -> "Someone":
        """By the real page."""
        self.opens("/accounts/login/")
        self.page.get_by_label("Email").fill(user.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.presses("Sign in")
        return self

    def sees(self, *words: str | re.Pattern[str]) -> "Someone":
        """These words are on the page, the page is accessible, and it is worth a picture."""
        for each in words:
            expect(self.page.locator("main, .mscc-wall, body").first).to_contain_text(each)
        assert self.complaints == []
        self.picture(str(words[0]) if words else "page")
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        return self

    def does_not_see(self, *words: str) -> "Someone":
        """None of these words is anywhere on the page."""
        for each in words:
            expect(self.page.locator("body")).not_to_contain_text(each)
        return self

    def picture(self, name: str) -> None:
        """At both widths, numbered in the order of the journey."""
        self.pictures += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        said = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
        for size in (PHONE, DESKTOP):
            self.page.set_viewport_size(size)
            file = f"{self.journey}-{self.pictures:02}-{said}-{size['width']}.png"
            self.page.screenshot(path=PICTURES / file, full_page=True)

    def presses(self, name: str, nth: int = 0) -> "Someone":
        """A button or a link, by what it says."""
        self._control(name).nth(nth).click()
        self.page.wait_for_load_state()
        return self

    def _control(self, name: str) -> Locator:
        button = self.page.get_by_role("button", name=name, exact=True)
        return button.or_(self.page.get_by_role("link", name=name, exact=True))

    def fills(self, **typed: str) -> "Someone":
        """Fields by their label; an underscore stands for a space."""
        for label, text in typed.items():
            self.page.get_by_label(label.replace("_", " ")).first.fill(text)
        return self

    def types(self, label: str, text: str) -> "Someone":
        """One field by its exact label."""
        self.page.get_by_label(label, exact=True).first.fill(text)
        return self

    def selects(self, label: str, option: str) -> "Someone":
        """One option of a list."""
        self.page.get_by_label(label, exact=True).first.select_option(label=option)
        return self

    def answers(self, question: str | re.Pattern[str], answer: str) -> "Someone":
        """One radio button or checkbox of a group, by the words of its question."""
        group = self.page.get_by_role("group", name=question).first
        choice = group.get_by_label(answer, exact=True).first
        choice.check()
        return self


@pytest.fixture
def someone(chromium: Browser, live_server: Any, request: Any) -> Iterator[Callable[..., Someone]]:
    """`someone()` is a new person at a new browser; `someone(javascript=False)` has no script."""
    contexts: list[BrowserContext] = []

    def arrive(name: str = "", **options: Any) -> Someone:
        options.setdefault("viewport", DESKTOP)
        if options.pop("javascript", True) is False:
            options["java_script_enabled"] = False
        context = chromium.new_context(locale="en-GB", timezone_id="Europe/London", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        journey = request.node.name.removeprefix("test_")[:30].strip("_")
        return Someone(context, live_server.url, f"{journey}{name and '-'}{name}")

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def team() -> Team:
    """A ward nurse, a coordinator on duty and a senior clinician, who can all be reached."""
    team = Team.build()
    on_duty(team.coordinator, team.place, clock.now() - timedelta(hours=2), hours=48)
    for user, pager in ((team.coordinator, "1001"), (team.senior, "2002")):
        user.phone = "01632 960200"
        user.save()
        ContactPointFactory(user=user, channel="pager", address=pager)
    return team
