"""One process below the supervisor: how it is started, listened to and ended."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mscc.runtime.places import Account

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Output = Literal["told", "quiet", "plain"]


@dataclass
class Process:
    """What to run and how to end it; `orphaned` is the signal if the supervisor is killed.

    `pulse` is a file that the process touches all the time while it makes progress: without a
    touch for `patience` seconds it is ended, and so started again. Its name is in MSCC_PULSE.
    """

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    account: Account | None = None
    before: Callable[[], None] | None = None
    ready: Callable[[], bool] | None = None
    stop: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGTERM
    grace: float = 10.0  # seconds between being asked to stop and being made to
    hush: tuple[str, ...] = ()  # parts of lines that would only worry the reader
    pulse: Path | None = None
    patience: float = 60.0


@dataclass
class Child:
    """A process in its present life; `round` says what it was started together with."""

    process: Process
    round: int
    once: Output | None = None  # a single command, and what becomes of its output
    popen: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    again_at: float | None = None
    deaths: int = 0
    code: int | None = None
    kept: list[str] = field(default_factory=list)
    _rest: bytes = b""

    def spawn(self) -> None:
        """Start it in a session of its own, so that its whole group can be ended."""
        process, parent = self.process, os.getpid()

        def tie() -> None:
            # After the change of user, which would clear it.
            if libc is not None:
                libc.prctl(PR_SET_PDEATHSIG, int(process.orphaned), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        if process.before:
            process.before()
        env = process.env
        if process.pulse:
            process.pulse.touch()
            env = {**(os.environ if env is None else env), "MSCC_PULSE": str(process.pulse)}
        account = process.account
        who: dict[str, Any] = {}
        if account:
            who = {"user": account.uid, "group": account.gid, "extra_groups": [], "cwd": "/"}
        # A plain command has the terminal, so that a shell or a debugger works in it.
        pipe = None if self.once == "plain" else subprocess.PIPE
        self.started, self.again_at, self._rest = time.monotonic(), None, b""
        self.popen = subprocess.Popen(
            [str(part) for part in process.argv],
            env=env,
            stdin=None if pipe is None else subprocess.DEVNULL,
            stdout=pipe,
            stderr=None if pipe is None else subprocess.STDOUT,
            start_new_session=pipe is not None,
            preexec_fn=tie,
            **who,
        )
        if self.popen.stdout:
            os.set_blocking(self.popen.stdout.fileno(), False)

    def lines(self, *, last: bool = False) -> Iterator[str]:
        """What it said since we last asked; with `last`, an unfinished line too."""
        if not self.popen or not self.popen.stdout or self.popen.stdout.closed:
            return
        ended = last
        with contextlib.suppress(BlockingIOError):
            while True:
                data = os.read(self.popen.stdout.fileno(), 65536)
                if not data:
                    ended = True
                    break
                *whole, self._rest = (self._rest + data).split(b"\n")
                yield from (line.decode(errors="replace") for line in whole)
        if ended:
            if self._rest:
                yield self._rest.decode(errors="replace")
            self.popen.stdout.close()

    def ready(self) -> bool:
        return bool(self.popen and self.process.ready and self.process.ready())

    def is_stuck(self) -> bool:
        """Whether it runs and has not touched its pulse for too long."""
        pulse = self.process.pulse
        if not self.popen or pulse is None:
            return False
        try:
            silent = time.time() - pulse.stat().st_mtime
        except OSError:
            silent = time.monotonic() - self.started
        # A clock that was set makes no process a stuck one.
        return self.process.patience < silent <= time.monotonic() - self.started + 1

    def signal(self, number: signal.Signals) -> None:
        if self.popen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.popen.pid, number)

    def kill(self) -> None:
        """It and its group: a pool must not outlive its master."""
        if self.popen:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)
            self.signal(signal.SIGKILL)


def our_children() -> list[int]:
    """By the kernel's own list: what our children left behind is ours too on Linux."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []
