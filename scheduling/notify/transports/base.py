"""What every transport is: one short class that hands one message to one gateway."""

import socket
import ssl
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from scheduling.notify.messages import Message
from scheduling.notify.models import Notice
from scheduling.notify.retry import Result


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. The dispatcher ends any attempt at `total`, far inside the lease."""

    connect: float = 3.0
    read: float = 10.0
    total: float = 20.0


@dataclass(frozen=True, slots=True)
class Sent:
    """The gateway accepted it; `provider_ref` is its own number for it, if it gave one."""

    provider_ref: str = ""


class TransportError(Exception):
    """The gateway did not accept it. `code` is a number or our own word, never the peer's text,
    which may quote the message."""

    def __init__(self, kind: Result, code: str, retry_after: float | None = None) -> None:
        super().__init__(f"{kind}: {code}")
        self.kind = kind
        self.code = code
        self.retry_after = retry_after


class Transport(ABC):
    """Used by one thread. May keep a connection between messages; `close` ends it."""

    channel: ClassVar[str]

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._socket: socket.socket | None = None

    @abstractmethod
    def send(self, notice: Notice, message: Message) -> Sent:
        """Hand the message over; TransportError when it was not accepted."""

    def close(self) -> None:
        """Say goodbye to the gateway. Never raises."""
        self._socket = None

    def abort(self) -> None:
        """Break the connection from another thread, so that a hanging `send` returns."""
        found = self._socket
        if found is not None:
            try:
                found.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def connect(host: str, port: int, limits: Limits) -> socket.socket:
    """A connected socket whose every read ends within `limits.read`."""
    made = socket.create_connection((host, port), limits.connect)
    made.settimeout(limits.read)
    return made


def network_error(error: OSError, *, handed_over: bool) -> TransportError:
    """What a broken connection means: before the hand-over nothing arrived, after it who knows."""
    dropped = isinstance(error, (TimeoutError, ssl.SSLEOFError, ssl.SSLZeroReturnError))
    if isinstance(error, ssl.SSLError) and not dropped and not handed_over:
        return TransportError(Result.CONFIG, "tls")
    if isinstance(error, socket.gaierror):
        again = error.errno == socket.EAI_AGAIN
        return TransportError(Result.TRANSIENT if again else Result.CONFIG, "dns")
    kind = Result.UNKNOWN if handed_over else Result.TRANSIENT
    if isinstance(error, TimeoutError):
        return TransportError(kind, "timeout")
    return TransportError(kind, "dropped" if handed_over else "no_connection")
