"""Who is on duty in a test."""

from datetime import datetime, timedelta

from mscc.people.models import User
from scheduling.models import Shift
from tests.factories.people import Place


def on_duty(
    user: User, place: Place, starts_at: datetime, hours: float = 12, role: str = "coordinator"
) -> Shift:
    """A shift at the alliance."""
    return Shift.objects.create(
        organisation=place.alliance,
        role=role,
        user=user,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
    )
