"""Pagers by SNPP, level 1 of RFC 1861: PAGE, MESS, SEND, QUIT; one connection for a page."""

import re
import socket
from dataclasses import dataclass

from scheduling.notify.messages import SHORT_LIMIT, Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.retry import Result
from scheduling.notify.transports.base import (
    Limits,
    Sent,
    Transport,
    TransportError,
    connect,
    network_error,
)

_PAGER = re.compile(r"[A-Za-z0-9._+-]{1,40}")
_PRINTABLE = re.compile(r"[ -~]+")
_LINE_LIMIT = 512  # bytes of one answer
_ANSWER_LIMIT = 20  # lines of one answer


@dataclass(frozen=True, slots=True)
class SnppGateway:
    host: str
    port: int = 444


class PagerTransport(Transport):
    channel = Channel.PAGER

    def __init__(self, gateway: SnppGateway, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._gateway = gateway

    def send(self, notice: Notice, message: Message) -> Sent:
        """Page once. A line break would be a second command, so none gets this far."""
        if not _PAGER.fullmatch(notice.address):
            raise TransportError(Result.PERMANENT, "address")
        text = message.body
        if not _PRINTABLE.fullmatch(text) or len(text) > SHORT_LIMIT:
            raise TransportError(Result.CONFIG, "text")
        try:
            self._socket = connect(self._gateway.host, self._gateway.port, self.limits)
        except OSError as error:
            raise network_error(error, handed_over=False) from error
        try:
            return _Session(self._socket).page(notice.address, text)
        finally:
            self.close()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


class _Session:
    """One conversation with a gateway."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._lines = connected.makefile("rb")
        self._handed_over = False

    def page(self, pager: str, text: str) -> Sent:
        try:
            self._expect(None)
            self._expect(f"PAGE {pager}")
            self._expect(f"MESS {text}")
            self._handed_over = True
            self._expect("SEND")
        except OSError as error:
            raise network_error(error, handed_over=self._handed_over) from error
        finally:
            self._lines.close()
        self._quit()
        return Sent()

    def _expect(self, command: str | None) -> None:
        """Say something (or nothing, to the greeting) and insist on an answer of the 2xx class."""
        if command is not None:
            self._socket.sendall(command.encode("ascii") + b"\r\n")
        code = self._answer()
        if not 200 <= code < 300:
            raise _refused(code, command or "")

    def _answer(self) -> int:
        """The code of an answer; lines of 214 and `250-` only announce more."""
        for _ in range(_ANSWER_LIMIT):
            line = self._lines.readline(_LINE_LIMIT)
            if not line.endswith(b"\n"):
                raise ConnectionResetError
            if not re.match(rb"\d{3}[ \r\n]", line) or line.startswith(b"214"):
                continue
            return int(line[:3])
        raise ConnectionResetError

    def _quit(self) -> None:
        """The page is accepted: a gateway that will not say goodbye changes nothing."""
        try:
            self._socket.sendall(b"QUIT\r\n")
        except OSError:
            return


def _refused(code: int, command: str) -> TransportError:
    """550 is the pager's fault, 554 the gateway's own trouble (RFC 1861); 421 hangs up.

    Any other 5xx means that we speak wrongly or may not speak at all.
    """
    if code == 554 or not 500 <= code < 600:
        return TransportError(Result.TRANSIENT, str(code))
    if code == 550 and command.startswith(("PAGE", "SEND")):
        return TransportError(Result.PERMANENT, str(code))
    return TransportError(Result.CONFIG, str(code))
