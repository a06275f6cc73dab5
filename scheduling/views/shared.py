"""One answer for many askers: boards that poll within the same half second share what was found.

In this process's memory only, bounded, and never older than it says: losing it costs a query.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Shared(Generic[_Value]):
    """Values by key, each worked out by one thread while the others wait for it.

    `seconds` is how long a value may be handed out; None for one that its key determines.
    """

    def __init__(self, *, seconds: float | None, most: int) -> None:
        self.seconds, self.most = seconds, most
        self._kept: OrderedDict[Hashable, tuple[float, _Value]] = OrderedDict()
        self._working: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], _Value]) -> _Value:
        """The value of `key`, found now if nobody found it lately. What `find` raises is raised."""
        fresh, value = self._look(key)
        if fresh:
            return value  # type: ignore[return-value]
        with self._guard:
            turn = self._working.setdefault(key, threading.Lock())
        with turn:
            fresh, value = self._look(key)
            if not fresh:
                value = find()
                self._keep(key, value)
        return value  # type: ignore[return-value]

    def forget(self) -> None:
        """Drop everything."""
        with self._guard:
            self._kept.clear()
            self._working.clear()

    def _look(self, key: Hashable) -> tuple[bool, _Value | None]:
        with self._guard:
            kept = self._kept.get(key)
        if kept is None or (self.seconds is not None and time.monotonic() - kept[0] > self.seconds):
            return False, None
        return True, kept[1]

    def _keep(self, key: Hashable, value: _Value) -> None:
        with self._guard:
            self._kept[key] = (time.monotonic(), value)
            self._kept.move_to_end(key)
            self._working.pop(key, None)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
