"""Every round there is, in one table: what it does, how often, and who is to do it.

Celery's ticks and the guardian both work from it. The quick rounds are done by whoever is there,
as often as they like: rows and locks see to it that nothing is done twice. A slow round is begun
by one process at a time, which writes down that it did.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import Error, connection

from scheduling.domain import downtime_pack, gaps, going_on, handover, rounds, swaps, watch
from scheduling.models import RoundRun

logger = structlog.get_logger(__name__)

Now = Callable[[], datetime]
# The hands that work through the table. Each is a thread of the guardian, so that none waits for
# another: paging above all.
PAGING, CARE, WATCHING, CHORES = "paging", "care", "watching", "chores"
QUICK = timedelta(seconds=2)
SLOW = timedelta(seconds=10)  # from here on it is written down who began
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Round:
    """`every`: how long after its end it begins again. `lease`: when it is tried again if it
    failed, or if whoever began it was never heard of again."""

    name: str
    does: str
    every: timedelta
    work: Callable[[Now], int]
    hand: str
    lease: timedelta = MINUTE

    @property
    def slow(self) -> bool:
        return self.every >= SLOW


def _sweep(now: Now) -> int:
    return rounds.sweep_round(now, with_care=False)


def _dispatch(now: Now) -> int:
    # The next deadline must not wait for a gateway; what is on its way goes on by itself.
    return rounds.dispatch_round(now, wait=0.05)


def _care(now: Now) -> int:
    done = rounds.care_round(now)
    watch.beat("care", now())
    return done


def _gaps(now: Now) -> int:
    return gaps.gap_round(now())


def _swaps(now: Now) -> int:
    return swaps.swap_round(now())


def _handover(now: Now) -> int:
    return handover.handover_round(now())


def _tests(now: Now) -> int:
    return going_on.test_round(now())


def _pack(now: Now) -> int:
    return downtime_pack.pack_round(now())


_OWN: tuple[Round, ...] = (
    Round("sweep", "Looking for targets that are due", QUICK, _sweep, PAGING),
    Round("dispatch", "Sending pages and messages", QUICK, _dispatch, PAGING),
    Round("care", "Working out what care is due", QUICK, _care, CARE),
    Round("audit", "Checking that all this is so", MINUTE, rounds.audit_round, WATCHING),
    Round("gaps", "Looking for times with nobody on duty", MINUTE, _gaps, CHORES),
    Round("swaps", "Chasing swaps that nobody answers", MINUTE, _swaps, CHORES),
    Round("handover", "Asking for handovers at the change of shift", MINUTE, _handover, CHORES),
    Round("tests", "Sending test pages to whoever goes on duty", MINUTE, _tests, CHORES),
    Round("pack", "Copying the board for when the system is down", MINUTE, _pack, CHORES),
)
ROUNDS: tuple[Round, ...] = _OWN
BY_NAME = {each.name: each for each in ROUNDS}


def install(others: Sequence[Round]) -> None:
    """Add the rounds of apps that this one does not know; called once, by `mscc.wiring`."""
    global ROUNDS, BY_NAME
    ROUNDS = (*_OWN, *others)
    BY_NAME = {each.name: each for each in ROUNDS}


# Taken when it is not running elsewhere and its time has come. A time from the future is no
# reason to wait: a clock was set back.
_CLAIM = """
INSERT INTO scheduling_roundrun AS r (name, started_at, last_error) VALUES (%(name)s, %(at)s, '')
ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at
WHERE (r.finished_at IS NULL OR r.finished_at NOT BETWEEN %(due)s AND %(soon)s)
  AND (r.started_at IS NULL OR r.started_at <= r.finished_at
       OR r.started_at NOT BETWEEN %(lost)s AND %(soon)s)
"""


def of(hand: str) -> tuple[Round, ...]:
    """The rounds of one hand."""
    return tuple(each for each in ROUNDS if each.hand == hand)


def do(each: Round, now: Now) -> bool:
    """Do a round whose time has come; whether it was done. What it raises is logged, not raised.

    Only a database that is away is raised, as django.db.Error with the connection closed.
    """
    if each.slow and not _claim(each, now()):
        return False
    try:
        each.work(now)
    except Exception as error:
        logger.exception("round_failed", component=each.name)
        if isinstance(error, Error):
            connection.close()  # whatever state it was in, the next one begins afresh
        _failed(each, now(), error)
        return False
    if each.slow:
        at = now()
        RoundRun.objects.filter(pk=each.name).update(finished_at=at, last_error="")
    return True


def do_by_name(name: str, now: Now) -> bool:
    """The same for a tick that knows only the name. KeyError: there is no such round."""
    return do(BY_NAME[name], now)


def _claim(each: Round, at: datetime) -> bool:
    given = {
        "name": each.name,
        "at": at,
        "due": at - each.every,
        "lost": at - each.lease,
        "soon": at + each.every,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, given)
        return bool(cursor.rowcount)


def _failed(each: Round, at: datetime, error: Exception) -> None:
    """Alive, but not working: that is said, too."""
    if each.slow:
        said = type(error).__name__[:80]
        RoundRun.objects.filter(pk=each.name).update(failed_at=at, last_error=said)
    else:
        watch.beat(each.name, at, progress=False)
