"""What every test shares: which tests need a browser, and which must have the machine alone."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from mscc import clock

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
# Playwright's synchronous API runs an event loop in this thread; Django is told that it is fine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# On a busy machine a slow example is not a wrong one.
settings.register_profile(
    "house", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browser = any(shutil.which(name) for name in BROWSERS)
    no_browser = pytest.mark.skip(reason="no Chromium: as root, apt-get install chromium")
    for item in items:
        if item.get_closest_marker("journey") and not browser:
            item.add_marker(no_browser)
        if item.get_closest_marker("serial") or item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.xdist_group("one at a time"))


# The append-only tables refuse to be emptied, by anybody. Tests with real connections empty the
# database between them, so for that one statement the guards stand aside.
ASIDE = """
DO $$ DECLARE guarded regclass; BEGIN
    FOR guarded IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'append_only_truncate'
    LOOP EXECUTE format('ALTER TABLE %s {verb} TRIGGER append_only_truncate', guarded); END LOOP;
END $$
"""


@pytest.fixture(autouse=True, scope="session")
def guards_stand_aside_between_tests() -> Iterator[None]:
    empty = DatabaseOperations.execute_sql_flush

    def flush(operations: DatabaseOperations, statements: list[str]) -> None:
        empty(
            operations,
            [ASIDE.format(verb="DISABLE"), *statements, ASIDE.format(verb="ENABLE")],
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def the_time_is_not_the_demos(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's clock lies in the database, which a test without one may not ask."""
    monkeypatch.setattr(clock, "_shift", None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for every test of this process: Playwright does not run twice in a thread."""
    with sync_playwright() as playwright:
        path = next(path for name in BROWSERS if (path := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
