"""One lane a channel: a few threads that send, and one that talks to the database.

A hanging gateway fills its own lane and no other. The lane claims a little at a time, so that
what is most urgent is never far back.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection

from mscc.failpoints import reach
from scheduling.notify import outbox
from scheduling.notify.models import Notice
from scheduling.notify.retry import Outcome, Result
from scheduling.notify.sender import STALE_S, Sender
from scheduling.notify.transports import Limits, Transport

_Answer = TypeVar("_Answer")
logger = structlog.get_logger(__name__)

SENDERS = {
    "email": 4,
    "pager": 4,
    "sms": 4,
    "webhook": 8,
    "teams": 2,
    "push": 4,
    "apprise": 2,
    "console": 1,
}
DEPTH = 2  # handed out per sender: one on the wire, one ready
CLAIM = 4  # claimed ahead per sender
LOOK_AGAIN_S = 0.5  # between claims that find nothing while something is still on the wire
GATHER_S = 0.05
AGAIN_S = (0.5, 1.0, 2.0)  # how long a database that is restarting is waited for
GRACE_S = 1.0  # for a sender to notice that its connection was broken


@dataclass
class Dispatched:
    """What became of the notices that were tried.

    `dead`: cannot be delivered or given up. `reroute`: want another channel or person now (the
    dead, and those that failed twice). `alarms`: someone technical must look. `errors`: lanes
    that broke off; their notices are sent again when the leases run out.
    """

    sent: int = 0
    failed: int = 0
    errors: int = 0
    dead: list[UUID] = field(default_factory=list)
    reroute: list[UUID] = field(default_factory=list)
    alarms: list[UUID] = field(default_factory=list)

    def add(self, settled: outbox.Settled) -> None:
        """Count one settled attempt."""
        notice, decision = settled.notice, settled.decision
        if not settled.held:
            logger.warning("notice_result_late", notice_id=str(notice.id), channel=notice.channel)
            return
        self.sent += decision.state == "sent"
        self.failed += decision.state == "pending"
        if decision.state in ("dead", "failed"):
            self.dead.append(notice.id)
        if decision.also_alternative:
            self.reroute.append(notice.id)
        if decision.alarm or settled.outcome.poison:
            self.alarms.append(notice.id)
            logger.error(
                "notice_alarm",
                notice_id=str(notice.id),
                channel=notice.channel,
                outcome=str(settled.outcome.result),
                reason=settled.outcome.poison or settled.outcome.code,
            )

    def merge(self, other: "Dispatched") -> None:
        """Add what another one counted."""
        self.sent += other.sent
        self.failed += other.failed
        self.errors += other.errors
        self.dead += other.dead
        self.reroute += other.reroute
        self.alarms += other.alarms


class Lane(threading.Thread):
    """Sends one channel's due notices and ends when there are no more."""

    def __init__(
        self,
        channel: str,
        at_clock: Callable[[], datetime],
        make: Callable[[], Transport],
        *,
        width: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(name=f"notices-{channel}", daemon=True)
        self.channel = channel
        self._at = at_clock
        self._make = make
        self._width = width or SENDERS[channel]
        self._limits = limits or Limits()
        self._stopping = threading.Event()
        self._todo: queue.SimpleQueue[tuple[Notice, float] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Notice, Outcome | None, Sender]] = queue.SimpleQueue()
        self._waiting: deque[tuple[Notice, float]] = deque()  # claimed, and when last known ours
        self._handed_out = 0
        self._look_at = 0.0
        self._senders: list[Sender] = []
        self._stuck: list[Sender] = []
        self._counted = Dispatched()
        self._counting = threading.Lock()

    def stop(self) -> None:
        """Send nothing new; what is on the wire is still settled."""
        self._stopping.set()

    def take(self) -> Dispatched:
        """What became of notices since the last time of asking."""
        with self._counting:
            found, self._counted = self._counted, Dispatched()
        return found

    @property
    def width(self) -> int:
        return self._width

    def stuck(self) -> int:
        """How many senders were given up and have not come back yet."""
        return sum(sender.is_alive() for sender in self._stuck)

    def run(self) -> None:
        try:
            while self._step():
                pass
        except Exception:
            # The leases run out and the notices are sent again, by a new lane on a new connection.
            logger.exception("notice_lane_broke", channel=self.channel)
            with self._counting:
                self._counted.errors += 1
        finally:
            self._empty_todo()
            for _ in self._senders:
                self._todo.put(None)
            connection.close()

    def _step(self) -> bool:
        """Claim, hand out, gather, settle; False when there is nothing left to do."""
        if self._stopping.is_set():
            self._give_back()
        else:
            self._claim()
            self._hand_out()
        if not self._handed_out:
            self._give_back()
            return False
        results = self._gather() + self._overdue()
        if results:
            # First something new on the wire, then the bookkeeping of the old.
            if not self._stopping.is_set():
                self._hand_out()
            reach("t4.before_settle")
            settled = _patiently(lambda: outbox.settle_all(results, self._at()))
            reach("t4.after_settle")
            with self._counting:
                for one in settled:
                    self._counted.add(one)
        return True

    def _claim(self) -> None:
        room = CLAIM * self._width - len(self._waiting)
        free = self._handed_out < DEPTH * self._width
        if not free or self._waiting or room <= 0 or time.monotonic() < self._look_at:
            return
        found = _patiently(lambda: outbox.claim(self._at(), room, channel=self.channel))
        if found:
            reach("t3.after_claim")
        now = time.monotonic()
        self._waiting.extend((notice, now) for notice in found)
        self._look_at = 0.0 if len(found) == room else now + LOOK_AGAIN_S

    def _hand_out(self) -> None:
        if self._waiting and time.monotonic() - self._waiting[0][1] > STALE_S:
            self._check_waiting()
        while self._waiting and self._handed_out < DEPTH * self._width:
            if not self._somebody_to_send():
                return
            self._todo.put((self._waiting.popleft()[0], time.monotonic()))
            self._handed_out += 1

    def _somebody_to_send(self) -> bool:
        """Start senders as they are needed, up to the width less those that are stuck."""
        idle = len(self._senders) > self._handed_out
        if not idle and len(self._senders) + self.stuck() < self._width:
            name = f"{self.name}-{len(self._senders)}"
            sender = Sender(self._make, self._todo, self._done, name)
            self._senders.append(sender)
            sender.start()
        return bool(self._senders)

    def _check_waiting(self) -> None:
        """Before sending what waited: is it still ours, and is it still wanted?"""
        waiting = [notice for notice, _ in self._waiting]
        held = _patiently(lambda: outbox.renew(waiting, self._at()))
        now = time.monotonic()
        self._waiting = deque((notice, now) for notice in held)

    def _gather(self) -> list[tuple[Notice, Outcome]]:
        """The outcomes that are there; waits a moment for the first."""
        results: list[tuple[Notice, Outcome]] = []
        wait = GATHER_S
        while True:
            try:
                notice, outcome, sender = self._done.get(timeout=wait)
            except queue.Empty:
                return results
            wait = 0.0
            if not sender.abandoned:
                self._handed_out -= 1
            if outcome is not None:
                results.append((notice, outcome))
            else:
                self._waiting.appendleft((notice, 0.0))

    def _overdue(self) -> list[tuple[Notice, Outcome]]:
        """Break off attempts that have had their time; give up senders that do not come back."""
        results = []
        for sender in list(self._senders):
            current = sender.current
            late = time.monotonic() - current[1] - self._limits.total if current else -1.0
            if late > 0:
                sender.abort()
            if current and late > GRACE_S:
                sender.abandoned = True
                self._senders.remove(sender)
                self._stuck.append(sender)
                self._handed_out -= 1
                results.append((current[0], Outcome(Result.UNKNOWN, "timeout")))
        return results

    def _give_back(self) -> None:
        """Let others send what was claimed and not tried."""
        untried: Sequence[Notice] = [*self._empty_todo(), *(notice for notice, _ in self._waiting)]
        self._waiting.clear()
        if untried:
            outbox.release(untried, self._at())

    def _empty_todo(self) -> list[Notice]:
        found = []
        while True:
            try:
                item = self._todo.get_nowait()
            except queue.Empty:
                return found
            if item is not None:
                found.append(item[0])
                self._handed_out -= 1


def _patiently(ask: Callable[[], _Answer]) -> _Answer:
    """Ask again, on a new connection, when the database is restarting or a row is long locked.

    The outcomes in hand are worth the wait: without them every notice would be sent again.
    """
    for wait in AGAIN_S:
        try:
            return ask()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(wait)
    return ask()
