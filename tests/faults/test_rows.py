"""Rows of the fault table that one process and one database can show, in seconds.

Each runs in the database of the tests, with connections that really commit, and most are judged by
the same checker as the kill loop.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from audit.models import Trail
from mscc import clock, failpoints
from mscc.events import Actor
from scheduling import tasks
from scheduling.domain import escalation, sweep
from scheduling.models import ClockStep, Escalation, Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, ReferralFactory, Team
from tests.factories.rota import on_duty
from tests.faults import history, reading
from tests.faults.servers import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]

DUE = AT + timedelta(hours=24)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def team() -> Team:
    made = Team.build()
    on_duty(made.coordinator, made.place, AT - timedelta(hours=1), hours=400)
    for who in (made.coordinator, made.senior):
        ContactPointFactory(user=who)
    return made


@pytest.fixture
def line() -> Iterator[psycopg.Connection]:
    """A connection of somebody else."""
    settings = connection.get_connection_params()
    given = {
        name: settings[name]
        for name in ("dbname", "host", "port", "user", "password")
        if settings.get(name)
    }
    made = psycopg.connect(**given)
    yield made
    made.close()


def verdict(at: Any) -> list[str]:
    """What the checker says of clocks and climbs; nothing is sent in these."""
    found = replace(reading.read(at, [], []), pages=())
    return [each.what for each in history.check(found).violations]


def together(many: int, do: Callable[[int], Any]) -> list[Any]:
    """Do it in several threads at the same moment."""
    gate = threading.Barrier(many)

    def one(number: int) -> Any:
        try:
            gate.wait(10)
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def breaches() -> int:
    return Trail.objects.filter(action="target_breached").count()


def test_four_sweepers_at_once_fire_everything_once(team):
    for _ in range(12):
        ReferralFactory(team=team, triaged=True)
    together(4, lambda _: [sweep.sweep(DUE) for _ in range(3)])

    assert breaches() == 12
    assert verdict(DUE) == []


def test_the_same_message_a_hundred_times_has_one_effect(team):
    for _ in range(4):
        ReferralFactory(team=team, triaged=True)
    clock.set_shift(lambda: DUE + MINUTE - clock.real_now())
    together(4, lambda _: [tasks.sweep_clocks() for _ in range(25)])

    assert breaches() == 4
    assert Escalation.objects.filter(about="breach").count() == 4
    assert verdict(DUE + MINUTE) == []


def test_an_answer_and_the_next_rung_at_the_same_moment_have_one_winner(team):
    for _ in range(20):
        ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    climbs = list(Escalation.objects.filter(about="breach").values_list("pk", flat=True))
    later, by = DUE + 5 * MINUTE, Actor.user(team.coordinator)

    def race(number: int) -> None:
        if number < 2:
            sweep.sweep(later)
        else:
            for climb in climbs if number == 2 else reversed(climbs):
                escalation.acknowledge(climb, by=by, at=later)

    together(4, race)

    assert set(Escalation.objects.values_list("state", flat=True)) <= {"acknowledged", "closed"}
    assert not Notice.objects.filter(state="pending", escalation_id__in=climbs).exists()
    assert Trail.objects.filter(action="page_acknowledged").count() == 20
    assert verdict(later) == []


def test_a_referral_that_somebody_holds_is_passed_over_and_fires_once_they_are_cut_off(team, line):
    held, free = (ReferralFactory(team=team, triaged=True) for _ in range(2))
    line.execute("SET idle_in_transaction_session_timeout = '700ms'")
    line.commit()
    line.execute("SELECT FROM referrals_referral WHERE id = %s FOR UPDATE", [held.pk])
    began = time.monotonic()
    sweep.sweep(DUE)

    assert time.monotonic() - began < 0.6  # it waited for nobody
    assert fired(free.pk)
    assert not fired(held.pk)
    assert eventually(lambda: sweep.sweep(DUE) and fired(held.pk), within_s=10)
    assert verdict(DUE) == []


def test_every_connection_of_ours_is_cut_off_when_it_holds_a_row_and_does_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("15s",)


def test_a_sweeper_that_stands_still_with_a_lock_is_cut_off_and_another_fires(team):
    stuck = ReferralFactory(team=team, triaged=True)
    connection.close()
    pid = os.fork()
    if pid == 0:
        failpoints.arm("t2.after_lock", by=signal.SIGSTOP)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET idle_in_transaction_session_timeout = '700ms'")
            sweep.fire(stuck.pk, DUE)
        finally:
            os._exit(0)
    try:
        _, status = os.waitpid(pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        assert sweep.sweep(DUE).fired == 0
        assert eventually(lambda: sweep.sweep(DUE) and fired(stuck.pk), within_s=10)
    finally:
        os.kill(pid, signal.SIGCONT)
        os.waitpid(pid, 0)
    # Woken up, it must not fire a second time what another has fired meanwhile.
    assert breaches() == 1
    assert verdict(DUE) == []


def test_a_deadlock_costs_one_sweep_and_nothing_else(team, line):
    referral = ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    climb = Escalation.objects.get(about="breach")
    later = DUE + 5 * MINUTE
    # The wrong order: the climb first, the referral second.
    line.execute("SELECT FROM scheduling_escalation WHERE id = %s FOR UPDATE", [climb.pk])
    with ThreadPoolExecutor(1) as pool:
        swept = pool.submit(in_a_thread, lambda: sweep.sweep(later))
        time.sleep(0.4)
        try:
            line.execute("SELECT FROM referrals_referral WHERE id = %s FOR UPDATE", [referral.pk])
        except psycopg.errors.DeadlockDetected:
            line.rollback()
        else:
            line.commit()
        assert swept.result(20).fired + swept.result().failed == 1

    sweep.sweep(later + MINUTE)
    climb.refresh_from_db()
    assert climb.rung == 1
    assert verdict(later + MINUTE) == []


def test_a_clock_that_jumps_forward_and_back_fires_nothing_twice_and_forgets_nothing(team):
    first = ReferralFactory(team=team, triaged=True)
    ReferralFactory(team=team, triaged=True, at=AT + timedelta(minutes=20))
    ten = timedelta(minutes=10)
    sweep.sweep(DUE - ten + ten)  # ten minutes fast: the first is called at its time by that clock
    assert fired(first.pk)
    for at in (DUE - ten, DUE - ten + MINUTE, DUE, DUE + MINUTE):
        sweep.sweep(at)
    assert breaches() == 1
    sweep.sweep(DUE + timedelta(minutes=20))

    assert breaches() == 2
    assert verdict(DUE + timedelta(minutes=20)) == []


def in_a_thread(do: Callable[[], Any]) -> Any:
    try:
        return do()
    finally:
        connection.close()


def fired(referral_id: UUID) -> bool:
    steps = ClockStep.objects.filter(referral=referral_id, step="breach", state="fired")
    return steps.filter(clock__kind="mri_24h").exists()
