"""Every address of the service, found by walking them all: who may open it without signing in?"""

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db

# Eight doors: signing in (with a forgotten password), the status of one referral for whoever was
# given its link, a calendar behind its secret link, two probes, the API's description of itself,
# where gateways call back, and figures for a monitoring system: these ask for a shared secret
# instead, in tests/web/scheduling/test_inbound.py and test_metrics.py.
PUBLIC = {
    "accounts/login/",
    "accounts/login/code/",
    "accounts/inactive/",
    "accounts/password/reset/",
    "accounts/password/reset/sent/",
    "accounts/password/reset/done/",
    r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "status/<str:token>/",
    "duty/calendar/<str:token>.ics",
    "healthz",
    "readyz",
    "metrics",
    "api/v1/schema/",
    "inbound/govuk/receipts/",
    "inbound/govuk/replies/",
    "inbound/webhook/",
}
EXAMPLES = {
    "uuid": str(uuid.UUID(int=7)),
    "int": "7",
    "slug": "k7q-4f",
    "str": "K7Q-4F",
    "reference": "K7Q-4F",
    "path": "somewhere",
}


def addresses(resolver=None, before=""):
    """Every route with an example path, and whether it lies in the admin site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, before + route)
        elif isinstance(pattern, URLPattern):
            yield before + route


def example(route):
    """A path that a route answers for."""
    path = route
    if "(?P" in route or route.endswith("$"):
        path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", "7", route.replace(r"\.", "."))
        path = path.replace("^", "").replace("$", "").replace("?", "")
    for converter, value in EXAMPLES.items():
        path = re.sub(rf"<{converter}:\w+>", value, path)
    return "/" + re.sub(r"<\w+>", "K7Q-4F", path)


def is_public(route):
    return any(route == public or route.endswith("/" + public) for public in PUBLIC)


ROUTES = sorted(set(addresses()))


def test_the_walk_finds_the_house():
    assert len(ROUTES) > 30
    assert {"me/", "admin/", "accounts/login/", "healthz"} <= set(ROUTES)


@pytest.mark.parametrize("route", [route for route in ROUTES if not is_public(route)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_everything_else_asks_for_a_sign_in(route, method):
    answer = getattr(Client(), method)(example(route))
    if answer.status_code == 302:
        assert answer.url.startswith(("/accounts/login/", "/admin/login/")), answer.url
    else:
        assert answer.status_code == 401, answer.status_code


@pytest.mark.parametrize("route", ["accounts/login/", "accounts/password/reset/", "healthz"])
def test_the_doors_are_open(route):
    assert Client().get(example(route)).status_code == 200
