import os
import signal
from pathlib import Path

import pytest

from tests.runtime.watching import eventually, is_alive

pytestmark = pytest.mark.runtime

# Two processes that note their pids; the first leaves a grandchild in a session of its own.
HOUSE = """
import sys
from pathlib import Path
from mscc.runtime.child import Process
from mscc.runtime.supervisor import Supervisor
folder = Path(sys.argv[1])
parent = '''
import os, pathlib, subprocess, sys, time
folder = pathlib.Path(sys.argv[1])
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
(folder / "grandchild").write_text(str(child.pid))
with (folder / "parent").open("a") as file: print(os.getpid(), file=file, flush=True)
print("hello from the parent", flush=True)
time.sleep(600)
'''
stubborn = '''
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
(pathlib.Path(sys.argv[1]) / "stubborn").write_text(str(os.getpid()))
time.sleep(600)
'''
with Supervisor() as supervisor:
    supervisor.start(
        Process("parent", [sys.executable, "-c", parent, folder]),
        Process("stubborn", [sys.executable, "-c", stubborn, folder], grace=0.5),
    )
    supervisor.watch()
"""


def pids(folder: Path) -> dict[str, int]:
    found = {}
    for name in ("parent", "grandchild", "stubborn"):
        words = (folder / name).read_text().split() if (folder / name).exists() else []
        if words:
            found[name] = int(words[-1])
    return found


@pytest.fixture
def house(script, tmp_path):
    supervisor = script(HOUSE, tmp_path)
    assert eventually(lambda: len(pids(tmp_path)) == 3)
    return supervisor


def test_a_killed_process_is_started_again(house, tmp_path):
    first = pids(tmp_path)["parent"]
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: pids(tmp_path)["parent"] != first, within=5)
    assert is_alive(pids(tmp_path)["parent"])
    assert house.poll() is None
    log = (tmp_path / "script0.log").read_text()
    assert f"process {first} was killed by SIGKILL" in log
    assert "   parent | hello from the parent" in log


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_nothing_running(house, tmp_path, signal_number):
    running = pids(tmp_path)
    house.send_signal(signal_number)
    assert house.wait(10) == 0
    assert {name: is_alive(pid) for name, pid in running.items()} == dict.fromkeys(running, False)


def test_a_killed_supervisor_takes_its_processes_with_it(house, tmp_path):
    running = pids(tmp_path)
    house.kill()
    assert eventually(lambda: not is_alive(running["parent"]), within=5)
    # What ignores its signal and what hid in another session are beyond the kernel's help.
    for name in ("grandchild", "stubborn"):
        os.kill(running[name], signal.SIGKILL)


def test_a_command_that_fails_says_so_and_keeps_its_output(script, tmp_path):
    source = """
import sys
from mscc.runtime.supervisor import Supervisor
with Supervisor() as supervisor:
    done = supervisor.run("false", ["sh", "-c", "echo out; echo err >&2; exit 3"], output="quiet")
    print([done.code, done.output])
"""
    assert script(source).wait(10) == 0
    assert (tmp_path / "script0.log").read_text() == "[3, 'out\\nerr']\n"


def test_what_never_gets_ready_stops_the_start_with_a_sentence(script, tmp_path):
    source = """
from mscc.runtime.child import Process
from mscc.runtime.supervisor import Supervisor
with Supervisor() as supervisor:
    supervisor.start(Process("broken", ["false"], ready=lambda: False))
"""
    assert script(source).wait(20) == 1
    log = (tmp_path / "script0.log").read_text()
    assert log.rstrip().endswith("Trouble: broken did not start; its last lines are above.")
