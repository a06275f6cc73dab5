"""What the transports over HTTP share: one kept connection, limits, and what an answer means."""

import json
import logging
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from scheduling.notify.retry import Result
from scheduling.notify.transports.base import Limits, Transport, TransportError, network_error

AGENT = "mscc-coordination"
_TRANSIENT = frozenset({408, 425, 429})
# It logs the address of every call, which may hold a token.
logging.getLogger("httpx").setLevel(logging.WARNING)
_BODY_LIMIT = 64 * 1024  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said, whole and bounded."""

    code: int
    body: bytes
    headers: Mapping[str, str]

    def said(self) -> dict[str, Any]:
        """The JSON object in the body; TransportError(unknown) for anything else."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise TransportError(Result.UNKNOWN, f"{self.code} unreadable") from error
        if not isinstance(found, dict):
            raise TransportError(Result.UNKNOWN, f"{self.code} unreadable")
        return found


class HttpTransport(Transport):
    """One thread's way to POST. Redirects are not followed: the address was agreed on."""

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__(limits)
        timeout = httpx.Timeout(self.limits.read, connect=self.limits.connect)
        self._client = httpx.Client(
            timeout=timeout, verify=_trust(), follow_redirects=False, trust_env=False
        )

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer if it is a 2xx; what any other means is said by `refused`."""
        try:
            with self._client.stream(
                "POST",
                url,
                content=content,
                headers={"User-Agent": AGENT, **headers},
                extensions={"trace": self._watch},
            ) as response:
                answer = _whole(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _network(error) from error
        if not 200 <= answer.code < 300:
            raise self.refused(answer)
        return answer

    def refused(self, answer: Answer) -> TransportError:
        """What an answer that is not a yes means; some gateways say more in the body."""
        return by_status(answer)

    def close(self) -> None:
        self._client.close()
        self._socket = None

    def _watch(self, event: str, info: dict[str, Any]) -> None:
        """Learn the socket, so that a hanging answer can be broken off."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")


def agreed(url: str, hosts: Iterable[str], *, plain_http: bool = False) -> str:
    """The place of an address (`host` or `host:port`), if it may be called; else TransportError.

    A host that begins with a dot stands for every host below it. `plain_http` is for a machine's
    own loopback, never across a network.
    """
    try:
        parts = urlsplit(url)
        place = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError as error:
        raise TransportError(Result.PERMANENT, "address") from error
    if parts.username is not None or not url.isascii() or not url.isprintable():
        raise TransportError(Result.PERMANENT, "address")
    if parts.scheme not in (("https", "http") if plain_http else ("https",)):
        raise TransportError(Result.CONFIG, "not_https")
    if parts.scheme == "https":
        place = place.removesuffix(":443")
    below = [host for host in hosts if host.startswith(".")]
    if place not in hosts and not any(place.endswith(host) for host in below):
        raise TransportError(Result.CONFIG, "host_not_allowed")
    return place


def by_status(answer: Answer) -> TransportError:
    """The usual meaning of a status."""
    code = answer.code
    if code in (401, 403):
        return TransportError(Result.CONFIG, str(code))
    if code in _TRANSIENT or code >= 500 or code < 200:
        return TransportError(Result.TRANSIENT, str(code), patience(answer))
    return TransportError(Result.PERMANENT, str(code))


def patience(answer: Answer) -> float | None:
    """The seconds of Retry-After; a date is ignored, since our own steps are never longer than a
    minute."""
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else None


def contradicted(said: Mapping[str, Any]) -> bool:
    """Whether a yes has an error inside it."""
    denied = any(said.get(key) is False for key in ("ok", "success"))
    status = str(said.get("status", "")).lower()
    return bool(said.get("error") or said.get("errors") or denied or status in ("error", "failed"))


def as_json(said: Mapping[str, Any]) -> bytes:
    """The same bytes for the same things, so that a signature can be checked again."""
    return json.dumps(said, separators=(",", ":"), sort_keys=True).encode()


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The machine's own store, where a hospital keeps its own authority. Slow to load: once."""
    return ssl.create_default_context()


def _whole(response: httpx.Response) -> Answer:
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _BODY_LIMIT:
            raise TransportError(Result.UNKNOWN, "too_much")
    return Answer(response.status_code, body, response.headers)


def _network(error: httpx.HTTPError | httpx.InvalidURL) -> TransportError:
    """httpx wraps the socket's error; its class says whether the request was on its way."""
    before = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return TransportError(Result.PERMANENT, "address")
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        timed_out = isinstance(error, httpx.TimeoutException)
        cause = TimeoutError() if timed_out else ConnectionResetError()
    return network_error(cause, handed_over=not before)
