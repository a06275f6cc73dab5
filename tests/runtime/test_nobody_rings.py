"""With the broker gone for good, and then Celery too, a missed target is paged all the same."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mscc.runtime.servers import free_port
from tests.runtime.test_run import House
from tests.runtime.watching import eventually

pytestmark = [pytest.mark.runtime, pytest.mark.serial]

PROMISED_S = 15


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="mscc-runtime-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        house = House(folder, free_port())
        yield house
        if house.process.poll() is None:
            house.process.terminate()
            house.process.wait(90)


def paged_after(house: House) -> float:
    """Seconds from a target's passing to its page in the inbox of the pager gateway."""
    soon = 4
    missed = house.lets_a_target_pass(in_seconds=soon)
    passes_at = time.monotonic() + soon
    assert eventually(lambda: house.paged(missed), within=soon + PROMISED_S + 5), house.said()
    return time.monotonic() - passes_at


@pytest.mark.timeout(540)
def test_a_breach_is_paged_without_the_broker_and_then_without_celery(house, record_property):
    assert eventually(lambda: "with the passphrase" in house.said(), within=420), house.said()
    running = house.children()
    # Stopped and not killed: it is never started again, and it takes connections without answering.
    os.kill(running["valkey"], signal.SIGSTOP)
    without_valkey = paged_after(house)
    for name in ("worker", "beat"):
        os.kill(running[name], signal.SIGSTOP)
    without_celery = paged_after(house)
    record_property("paged_after_s", f"{without_valkey:.2f}, then {without_celery:.2f}")
    assert max(without_valkey, without_celery) < PROMISED_S


@pytest.mark.timeout(120)
def test_a_process_without_a_pulse_is_ended_and_started_again(script, tmp_path):
    lives, pulse = tmp_path / "lives", tmp_path / "pulse"
    script(SUPERVISED, lives, pulse)
    assert eventually(lambda: lives.exists() and len(lives.read_text().split()) >= 2, within=60)
    first, second = (int(pid) for pid in lives.read_text().split()[:2])
    assert first != second


SUPERVISED = """
import sys
from pathlib import Path
from mscc.runtime.child import Process
from mscc.runtime.supervisor import Supervisor
lives, pulse = sys.argv[1:]
stuck = (
    "import os, signal, sys; open(sys.argv[1], 'a').write(f'{os.getpid()} ');"
    "assert os.environ['MSCC_PULSE'] == sys.argv[2]; os.kill(os.getpid(), signal.SIGSTOP)"
)
with Supervisor() as supervisor:
    supervisor.start(
        Process("stuck", [sys.executable, "-c", stuck, lives, pulse], pulse=Path(pulse), patience=2)
    )
    supervisor.watch()
"""
