"""The process that needs no broker: it pages, checks and watches, whatever Celery does."""

import contextlib
import signal
import threading
from datetime import timedelta
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection

from mscc import clock
from scheduling.domain import alarm, guard, timetable, watch
from scheduling.domain.guard import GIVEN_UP, Hand, Pulse, Watchdog
from scheduling.notify.dispatch import dispatcher

logger = structlog.get_logger(__name__)

LONG_GONE = timedelta(days=1)
FAILURES_ALLOWED = 3
CHORE_PATIENCE_S = 600.0  # a downtime pack may take its time


class Command(BaseCommand):
    help = "Look for what is due, send it, check that all is well; needs no broker."

    def handle(self, *args: Any, **options: Any) -> None:
        self.over = threading.Event()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        with contextlib.suppress(Error):
            watch.forget(clock.now() - LONG_GONE)
        paging = Pulse(timetable.PAGING)
        hands = _hands(self.over)
        watchdog = Watchdog([paging, *(hand.pulse for hand in hands)])
        for thread in (*hands, watchdog):
            thread.start()
        self._page(paging)
        watchdog.over.set()
        dispatcher().close()

    def _page(self, pulse: Pulse) -> None:
        failures = 0
        while not self.over.is_set():
            try:
                seconds = guard.turn(clock.now)
                failures = 0
            except Error as error:
                failures += 1
                seconds = guard.LONGEST_S
                logger.warning("guardian_database_away", error=type(error).__name__)
                connection.close()
                if failures > FAILURES_ALLOWED:
                    alarm.database_away(clock.real_now())
                    # A fresh process knows nothing of what broke this one.
                    raise SystemExit(GIVEN_UP) from error
            close_old_connections()
            pulse.beat()
            self.over.wait(seconds)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.over.set()


def _hands(over: threading.Event) -> list[Hand]:
    """Whoever does what paging must not wait for."""
    care = Hand("care", timetable.of(timetable.CARE), clock.now, over)
    watching = Hand(
        "watching",
        timetable.of(timetable.WATCHING),
        clock.now,
        over,
        patience_s=2 * guard.PATIENCE_S,
        begin_after_s=guard.STARTING_S,
    )
    chores = Hand(
        "chores",
        timetable.of(timetable.CHORES),
        clock.now,
        over,
        patience_s=CHORE_PATIENCE_S,
        begin_after_s=guard.LONGEST_S,
    )
    return [care, watching, chores]
