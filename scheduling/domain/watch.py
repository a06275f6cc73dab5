"""Proof of work: who swept and who dispatched last, and whether that is recent enough."""

import os
import socket
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from scheduling.domain.due import Backlog
from scheduling.models import Heartbeat

SILENCE = timedelta(seconds=10)
_HOST = socket.gethostname()


def beat(
    component: str, at: datetime, *, progress: bool = True, left: Backlog | None = None
) -> None:
    """Say that a component ran and, with `progress`, that it finished a round. One statement.

    `left` is what the round left undone. Without progress a beat says: alive, but not working.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scheduling_heartbeat AS h (
                component, instance, process, build, beat_at, progress_at, backlog, oldest_due_s)
            VALUES (%(component)s, %(instance)s, %(process)s, %(build)s, %(at)s, %(progress)s,
                %(backlog)s, %(oldest)s)
            ON CONFLICT (component, instance) DO UPDATE SET beat_at = excluded.beat_at,
                process = excluded.process, build = excluded.build,
                progress_at = coalesce(excluded.progress_at, h.progress_at),
                backlog = coalesce(excluded.backlog, h.backlog),
                oldest_due_s = coalesce(excluded.oldest_due_s, h.oldest_due_s)
            """,
            {
                "component": component,
                "instance": instance(),
                "process": settings.PROCESS[:20],
                "build": settings.BUILD[:40],
                "at": at,
                "progress": at if progress else None,
                "backlog": left.waiting if left else None,
                "oldest": left.oldest_s(at) if left else None,
            },
        )


def instance() -> str:
    """This very process, as heartbeats name it: host and process id, asked anew after a fork."""
    return f"{_HOST}:{os.getpid()}"[:80]


def forget(before: datetime) -> int:
    """Drop the heartbeats of processes that are long gone."""
    deleted, _ = Heartbeat.objects.filter(beat_at__lt=before).delete()
    return deleted
