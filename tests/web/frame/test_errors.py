"""What a person reads when something went wrong."""

import io
import json
import logging

import pytest
import structlog
from django.test import Client

from tests.factories.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.frame.urls")]


@pytest.fixture
def logged():
    """Everything that reached the log while a test ran, as it would be written."""
    [handler] = [
        handler
        for handler in logging.root.handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    written = io.StringIO()
    before, level = handler.setStream(written), logging.root.manager.disable
    logging.disable(logging.NOTSET)
    yield written.getvalue
    logging.disable(level)
    handler.setStream(before)


def test_a_page_that_is_not_there_says_so_and_leads_home():
    browser = Client()
    browser.force_login(person("coordinator"))
    answer = browser.get("/no/such/page/")
    assert answer.status_code == 404
    assert "It is not there, or it is not yours to see." in answer.content.decode()


def test_a_text_of_a_megabyte_is_refused_with_a_sentence():
    answer = Client().post("/reads/", {"note": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "Notes can have up to 10,000 characters." in answer.content.decode()


def test_a_long_letter_is_not_refused():
    answer = Client().post("/reads/", {"note": "x" * 10_000})
    assert answer.content.decode() == "10000 characters"


def test_a_form_without_its_token_is_refused_with_a_sentence():
    answer = Client(enforce_csrf_checks=True).post("/reads/", {"note": "x"})
    assert answer.status_code == 403
    assert "Session check failed. Reload." in answer.content.decode()


def test_a_program_is_answered_with_a_problem_in_json():
    answer = Client(enforce_csrf_checks=True).post(
        "/reads/", {"note": "x"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "Session check failed. Reload."


def test_a_failure_of_ours_shows_a_page_and_nothing_of_the_failure():
    browser = Client(raise_request_exception=False)
    answer = browser.get("/breaks/one-time-token/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "ring the MSCC coordinator now" in page
    assert "Zebedee" not in page


def test_a_database_that_is_away_or_busy_is_said_to_come_back():
    browser = Client(raise_request_exception=False)
    answer = browser.get("/waits/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    answer = browser.get("/waits/", headers={"Accept": "application/json"})
    assert answer.json()["status"] == 503


def test_the_log_of_a_failure_says_where_and_never_what_was_typed(logged):
    Client(raise_request_exception=False).get("/breaks/one-time-token/?q=Zebedee")
    log = logged()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    [failure] = [line for line in lines if line["event"] == "request_failed"]
    assert failure["error"] == "builtins.RuntimeError"
    assert failure["where"][-1].endswith(" breaks")
    assert failure["timestamp"].endswith("Z")
    for secret in ("Zebedee", "999 000 0000", "one-time-token"):
        assert secret not in log


def test_each_request_is_one_line_with_its_route_and_without_its_query(logged):
    Client().post("/reads/?name=Zebedee", {"note": "Zebedee"})
    log = logged()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    [line] = [line for line in lines if line["event"] == "request_finished"]
    assert (line["request"], line["code"]) == ("POST reads/", 200)
    assert "request_id" in line
    assert "Zebedee" not in log
