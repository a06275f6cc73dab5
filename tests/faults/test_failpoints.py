"""A failpoint kills where it stands, at the time it was told, and every place is in the code."""

import os
import re
import signal
import subprocess
import sys

import pytest

from mscc import failpoints
from mscc.runtime.places import ROOT

THRICE = "from mscc.failpoints import reach\nfor n in range(3): reach('t2.after_lock'); print(n)"


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FAULT_")}
    return subprocess.run(
        [sys.executable, "-u", "-c", THRICE],
        cwd=ROOT,
        env={**plain, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_unarmed_it_is_passed():
    assert (run().returncode, run().stdout) == (0, "0\n1\n2\n")


def test_armed_it_kills_without_a_last_word():
    killed = run(FAULT_AT="t2.after_lock")
    assert (killed.returncode, killed.stdout, killed.stderr) == (-signal.SIGKILL, "", "")


def test_it_kills_at_the_time_it_was_told():
    killed = run(FAULT_AT="t2.after_lock", FAULT_AFTER="3")
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "0\n1\n")


def test_another_place_is_passed():
    assert run(FAULT_AT="t5.after_commit").returncode == 0


def test_a_place_that_does_not_exist_is_a_mistake():
    with pytest.raises(ValueError, match="no failpoint"):
        failpoints.arm("t9.nowhere")


def test_every_place_stands_in_the_code():
    """A failpoint that nothing reaches would make every run with it a success."""
    said = re.compile(r'\breach\("([^"]+)"\)')
    found = [
        place
        for app in ("mscc", "referrals", "scheduling")
        for path in (ROOT / app).rglob("*.py")
        for place in said.findall(path.read_text())
    ]
    assert set(found) == set(failpoints.PLACES)
