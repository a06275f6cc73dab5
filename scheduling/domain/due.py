"""What is due next, and what is due and not done: asked of the rows, by their partial indexes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

# Work that is due is done within seconds; what waits longer than this is said loudly.
LATE = timedelta(seconds=60)
# A pile is counted no further than this: in a storm the exact number is worth less than the time.
MOST = 1000

# The earliest of everything that rings, climbs, is asked after or is to be sent. What rests after
# an error counts from when its rest is over. NULL when nothing waits at all.
_NEXT = """
SELECT least(
    (SELECT fire_at FROM scheduling_clockstep
     WHERE state = 'armed' AND retry_at IS NULL ORDER BY fire_at LIMIT 1),
    (SELECT min(retry_at) FROM scheduling_clockstep
     WHERE state = 'armed' AND fire_at <= %(at)s AND retry_at IS NOT NULL),
    (SELECT next_at FROM scheduling_escalation WHERE state = 'open' ORDER BY next_at LIMIT 1),
    (SELECT look_again_at FROM scheduling_escalation
     WHERE state = 'acknowledged' AND look_again_at IS NOT NULL ORDER BY look_again_at LIMIT 1),
    (SELECT due_at FROM scheduling_duework
     WHERE told_at IS NULL AND key LIKE 'opinion.%%' ORDER BY due_at LIMIT 1),
    (SELECT min(next_attempt_at) FROM scheduling_notice WHERE state IN ('pending', 'leased')),
    (SELECT reroute_at FROM scheduling_notice
     WHERE reroute_at IS NOT NULL AND rerouted_at IS NULL AND state NOT IN ('sent', 'superseded')
     ORDER BY reroute_at LIMIT 1)
)
"""
_PILES = {
    "deadlines": """SELECT fire_at AS due FROM scheduling_clockstep
        WHERE state = 'armed' AND fire_at <= %(at)s ORDER BY fire_at LIMIT %(most)s""",
    "climbs": """SELECT next_at AS due FROM scheduling_escalation
        WHERE state = 'open' AND next_at <= %(at)s ORDER BY next_at LIMIT %(most)s""",
    "notices": """SELECT next_attempt_at AS due FROM scheduling_notice
        WHERE state IN ('pending', 'leased') AND next_attempt_at <= %(at)s
        ORDER BY next_attempt_at LIMIT %(most)s""",
}
# Which piles each kind of round works through.
WORKS_THROUGH = {"sweep": ("deadlines", "climbs"), "dispatch": ("notices",)}


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many pieces of one kind of work are due and not done (at most MOST), and since when."""

    waiting: int
    since: datetime | None

    def late(self, at: datetime) -> bool:
        """Whether something has been due for longer than it should ever be."""
        return self.since is not None and at - self.since > LATE

    def oldest_s(self, at: datetime) -> int:
        """For how many seconds the oldest has been due; 0 when nothing is."""
        return max(0, int((at - self.since).total_seconds())) if self.since else 0


def next_due(at: datetime) -> datetime | None:
    """The earliest moment at which there is something to do; in the past when it is overdue.

    None when nothing waits. One statement, a few index look-ups.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"at": at})
        moment: datetime | None = cursor.fetchone()[0]
    return moment


def left(at: datetime, *piles: str) -> Backlog:
    """What is due at `at` and not done, of the named piles: deadlines, climbs, notices."""
    found = " UNION ALL ".join(f"({_PILES[pile]})" for pile in piles)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(due) FROM ({found}) AS pile", {"at": at, "most": MOST}
        )
        waiting, since = cursor.fetchone()
    return Backlog(min(waiting, MOST), since)
