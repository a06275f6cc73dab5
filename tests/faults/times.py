"""Time that runs faster, the same for every process: a lease of 90 seconds is over in three.

The product is told the time and never reads it, so that this changes no line of it.
"""

import mmap
import struct
import time
from datetime import timedelta

from mscc import clock


class Times:
    """Shared by fork. `factor` seconds pass in one; `stop` lets time stand (almost) still."""

    def __init__(self, factor: float) -> None:
        self._page = mmap.mmap(-1, mmap.PAGESIZE)
        self._write(time.monotonic(), 0.0, factor)

    def install(self) -> None:
        """Move `mscc.clock` in this process and in those it forks."""
        clock.set_shift(lambda: timedelta(seconds=self.ahead()))

    @property
    def factor(self) -> float:
        return self._read()[2]

    def ahead(self) -> float:
        """Seconds by which the product's time is ahead of the real one."""
        since, before, factor = self._read()
        return before + (time.monotonic() - since) * (factor - 1)

    def run(self, factor: float) -> None:
        """From now on `factor` seconds pass in one."""
        self._write(time.monotonic(), self.ahead(), factor)

    def jump(self, seconds: float) -> None:
        """The clock is put forward, or back."""
        since, before, factor = self._read()
        self._write(since, before + seconds, factor)

    def _read(self) -> tuple[float, float, float]:
        return struct.unpack_from("ddd", self._page)

    def _write(self, since: float, before: float, factor: float) -> None:
        struct.pack_into("ddd", self._page, 0, since, before, factor)
