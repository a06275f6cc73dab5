"""One thread that hands messages to a gateway. It needs no connection to the database."""

import queue
import threading
import time
from collections.abc import Callable

import structlog

from mscc.failpoints import reach
from scheduling.notify import messages
from scheduling.notify.models import Notice
from scheduling.notify.retry import Outcome, Result
from scheduling.notify.transports import Transport, TransportError

logger = structlog.get_logger(__name__)

STALE_S = 2.0  # a notice that waited longer is checked again before it is sent


def attempt(transport: Transport, notice: Notice) -> Outcome:
    """Render and send one notice. Never raises: a surprise may have come after the hand-over."""
    message = messages.render(notice)
    started = time.monotonic()
    ref, code, retry_after = "", "", None
    try:
        reach("t3.before_network")
        ref = transport.send(notice, message).provider_ref
        reach("t4.after_answer")
        result = Result.SENT
    except TransportError as error:
        result, code, retry_after = error.kind, error.code, error.retry_after
    except Exception as error:
        logger.exception("notice_transport_broke", channel=notice.channel)
        result, code = Result.UNKNOWN, type(error).__name__
    latency_ms = round(1000 * (time.monotonic() - started))
    return Outcome(result, code, ref, retry_after, latency_ms, message.poison)


class Sender(threading.Thread):
    """Sends what its lane puts on the queue, one at a time, over a transport of its own.

    Answers on `done` with (notice, outcome, itself); outcome None: it came too late to be tried.
    """

    def __init__(
        self,
        make: Callable[[], Transport],
        todo: "queue.SimpleQueue[tuple[Notice, float] | None]",
        done: "queue.SimpleQueue[tuple[Notice, Outcome | None, Sender]]",
        name: str,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._make, self._todo, self._done = make, todo, done
        self._transport: Transport | None = None
        self.current: tuple[Notice, float] | None = None  # what is on the wire, and since when
        self.abandoned = False

    def run(self) -> None:
        while not self.abandoned and (item := self._todo.get()) is not None:
            notice, handed_at = item
            if time.monotonic() - handed_at > STALE_S:
                self._done.put((notice, None, self))
                continue
            self.current = (notice, time.monotonic())
            outcome = self._try(notice)
            self.current = None
            self._done.put((notice, outcome, self))
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Break its connection from outside: the attempt has had its time."""
        if self._transport is not None:
            self._transport.abort()

    def _try(self, notice: Notice) -> Outcome:
        try:
            if self._transport is None:
                self._transport = self._make()
        except TransportError as error:
            return Outcome(error.kind, error.code)
        except Exception as error:
            logger.exception("notice_transport_broke", channel=notice.channel)
            return Outcome(Result.CONFIG, type(error).__name__)
        return attempt(self._transport, notice)
