"""The strip on every page about downtime that was announced."""

from django.db import DatabaseError
from django.http import HttpRequest

from mscc import clock
from scheduling.domain import downtime_windows
from scheduling.models import PlannedDowntime
from scheduling.views.shared import Shared

# One question in a quarter of a minute and process, whatever is asked for meanwhile.
ANNOUNCED: Shared[PlannedDowntime | None] = Shared(seconds=15, most=1)


def announced(request: HttpRequest | None) -> PlannedDowntime | None:
    """The downtime that is in force or comes next, for whoever is signed in; else None."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    try:
        found = ANNOUNCED.get("next", lambda: downtime_windows.ahead(clock.now()).first())
    except DatabaseError:
        return None  # a page that says what is wrong must not fail for a strip above it
    return found if found is not None and found.ends_at > clock.now() else None
