"""Another system, by a signed POST."""

import hashlib
import hmac
from dataclasses import dataclass

from mscc import clock
from scheduling.notify.messages import Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.retry import Result
from scheduling.notify.transports.base import Limits, Sent, TransportError
from scheduling.notify.transports.http import (
    Answer,
    HttpTransport,
    agreed,
    as_json,
    contradicted,
)


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """`hosts`: the only ones we may call, each `host` or `host:port`."""

    secret: str
    hosts: frozenset[str]
    plain_http: bool = False  # for a machine's own loopback, never across a network


class WebhookTransport(HttpTransport):
    channel = Channel.WEBHOOK

    def __init__(self, rules: WebhookRules, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._rules = rules

    def send(self, notice: Notice, message: Message) -> Sent:
        """POST one notice. Sent means a 2xx whose body does not say otherwise."""
        agreed(notice.address, self._rules.hosts, plain_http=self._rules.plain_http)
        body = _body(notice, message)
        return _believe(self.post(notice.address, body, self._headers(notice, body)))

    def _headers(self, notice: Notice, body: bytes) -> dict[str, str]:
        # Whoever gets it refuses an old one by the world's clock, which the demo does not move.
        timestamp = str(int(clock.real_now().timestamp()))
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": str(notice.id),
            "X-MSCC-Timestamp": timestamp,
            "X-MSCC-Signature": f"sha256={signature(self._rules.secret, timestamp, body)}",
        }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`: the receiver refuses an old timestamp as a replay."""
    signed = timestamp.encode("ascii") + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _body(notice: Notice, message: Message) -> bytes:
    return as_json(
        {
            "id": str(notice.id),
            "kind": notice.kind,
            "subject": message.subject,
            "text": message.body,
            **message.facts,
        }
    )


def _believe(answer: Answer) -> Sent:
    """A 2xx with an error inside it is not a success, nor is a page of a captive portal."""
    text = answer.body.strip()
    if not text or text.lower() == b"ok":
        return Sent()
    said = answer.said()
    if contradicted(said):
        raise TransportError(Result.TRANSIENT, f"{answer.code} with error")
    return Sent(str(said.get("id", ""))[:200])
