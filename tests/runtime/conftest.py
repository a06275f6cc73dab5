"""Drives a real supervisor from outside: it takes over signals and children of its process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mscc.runtime.places import ROOT


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a Python script with the project on its path; stopped at the end of the test."""
    started: list[subprocess.Popen[str]] = []

    def start(source: str, *arguments: object, **env: str) -> subprocess.Popen[str]:
        file = tmp_path / f"script{len(started)}.py"
        file.write_text(source)
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **env}
        log = (tmp_path / f"script{len(started)}.log").open("w")
        argv = [sys.executable, str(file), *map(str, arguments)]
        started.append(subprocess.Popen(argv, stdout=log, stderr=log, env=env, text=True))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
