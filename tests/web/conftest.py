import re

import pytest
from django.test import Client

from scheduling.views.announced import ANNOUNCED
from tests.factories.people import PASSWORD


@pytest.fixture(autouse=True)
def _no_downtime_is_announced(monkeypatch):
    """Known and not asked for: a page costs the same whatever other test drew one before it."""
    monkeypatch.setattr(ANNOUNCED, "seconds", None)
    ANNOUNCED.forget()
    ANNOUNCED.get("next", lambda: None)


@pytest.fixture
def signed_in():
    """A browser in which somebody has signed in by the real page, with CSRF checks on."""

    def sign_in(user, **client):
        browser = Client(enforce_csrf_checks=True, **client)
        answer = submit(browser, "/accounts/login/", login=user.email, password=PASSWORD)
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return sign_in


def submit(browser, path, /, **typed):
    """Open a page and post its form, as a browser does."""
    page = browser.get(typed.pop("page", path))
    assert page.status_code == 200, page.status_code
    return browser.post(path, {"csrfmiddlewaretoken": token_in(page), **typed})


def token_in(page):
    """The CSRF token of the first form on a page."""
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture(name="token_in")
def token_in_fixture():
    return token_in


@pytest.fixture(name="submit")
def submit_fixture():
    return submit
