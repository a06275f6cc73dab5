"""Whether targets are being watched: who last did a round of the work, and what is waiting."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from scheduling.domain.watch import SILENCE
from scheduling.models import Heartbeat

COMPONENTS = ("sweep", "dispatch", "guardian")
# Work that is due is done within seconds; what waits longer than this is said loudly.
LATE = timedelta(seconds=60)
_BACKLOG = """
    SELECT
        (SELECT count(*) FROM scheduling_clockstep WHERE state = 'armed' AND fire_at <= %(at)s),
        (SELECT min(fire_at) FROM scheduling_clockstep WHERE state = 'armed' AND fire_at <= %(at)s),
        (SELECT count(*) FROM scheduling_escalation WHERE state = 'open' AND next_at <= %(at)s),
        (SELECT min(next_at) FROM scheduling_escalation WHERE state = 'open' AND next_at <= %(at)s),
        (SELECT count(*) FROM scheduling_notice
         WHERE state IN ('pending', 'leased') AND next_attempt_at <= %(at)s),
        (SELECT min(next_attempt_at) FROM scheduling_notice
         WHERE state IN ('pending', 'leased') AND next_attempt_at <= %(at)s)
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many pieces of one kind of work are due and not done, and since when."""

    waiting: int
    since: datetime | None

    def late(self, at: datetime) -> bool:
        """Whether something has been due for longer than it should ever be."""
        return self.since is not None and at - self.since > LATE


@dataclass(frozen=True, slots=True)
class Health:
    """How the watching goes at a moment. `progress`: the last finished round of each component."""

    at: datetime
    progress: dict[str, datetime | None]
    deadlines: Backlog
    climbs: Backlog
    notices: Backlog

    def silent(self, component: str) -> bool:
        """Whether nobody has finished a round of this work lately."""
        last = self.progress[component]
        return last is None or self.at - last > SILENCE

    @property
    def watched(self) -> bool:
        """Whether deadlines are looked at and pages go out."""
        late = any(each.late(self.at) for each in (self.deadlines, self.climbs, self.notices))
        return not (self.silent("sweep") or self.silent("dispatch") or late)


def health(at: datetime) -> Health:
    """How the watching goes; two statements."""
    last = dict(
        Heartbeat.objects.filter(component__in=COMPONENTS)
        .values_list("component")
        .annotate(last=Max("progress_at"))
    )
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG, {"at": at})
        steps, steps_since, climbs, climbs_since, notices, notices_since = cursor.fetchone()
    return Health(
        at,
        {component: last.get(component) for component in COMPONENTS},
        Backlog(steps, steps_since),
        Backlog(climbs, climbs_since),
        Backlog(notices, notices_since),
    )
