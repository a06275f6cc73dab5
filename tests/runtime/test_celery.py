import os
import socket
import subprocess
import sys

import pytest
from celery.schedules import schedule

from mscc import celery
from scheduling.domain import timetable

RING = """
import time
import django
django.setup()
from mscc import celery
from scheduling.domain import timetable
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
    for name, task in (
        ("sweep", "scheduling.tasks.sweep_clocks"),
        ("dispatch", "scheduling.tasks.dispatch_notices"),
    ):
        assert rung[name]["task"] == task
        assert schedule(rung[name]["schedule"]).seconds == 2
        assert rung[name]["options"]["expires"] <= 5


def test_beat_offers_every_slow_round_of_the_timetable():
    slow = {each.name: each for each in timetable.ROUNDS if each.slow}
    offered = {
        name: entry
        for name, entry in celery.app.conf.beat_schedule.items()
        if entry["task"] == "scheduling.tasks.do_round"
    }
    assert offered.keys() == slow.keys()
    for name, entry in offered.items():
        assert entry["args"] == (name,)
        assert schedule(entry["schedule"]).seconds <= slow[name].every.total_seconds()
        assert entry["options"]["expires"] <= entry["schedule"]


def test_what_beat_rings_for_exists():
    celery.app.autodiscover_tasks(force=True)
    missing = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}
    assert not missing - set(celery.app.tasks)


def test_a_broker_that_did_not_answer_is_left_alone_for_a_while(monkeypatch):
    asked = []

    def away(*args, **kwargs):
        asked.append(args)
        raise OSError

    now = [100.0]
    monkeypatch.setattr(celery.app, "send_task", away)
    monkeypatch.setattr(celery.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(celery, "_spared_until", 0.0)
    for now[0] in (100.0, 102.0, 104.9, 105.1):
        assert not celery.ring("scheduling.tasks.sweep_clocks")
    assert len(asked) == 2


def test_a_task_lost_with_its_worker_is_given_to_another():
    conf = celery.app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert conf.result_backend is None
