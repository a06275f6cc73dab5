"""The long tail: any service that the library Apprise knows, if its scheme was allowed.

The library says yes or no and nothing more: no number for the message, no receipt, no reason.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from scheduling.notify.messages import Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.retry import Result
from scheduling.notify.transports.base import Limits, Sent, Transport, TransportError

# It logs addresses, which hold tokens, and answers, which may hold the message.
logging.getLogger("apprise").disabled = True


class Service(Protocol):
    """As much of a plugin of the library as is used here."""

    socket_connect_timeout: float
    socket_read_timeout: float
    redirects: bool

    def notify(self, body: str, title: str = "") -> bool: ...


@dataclass(frozen=True, slots=True)
class AppriseRules:
    """`schemes`: what an address may begin with, as `ntfys` or `slack`."""

    schemes: frozenset[str]


class AppriseTransport(Transport):
    channel = Channel.APPRISE

    def __init__(self, rules: AppriseRules, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._rules = rules
        self._make = _library()

    def send(self, notice: Notice, message: Message) -> Sent:
        """Hand one message to the library. A no without a reason is tried again."""
        scheme, found, _rest = notice.address.partition("://")
        if not found or not notice.address.isprintable():
            raise TransportError(Result.PERMANENT, "address")
        if scheme.lower() not in self._rules.schemes:
            raise TransportError(Result.CONFIG, "scheme_not_allowed")
        service = self._make(notice.address)
        if service is None:
            raise TransportError(Result.PERMANENT, "address")
        # The address may ask for other limits, or to follow redirects: not here.
        service.socket_connect_timeout = self.limits.connect
        service.socket_read_timeout = self.limits.read
        service.redirects = False
        if not service.notify(body=message.body, title=message.subject):
            raise TransportError(Result.TRANSIENT, "refused")
        return Sent()


def _library() -> Callable[[str], Service | None]:
    """Loaded when first used: it brings more than a hundred services along."""
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(app_id="MSCC", app_desc="MSCC coordination", async_mode=False)

    def make(address: str) -> Service | None:
        made = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
        if made is None or not getattr(made, "verify_certificate", True):
            return None
        return made

    return make
