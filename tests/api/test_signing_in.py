"""Who a request comes from, and what it is told when nobody knows."""

import json

import pytest
from django.test import Client

from mscc.events import Actor
from mscc.people import changes
from tests.factories.people import PASSWORD, person
from tests.factories.referrals import AT, Team, refer

pytestmark = pytest.mark.django_db


def is_problem(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:mscc:problem:{code}"
    assert body["title"]
    assert body["detail"]
    return body


def test_nobody_is_told_to_sign_in(program):
    answer = program().get("board/")
    is_problem(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token nobody", "Token \xff"])
def test_a_token_nobody_has_is_refused(header):
    answer = Client().get("/api/v1/board/", headers={"Authorization": header})
    is_problem(answer, 401, "authentication_failed")


def test_a_token_stops_working_when_it_is_removed_or_its_owner_disabled(program):
    user = Team.build().coordinator
    by = Actor.user(user)
    first = program(user)
    assert first.get("me/").status_code == 200
    changes.drop_token(user, by=by, at=AT)
    assert first.get("me/").status_code == 401
    second = program(user)
    changes.disable(user, by=by, at=AT)
    assert second.get("me/").status_code == 401


def signed_in(user):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/accounts/login/")
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = {"csrfmiddlewaretoken": token, "login": user.email, "password": PASSWORD}
    assert browser.post("/accounts/login/", sent).status_code == 302
    return browser, browser.cookies["mscc-csrf"].value


def test_a_session_reads_but_writes_only_with_its_csrf_token():
    team = Team.build()
    referral = refer(team)
    browser, token = signed_in(team.coordinator)
    address = f"/api/v1/referrals/{referral.reference}/take/"
    sent = {"data": json.dumps({}), "content_type": "application/json"}

    assert browser.get("/api/v1/me/").status_code == 200
    body = is_problem(browser.post(address, **sent), 403, "permission_denied")
    assert "CSRF" in body["detail"]
    assert browser.post(address, **sent, headers={"X-CSRFToken": token}).status_code == 200


def test_an_address_that_is_not_there_is_a_problem_too(program):
    is_problem(program(person("coordinator")).get("nowhere/"), 404, "not_found")
    is_problem(program(person("coordinator")).get("referrals/not-a-reference/"), 404, "not_found")


def test_a_method_an_address_does_not_have_is_named(program):
    coordinator = program(person("coordinator"))
    answer = coordinator.client.delete("/api/v1/board/", headers=coordinator.headers)
    is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_who_asks_too_often_is_told_for_how_long_to_wait(program, settings):
    settings.RATE_PERSON = 2
    coordinator = program(person("coordinator"))
    for _ in range(2):
        assert coordinator.get("me/").status_code == 200
    answer = coordinator.get("me/")
    is_problem(answer, 429, "too_many_requests")
    assert answer.headers["Retry-After"] == "10"


def test_the_schema_and_its_page_are_for_who_is_signed_in():
    coordinator = person("coordinator")
    assert Client().get("/api/v1/schema/").status_code == 401
    assert Client().get("/api/v1/docs/").status_code == 302
    browser, _ = signed_in(coordinator)
    assert browser.get("/api/v1/schema/").content.startswith(b"openapi: 3")
    page = browser.get("/api/v1/docs/")
    assert page.status_code == 200
    # What the policy would block is not there: no script, no style inside the page.
    text = page.content.decode()
    assert "<style" not in text
    assert all(tag.startswith(" src=") for tag in text.split("<script")[1:])
