"""Sending what is due: claim, hand to a gateway, settle. Any number of processes may do it.

Never call it inside a transaction: a claim must be committed before the network is touched.
"""

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime

from scheduling.notify import outbox
from scheduling.notify.lanes import Dispatched, Lane
from scheduling.notify.transports import Limits, Transport, transport_for

__all__ = ["Dispatched", "Dispatcher", "dispatch"]

LOOK_AGAIN_S = 0.25  # while one lane is busy, how soon another one's new work is found


class Dispatcher:
    """The lanes of one process. They outlive a call: one that hangs holds up nobody.

    `make` gives a transport for a channel; `width` is the number of senders in a lane.
    """

    def __init__(
        self,
        make: Callable[[str], Transport] = transport_for,
        *,
        width: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._make, self._width, self._limits = make, width, limits
        self._lanes: dict[str, Lane] = {}
        self._over: list[Lane] = []
        self._lock = threading.Lock()

    def run(self, at_clock: Callable[[], datetime], wait: float | None = None) -> Dispatched:
        """Send what is due, and say what became of it.

        Returns when nothing is left, or after `wait` seconds: lanes still busy then go on, and the
        next call reports what they did.
        """
        until = None if wait is None else time.monotonic() + wait
        self._start(at_clock)
        look_at = time.monotonic() + LOOK_AGAIN_S
        while busy := self._busy():
            if until is not None and time.monotonic() >= until:
                break
            busy[0].join(0.02)
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOOK_AGAIN_S
                self._start(at_clock)
        return self._collect()

    def close(self, timeout: float = 25.0) -> Dispatched:
        """Send nothing new and wait for what is on the wire; call it where the process ends."""
        until = time.monotonic() + timeout
        for lane in self._busy():
            lane.stop()
        for lane in self._busy():
            lane.join(max(0.0, until - time.monotonic()))
        return self._collect()

    def _busy(self) -> list[Lane]:
        with self._lock:
            return [lane for lane in self._lanes.values() if lane.is_alive()]

    def _start(self, at_clock: Callable[[], datetime]) -> None:
        for channel in outbox.due_channels(at_clock()):
            with self._lock:
                lane = self._lanes.get(channel)
                if (lane is not None and lane.is_alive()) or self._stuck(channel):
                    continue
                if lane is not None:
                    self._over.append(lane)
                made = self._lane(channel, at_clock)
                self._lanes[channel] = made
                made.start()

    def _lane(self, channel: str, at_clock: Callable[[], datetime]) -> Lane:
        return Lane(
            channel,
            at_clock,
            lambda: self._make(channel),
            width=self._width,
            limits=self._limits,
        )

    def _stuck(self, channel: str) -> bool:
        """Whether a whole lane's threads hang where nothing can break them off, such as in a
        look-up of a name. New ones would hang as well, and there would be no end of them."""
        lanes = [lane for lane in (*self._over, *self._lanes.values()) if lane.channel == channel]
        return bool(lanes) and sum(lane.stuck() for lane in lanes) >= lanes[-1].width

    def _collect(self) -> Dispatched:
        total = Dispatched()
        with self._lock:
            for lane in (*self._over, *self._lanes.values()):
                total.merge(lane.take())
            self._over = [lane for lane in self._over if lane.stuck()]
        return total


_mine: tuple[int, Dispatcher] | None = None
_making = threading.Lock()


def dispatcher() -> Dispatcher:
    """This process's dispatcher. A forked worker gets its own: threads do not survive a fork."""
    global _mine
    with _making:
        if _mine is None or _mine[0] != os.getpid():
            _mine = (os.getpid(), Dispatcher())
        return _mine[1]


def dispatch(at_clock: Callable[[], datetime], wait: float | None = 2.0) -> Dispatched:
    """Send what is due with this process's lanes. See `Dispatcher.run`."""
    return dispatcher().run(at_clock, wait)
