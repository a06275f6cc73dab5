"""Email by SMTP, over one connection for as long as there is something to send."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import NoReturn

from mscc import clock
from scheduling.notify.messages import Message
from scheduling.notify.models import Channel, Kind, Notice
from scheduling.notify.retry import Result
from scheduling.notify.transports.base import (
    Limits,
    Sent,
    Transport,
    TransportError,
    connect,
    network_error,
)

# One address in ASCII, no display name, no comment, no quoting: nothing to smuggle a header in.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
# 530, 534, 535, 538: we may not send here at all, whoever it is for.
_NOT_ALLOWED = frozenset({530, 534, 535, 538})
# What somebody has to answer or to mend now.
_URGENT = frozenset(
    {
        Kind.NEW_REFERRAL,
        Kind.AT_RISK,
        Kind.BREACH,
        Kind.NEW_SIGNS,
        Kind.OPINION,
        Kind.DIGEST,
        Kind.LAST_RESORT,
        Kind.WATCH,
    }
)
_POLICY = policy.SMTP.clone(max_line_length=998)  # never fold: a folded link is a broken link


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    sender: str  # "Name <address>" or an address
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    local_name: str = "localhost"  # what we call ourselves; asking DNS for it can hang


class _Connection(smtplib.SMTP):
    """An SMTP connection that shows its socket as soon as there is one."""

    def __init__(
        self, server: SmtpServer, limits: Limits, opened: Callable[[socket.socket], None]
    ) -> None:
        self._server, self._limits, self._opened = server, limits, opened
        super().__init__(server.host, server.port, local_hostname=server.local_name)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = connect(host, port, self._limits)
        self._opened(made)
        if self._server.tls:
            made = ssl.create_default_context().wrap_socket(made, server_hostname=host)
            self._opened(made)
        return made


class EmailTransport(Transport):
    channel = Channel.EMAIL

    def __init__(self, server: SmtpServer, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, notice: Notice, message: Message) -> Sent:
        """Hand one email over. The Message-ID carries the notice's id, the same on a repeat."""
        if not notice.address.isascii() or not _ADDRESS.fullmatch(notice.address):
            raise TransportError(Result.PERMANENT, "address")
        letter = self._letter(notice, message).as_bytes(policy=_POLICY)
        try:
            self._envelope(notice.address)
            return self._hand_over(letter)
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        """QUIT, if there is still someone to say it to."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._drop()
        self._connection = self._socket = None

    def _letter(self, notice: Notice, message: Message) -> EmailMessage:
        letter = EmailMessage(policy=_POLICY)
        address = parseaddr(self._server.sender)[1]
        letter["From"] = self._server.sender
        letter["To"] = notice.address
        letter["Subject"] = message.subject
        letter["Date"] = format_datetime(clock.real_now())
        letter["Message-ID"] = f"<{notice.id}@{address.rpartition('@')[2] or 'localhost'}>"
        letter["Auto-Submitted"] = "auto-generated"
        if notice.kind in _URGENT:
            letter["Importance"] = "high"
        letter.set_content(message.body)
        return letter

    def _envelope(self, address: str) -> None:
        """Open a connection if need be and name sender and recipient; nothing is handed over yet.

        A kept connection may have been closed by the server meanwhile: then once more, anew.
        """
        reused = self._connection is not None
        sender = parseaddr(self._server.sender)[1]
        try:
            server = self._connection or self._open()
            code, _text = server.mail(sender)
            if code == 421 and reused:
                raise smtplib.SMTPServerDisconnected
            if code != 250:
                raise _refused(code, ours=True)
            code, _text = server.rcpt(address)
            if code not in (250, 251):
                raise _refused(code)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            if reused:
                return self._envelope(address)
            _fail(error, handed_over=False)
        return None

    def _open(self) -> smtplib.SMTP:
        server = self._server
        try:
            made = _Connection(server, self.limits, self._opened)
            if server.starttls:
                made.starttls(context=ssl.create_default_context())
                self._opened(made.sock)
            if server.user:
                made.login(server.user, server.password)
            else:
                made.ehlo_or_helo_if_needed()
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, ours=True) from error
        except OSError as error:
            if isinstance(error, smtplib.SMTPException):
                raise TransportError(Result.CONFIG, "not_supported") from error
            raise
        self._connection = made
        return made

    def _opened(self, made: socket.socket) -> None:
        self._socket = made

    def _hand_over(self, letter: bytes) -> Sent:
        assert self._connection is not None
        try:
            code, text = self._connection.data(letter)
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code) from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            _fail(error, handed_over=True)
        if not 400 <= code < 600 and code != 250:
            # Half an answer, cut off: the letter itself was whole.
            raise TransportError(Result.UNKNOWN, "unreadable")
        if code != 250:
            raise _refused(code)
        return Sent(_queue_id(text))

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._socket = None


def _refused(code: int, *, ours: bool = False) -> TransportError:
    """An answer that was not a yes. `ours`: it is about us, so no recipient is to blame."""
    if code in _NOT_ALLOWED:
        return TransportError(Result.CONFIG, str(code))
    if 500 <= code < 600:
        return TransportError(Result.CONFIG if ours else Result.PERMANENT, str(code))
    return TransportError(Result.TRANSIENT, str(code))


def _fail(error: OSError, *, handed_over: bool) -> NoReturn:
    """smtplib hides the socket's error inside its own; look for it."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPException) else error
    plain = cause if isinstance(cause, OSError) else ConnectionResetError()
    raise network_error(plain, handed_over=handed_over) from error


def _queue_id(text: bytes) -> str:
    """The server's number for the message, where it says so in the usual way."""
    found = re.search(rb"queued as ([\w.-]{1,100})", text)
    return found.group(1).decode("ascii", "replace") if found else ""
