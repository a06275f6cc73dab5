"""Real gateways on this machine that can be busy, refuse, lie, drip and hang."""

import asyncio
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mscc import clock
from mscc.runtime.servers import free_port


def unvouched(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate that no authority signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    both = folder / "unvouched.pem"
    both.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


class MailServer:
    """An SMTP server. `answers`: command -> reply, "hang" or "drop"; otherwise it accepts."""

    def __init__(self, **options: Any) -> None:
        self.answers: dict[str, str] = {}
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.connections = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), **options)

    @property
    def port(self) -> int:
        return self._controller.port

    def __enter__(self) -> "MailServer":
        self._controller.start()
        self.connections = 0  # the controller knocked once to see whether it was up
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop(no_assert=True)

    async def handle_EHLO(self, server, session, _envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, _session, envelope, address, _options):
        envelope.mail_from = address
        return await self._answer("MAIL", server) or "250 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options):
        refused = await self._answer("RCPT", server)
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        self.raw.append(envelope.content)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return await self._answer("DATA", server) or "250 2.0.0 Ok: queued as 4XkR2t"

    async def _answer(self, command: str, server: Any) -> str | None:
        answer = self.answers.get(command)
        if answer == "hang":
            await asyncio.sleep(30)
        if answer == "drop":
            server.transport.abort()
            await asyncio.sleep(0.05)
        if answer == "drip":
            with suppress(Exception):
                for _ in range(300):
                    server.transport.write(b"2")
                    await asyncio.sleep(0.1)
        return answer


def nobody_may_sign_in(*_args: object) -> AuthResult:
    """An authenticator that refuses everybody."""
    return AuthResult(success=False, handled=False)


class PagingServer(socketserver.ThreadingTCPServer):
    """An SNPP gateway. `answers`: command (or "HELLO") -> reply, "hang", "drop" or "drip"."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _PagingSession)
        self.answers: dict[str, str] = {}
        self.pages: list[tuple[str, str]] = []
        self.commands: list[str] = []
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def __enter__(self) -> "PagingServer":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class _PagingSession(socketserver.StreamRequestHandler):
    server: PagingServer

    def handle(self) -> None:
        with suppress(OSError):
            self._talk()

    def _talk(self) -> None:
        pager = text = ""
        if not self._say("HELLO", "220 SNPP gateway ready"):
            return
        while line := self.rfile.readline().decode("ascii").rstrip("\r\n"):
            self.server.commands.append(line)
            word, _, rest = line.partition(" ")
            if word == "QUIT":
                self.wfile.write(b"221 OK, goodbye\r\n")
                return
            pager = rest if word == "PAGE" else pager
            text = rest if word == "MESS" else text
            if word == "SEND":
                self.server.pages.append((pager, text))
            if not self._say(word, "250 OK"):
                return

    def _say(self, command: str, usual: str) -> bool:
        answer = self.server.answers.get(command, usual)
        if answer == "hang":
            self.server.over.wait(30)
        if answer == "drip":
            for _ in range(300):
                self.wfile.write(b"2")
                if self.server.over.wait(0.1):
                    break
        if answer in ("hang", "drop", "drip"):
            return False
        self.wfile.write(answer.encode("ascii") + b"\r\n")
        return True


class Sink(ThreadingHTTPServer):
    """A webhook's receiver. `answer`: (status, body, headers), "hang", "drop" or "drip", or a
    function of the request that gives one of those."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SinkRequest)
        self.answer: Any = (200, b"", {})
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.stamps: list[float] = []
        self.connections = 0
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/alerts"

    def said(self) -> list[dict[str, Any]]:
        """The bodies that arrived."""
        return [json.loads(body) for _headers, body in list(self.requests)]

    def __enter__(self) -> "Sink":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class _SinkRequest(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write an answer: two small ones would wait for each other
    server: Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((dict(self.headers), body))
        self.server.stamps.append(time.monotonic())
        answer = self.server.answer
        if callable(answer):
            answer = answer(self)
        if answer == "hang":
            self.server.over.wait(30)
        if answer in ("hang", "drop"):
            self.close_connection = True
            return
        if answer == "drip":
            self._drip()
            return
        status, text, headers = answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def _drip(self) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        with suppress(OSError):
            for _ in range(300):
                self.wfile.write(b" ")
                self.wfile.flush()
                if self.server.over.wait(0.1):
                    break

    def log_message(self, *_args: object) -> None:
        """Quiet."""


def eventually(true: Callable[[], object], seconds: float = 5.0) -> bool:
    """Whether it becomes true within a time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.01)
    return bool(true())
