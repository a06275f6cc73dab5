"""How many are open and overdue, place by place, for those who see figures and no names."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from mscc.people.models import User
from mscc.people.roles import Permission
from scheduling.domain.queries.board import open_at


@dataclass(frozen=True, slots=True)
class HospitalFigures:
    hospital: str
    open: int
    overdue: int


def open_and_overdue(user: User, at: datetime) -> list[HospitalFigures]:
    """Each hospital with something open, at the places where `user` sees figures."""
    rows = (
        open_at(user.places(Permission.SEE_FIGURES))
        .values("hospital__name")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(next_due_at__lt=at)))
        .order_by("hospital__name")
    )
    return [HospitalFigures(row["hospital__name"], row["open"], row["overdue"]) for row in rows]
