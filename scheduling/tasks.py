"""Doorbells: each makes happen now what the rows already say is due."""

from typing import Any

from celery import shared_task

from mscc import clock
from scheduling.domain import timetable
from scheduling.domain.rounds import care_round, dispatch_round, sweep_round


@shared_task(name="scheduling.tasks.sweep_clocks")
def sweep_clocks(**_: Any) -> int:
    """Fire what is due; how many referrals were dealt with."""
    return sweep_round(clock.now)


@shared_task(name="scheduling.tasks.dispatch_notices")
def dispatch_notices(**_: Any) -> int:
    """Send what waits; how many notices were sent."""
    return dispatch_round(clock.now)


@shared_task(name="scheduling.tasks.work_out_care")
def work_out_care(**_: Any) -> int:
    """Work out what care is due where something changed; how many referrals were worked out."""
    return care_round(clock.now)


@shared_task(name="scheduling.tasks.do_round")
def do_round(name: str, **_: Any) -> int:
    """Do one slow round if its time has come and nobody else does it; 1 when it was done."""
    return int(timetable.do_by_name(name, clock.now))
