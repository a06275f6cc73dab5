"""The only reader of the wall clock. Everything else is told the time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_shift: Callable[[], timedelta] | None = None


def now() -> datetime:
    """The present moment, aware, in UTC; moved by the demo's shift where one is installed."""
    moment = datetime.now(UTC)
    return moment if _shift is None else moment + _shift()


def real_now() -> datetime:
    """The unshifted moment, for what the demo must not move: a session's age."""
    return datetime.now(UTC)


def set_shift(shift: Callable[[], timedelta] | None) -> None:
    """Let the demo move time. Called by `mscc.demo` alone; production never calls it."""
    global _shift
    _shift = shift


def local(moment: datetime) -> datetime:
    """The same instant on a clock in London, for showing to people.

    Raises ValueError for a time without an offset: guessing one would be an hour wrong in summer.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without an offset cannot be shown")
    return moment.astimezone(LONDON)
