"""The way to a gateway, by channel. The only place that reads transport settings.

Email uses Django's EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS,
EMAIL_USE_SSL and DEFAULT_FROM_EMAIL; the others NOTIFY, whose keys are described in
`mscc/settings/base.py`.
"""

from collections.abc import Callable
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from scheduling.notify.models import Channel
from scheduling.notify.retry import Result
from scheduling.notify.subscriptions import find_and_let_go
from scheduling.notify.transports.apprise import AppriseRules, AppriseTransport
from scheduling.notify.transports.base import Limits, Sent, Transport, TransportError
from scheduling.notify.transports.console import ConsoleTransport
from scheduling.notify.transports.email import EmailTransport, SmtpServer
from scheduling.notify.transports.http import agreed
from scheduling.notify.transports.pager import PagerTransport, SnppGateway
from scheduling.notify.transports.push import (
    PushRules,
    PushTransport,
    private_key,
    public_text,
)
from scheduling.notify.transports.sms import NotifyService, SmsTransport
from scheduling.notify.transports.teams import TeamsRules, TeamsTransport
from scheduling.notify.transports.webhook import WebhookRules, WebhookTransport

__all__ = [
    "Limits",
    "Sent",
    "Transport",
    "TransportError",
    "browser_agreed",
    "browser_key",
    "transport_for",
]


def transport_for(channel: str) -> Transport:
    """A new transport for one thread; TransportError(config) when the channel is not set up."""
    make = _MAKERS.get(channel)
    made = make(settings.NOTIFY) if make else None
    if made is None:
        raise TransportError(Result.CONFIG, "not_configured")
    return made


def browser_key() -> str:
    """Our public key for web push, as a browser wants it; empty when it is not set up."""
    key = settings.NOTIFY.get("PUSH_KEY", "")
    return public_text(private_key(key)) if key else ""


def browser_agreed(endpoint: str) -> bool:
    """Whether messages may go to a browser's maker at this address."""
    plain_http = bool(settings.NOTIFY.get("PLAIN_HTTP"))
    try:
        agreed(endpoint, _hosts(settings.NOTIFY, "PUSH_HOSTS"), plain_http=plain_http)
    except TransportError:
        return False
    return True


def _email(_notify: dict[str, Any]) -> Transport | None:
    if not settings.EMAIL_HOST:
        return None
    return EmailTransport(
        SmtpServer(
            host=settings.EMAIL_HOST,
            port=int(settings.EMAIL_PORT),
            sender=settings.DEFAULT_FROM_EMAIL,
            user=settings.EMAIL_HOST_USER or "",
            password=settings.EMAIL_HOST_PASSWORD or "",
            starttls=settings.EMAIL_USE_TLS,
            tls=settings.EMAIL_USE_SSL,
            local_name=urlsplit(settings.PUBLIC_URL).hostname or "localhost",
        )
    )


def _pager(notify: dict[str, Any]) -> Transport | None:
    if not notify.get("SNPP_HOST"):
        return None
    return PagerTransport(SnppGateway(notify["SNPP_HOST"], int(notify["SNPP_PORT"])))


def _webhook(notify: dict[str, Any]) -> Transport | None:
    if not notify.get("WEBHOOK_SECRET") or not notify.get("WEBHOOK_HOSTS"):
        return None
    return WebhookTransport(
        WebhookRules(
            secret=notify["WEBHOOK_SECRET"],
            hosts=_hosts(notify, "WEBHOOK_HOSTS"),
            plain_http=bool(notify.get("PLAIN_HTTP")),
        )
    )


def _sms(notify: dict[str, Any]) -> Transport | None:
    if not notify.get("GOVUK_KEY") or not notify.get("GOVUK_TEMPLATE"):
        return None
    return SmsTransport(
        NotifyService(
            url=notify["GOVUK_URL"],
            key=notify["GOVUK_KEY"],
            template=notify["GOVUK_TEMPLATE"],
            sender=notify.get("GOVUK_SENDER", ""),
            plain_http=bool(notify.get("PLAIN_HTTP")),
        )
    )


def _teams(notify: dict[str, Any]) -> Transport | None:
    if not notify.get("TEAMS_HOSTS"):
        return None
    plain_http = bool(notify.get("PLAIN_HTTP"))
    return TeamsTransport(TeamsRules(_hosts(notify, "TEAMS_HOSTS"), plain_http=plain_http))


def _push(notify: dict[str, Any]) -> Transport | None:
    if not notify.get("PUSH_KEY"):
        return None
    return PushTransport(
        PushRules(
            key=notify["PUSH_KEY"],
            contact=f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
            hosts=_hosts(notify, "PUSH_HOSTS"),
            find=find_and_let_go,
            plain_http=bool(notify.get("PLAIN_HTTP")),
        )
    )


def _apprise(notify: dict[str, Any]) -> Transport | None:
    schemes = frozenset(scheme.lower() for scheme in notify.get("APPRISE_SCHEMES", ()))
    return AppriseTransport(AppriseRules(schemes)) if schemes else None


def _console(notify: dict[str, Any]) -> Transport | None:
    return ConsoleTransport() if notify.get("CONSOLE") else None


def _hosts(notify: dict[str, Any], name: str) -> frozenset[str]:
    return frozenset(host.lower() for host in notify[name])


_MAKERS: dict[str, Callable[[dict[str, Any]], Transport | None]] = {
    Channel.EMAIL: _email,
    Channel.PAGER: _pager,
    Channel.SMS: _sms,
    Channel.WEBHOOK: _webhook,
    Channel.TEAMS: _teams,
    Channel.PUSH: _push,
    Channel.APPRISE: _apprise,
    Channel.CONSOLE: _console,
}
