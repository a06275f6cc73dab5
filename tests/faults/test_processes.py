"""Rows of the fault table that need real processes and servers of their own, to be killed.

They take minutes, so only `./dev faults` runs them (it sets FAULTS_LONG).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from mscc.runtime.places import ROOT
from tests.faults.gateway import Gateway, Moods
from tests.faults.servers import Server, die_with_parent, eventually, own_postgres, own_valkey

pytestmark = [
    pytest.mark.skipif(not os.environ.get("FAULTS_LONG"), reason="long: ./dev faults runs it"),
    pytest.mark.serial,
    pytest.mark.timeout(400),
]
PROMISED_S = 15.0  # from a deadline to the gateway, whatever else is broken
WORKER = ("-m", "celery", "-A", "mscc", "worker", "-c", "2", "--loglevel", "critical")
BEAT = ("-m", "celery", "-A", "mscc", "beat", "--loglevel", "critical", "-s")
GUARDIAN = ("manage.py", "guardian")


@dataclass
class Stand:
    """Servers of our own, a gateway, and what runs on them."""

    postgres: Server
    valkey: Server
    gateway: Gateway
    env: dict[str, str]
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *argv: str, out: str = os.devnull, **env: str) -> "subprocess.Popen[bytes]":
        with open(out, "wb") as said:
            made = subprocess.Popen(
                [sys.executable, *argv],
                cwd=ROOT,
                env={**self.env, **env},
                stdout=said,
                stderr=said,
                preexec_fn=die_with_parent,
            )
        self.running.append(made)
        return made

    def stop(self) -> None:
        for each in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGCONT)
                each.kill()
            each.wait(20)
        self.running.clear()

    def falls_due(self, seconds: float) -> "Deadline":
        argv = [sys.executable, "-m", "tests.faults.seed", str(seconds)]
        done = subprocess.run(argv, cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        clock, due, took = done.stdout.split()
        return Deadline(self, clock, datetime.fromisoformat(due), float(took))

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as line:
            return line.execute(query, given).fetchall()

    @property
    def broker(self) -> "redis.Redis[bytes]":
        return redis.Redis.from_url(self.env["FAULTS_BROKER"])


@dataclass
class Deadline:
    stand: Stand
    clock: str
    due: datetime
    took_s: float  # how long the commands of its referral took

    def paged(self) -> bool:
        """Whether a page about it has reached the gateway."""
        found = self.stand.ask(
            """SELECT notice.id::text FROM scheduling_notice AS notice
               JOIN scheduling_escalation AS climb ON climb.id = notice.escalation_id
               WHERE climb.clock_id = %s AND climb.about = 'breach' AND notice.state = 'sent'""",
            self.clock,
        )
        arrived = {each.id for each in self.stand.gateway.deliveries()}
        return any(id_ in arrived for (id_,) in found)

    def late_s(self, within_s: float = 60.0) -> float:
        """Seconds from the deadline until it was paged; waits for it."""
        assert eventually(self.paged, within_s) is not None, "nobody was paged"
        return (datetime.now(UTC) - self.due).total_seconds()

    def breaches(self) -> int:
        found = self.stand.ask(
            """SELECT count(*) FROM audit_trail AS trail
               JOIN scheduling_clock AS clock ON clock.referral_id = trail.referral_id
               WHERE clock.id = %s AND trail.action = 'target_breached'
                   AND trail.details->>'kind' = clock.kind""",
            self.clock,
        )
        return int(found[0][0])


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    folder = tmp_path_factory.mktemp("faults")
    kind = Moods(busy=0, lost=0, slow=0)
    with (
        Gateway(folder / "gateway", kind) as gateway,
        own_postgres() as (postgres, url),
        own_valkey() as (valkey, broker),
    ):
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": url,
            "REDIS_URL": broker,
            "FAULTS_BROKER": broker,
            "FAULTS_SMTP_PORT": str(gateway.port),
        }
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=env, check=True, capture_output=True)
        yield Stand(postgres, valkey, gateway, env, folder)


@pytest.fixture
def stand(servers: Stand) -> Iterator[Stand]:
    yield servers
    servers.stop()
    if not servers.valkey.answers():
        servers.valkey.start()


@pytest.fixture
def watched(stand: Stand) -> Callable[..., "subprocess.Popen[bytes]"]:
    """A guardian that has come round at least once."""

    def start(out: str = os.devnull, **env: str) -> "subprocess.Popen[bytes]":
        began = datetime.now(UTC)
        made = stand.start(*GUARDIAN, out=out, **env)
        ready = "SELECT 1 FROM scheduling_heartbeat WHERE component = 'guardian' AND beat_at > %s"
        assert eventually(lambda: stand.ask(ready, began), 120) is not None
        return made

    return start


def test_a_full_disk_for_logs_stops_no_page(stand, watched):
    watched(out="/dev/full", LOG_LEVEL="DEBUG")
    assert stand.falls_due(4).late_s() < PROMISED_S


def test_with_one_guardian_suspended_another_pages(stand, watched):
    first = watched()
    watched()
    os.kill(first.pid, signal.SIGSTOP)
    deadline = stand.falls_due(4)
    assert deadline.late_s() < PROMISED_S
    os.kill(first.pid, signal.SIGCONT)
    time.sleep(3)
    assert deadline.breaches() == 1


def test_an_emptied_broker_loses_nothing(stand, watched):
    stand.start(*WORKER)
    stand.start(*BEAT, str(stand.folder / "beat"))
    watched()
    deadline = stand.falls_due(6)
    until = time.monotonic() + 8
    while time.monotonic() < until:
        stand.broker.flushall()
        time.sleep(0.2)
    assert deadline.late_s() < PROMISED_S
    assert deadline.breaches() == 1


def test_a_full_broker_is_nobodys_error(stand, watched):
    watched()
    stand.broker.config_set("maxmemory", "1")
    try:
        deadline = stand.falls_due(4)
        assert deadline.late_s() < PROMISED_S
    finally:
        stand.broker.config_set("maxmemory", "0")


def test_a_broker_that_is_gone_for_good_costs_a_command_little_and_no_page(stand, watched):
    usual = stand.falls_due(600).took_s
    watched()
    stand.valkey.kill()
    deadline = stand.falls_due(4)
    # Two commands, each of which rings: a quick refusal each.
    assert deadline.took_s < usual + 2
    assert deadline.late_s() < PROMISED_S


def test_a_message_a_hundred_times_and_one_that_nobody_knows(stand):
    """Old and new code beside one another: what a worker does not know it leaves, and goes on."""
    from celery import Celery

    deadline = stand.falls_due(1)
    stranger = Celery(broker=stand.env["FAULTS_BROKER"])
    for _ in range(100):
        stranger.send_task("scheduling.tasks.sweep_clocks", task_id="the-same", kwargs={"new": 1})
    stranger.send_task("scheduling.tasks.of_tomorrow")
    stranger.send_task("scheduling.tasks.sweep_clocks", args=[1, 2, 3])
    stranger.send_task("scheduling.tasks.dispatch_notices")
    time.sleep(1)
    worker = stand.start(*WORKER)
    stand.start(*BEAT, str(stand.folder / "beat2"))

    assert deadline.late_s() < 60  # most of it is the worker's own start
    assert deadline.breaches() == 1
    assert worker.poll() is None


def test_a_worker_that_is_killed_in_every_task_is_made_good(stand, watched):
    stand.start(*WORKER, FAULT_AT="t2.after_lock")
    stand.start(*BEAT, str(stand.folder / "beat3"))
    watched()
    deadline = stand.falls_due(6)
    assert deadline.late_s() < PROMISED_S
    assert deadline.breaches() == 1


def test_with_every_connection_taken_it_waits_and_then_pages(stand):
    deadline = stand.falls_due(8)
    taken: list[psycopg.Connection] = []
    guardian = stand.start(*GUARDIAN)
    try:
        with contextlib.suppress(psycopg.OperationalError):
            while len(taken) < 500:
                taken.append(psycopg.connect(stand.env["DATABASE_URL"]))
        assert 50 < len(taken) < 500
        time.sleep(10)
    finally:
        for line in taken:
            line.close()
    alive = [guardian]

    def paged() -> bool:
        if alive[-1].poll() is not None:
            # It gave up after three tries; its supervisor would start it again.
            alive.append(stand.start(*GUARDIAN))
        return deadline.paged()

    # Within a minute of the database's return, with the start of a new process in it.
    assert eventually(paged, 60) is not None
