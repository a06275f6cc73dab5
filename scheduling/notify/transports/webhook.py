"""Another system, by a signed POST. Redirects are not followed: the address was agreed on."""

import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from mscc import clock
from scheduling.notify.messages import Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.retry import Result
from scheduling.notify.transports.base import (
    Limits,
    Sent,
    Transport,
    TransportError,
    network_error,
)

_TRANSIENT = frozenset({408, 425, 429})
_BODY_LIMIT = 64 * 1024  # bytes of an answer


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """`hosts`: the only ones we may call, each `host` or `host:port`."""

    secret: str
    hosts: frozenset[str]
    plain_http: bool = False  # for a machine's own loopback, never across a network


class WebhookTransport(Transport):
    channel = Channel.WEBHOOK

    def __init__(self, rules: WebhookRules, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._rules = rules
        timeout = httpx.Timeout(self.limits.read, connect=self.limits.connect)
        self._client = httpx.Client(
            timeout=timeout, verify=_trust(), follow_redirects=False, trust_env=False
        )

    def send(self, notice: Notice, message: Message) -> Sent:
        """POST one notice. Sent means a 2xx whose body does not say otherwise."""
        self._allow(notice.address)
        body = _body(notice, message)
        try:
            with self._client.stream(
                "POST",
                notice.address,
                content=body,
                headers=self._headers(notice, body),
                extensions={"trace": self._watch},
            ) as response:
                return _read(response)
        except httpx.HTTPError as error:
            raise _network(error) from error

    def close(self) -> None:
        self._client.close()
        self._socket = None

    def _allow(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        except ValueError as error:
            raise TransportError(Result.PERMANENT, "address") from error
        if parts.username is not None or not url.isascii() or not url.isprintable():
            raise TransportError(Result.PERMANENT, "address")
        schemes = ("https", "http") if self._rules.plain_http else ("https",)
        if parts.scheme not in schemes:
            raise TransportError(Result.CONFIG, "not_https")
        if place not in self._rules.hosts:
            raise TransportError(Result.CONFIG, "host_not_allowed")

    def _headers(self, notice: Notice, body: bytes) -> dict[str, str]:
        timestamp = str(int(clock.now().timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "mscc-coordination",
            "Idempotency-Key": str(notice.id),
            "X-MSCC-Timestamp": timestamp,
            "X-MSCC-Signature": f"sha256={signature(self._rules.secret, timestamp, body)}",
        }

    def _watch(self, event: str, info: dict[str, Any]) -> None:
        """Learn the socket, so that a hanging answer can be broken off."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`: the receiver refuses an old timestamp as a replay."""
    signed = timestamp.encode("ascii") + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The machine's own store, where a hospital keeps its own authority. Slow to load: once."""
    return ssl.create_default_context()


def _body(notice: Notice, message: Message) -> bytes:
    said = {
        "id": str(notice.id),
        "kind": notice.kind,
        "subject": message.subject,
        "text": message.body,
        **message.facts,
    }
    return json.dumps(said, separators=(",", ":"), sort_keys=True).encode()


def _read(response: httpx.Response) -> Sent:
    code = response.status_code
    if not 200 <= code < 300:
        raise _refused(code, response.headers.get("Retry-After", ""))
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _BODY_LIMIT:
            raise TransportError(Result.UNKNOWN, "too_much")
    return _believe(code, body)


def _believe(code: int, body: bytes) -> Sent:
    """A 2xx with an error inside it is not a success, nor is a page of a captive portal."""
    text = body.strip()
    if not text or text.lower() == b"ok":
        return Sent()
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise TransportError(Result.UNKNOWN, f"{code} unreadable") from error
    if not isinstance(answer, dict):
        raise TransportError(Result.UNKNOWN, f"{code} unreadable")
    status = str(answer.get("status", "")).lower()
    denied = any(answer.get(key) is False for key in ("ok", "success"))
    if answer.get("error") or answer.get("errors") or denied or status in ("error", "failed"):
        raise TransportError(Result.TRANSIENT, f"{code} with error")
    return Sent(str(answer.get("id", ""))[:200])


def _refused(code: int, retry_after: str) -> TransportError:
    if code in (401, 403):
        return TransportError(Result.CONFIG, str(code))
    if code in _TRANSIENT or code >= 500 or code < 200:
        return TransportError(Result.TRANSIENT, str(code), _seconds(retry_after))
    return TransportError(Result.PERMANENT, str(code))


def _seconds(retry_after: str) -> float | None:
    """Whole seconds; a date is ignored, since our own steps are never longer than a minute."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() else None


def _network(error: httpx.HTTPError) -> TransportError:
    """httpx wraps the socket's error; its class says whether the request was on its way."""
    before = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return TransportError(Result.PERMANENT, "address")
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        timed_out = isinstance(error, httpx.TimeoutException)
        cause = TimeoutError() if timed_out else ConnectionResetError()
    return network_error(cause, handed_over=not before)
