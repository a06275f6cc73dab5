"""How the guardian works: one thread for paging, one for each other hand, and one that watches.

The paging thread knows when something is due next and sleeps until then, so that a deadline is
noticed when it passes and not at the next look. The watching thread ends the whole process when a
hand is stuck: a fresh process knows nothing of what held up this one.
"""

import contextlib
import faulthandler
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import structlog
from django.db import Error, InterfaceError, OperationalError, connection

from scheduling.domain import due, timetable, watch
from scheduling.domain.timetable import Now, Round

logger = structlog.get_logger(__name__)

LONGEST_S = 2.0  # a sleep: what nobody could foresee waits no longer than this
SHORTEST_S = 0.25  # between two looks at what is due and cannot be done just now
PATIENCE_S = 60.0  # without progress a hand is stuck
STARTING_S = 30.0  # the first audit waits for what fell due while nobody was there
GIVEN_UP = 1  # exit code: whoever supervises us starts us again


def turn(now: Now) -> float:
    """Do everything that pages people once; for how many seconds there is nothing to do then.

    Raises django.db.Error when no round could reach the database at all. A round that fails for a
    reason of its own stops no other.
    """
    away: list[Error] = []
    rounds = timetable.of(timetable.PAGING)
    for each in rounds:
        try:
            timetable.do(each, now)
        except (InterfaceError, OperationalError) as error:
            connection.close()
            away.append(error)
    if len(away) == len(rounds):
        raise away[-1]
    watch.beat("guardian", now())
    return pause(due.next_due(now()), now())


def pause(moment: datetime | None, at: datetime) -> float:
    """How long to sleep at `at` when the next thing is due at `moment`; in seconds."""
    if moment is None:
        return LONGEST_S
    seconds = (moment - at).total_seconds()
    if seconds <= 0:
        return SHORTEST_S
    # A millisecond later, so that it is due for certain.
    return min(LONGEST_S, seconds + 0.001)


class Hand(threading.Thread):
    """Does its rounds when their time comes, until `over` is set. A database that is away is
    waited for: the paging thread decides when to give up."""

    def __init__(
        self,
        name: str,
        rounds: Iterable[Round],
        now: Now,
        over: threading.Event,
        *,
        patience_s: float = PATIENCE_S,
        begin_after_s: float = 0.0,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._rounds, self._now, self._over = tuple(rounds), now, over
        self._begin_after_s = begin_after_s
        self._look_s = 5.0 if all(each.slow for each in self._rounds) else timetable.QUICK.seconds
        self.pulse = Pulse(name, patience_s)

    def run(self) -> None:
        waited = 0.0
        while waited < self._begin_after_s and not self._over.wait(1.0):
            waited += 1.0
            self.pulse.beat()
        while not self._over.is_set():
            for each in self._rounds:
                with contextlib.suppress(Error):
                    timetable.do(each, self._now)
                self.pulse.beat()
            # It has long pauses: a connection is better given back than held.
            connection.close()
            self._over.wait(self._look_s)


class Pulse:
    """When something last came round, and how long it may take."""

    def __init__(self, name: str, patience_s: float = PATIENCE_S) -> None:
        self.name, self.patience_s = name, patience_s
        self._last = time.monotonic()

    def beat(self) -> None:
        self._last = time.monotonic()

    def is_stuck(self) -> bool:
        return time.monotonic() - self._last > self.patience_s


class Watchdog(threading.Thread):
    """Ends the process when a pulse stops, and shows those outside that it still looks.

    Outside is a file named by MSCC_PULSE, touched every second, for the supervisor of `./dev run`;
    and systemd's own watchdog where NOTIFY_SOCKET is set. They end a process that is stopped as a
    whole, which no thread of its own can.
    """

    def __init__(
        self, pulses: Iterable[Pulse], end: Callable[[str], None] | None = None, every_s: float = 1
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._pulses, self._end, self._every_s = list(pulses), end or end_now, every_s
        self._file = os.environ.get("MSCC_PULSE", "")
        self._socket = os.environ.get("NOTIFY_SOCKET", "")
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(self._every_s):
            stuck = next((pulse for pulse in self._pulses if pulse.is_stuck()), None)
            if stuck is not None:
                self._end(stuck.name)
                return
            self._show()

    def _show(self) -> None:
        with contextlib.suppress(OSError):
            if self._file:
                Path(self._file).touch()
        with contextlib.suppress(OSError):
            if self._socket:
                with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                    address = self._socket
                    line.connect("\0" + address[1:] if address.startswith("@") else address)
                    line.send(b"READY=1\nWATCHDOG=1")


def end_now(name: str) -> None:
    """End this process at once, saying where every thread of it stands."""
    logger.error("guardian_stuck", component=name)
    faulthandler.dump_traceback(all_threads=True)
    os._exit(GIVEN_UP)
