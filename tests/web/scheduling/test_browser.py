"""Switching on the browser one is using."""

import pytest

from mscc.people.models import ContactPoint
from scheduling.models import PushSubscription
from scheduling.notify.subscriptions import find, packed
from tests.domain.notify.browser import Browser
from tests.factories.people import person

pytestmark = pytest.mark.django_db
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/abc"


@pytest.fixture(autouse=True)
def key(settings):
    settings.NOTIFY = {
        "PUSH_KEY": packed(b"\x07" * 32),
        "PUSH_HOSTS": ["updates.push.services.mozilla.com", ".notify.windows.com"],
    }


def given(endpoint=ENDPOINT):
    made = Browser()
    return {"endpoint": endpoint, "p256dh": packed(made.p256dh), "auth": packed(made.auth)}


def test_the_browser_becomes_a_way_to_be_reached(signed_in, submit):
    user = person("coordinator")
    answer = submit(signed_in(user), "/browser/", **given())
    assert (answer.status_code, answer.url) == (302, "/me/")
    point = ContactPoint.objects.get(user=user)
    assert (point.channel, point.proven_at) == ("push", None)
    assert find(point.address).endpoint == ENDPOINT


def test_the_same_browser_again_is_the_same_contact_point_with_its_new_keys(signed_in, submit):
    browser = signed_in(person("coordinator"))
    submit(browser, "/browser/", **given())
    again = given()
    submit(browser, "/browser/", **again)
    assert ContactPoint.objects.count() == 1
    assert PushSubscription.objects.get().p256dh == again["p256dh"]


def test_a_browser_rings_for_whoever_switched_it_on_last(signed_in, submit):
    first, second = person("coordinator"), person("coordinator")
    submit(signed_in(first), "/browser/", **given())
    submit(signed_in(second), "/browser/", **given())
    assert find(ContactPoint.objects.get(user=first).address) is None
    assert find(ContactPoint.objects.get(user=second).address).endpoint == ENDPOINT


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""},
        {"endpoint": "https://evil.example.org/1"},
        {"endpoint": "http://updates.push.services.mozilla.com/1"},
        {"endpoint": "https://notify.windows.com.evil.example/1"},
        {"p256dh": "short"},
        {"auth": ""},
    ],
)
def test_what_could_not_be_rung_is_refused_in_words(signed_in, submit, wrong):
    answer = submit(signed_in(person("coordinator")), "/browser/", **(given() | wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not ContactPoint.objects.exists()


def test_without_a_key_the_page_says_so(signed_in, submit, settings):
    settings.NOTIFY = {}
    browser = signed_in(person("coordinator"))
    assert "no key for browsers yet" in browser.get("/browser/").content.decode()
    assert not PushSubscription.objects.exists()
