"""Text messages: what GOV.UK Notify is told, and what its refusals mean."""

import hashlib
import hmac
import json

import pytest

from mscc import clock
from scheduling.notify import messages
from scheduling.notify.retry import Result
from scheduling.notify.subscriptions import packed, unpacked
from scheduling.notify.transports import TransportError
from scheduling.notify.transports.sms import NotifyService, SmsTransport
from tests.domain.notify.cases import PATIENT, SmsCase, hand_over, refused
from tests.factories.notify import unsaved


@pytest.fixture
def notify():
    made = SmsCase()
    with made.peer:
        yield made


def test_the_message_goes_out_with_its_number_as_reference(notify):
    notice = unsaved(channel="sms", reply_code="4821")
    sent = notify.transport(PATIENT).send(notice, messages.render(notice))
    assert sent.provider_ref == "740e5834-3a29-46b4-9a6f-16142fde533a"
    [said] = notify.peer.said()
    assert said["reference"] == str(notice.id)
    assert said["phone_number"] == "07700900123"
    assert said["personalisation"]["text"].endswith("Reply 4821 to acknowledge")
    assert set(said) == {"phone_number", "template_id", "personalisation", "reference"}


def test_the_token_is_signed_with_the_secret_and_names_the_service(notify):
    hand_over(notify, notify.transport(PATIENT))
    [(headers, _body)] = notify.peer.requests
    head, claims, signature = headers["Authorization"].removeprefix("Bearer ").split(".")
    expected = hmac.new(notify.secret.encode(), f"{head}.{claims}".encode(), hashlib.sha256)
    assert signature == packed(expected.digest())
    assert json.loads(unpacked(head)) == {"alg": "HS256", "typ": "JWT"}
    said = json.loads(unpacked(claims))
    assert said["iss"] == notify.service
    assert abs(said["iat"] - clock.real_now().timestamp()) < 30
    assert set(said) == {"iss", "iat"}


def test_a_number_that_takes_replies_is_named(notify):
    key = f"k-{notify.service}-{notify.secret}"
    url = f"http://127.0.0.1:{notify.peer.port}/"
    service = NotifyService(url, key, "template", sender="sender-1", plain_http=True)
    hand_over(notify, SmsTransport(service, PATIENT))
    assert notify.peer.said()[0]["sms_sender_id"] == "sender-1"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("phone_number Number is not valid", Result.PERMANENT),
        ("Can't send to this recipient using a team-only API key", Result.CONFIG),
        ("Template not found", Result.CONFIG),
        ("Missing personalisation: text", Result.CONFIG),
    ],
)
def test_a_400_is_about_the_number_or_about_us(notify, message, kind):
    body = json.dumps({"errors": [{"error": "BadRequestError", "message": message}]}).encode()
    notify.peer.answer = (400, body, {})
    error = refused(notify, notify.transport(PATIENT))
    assert (error.kind, error.code) == (kind, "400")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": "no"}', b'{"errors": [1]}'])
def test_a_400_without_a_reason_is_ours_to_mend(notify, body):
    notify.peer.answer = (400, body, {})
    assert refused(notify, notify.transport(PATIENT)).kind is Result.CONFIG


def test_a_yes_without_its_number_may_have_arrived(notify):
    notify.peer.answer = (201, b"{}", {})
    assert refused(notify, notify.transport(PATIENT)).kind is Result.UNKNOWN


@pytest.mark.parametrize(
    ("key", "url", "code"),
    [
        ("nonsense", "https://api.example.org", "key"),
        (f"k-{SmsCase.service}-{SmsCase.secret}", "http://api.example.org", "not_https"),
    ],
)
def test_what_is_set_up_wrongly_is_ours_to_mend(key, url, code):
    with pytest.raises(TransportError) as caught:
        SmsTransport(NotifyService(url, key, "template"))
    assert (caught.value.kind, caught.value.code) == (Result.CONFIG, code)
