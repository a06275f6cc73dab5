"""Starts processes, starts them again when they die, and leaves none behind.

One thread and one loop: a child's death signal on Linux is tied to the thread that forked it.
"""

import contextlib
import os
import selectors
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mscc.runtime.child import PR_SET_CHILD_SUBREAPER, Child, Output, Process, libc, our_children
from mscc.runtime.places import Trouble

COLOURS = (36, 33, 35, 32, 34, 96, 93, 95)
LONGEST_PAUSE = 4.0  # seconds between two starts of something that keeps dying
SETTLED = 10.0  # seconds after which a start counts as a good one


class Stopped(BaseException):
    """A person or the system asked us to stop."""


@dataclass(frozen=True)
class Done:
    """How a single command ended; its output if it was to be kept."""

    code: int
    output: str


class Supervisor:
    """Use as a context manager; leaving it stops everything, the last started first."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._asked = 0
        self._rounds = 0

    def __enter__(self) -> "Supervisor":
        if libc is not None:  # grandchildren that lose their parent come to us, not to init
            libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
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
        children = [Child(process, self._rounds) for process in processes]
        self._children += children
        for child in children:
            child.spawn()
        waiting = [child for child in children if child.process.ready]
        until = time.monotonic() + within
        while waiting:
            self.tend(0.05)
            waiting = [child for child in waiting if not child.ready()]
            for child in waiting:
                if child.deaths >= 3 or time.monotonic() > until:
                    raise Trouble(f"{child.process.name} did not start; its last lines are above.")

    def run(
        self,
        name: str,
        argv: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        *,
        output: Output = "told",
    ) -> Done:
        """Run one command to its end while everything else is kept running.

        Its output is told line by line, kept quietly for the caller, or left to it (plain).
        """
        process = Process(name, argv, env, stop=signal.SIGINT)
        child = Child(process, self._rounds + 1, once=output)
        self._children.append(child)
        child.spawn()
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
            if child.is_stuck():
                self.say(child.process.name, "is stuck; ending it")
                child.kill()
            if child.again_at is not None and time.monotonic() >= child.again_at:
                try:
                    child.spawn()
                except OSError as error:  # no memory, no file handle: it may pass
                    child.again_at = time.monotonic() + LONGEST_PAUSE
                    self.say(child.process.name, f"could not be started: {error}")

    def _turn(self, patience: float) -> None:
        with selectors.DefaultSelector() as pipes:
            for child in self._children:
                if child.popen and child.popen.stdout and not child.popen.stdout.closed:
                    pipes.register(child.popen.stdout, selectors.EVENT_READ, child)
            for key, _ in pipes.select(patience):
                self._pass_on(key.data)
        with contextlib.suppress(ChildProcessError):
            while found := os.waitpid(-1, os.WNOHANG):
                if not found[0]:
                    return
                for child in self._children:
                    if child.popen and child.popen.pid == found[0]:
                        self._bury(child, os.waitstatus_to_exitcode(found[1]))

    def _bury(self, child: Child, code: int) -> None:
        assert child.popen
        self._pass_on(child, last=True)
        child.kill()
        pid = child.popen.pid
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

    def _pass_on(self, child: Child, *, last: bool = False) -> None:
        for line in child.lines(last=last):
            if child.once == "quiet":
                child.kept.append(line)
            elif self._asked:
                continue  # last words of what was told to stop would only worry the reader
            elif not any(part in line for part in child.process.hush):
                self.say(child.process.name, line)

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
            self._end([child for child in self._children if child.round == number])
        while orphans := our_children():
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._turn(0.02)
        self._children.clear()

    def _end(self, children: list[Child]) -> None:
        asked, began = self._asked, time.monotonic()
        for child in children:
            child.signal(child.process.stop)
        while alive := [child for child in children if child.popen]:
            for child in alive:
                if self._asked > asked or time.monotonic() - began > child.process.grace:
                    child.kill()
            self._turn(0.02)
