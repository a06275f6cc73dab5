"""Each transport beside a real gateway, with the same few moods for all."""

from typing import Any

import pytest

from scheduling.notify import messages
from scheduling.notify.transports import Limits, Transport, TransportError
from scheduling.notify.transports.email import EmailTransport, SmtpServer
from scheduling.notify.transports.pager import PagerTransport, SnppGateway
from scheduling.notify.transports.webhook import WebhookRules, WebhookTransport
from tests.domain.notify.peers import MailServer, PagingServer, Sink
from tests.factories.notify import unsaved

QUICK = Limits(connect=0.5, read=0.4, total=1.0)
PATIENT = Limits(connect=5.0, read=20.0, total=30.0)


class EmailCase:
    channel = "email"
    bad_addresses = (
        "a@example.org\r\nBcc: b@example.org",
        "a@b, c@d",
        "no address",
        "\u00e9@x.org",
    )

    def __init__(self) -> None:
        self.peer = MailServer()
        self.address = "coordinator@example.org"

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        server = SmtpServer("127.0.0.1", port or self.peer.port, "MSCC <mscc@example.org>")
        return EmailTransport(server, limits)

    def mode(self, mode: str) -> None:
        self.peer.answers = {
            "ok": {},
            "busy": {"RCPT": "450 4.2.1 Mailbox busy"},
            "nobody": {"RCPT": "550 5.1.1 No such user"},
            "denied": {"MAIL": "530 5.7.0 Authentication required"},
            "hang": {"DATA": "hang"},
            "drop": {"DATA": "drop"},
        }[mode]

    def texts(self) -> list[str]:
        return [letter.get_content() for letter in self.peer.letters]


class PagerCase:
    channel = "pager"
    bad_addresses = ("4711\r\nPAGE 4712", "", "47 11", "\u0661\u0662\u0663")

    def __init__(self) -> None:
        self.peer = PagingServer()
        self.address = "4711"

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        return PagerTransport(SnppGateway("127.0.0.1", port or self.peer.port), limits)

    def mode(self, mode: str) -> None:
        self.peer.answers = {
            "ok": {},
            "busy": {"SEND": "554 Error, failed (gateway down)"},
            "nobody": {"PAGE": "550 Error, Invalid Pager ID"},
            "denied": {"HELLO": "550 Error, you may not page from here"},
            "hang": {"SEND": "hang"},
            "drop": {"SEND": "drop"},
        }[mode]

    def texts(self) -> list[str]:
        return [text for _pager, text in self.peer.pages]


class WebhookCase:
    channel = "webhook"
    bad_addresses = ("http://127.0.0.1:1/a\r\nX: y", "http://user:pass@127.0.0.1:1/", "http://[::1")

    def __init__(self) -> None:
        self.peer = Sink()
        self.address = self.peer.url

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        if port is not None:
            self.address = f"http://127.0.0.1:{port}/alerts"
        hosts = frozenset({f"127.0.0.1:{port or self.peer.port}"})
        return WebhookTransport(WebhookRules("shared", hosts, plain_http=True), limits)

    def mode(self, mode: str) -> None:
        self.peer.answer = {
            "ok": (200, b"", {}),
            "busy": (503, b"", {}),
            "nobody": (404, b"", {}),
            "denied": (403, b"", {}),
            "hang": "hang",
            "drop": "drop",
        }[mode]

    def texts(self) -> list[str]:
        return [said["text"] for said in self.peer.said()]


def hand_over(case: Any, transport: Transport, **given: Any) -> Any:
    values = {"channel": case.channel, "address": case.address} | given
    notice = unsaved(**values)
    return transport.send(notice, messages.render(notice))


def refused(case: Any, transport: Transport, **given: Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        hand_over(case, transport, **given)
    transport.close()
    return caught.value
