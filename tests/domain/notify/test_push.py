"""Web push: encrypted as the standard's own example says, and signed as ours."""

import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from mscc import clock
from scheduling.notify.retry import Result
from scheduling.notify.subscriptions import Subscription, packed, readable, unpacked
from scheduling.notify.transports import TransportError
from scheduling.notify.transports.push import (
    PushRules,
    PushTransport,
    encrypted,
    private_key,
    public_text,
)
from tests.domain.notify.cases import PATIENT, PushCase, hand_over, refused

# RFC 8291, section 5 and appendix A.
THEIRS = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RESULT = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


@pytest.fixture
def browser():
    made = PushCase()
    with made.peer:
        yield made


def test_the_standards_own_example_comes_out():
    to = Subscription("https://push.example.net/1", unpacked(THEIRS), unpacked(AUTH))
    text = b"When I grow up, I want to be a watermelon"
    salt = unpacked("DGv6ra1nlYgDCS1FRnbzlw")
    assert packed(encrypted(text, to, salt=salt, key=private_key(OURS))) == RESULT


def test_the_browser_reads_what_its_maker_cannot(browser):
    hand_over(browser, browser.transport(PATIENT))
    [(headers, body)] = browser.peer.requests
    assert b"K7Q-4F" not in body
    said = browser.browser.read(body)
    assert said["title"] == "MSCC target missed K7Q-4F"
    assert said["link"].endswith("/notices/ack/" + "a" * 32 + "/")
    assert headers["Content-Encoding"] == "aes128gcm"
    assert (headers["Urgency"], int(headers["TTL"]) > 0) == ("high", True)
    assert headers["Topic"] == said["tag"]


def test_the_call_is_signed_with_our_key_for_that_maker_alone(browser):
    hand_over(browser, browser.transport(PATIENT))
    [(headers, _body)] = browser.peer.requests
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    said, _, signature = token.rpartition(".")
    raw = unpacked(signature)
    ours = private_key(browser.key)
    assert key == public_text(ours)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    ours.public_key().verify(der, said.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(unpacked(said.split(".")[1]))
    assert claims["aud"] == f"http://127.0.0.1:{browser.peer.port}"
    assert claims["sub"] == "mailto:mscc@example.org"
    assert 0 < claims["exp"] - clock.real_now().timestamp() <= 24 * 3600


@pytest.mark.parametrize("code", [404, 410])
def test_a_browser_that_is_gone_is_not_tried_again(browser, code):
    browser.peer.answer = (code, b"", {})
    assert refused(browser, browser.transport(PATIENT)).kind is Result.PERMANENT


def test_a_maker_that_was_not_agreed_on_is_never_called(browser):
    theirs = browser.browser.subscription(browser.peer.url)
    rules = PushRules(
        browser.key, "mailto:a@b.example", frozenset({".push.example.org"}), lambda _: theirs, True
    )
    error = refused(browser, PushTransport(rules, PATIENT))
    assert (error.kind, error.code) == (Result.CONFIG, "host_not_allowed")
    assert browser.peer.connections == 0


@pytest.mark.parametrize("key", ["", "short", "é" * 43, packed(b"\0" * 32)])
def test_a_key_that_is_none_is_ours_to_mend(key):
    with pytest.raises(TransportError) as caught:
        PushTransport(PushRules(key, "mailto:a@b.example", frozenset(), lambda _: None))
    assert caught.value.kind is Result.CONFIG


def test_what_is_not_a_browsers_key_is_told_apart():
    assert readable(THEIRS, AUTH)
    assert not readable(THEIRS[:-4], AUTH)
    assert not readable("A" * 87, AUTH)
    assert not readable(THEIRS, "BTBZ")
    assert not readable("!", "é")
