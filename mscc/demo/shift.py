"""The demo's clock: moved forward by hand, the same for every process, never in production."""

import time
from datetime import timedelta

from django.db import Error, connection, transaction
from django.db.models import F

from mscc.demo.models import DemoClock

# Each process looks once a second: a page asks for the time a hundred times.
FRESH_S = 1.0
_seen_at = 0.0
_ahead = timedelta(0)


def current() -> timedelta:
    """How far the demo is ahead; the last known answer while the database is away."""
    global _seen_at, _ahead
    if time.monotonic() - _seen_at > FRESH_S:
        _seen_at = time.monotonic()
        was_open = connection.connection is not None
        try:
            # An aborted transaction around us must not be made worse, nor a missing table matter.
            with transaction.atomic():
                row = DemoClock.objects.first()
        except Error:
            return _ahead
        finally:
            if not was_open:
                # A thread that has no business with the database must not be left holding one.
                connection.close()
        _ahead = timedelta(seconds=row.ahead_s if row else 0)
    return _ahead


def advance(by: timedelta) -> None:
    """Move the demo's clock forward for every process, within a second."""
    global _seen_at
    seconds = int(by.total_seconds())
    DemoClock.objects.get_or_create(pk=1)
    DemoClock.objects.filter(pk=1).update(ahead_s=F("ahead_s") + seconds)
    _seen_at = 0.0
