"""What happens by itself: reports that are due, meetings that are due, the monthly digest.

One round, as often as one likes: what was done is on the rows.
"""

from datetime import UTC, datetime, time

from django.db import transaction

from audit.domain import digests, reports, sending, steering
from audit.events import MeetingReminded
from audit.models import SteeringGroup
from mscc import clock
from mscc.events import Actor, publish
from scheduling.notify.models import Kind
from scheduling.timekeeping.cadence import Cadence, Reminder, reminder

REMINDER = Actor.system("steering")


def steering_round(now: datetime) -> int:
    """Prepare reports, remind of meetings, send digests; how much of it was done."""
    return reports.prepare_due(now) + remind(now) + digests.send_due(now)


def remind(now: datetime) -> int:
    """Remind the lead of every alliance whose group is to meet; how many groups."""
    keys = list(SteeringGroup.objects.order_by("pk").values_list("pk", flat=True))
    return sum(_remind(key, now) for key in keys)


def _remind(key: int, now: datetime) -> int:
    with transaction.atomic():
        rows = SteeringGroup.objects.select_for_update(of=("self",), skip_locked=True)
        group = rows.select_related("alliance").filter(pk=key).first()
        if group is None:
            return 0
        stands = steering.standing(group, steering.today(now))
        due = reminder(stands, *_told(group, stands))
        if due is None:
            return 0
        _tell(group, stands, due, now)
        group.reminded_for, group.reminded, group.reminded_on = stands.due_on, due, stands.on
        group.save(update_fields=["reminded_for", "reminded", "reminded_on"])
    return 1


def _told(group: SteeringGroup, stands: Cadence) -> tuple[Reminder | None, object]:
    """What was said of this due day; of another one it does not count."""
    if group.reminded_for != stands.due_on or not group.reminded:
        return None, None
    return Reminder(group.reminded), group.reminded_on


def _tell(group: SteeringGroup, stands: Cadence, due: Reminder, now: datetime) -> None:
    noon = datetime.combine(stands.due_on, time(12), clock.LONDON).astimezone(UTC)
    names = sending.write(
        reports.issuers(group.alliance, now),
        Kind.MEETING,
        f"meeting:{group.pk}:{stands.due_on}:{due}:{stands.on}",
        {"what": "steering", "due": noon, "link": "/steering/"},
        now,
    )
    publish(
        MeetingReminded(
            by=REMINDER,
            at=now,
            alliance_id=group.alliance_id,
            due_on=str(stands.due_on),
            reminder=str(due),
            told=names,
        )
    )
