"""Text messages by GOV.UK Notify: one template with one field, `text`, and a signed token.

What became of a message comes later, to an address of ours: see `scheduling/notify/receipts.py`.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mscc import clock
from scheduling.notify.messages import SHORT_LIMIT, Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.retry import Result
from scheduling.notify.subscriptions import packed
from scheduling.notify.transports.base import Limits, Sent, TransportError
from scheduling.notify.transports.http import (
    Answer,
    HttpTransport,
    as_json,
    by_status,
    contradicted,
)

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(rf"(?:.*-)?(?P<service>{_UUID})-(?P<secret>{_UUID})")
_NUMBER = re.compile(r"\+?\d{8,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NotifyService:
    """`key` is as GOV.UK Notify shows it once: name, service and secret in one word."""

    url: str
    key: str
    template: str
    sender: str = ""  # the id of the number it comes from; needed where people may reply
    plain_http: bool = False  # for a machine's own loopback, never across a network


class SmsTransport(HttpTransport):
    channel = Channel.SMS

    def __init__(self, service: NotifyService, limits: Limits | None = None) -> None:
        super().__init__(limits)
        found = _KEY.fullmatch(service.key.strip().lower())
        if found is None:
            raise TransportError(Result.CONFIG, "key")
        if not service.url.startswith(
            ("https://", "http://") if service.plain_http else "https://"
        ):
            raise TransportError(Result.CONFIG, "not_https")
        self._service, self._issuer, self._secret = service, found["service"], found["secret"]
        self._url = f"{service.url.rstrip('/')}/v2/notifications/sms"

    def send(self, notice: Notice, message: Message) -> Sent:
        """Hand one text message over; its `reference` is the notice's number."""
        if not _NUMBER.fullmatch(notice.address):
            raise TransportError(Result.PERMANENT, "address")
        if len(message.body) > SHORT_LIMIT:
            raise TransportError(Result.CONFIG, "text")
        said: dict[str, Any] = {
            "phone_number": notice.address,
            "template_id": self._service.template,
            "personalisation": {"text": message.body},
            "reference": str(notice.id),
        }
        if self._service.sender:
            said["sms_sender_id"] = self._service.sender
        # Notify allows its clock and ours half a minute; the demo's moved clock is not meant.
        issued = int(clock.real_now().timestamp())
        bearer = token(self._secret, {"iss": self._issuer, "iat": issued})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"}
        return _believe(self.post(self._url, as_json(said), headers))

    def refused(self, answer: Answer) -> TransportError:
        """A 400 is about the number or about our template and key: the body says which."""
        if answer.code == 400:
            kind = Result.PERMANENT if _blames_the_number(answer) else Result.CONFIG
            return TransportError(kind, "400")
        if answer.code == 404:
            return TransportError(Result.CONFIG, "404")
        return by_status(answer)


def token(secret: str, claims: Mapping[str, Any]) -> str:
    """A JSON Web Token signed with HS256 (RFC 7519)."""
    said = f"{packed(as_json({'alg': 'HS256', 'typ': 'JWT'}))}.{packed(as_json(claims))}"
    return f"{said}.{packed(hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest())}"


def _blames_the_number(answer: Answer) -> bool:
    """Whether the number itself is wrong. The peer's words are looked at and never kept."""
    try:
        errors = answer.said().get("errors")
    except TransportError:
        return False
    listed = errors if isinstance(errors, list) else []
    messages = [str(each.get("message", "")) for each in listed if isinstance(each, dict)]
    return any("phone_number" in each or "phone number" in each for each in messages)


def _believe(answer: Answer) -> Sent:
    """Only an answer with Notify's own number for the message is a yes."""
    said = answer.said()
    if contradicted(said):
        raise TransportError(Result.TRANSIENT, f"{answer.code} with error")
    ref = said.get("id")
    if not isinstance(ref, str) or not ref:
        raise TransportError(Result.UNKNOWN, f"{answer.code} without id")
    return Sent(ref[:200])
