"""A short run of the kill loop; `./dev faults` has the long one."""

import gc
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.gateway import Gateway
from tests.faults.loop import PLACES, Loop, Plan, lines
from tests.faults.times import Times

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]


def test_killed_at_every_step_it_loses_and_doubles_nothing(tmp_path: Path, settings):
    plan = Plan(kills=26, seed=7, within_s=60, poison=1)
    connection.close()
    with Gateway(tmp_path / "gateway") as gateway:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", gateway.port
        try:
            report = Loop(plan, tmp_path, gateway, Times(30.0)).run()
        finally:
            gc.unfreeze()

    assert report.passed, "\n".join(lines(report))
    assert report.kills.total() >= plan.kills
    # Each process is killed at its own steps, the one that has had the fewest first.
    assert set(report.kills) <= {"anywhere"}.union(*PLACES.values())
    assert any(each.acknowledged for each in report.history.commands)
    assert any(step.state == "fired" for step in report.history.steps)
    assert report.history.deliveries
