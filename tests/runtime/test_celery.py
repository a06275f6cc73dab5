import os
import socket
import subprocess
import sys

import pytest
from celery.schedules import schedule

from mscc import celery

RING = """
import time
import django
django.setup()
from mscc import celery
began = time.monotonic()
rung = celery.ring("scheduling.tasks.sweep_clocks")
print(rung, time.monotonic() - began)
"""


@pytest.mark.parametrize("hangs", [False, True], ids=["away", "hanging"])
def test_a_silent_broker_costs_two_seconds_at_most_and_raises_nothing(hangs):
    with socket.socket() as broker:
        broker.bind(("127.0.0.1", 0))
        if hangs:  # connections are taken and never answered
            broker.listen()
        env = {**os.environ, "REDIS_URL": f"redis://127.0.0.1:{broker.getsockname()[1]}/0"}
        env["DJANGO_SETTINGS_MODULE"] = "mscc.settings.development"
        argv = [sys.executable, "-c", RING]
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    rung, seconds = done.stdout.split()
    assert rung == "False"
    assert float(seconds) < 2


def test_a_message_is_given_out_again_only_after_its_task_must_have_ended():
    conf = celery.app.conf
    for options in (conf.broker_transport_options, conf.result_backend_transport_options):
        assert options["visibility_timeout"] > conf.task_time_limit > conf.task_soft_time_limit
    assert conf.visibility_timeout == conf.broker_transport_options["visibility_timeout"]


def test_beat_rings_for_every_sweep_and_every_dispatch_and_old_ticks_expire():
    rung = celery.app.conf.beat_schedule
    assert {entry["task"] for entry in rung.values()} == {
        "scheduling.tasks.sweep_clocks",
        "scheduling.tasks.dispatch_notices",
    }
    for entry in rung.values():
        assert schedule(entry["schedule"]).seconds == 2
        assert entry["options"]["expires"] <= 5


def test_what_beat_rings_for_exists():
    celery.app.autodiscover_tasks(force=True)
    missing = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}
    assert not missing - set(celery.app.tasks)


def test_a_task_lost_with_its_worker_is_given_to_another():
    conf = celery.app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert conf.result_backend is None
