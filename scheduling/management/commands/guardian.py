"""The process that needs no broker: it does the work whenever the doorbell has been silent."""

import contextlib
import signal
import time
from datetime import timedelta
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection

from mscc import clock
from scheduling.domain import watch
from scheduling.domain.rounds import dispatch_round, sweep_round
from scheduling.notify.dispatch import dispatcher

logger = structlog.get_logger(__name__)

PERIOD_S = 2.0
LONG_GONE = timedelta(days=1)
FAILURES_ALLOWED = 3


class Command(BaseCommand):
    help = "Sweep and dispatch whenever Celery has been silent for more than ten seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        failures = 0
        with contextlib.suppress(Error):
            watch.forget(clock.now() - LONG_GONE)
        while not self.stopping:
            try:
                round_of_guard()
                failures = 0
            except Error as error:
                failures += 1
                logger.warning("guardian_database_away", error=type(error).__name__)
                connection.close()
                if failures > FAILURES_ALLOWED:
                    # A fresh process knows nothing of what broke this one.
                    raise SystemExit(1) from error
            close_old_connections()
            time.sleep(PERIOD_S)
        dispatcher().close()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True


def round_of_guard() -> bool:
    """Look once; True when the guardian had to do the work itself."""
    worked = False
    for component, work in (("sweep", sweep_round), ("dispatch", dispatch_round)):
        if watch.is_silent(component, clock.now()):
            logger.warning("guardian_steps_in", component=component)
            work(clock.now)
            worked = True
    watch.beat("guardian", clock.now())
    return worked
