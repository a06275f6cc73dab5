"""Each transport beside a real gateway, with the same few moods for all."""

from typing import Any

import pytest

from scheduling.notify import messages
from scheduling.notify.subscriptions import packed
from scheduling.notify.transports import Limits, Transport, TransportError
from scheduling.notify.transports.apprise import AppriseRules, AppriseTransport
from scheduling.notify.transports.email import EmailTransport, SmtpServer
from scheduling.notify.transports.pager import PagerTransport, SnppGateway
from scheduling.notify.transports.push import PushRules, PushTransport
from scheduling.notify.transports.sms import NotifyService, SmsTransport
from scheduling.notify.transports.teams import TeamsRules, TeamsTransport
from scheduling.notify.transports.webhook import WebhookRules, WebhookTransport
from tests.domain.notify.browser import Browser
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
            "drip": {"DATA": "drip"},
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
            "drip": {"SEND": "drip"},
            "nobody": {"PAGE": "550 Error, Invalid Pager ID"},
            "denied": {"HELLO": "550 Error, you may not page from here"},
            "hang": {"SEND": "hang"},
            "drop": {"SEND": "drop"},
        }[mode]

    def texts(self) -> list[str]:
        return [text for _pager, text in self.peer.pages]


class HttpCase:
    """A gateway over HTTP; a subclass says what its answers look like."""

    yes: Any = (200, b"", {})
    nobody: Any = (404, b"", {})
    rubbish: Any = (200, b"<html>Sign in to the guest network</html>", {})
    error_inside: Any = (200, b'{"error": "no credit left"}', {})
    bad_addresses: tuple[str, ...] = (
        "http://127.0.0.1:1/a\r\nX: y",
        "http://user:pass@127.0.0.1:1/",
        "http://[::1",
    )

    def __init__(self) -> None:
        self.peer = Sink()
        self.peer.answer = self.yes
        self.address = self.peer.url

    def place(self, port: int | None) -> str:
        return f"127.0.0.1:{port or self.peer.port}"

    def mode(self, mode: str) -> None:
        self.peer.answer = {
            "ok": self.yes,
            "busy": (503, b"", {}),
            "throttled": (429, b"", {"Retry-After": "7"}),
            "nobody": self.nobody,
            "denied": (403, b"", {}),
            "unknown_to_it": (401, b"", {}),
            "rubbish": self.rubbish,
            "error_inside": self.error_inside,
            "hang": "hang",
            "drop": "drop",
            "drip": "drip",
        }[mode]

    def texts(self) -> list[str]:
        return [said["text"] for said in self.peer.said()]


class WebhookCase(HttpCase):
    channel = "webhook"

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        if port is not None:
            self.address = f"http://127.0.0.1:{port}/alerts"
        hosts = frozenset({self.place(port)})
        return WebhookTransport(WebhookRules("shared", hosts, plain_http=True), limits)


class SmsCase(HttpCase):
    """GOV.UK Notify, as far as one text message needs it."""

    channel = "sms"
    service = "26785a09-ab16-4eb0-8407-a37497a57506"
    secret = "3d844edf-8d35-48ac-975b-e847b4f122b0"
    yes = (201, b'{"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}', {})
    nobody = (
        400,
        b'{"status_code": 400, "errors": [{"error": "ValidationError", '
        b'"message": "phone_number Not enough digits"}]}',
        {},
    )
    error_inside = (201, b'{"errors": [{"error": "BadRequestError"}]}', {})
    bad_addresses = (
        "07700 900123\r\n",
        "",
        "four",
        "\u0660\u0667\u0667\u0660\u0660\u0669\u0660\u0660",
    )

    def __init__(self) -> None:
        super().__init__()
        self.address = "07700900123"

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        key = f"our_key-{self.service}-{self.secret}"
        url = f"http://{self.place(port)}"
        service = NotifyService(url, key, "f33517ff-2a88-4f6e-b855-c550268ce08a", plain_http=True)
        return SmsTransport(service, limits)

    def texts(self) -> list[str]:
        return [said["personalisation"]["text"] for said in self.peer.said()]


class TeamsCase(HttpCase):
    channel = "teams"
    yes = (202, b"", {})

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        if port is not None:
            self.address = f"http://127.0.0.1:{port}/workflows/1"
        return TeamsTransport(TeamsRules(frozenset({self.place(port)}), plain_http=True), limits)

    def texts(self) -> list[str]:
        cards = [said["attachments"][0]["content"] for said in self.peer.said()]
        return [" ".join(block["text"] for block in card["body"]) for card in cards]


class PushCase(HttpCase):
    """A browser's maker, and the browser behind it that can read what comes."""

    channel = "push"
    yes = (201, b"", {"Location": "https://push.example.org/m/1"})
    nobody = (410, b"", {})
    bad_addresses = ("push:", "push:2", "https://push.example.org/m/1", "push:\u0661")

    def __init__(self) -> None:
        super().__init__()
        self.address = "push:1"
        self.browser = Browser()
        self.key = packed(b"\x07" * 32)

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        place = self.place(port)
        theirs = self.browser.subscription(f"http://{place}/send/abc")
        rules = PushRules(
            self.key,
            "mailto:mscc@example.org",
            frozenset({place}),
            lambda address: theirs if address == "push:1" else None,
            plain_http=True,
        )
        return PushTransport(rules, limits)

    def texts(self) -> list[str]:
        said = [self.browser.read(body) for _headers, body in list(self.peer.requests)]
        return [f"{each['title']} {each['body']}" for each in said]


class AppriseCase(HttpCase):
    """The library, with the one of its services that can be played on a loopback."""

    channel = "apprise"
    bad_addresses = ("no scheme", "json://", "json://127.0.0.1/\r\nX: y")

    def __init__(self) -> None:
        super().__init__()
        self.address = f"json://127.0.0.1:{self.peer.port}/alerts"

    def transport(self, limits: Limits, port: int | None = None) -> Transport:
        self.address = f"json://{self.place(port)}/alerts"
        return AppriseTransport(AppriseRules(frozenset({"json"})), limits)

    def texts(self) -> list[str]:
        return [f"{said['title']} {said['message']}" for said in self.peer.said()]


def hand_over(case: Any, transport: Transport, **given: Any) -> Any:
    values = {"channel": case.channel, "address": case.address} | given
    notice = unsaved(**values)
    return transport.send(notice, messages.render(notice))


def refused(case: Any, transport: Transport, **given: Any) -> TransportError:
    with pytest.raises(TransportError) as caught:
        hand_over(case, transport, **given)
    transport.close()
    return caught.value
