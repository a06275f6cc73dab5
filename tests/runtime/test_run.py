"""The whole of `./dev run`, once: started, disturbed, stopped, started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mscc.runtime import run
from mscc.runtime.places import ROOT, Trouble
from mscc.runtime.servers import free_port
from tests.runtime.watching import eventually, is_alive

pytestmark = [pytest.mark.runtime, pytest.mark.serial]


@pytest.fixture
def state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mscc-runtime-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


class House:
    """One `./dev run` with data of its own."""

    def __init__(self, state: Path, port: int) -> None:
        self.port, self.state, self.log = port, state, state / f"log-{port}"
        hidden = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MSCC_STARTED")
        env = {name: value for name, value in os.environ.items() if name not in hidden}
        argv = [sys.executable, "-m", "mscc.runtime.run", "--port", str(port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                argv, env={**env, "MSCC_STATE": str(state)}, cwd=ROOT, stdout=log, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[str, int]:
        pid = self.process.pid
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        # A process that names itself, as Celery does, parts its words by blanks.
        commands = {
            int(child): Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
            for child in listed
        }
        return {
            name: child
            for child, command in commands.items()
            for name, part in (
                ("postgres", b"bin/postgres"),
                ("valkey", b"valkey-server"),
                ("web", b"gunicorn"),
                ("worker", b"mscc.celery worker"),
                ("beat", b"mscc.celery beat"),
                ("guardian", b"guardian"),
            )
            if part in command
        }

    def asks(self, statement: str) -> list[tuple[Any, ...]]:
        """One statement to the embedded database."""
        with psycopg.connect(self.facts()["DATABASE_URL"], autocommit=True) as line:
            return line.execute(statement).fetchall()

    def facts(self) -> dict[str, str]:
        return json.loads((self.state / "servers.json").read_text())

    def lets_a_target_pass(self, in_seconds: int) -> str:
        """Bring one MRI's deadline close; the reference of its referral."""
        ((reference,),) = self.asks(f"""
            WITH chosen AS (
                SELECT id, referral_id FROM scheduling_clock
                WHERE kind = 'mri_24h' AND state = 'running' AND due_at > now() + '1 hour' LIMIT 1
            ), moved AS (
                UPDATE scheduling_clock AS c SET due_at = now() + '{in_seconds} s',
                    at_risk_at = c.started_at + '1 s' FROM chosen WHERE c.id = chosen.id
            ), armed AS (
                UPDATE scheduling_clockstep AS s SET fire_at = now() + '{in_seconds} s'
                FROM chosen WHERE s.clock_id = chosen.id AND s.step = 'breach'
            )
            SELECT reference FROM referrals_referral AS r JOIN chosen ON referral_id = r.id
        """)
        return reference

    def paged(self, reference: str) -> bool:
        """Whether the page about it has arrived in the demo's inbox."""
        try:
            found = self.asks("SELECT body FROM demo_arrived WHERE channel = 'pager'")
        except psycopg.Error:
            return False
        return any("TARGET MISSED" in body and reference in body for (body,) in found)

    def page(self, path: str = "/") -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@pytest.fixture
def house(state) -> Iterator[House]:
    house = House(state, free_port())
    yield house
    if house.process.poll() is None:
        house.process.terminate()
        house.process.wait(60)


@pytest.mark.timeout(480)
def test_a_newcomer_sees_it_run_heal_and_stop(house, state):
    assert eventually(lambda: "with the passphrase" in house.said(), within=300), house.said()
    said = house.said()
    assert f"at http://127.0.0.1:{house.port}" in said
    assert "coordinator@demo.example" in said
    for path in ("/", "/static/nhsuk/nhsuk-frontend.min.css"):
        # Everything else starts at this moment, and other tests run beside this one.
        assert eventually(lambda path=path: house.page(path) == 200, within=60), house.said()

    running = house.children()
    assert set(running) == {"postgres", "valkey", "web", "worker", "beat", "guardian"}
    missed = house.lets_a_target_pass(in_seconds=2)
    for name in ("postgres", "valkey", "worker", "web"):
        os.kill(running[name], signal.SIGKILL)
    # 4 s when the machine is idle; other tests run beside this one.
    assert eventually(
        lambda: house.page("/readyz") == 200 and len(house.children()) == len(running), within=60
    ), house.said()
    healed = house.children()
    assert not set(healed.values()) & {running[name] for name in ("postgres", "worker", "web")}
    # What fell due while nothing ran is paged by whoever is back first.
    assert eventually(lambda: house.paged(missed), within=30), house.said()

    second = House(state, free_port())
    assert second.process.wait(20) == 1
    assert f"Already running at http://127.0.0.1:{house.port}." in second.said()

    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(40) == 0
    assert [name for name, pid in healed.items() if is_alive(pid)] == []
    assert (state / "postgres/data/PG_VERSION").exists()

    again = House(state, free_port())
    assert eventually(lambda: "with the passphrase" in again.said(), within=60), again.said()
    assert "Tables" not in again.said()
    again.process.terminate()
    assert again.process.wait(40) == 0


def test_fresh_throws_away_the_embedded_data_and_what_was_noted_about_it(state, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("postgres", "valkey"):
        (state / name).mkdir()
        (state / name / "data").mkdir()
    (state / run.Demo.MARK).write_text("as before")
    run.forget(state)
    assert list(state.iterdir()) == []


def test_fresh_never_touches_a_database_of_somebody_elses(state, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    (state / "postgres").mkdir()
    with pytest.raises(Trouble, match="empty yours"):
        run.forget(state)
    assert (state / "postgres").exists()


def test_a_port_that_is_taken_is_said_before_anything_starts(state):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        house = House(state, taken.getsockname()[1])
        assert house.process.wait(20) == 1
        assert house.said().endswith("is taken: choose another with --port.\n")


def test_without_semaphores_the_worker_uses_threads(monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(run.multiprocessing, "Semaphore", refuse)
    assert run.pool() == "threads"
