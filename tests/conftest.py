"""What every test shares: which tests need a browser, and which must have the machine alone."""

import shutil

import pytest
from hypothesis import HealthCheck, settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

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
