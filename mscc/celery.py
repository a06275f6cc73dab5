"""Celery as a doorbell: it makes a sweep or a dispatch happen now rather than a little later.

Nothing may depend on a message arriving. What is due is a row in PostgreSQL, and the guardian
looks at the rows whatever happens here.
"""

import logging
import os
import time
from collections.abc import Callable
from functools import cache, partial

from celery import Celery
from django.db import transaction

from mscc.failpoints import reach

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mscc.settings.production")

TICK = 2.0  # seconds between two sweeps, and between two dispatches
# The slow rounds of scheduling/domain/timetable.py and mscc/wiring.py. A tick offers; whoever is
# first takes it.
SLOW_ROUNDS = ("audit", "gaps", "swaps", "handover", "tests", "pack", "journeys", "steering")
SLOW_TICK = 30.0
TASK_LIMIT = 60  # seconds; a task is killed then
# A message whose worker was killed is handed out again after this. It must be longer than any
# task may run, or the same task would run twice at once.
VISIBILITY = {"visibility_timeout": 120}

app = Celery("mscc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_soft_time_limit=50,
    task_time_limit=TASK_LIMIT,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    result_backend=None,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=1,
    # A person is waiting for the request that publishes: one quick try, then the tick does it.
    task_publish_retry=False,
    broker_transport_options={
        **VISIBILITY,
        "socket_connect_timeout": 1,
        "socket_timeout": 1,  # a broker that hangs must not hang a request
        "max_retries": 0,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    },
    result_backend_transport_options=VISIBILITY,
    **VISIBILITY,
    # A tick that found no worker in time is dropped: the next one does the same work.
    beat_schedule={
        name: {"task": task, "schedule": TICK, "options": {"expires": 2 * TICK}}
        for name, task in (
            ("sweep", "scheduling.tasks.sweep_clocks"),
            ("dispatch", "scheduling.tasks.dispatch_notices"),
        )
    }
    | {
        name: {
            "task": "scheduling.tasks.do_round",
            "args": (name,),
            "schedule": SLOW_TICK,
            "options": {"expires": SLOW_TICK},
        }
        for name in SLOW_ROUNDS
    },
)
app.autodiscover_tasks()

log = logging.getLogger(__name__)

# A broker that hangs costs a second each time: after that it is left alone for so long.
SPARED_S = 5.0
_spared_until = 0.0


def ring(task: str) -> bool:
    """Ask for a task by name, at most once and within about a second; whether it was asked.

    Call it after the commit. A broker that is away, full or slow costs a log line and no more, and
    for a few seconds afterwards not even that: the guardian does the work meanwhile.
    """
    global _spared_until
    reach("t1.before_bell")
    if time.monotonic() < _spared_until:
        return False
    try:
        app.send_task(task, retry=False, expires=60)
    except Exception as error:  # whatever the broker does, it means the same here
        _spared_until = time.monotonic() + SPARED_S
        log.warning("doorbell_unanswered", extra={"task": task, "error": type(error).__name__})
        return False
    return True


def ring_on_commit(task: str) -> None:
    """Ring once when the transaction in hand commits, however often it was asked for in it."""
    bell = _bell(task)
    if not any(waiting is bell for _, waiting, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(bell)


@cache
def _bell(task: str) -> Callable[[], bool]:
    return partial(ring, task)
