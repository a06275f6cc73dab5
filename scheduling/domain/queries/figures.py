"""How many are open and overdue, for those who see figures and no names."""

from datetime import datetime

from django.db.models import Count, Q

from mscc.people.models import User
from mscc.people.roles import Permission
from scheduling.domain.queries.board import open_at


def open_and_overdue(user: User, at: datetime) -> tuple[int, int]:
    """(open, with something overdue), of all places together where `user` sees figures.

    Not by hospital: few are open at each, and a count of one tells who it is.
    """
    found = open_at(user.places(Permission.SEE_FIGURES)).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(next_due_at__lt=at))
    )
    return found["open"], found["overdue"]
