"""What arrived in the demo's inbox, and whose pager or mailbox it would have been."""

from mscc import clock
from mscc.demo.models import Arrived
from mscc.people.models import ContactPoint

KEPT = 300
SHOWN = 100


def keep(channel: str, address: str, subject: str, body: str) -> None:
    """Put a message into the inbox, and drop the oldest beyond KEPT."""
    Arrived.objects.create(
        channel=channel,
        address=address[:254],
        subject=subject[:200],
        body=body,
        arrived_at=clock.now(),
    )
    last = Arrived.objects.values_list("pk", flat=True)[KEPT : KEPT + 1]
    Arrived.objects.filter(pk__lte=max(last, default=0)).delete()


def newest() -> list[tuple[Arrived, str | None]]:
    """The last SHOWN messages, the newest first, each with the name it was for."""
    shown = list(Arrived.objects.all()[:SHOWN])
    points = ContactPoint.objects.filter(address__in={message.address for message in shown})
    whose = dict(points.values_list("address", "user__name"))
    return [(message, whose.get(message.address)) for message in shown]
