"""A real browser, the real product behind it, and gateways here that take its messages."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext

from mscc import clock
from scheduling.domain.rounds import dispatch_round, sweep_round
from scheduling.views import board
from tests.domain.notify.peers import MailServer, PagingServer
from tests.factories.people import ContactPointFactory, Place
from tests.factories.referrals import Team
from tests.factories.rota import on_duty
from tests.journeys.someone import DESKTOP, PHONE, PICTURES, Someone


class Gateways:
    """A mail server and a pager gateway, with what they were given."""

    def __init__(self, mail: MailServer, pager: PagingServer) -> None:
        self.mail, self.pager = mail, pager

    def letters_to(self, address: str) -> list[str]:
        """The words of every letter to somebody, oldest first."""
        return [
            f"{letter['Subject']}\n{letter.get_content()}"
            for letter in self.mail.letters
            if address in str(letter["To"])
        ]

    def everything(self) -> str:
        """Every byte that left the house."""
        letters = b"\n".join(self.mail.raw).decode(errors="replace")
        return letters + "\n".join(self.pager.commands)


@pytest.fixture
def gateways(settings: Any) -> Iterator[Gateways]:
    """Where this product's letters and pages really arrive."""
    with ExitStack() as stack:
        mail, pager = stack.enter_context(MailServer()), stack.enter_context(PagingServer())
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.NOTIFY = {
            "SNPP_HOST": "127.0.0.1",
            "SNPP_PORT": pager.port,
            "WEBHOOK_SECRET": "",
            "WEBHOOK_HOSTS": [],
            "PLAIN_HTTP": False,
            "CONSOLE": True,
        }
        yield Gateways(mail, pager)


@pytest.fixture
def watch(transactional_db: Any, gateways: Gateways) -> Iterator[None]:
    """Somebody sweeps the clocks and sends what waits, as the workers do: every second here."""
    awake, over = threading.Event(), threading.Event()

    def work() -> None:
        try:
            while not over.is_set():
                sweep_round(clock.now)
                dispatch_round(clock.now)
                awake.set()
                over.wait(1)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert awake.wait(20)
    yield
    over.set()
    worker.join()


@pytest.fixture
def someone(
    chromium: Browser, live_server: Any, watch: None, request: Any, settings: Any
) -> Iterator[Callable[..., Someone]]:
    """`someone()` is a new person at a new browser.

    `someone(phone=True)` works on a phone, `someone(script=False)` has no script.
    """
    settings.PUBLIC_URL = live_server.url
    # What one story's board remembered must not be another's.
    board.FRAGMENTS.forget()
    board.OVERVIEWS.forget()
    contexts: list[BrowserContext] = []
    people = request.node.people = []
    story = request.node.name.removeprefix("test_")[:30].strip("_")
    for old in PICTURES.glob(f"{story}-*.png"):
        old.unlink()

    def arrive(name: str = "", *, phone: bool = False, script: bool = True) -> Someone:
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Europe/London",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        sizes = (PHONE,) if phone else (PHONE, DESKTOP)
        told = f"{story}-{name}" if name else story
        one = Someone(context, live_server.url, told, sizes=sizes, script=script)
        people.append(one)
        return one

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def team(transactional_db: Any) -> Team:
    """A ward nurse, a coordinator on duty and a senior clinician, who can all be reached."""
    team = Team.build(named_place())
    names = {"nurse": "Nia Ward", "coordinator": "Cora Nator", "senior": "Dr Sena Iyer"}
    for part, name in names.items():
        user = getattr(team, part)
        user.name, user.phone = name, "01632 960200"
        user.save()
    since = clock.now() - timedelta(hours=2)
    on_duty(team.coordinator, team.place, since, hours=48)
    on_duty(team.senior, team.place, since, hours=48, role="senior_clinician")
    for user, number in ((team.coordinator, "1001"), (team.senior, "2002")):
        ContactPointFactory(user=user, channel="pager", address=number)
        ContactPointFactory(user=user, channel="email", address=user.email)
    return team


def named_place(alliance: Any = None, trust: str = "North Trust") -> Place:
    """Names that can be told apart in a picture. No real trust is named."""
    place = Place.build(alliance)
    if alliance is None:
        place.alliance.name = "Example Alliance"
    place.trust.name = f"Example {trust}"
    place.hospital.name = f"Example {trust.split()[0]} Hospital"
    place.ward.name = "Ward 4C"
    for organisation in (place.alliance, place.trust, place.hospital, place.ward):
        organisation.phone = organisation.phone or "01632 960999"
        organisation.save()
    return place


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any) -> Any:
    """A story that stops says where it stopped, and what stood on the page."""
    report = yield
    people = getattr(item, "people", [])
    if report.when == "call" and report.failed:
        for one in people:
            one.picture("stopped-here")
            words = one.page.locator("body").inner_text()
            report.sections.append((f"{one.story} at {one.page.url}", words))
    return report
