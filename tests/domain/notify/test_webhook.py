"""Webhooks: signed, to agreed hosts only, and an answer is believed only if it says yes."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta

import pytest

from mscc import clock
from scheduling.notify import messages
from scheduling.notify.retry import Result
from scheduling.notify.transports.webhook import WebhookRules, WebhookTransport
from tests.domain.notify.cases import PATIENT, QUICK, WebhookCase, hand_over, refused
from tests.domain.notify.peers import unvouched
from tests.factories.notify import unsaved


@pytest.fixture
def hook() -> Iterator[WebhookCase]:
    made = WebhookCase()
    with made.peer:
        yield made


def test_a_call_is_signed_over_its_time_and_body_and_names_the_notice(hook):
    notice = unsaved(channel="webhook", address=hook.address)
    hook.transport(PATIENT).send(notice, messages.render(notice))
    [(headers, body)] = hook.peer.requests
    expected = hmac.new(
        b"shared", headers["X-MSCC-Timestamp"].encode() + b"." + body, hashlib.sha256
    ).hexdigest()
    assert headers["X-MSCC-Signature"] == f"sha256={expected}"
    assert headers["Idempotency-Key"] == str(notice.id)
    assert abs(int(headers["X-MSCC-Timestamp"]) - clock.now().timestamp()) < 10
    [said] = hook.peer.said()
    assert set(said) == {
        "id", "kind", "subject", "text", "reference", "what", "due", "due_local", "call_back",
        "link", "repeat",
    }  # fmt: skip
    assert said["id"] == str(notice.id)


def test_a_demo_that_was_moved_on_signs_with_the_time_of_the_world(hook):
    clock.set_shift(lambda: timedelta(hours=6))
    try:
        hand_over(hook, hook.transport(PATIENT))
    finally:
        clock.set_shift(None)
    [(headers, _)] = hook.peer.requests
    assert abs(int(headers["X-MSCC-Timestamp"]) - clock.real_now().timestamp()) < 10


def test_one_connection_serves_many_calls(hook):
    transport = hook.transport(PATIENT)
    for _ in range(5):
        hand_over(hook, transport)
    transport.close()
    assert (hook.peer.connections, len(hook.peer.requests)) == (1, 5)


@pytest.mark.parametrize("code", [200, 201, 202, 204])
def test_every_kind_of_yes_is_a_yes(hook, code):
    hook.peer.answer = (code, b"", {})
    hand_over(hook, hook.transport(PATIENT))
    assert len(hook.peer.requests) == 1


@pytest.mark.parametrize(
    ("body", "ref"), [(b"ok", ""), (b'{"id": "m-7"}', "m-7"), (b'{"status": "queued"}', "")]
)
def test_a_yes_may_say_more(hook, body, ref):
    hook.peer.answer = (200, body, {})
    assert hand_over(hook, hook.transport(PATIENT)).provider_ref == ref


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"error": "unknown recipient"}', Result.TRANSIENT),
        (b'{"errors": [1]}', Result.TRANSIENT),
        (b'{"status": "failed"}', Result.TRANSIENT),
        (b'{"ok": false}', Result.TRANSIENT),
        (b'{"success": false}', Result.TRANSIENT),
        (b'{"id": ', Result.UNKNOWN),
        (b"[]", Result.UNKNOWN),
        (b"<html>Sign in to the guest network</html>", Result.UNKNOWN),
        (b" " * 70_000, Result.UNKNOWN),
    ],
)
def test_a_200_that_says_no_is_a_no(hook, body, kind):
    hook.peer.answer = (200, body, {})
    assert refused(hook, hook.transport(PATIENT)).kind is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, Result.PERMANENT), (401, Result.CONFIG), (403, Result.CONFIG),
        (404, Result.PERMANENT), (408, Result.TRANSIENT), (410, Result.PERMANENT),
        (422, Result.PERMANENT), (425, Result.TRANSIENT), (429, Result.TRANSIENT),
        (500, Result.TRANSIENT), (502, Result.TRANSIENT), (503, Result.TRANSIENT),
    ],
)  # fmt: skip
def test_what_a_status_means(hook, code, kind):
    hook.peer.answer = (code, b"", {})
    error = refused(hook, hook.transport(PATIENT))
    assert (error.kind, error.code) == (kind, str(code))


@pytest.mark.parametrize(
    ("asked", "seconds"), [("7", 7.0), ("", None), ("Sat, 21 Nov 2026 09:00:00 GMT", None)]
)
def test_a_gateway_may_ask_for_patience(hook, asked, seconds):
    hook.peer.answer = (429, b"", {"Retry-After": asked})
    assert refused(hook, hook.transport(PATIENT)).retry_after == seconds


def test_a_redirect_is_not_followed(hook):
    hook.peer.answer = (307, b"", {"Location": hook.peer.url})
    assert refused(hook, hook.transport(PATIENT)).kind is Result.PERMANENT
    assert len(hook.peer.requests) == 1


@pytest.mark.parametrize(
    "rules",
    [
        WebhookRules("shared", frozenset({"alerts.example.org"}), plain_http=True),
        WebhookRules("shared", frozenset({"127.0.0.1"}), plain_http=True),  # without its port
        WebhookRules("shared", frozenset(), plain_http=True),
    ],
)
def test_a_host_that_was_not_agreed_on_is_never_called(hook, rules):
    error = refused(hook, WebhookTransport(rules, QUICK))
    assert (error.kind, error.code) == (Result.CONFIG, "host_not_allowed")
    assert hook.peer.connections == 0


def test_plain_http_is_refused_unless_it_was_allowed(hook):
    rules = WebhookRules("shared", frozenset({f"127.0.0.1:{hook.peer.port}"}))
    assert refused(hook, WebhookTransport(rules, QUICK)).code == "not_https"
    assert hook.peer.connections == 0


def test_a_certificate_nobody_vouches_for_gets_no_message(hook, tmp_path):
    hook.peer.socket = unvouched(tmp_path).wrap_socket(hook.peer.socket, server_side=True)
    hook.address = hook.address.replace("http://", "https://")
    error = refused(hook, hook.transport(PATIENT))
    assert (error.kind, error.code) == (Result.CONFIG, "tls")
    assert hook.peer.requests == []
