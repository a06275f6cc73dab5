"""Starts processes, starts them again when they die, and leaves none behind.

One thread and one loop: a child's death signal on Linux is tied to the thread that forked it.
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mscc.runtime.places import Account, Trouble

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
COLOURS = (36, 33, 35, 32, 34, 96, 93, 95)
LONGEST_PAUSE = 4.0  # seconds between two starts of something that keeps dying
SETTLED = 10.0  # seconds after which a start counts as a good one
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Stopped(BaseException):
    """A person or the system asked us to stop."""


@dataclass
class Process:
    """What to run and how to end it; `orphaned` is the signal if the supervisor is killed."""

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    account: Account | None = None
    before: Callable[[], None] | None = None
    ready: Callable[[], bool] | None = None
    stop: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    hush: tuple[str, ...] = ()  # parts of lines that would only worry the reader


@dataclass(frozen=True)
class Done:
    """How a single command ended."""

    code: int
    output: str


@dataclass
class _Child:
    process: Process
    round: int
    once: str = ""  # "told", "quiet" or "plain": how the output of a single command is treated
    popen: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    again_at: float | None = None
    deaths: int = 0
    code: int | None = None
    rest: bytes = b""
    kept: list[str] = field(default_factory=list)


class Supervisor:
    """Use as a context manager; leaving it stops everything, newest first."""

    def __init__(self) -> None:
        self._children: list[_Child] = []
        self._pipes = selectors.DefaultSelector()
        self._asked = 0
        self._rounds = 0

    def __enter__(self) -> "Supervisor":
        if _libc is not None:  # grandchildren that lose their parent come to us, not to init
            _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _ask(self, *_: object) -> None:
        self._asked += 1

    def start(self, *processes: Process, within: float = 60.0) -> None:
        """Start them together and wait until each one that can say so is ready."""
        self._rounds += 1
        children = [_Child(process, self._rounds) for process in processes]
        self._children += children
        for child in children:
            self._spawn(child)
        waiting = [child for child in children if child.process.ready]
        until = time.monotonic() + within
        while waiting:
            self.tend(0.05)
            waiting = [child for child in waiting if not _is_ready(child)]
            for child in waiting:
                if child.deaths >= 3 or time.monotonic() > until:
                    raise Trouble(f"{child.process.name} did not start; its last lines are above.")

    def run(
        self,
        name: str,
        argv: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        *,
        output: Literal["told", "quiet", "plain"] = "told",
    ) -> Done:
        """Run one command to its end while everything else is kept running.

        Its output is told line by line, kept quietly for the caller, or left to it (plain: the
        command has the terminal, so that a shell or a debugger works in it).
        """
        process = Process(name, argv, env, stop=signal.SIGINT)
        child = _Child(process, self._rounds + 1, once=output)
        self._children.append(child)
        self._spawn(child)
        while child.code is None:
            self.tend(0.05)
        self._children.remove(child)
        return Done(child.code, "\n".join(child.kept))

    def watch(self) -> None:
        """Keep everything running until asked to stop."""
        with contextlib.suppress(Stopped):
            while True:
                self.tend(0.2)

    def tend(self, patience: float) -> None:
        """One turn: pass on output, bury the dead, start again what is due. Raises Stopped."""
        if self._asked:
            raise Stopped
        self._turn(patience)
        for child in self._children:
            if child.again_at is not None and time.monotonic() >= child.again_at:
                try:
                    self._spawn(child)
                except OSError as error:  # no memory, no file handle: it may pass
                    child.again_at = time.monotonic() + LONGEST_PAUSE
                    self.say(child.process.name, f"could not be started: {error}")

    def _turn(self, patience: float) -> None:
        for key, _ in self._pipes.select(patience):
            self._pass_on(key.data, key.fd)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                time.sleep(patience)
                return
            if pid == 0:
                return
            for child in self._children:
                if child.popen and child.popen.pid == pid:
                    self._bury(child, os.waitstatus_to_exitcode(status))

    def _spawn(self, child: _Child) -> None:
        process, parent = child.process, os.getpid()

        def tie() -> None:
            # After the change of user, which would clear it.
            if _libc is not None:
                _libc.prctl(PR_SET_PDEATHSIG, int(process.orphaned), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        if process.before:
            process.before()
        account = process.account
        who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        plain = child.once == "plain"
        child.started, child.again_at, child.rest = time.monotonic(), None, b""
        child.popen = subprocess.Popen(
            [str(part) for part in process.argv],
            env=process.env,
            cwd="/" if account else None,
            stdin=None if plain else subprocess.DEVNULL,
            stdout=None if plain else subprocess.PIPE,
            stderr=None if plain else subprocess.STDOUT,
            start_new_session=not plain,
            preexec_fn=tie,
            **who,
        )
        if child.popen.stdout:
            os.set_blocking(child.popen.stdout.fileno(), False)
            self._pipes.register(child.popen.stdout, selectors.EVENT_READ, child)

    def _bury(self, child: _Child, code: int) -> None:
        assert child.popen
        if child.popen.stdout and not child.popen.stdout.closed:
            self._pass_on(child, child.popen.stdout.fileno(), last=True)
        pid = child.popen.pid
        _kill_group(pid)  # a pool must not outlive its master
        child.popen.returncode = code
        child.popen = None
        if child.once or self._asked:
            child.code = code
            return
        lived = time.monotonic() - child.started
        child.deaths = 1 if lived > SETTLED else child.deaths + 1
        pause = min(LONGEST_PAUSE, 0.2 * 2 ** (child.deaths - 1))
        child.again_at = time.monotonic() + pause
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        self.say(child.process.name, f"process {pid} {how}; starting it again in {pause:.1f} s")

    def _pass_on(self, child: _Child, fd: int, *, last: bool = False) -> None:
        """Print whole lines; at the end, what is left of the last one too."""
        ended = last
        with contextlib.suppress(BlockingIOError, OSError):
            while True:
                data = os.read(fd, 65536)
                if not data:
                    ended = True
                    break
                *lines, child.rest = (child.rest + data).split(b"\n")
                for line in lines:
                    self._tell(child, line)
        if ended:
            if child.rest:
                self._tell(child, child.rest)
                child.rest = b""
            with contextlib.suppress(KeyError, ValueError):
                self._pipes.unregister(fd)
            if child.popen and child.popen.stdout:
                child.popen.stdout.close()

    def _tell(self, child: _Child, line: bytes) -> None:
        text = line.decode(errors="replace")
        if child.once == "quiet":
            child.kept.append(text)
        elif not any(part in text for part in child.process.hush):
            self.say(child.process.name, text)

    def say(self, name: str, line: str) -> None:
        """One line with the name of who says it; a closed terminal must not stop anything."""
        if not line.strip():
            return
        prefix = f"{name:>9} | "
        if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
            names = [child.process.name for child in self._children]
            colour = COLOURS[names.index(name) % len(COLOURS)] if name in names else 0
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        with contextlib.suppress(OSError, ValueError):
            print(prefix + line.rstrip(), flush=True)

    def stop(self) -> None:
        """The last started first, each with its grace; then whatever of theirs still lives.

        What was started together is stopped together. A second Ctrl-C ends the waiting.
        """
        self._asked += 1
        for child in self._children:
            child.again_at = None
        for number in sorted({child.round for child in self._children}, reverse=True):
            self._end([c for c in self._children if c.round == number and c.popen])
        while orphans := _our_children():
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._turn(0.02)
        self._children.clear()

    def _end(self, children: list[_Child]) -> None:
        asked, began = self._asked, time.monotonic()
        for child in children:
            if child.popen:
                os.kill(child.popen.pid, child.process.stop)
        while alive := [child for child in children if child.popen]:
            for child in alive:
                late = time.monotonic() - began > child.process.grace
                if child.popen and (late or self._asked > asked):
                    _kill_group(child.popen.pid)
                    os.kill(child.popen.pid, signal.SIGKILL)
            self._turn(0.02)


def _is_ready(child: _Child) -> bool:
    return bool(child.popen and child.process.ready and child.process.ready())


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _our_children() -> list[int]:
    """By the kernel's own list: what our children left behind is ours too on Linux."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []
