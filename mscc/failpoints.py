"""Named places where a test may kill this process with SIGKILL, to see what is left behind.

`FAULT_AT=t2.after_lock` kills the process that reaches that place; `FAULT_AFTER=3` lets it pass
twice first. Unset, reaching a place costs one look at a variable. Production refuses to start with
it set (mscc/settings/production.py).
"""

import os
import signal

# What stands in the code, by transaction; docs/faults.md says what each promises.
PLACES = (
    "t1.before_commit",
    "t1.after_commit",
    "t1.before_bell",
    "t2.after_lock",
    "t2.before_commit",
    "t2.after_commit",
    "t3.after_claim",
    "t3.before_network",
    "t4.after_answer",
    "t4.before_settle",
    "t4.after_settle",
    "t5.before_commit",
    "t5.after_commit",
)

_armed: str | None = None
_passes = 0
_signal = signal.SIGKILL


def arm(place: str | None, after: int = 1, by: signal.Signals = signal.SIGKILL) -> None:
    """Die at the `after`th time `place` is reached; None disarms. ValueError: no such place.

    `by` SIGSTOP the process only stands still there, as one does whose machine is suspended.
    """
    global _armed, _passes, _signal
    if place is not None and place not in PLACES:
        raise ValueError(f"there is no failpoint {place}")
    _armed, _passes, _signal = place, after, by


def reach(place: str) -> None:
    """Stand at a named place; nothing happens unless a test armed it."""
    if _armed is not None:
        _strike(place)


def _strike(place: str) -> None:
    global _passes
    if place != _armed:
        return
    _passes -= 1
    if _passes == 0:
        os.kill(os.getpid(), _signal)


arm(os.environ.get("FAULT_AT") or None, int(os.environ.get("FAULT_AFTER") or 1))
