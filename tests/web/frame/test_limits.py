"""Budgets of requests, and life without Redis."""

import time
from uuid import uuid4

import pytest
from django.test import Client

from mscc.web.cache import ForgivingRedisCache
from tests.factories.people import PASSWORD, person

GONE = "redis://127.0.0.1:1/0"  # nothing listens on port 1


@pytest.fixture
def budgets(settings):
    """Small budgets, counted apart from other tests', by a Redis that may take its time."""
    settings.RATE_PERSON, settings.RATE_ADDRESS, settings.RATE_ACKNOWLEDGE = 3, 5, 2
    patient = {"socket_connect_timeout": 10, "socket_timeout": 10}
    own = {"KEY_PREFIX": uuid4().hex, "OPTIONS": patient}
    settings.CACHES = {"default": settings.CACHES["default"] | own}


@pytest.mark.django_db
def test_a_script_that_asks_too_often_is_told_when_to_come_back(budgets):
    browser = Client()
    codes = [browser.get("/accounts/login/").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = browser.get("/accounts/login/")
    assert answer.headers["Retry-After"] == "10"
    assert "Wait 10 seconds, then try again." in answer.content.decode()
    answer = browser.get("/accounts/login/", headers={"Accept": "application/json"})
    assert answer.json()["status"] == 429


@pytest.mark.django_db
def test_acknowledging_has_a_budget_of_its_own(budgets):
    browser = Client()
    codes = [browser.get("/accounts/login/").status_code for _ in range(6)]
    assert codes == [200, 200, 200, 429, 429, 429]
    codes = [browser.get("/notices/ack/any/").status_code for _ in range(3)]
    assert codes == [302, 302, 429]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "answered"), [("/accounts/login/", 200), ("/notices/ack/any/", 302)]
)
def test_one_address_cannot_get_round_it_with_new_cookies(budgets, path, answered):
    codes = [
        Client(headers={"Authorization": f"Token {n}"}).get(path).status_code for n in range(6)
    ]
    assert codes == [answered] * 5 + [429]
    assert Client(REMOTE_ADDR="10.9.9.9").get(path).status_code == answered


@pytest.mark.django_db
def test_probes_are_never_counted(budgets):
    browser = Client()
    assert {browser.get("/healthz").status_code for _ in range(9)} == {200}


@pytest.mark.django_db
def test_without_redis_everybody_gets_in_and_hardly_waits(settings, budgets, submit):
    settings.CACHES = {
        "default": {"BACKEND": "mscc.web.cache.ForgivingRedisCache", "LOCATION": GONE}
    }
    user = person("coordinator")
    browser = Client()
    started = time.monotonic()
    answer = submit(browser, "/accounts/login/", login=user.email, password=PASSWORD)
    assert answer.status_code == 302
    assert {browser.get("/me/").status_code for _ in range(9)} == {200}
    assert time.monotonic() - started < 3


def test_a_cache_that_is_gone_answers_not_there():
    gone = ForgivingRedisCache(GONE, {})
    assert gone.get("key", "otherwise") == "otherwise"
    gone.set("key", 1)
    assert gone.add("key", 1) is True
    assert gone.incr("key") == 1
    assert gone.get_many(["key"]) == {}
    assert gone.has_key("key") is False
    assert gone.count(["a", "b"], 10) == [0, 0]


def test_after_a_failure_redis_is_left_alone_for_a_while():
    gone = ForgivingRedisCache(GONE, {})
    asked = []

    def ask():
        asked.append(1)
        raise ConnectionError

    assert gone.attempt(ask, "otherwise") == "otherwise"
    assert gone.attempt(ask, "otherwise") == "otherwise"
    assert len(asked) == 1
