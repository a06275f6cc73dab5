"""Proof of work: who swept and who dispatched last, and whether that is recent enough."""

import os
import socket
from datetime import datetime, timedelta

from django.db import connection

from scheduling.models import Heartbeat

SILENCE = timedelta(seconds=10)
INSTANCE = f"{socket.gethostname()}:{os.getpid()}"[:80]


def beat(component: str, at: datetime, *, progress: bool = True) -> None:
    """Say that a component ran and, with `progress`, that it finished a round. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scheduling_heartbeat AS h (component, instance, beat_at, progress_at)
            VALUES (%(component)s, %(instance)s, %(at)s, %(progress)s)
            ON CONFLICT (component, instance) DO UPDATE SET beat_at = excluded.beat_at,
                progress_at = coalesce(excluded.progress_at, h.progress_at)
            """,
            {
                "component": component,
                "instance": INSTANCE,
                "at": at,
                "progress": at if progress else None,
            },
        )


def last_progress(component: str) -> datetime | None:
    """When any instance of a component last finished a round."""
    return (
        Heartbeat.objects.filter(component=component, progress_at__isnull=False)
        .order_by("-progress_at")
        .values_list("progress_at", flat=True)
        .first()
    )


def is_silent(component: str, at: datetime) -> bool:
    """Whether nobody has finished a round of this work for longer than SILENCE."""
    last = last_progress(component)
    return last is None or at - last > SILENCE


def forget(before: datetime) -> int:
    """Drop the heartbeats of processes that are long gone."""
    deleted, _ = Heartbeat.objects.filter(beat_at__lt=before).delete()
    return deleted
