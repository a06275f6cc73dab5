"""The way to a gateway, by channel. The only place that reads transport settings.

    NOTIFY = {"CONSOLE": True}
"""

from django.conf import settings

from scheduling.notify.models import Channel
from scheduling.notify.retry import Result
from scheduling.notify.transports.base import Limits, Sent, Transport, TransportError
from scheduling.notify.transports.console import ConsoleTransport

__all__ = ["Limits", "Sent", "Transport", "TransportError", "transport_for"]


def transport_for(channel: str) -> Transport:
    """A transport of one's own for a channel; TransportError(config) when it is not set up."""
    if channel == Channel.CONSOLE and settings.NOTIFY.get("CONSOLE"):
        return ConsoleTransport()
    raise TransportError(Result.CONFIG, "not_configured")
