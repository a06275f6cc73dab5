"""Servers of a run's own, to be killed, stopped and started again; never those of anybody else."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mscc.runtime.child import PR_SET_PDEATHSIG, Process, libc
from mscc.runtime.places import service_account
from mscc.runtime.postgres import Postgres
from mscc.runtime.servers import free_port
from mscc.runtime.valkey import Valkey


def die_with_parent() -> None:
    """Called in a new process: a run that is itself killed leaves nothing behind on Linux."""
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


class Server:
    """One server process in a session of its own."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self, within_s: float = 30.0) -> float:
        """Start it and wait until it answers; how many seconds that took."""
        process, account = self._process, self._process.account
        who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        if process.before:
            process.before()
        began = time.monotonic()
        self._popen = subprocess.Popen(
            [str(part) for part in process.argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            preexec_fn=die_with_parent,
            **who,
        )
        assert process.ready is not None
        while not process.ready():
            if time.monotonic() - began > within_s:
                raise TimeoutError(f"{process.name} did not start")
            time.sleep(0.05)
        return time.monotonic() - began

    def answers(self) -> bool:
        """Whether it is there now."""
        return self._process.ready is not None and self._process.ready()

    def kill(self) -> None:
        """kill -9, it and all its children at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator stops it: fast, in an orderly way."""
        self._end(self._process.stop)

    def _end(self, how: signal.Signals) -> None:
        if self._popen is None or self._popen.poll() is not None:
            return
        if how == signal.SIGKILL:
            os.killpg(self._popen.pid, how)
        else:
            self._popen.send_signal(how)
        self._popen.wait(30)


@contextlib.contextmanager
def own_postgres() -> Iterator[tuple[Server, str]]:
    """A durable PostgreSQL of our own and the URL of its database."""
    with _folder() as folder:
        made = Postgres(folder / "postgres", service_account(), free_port())
        made.prepare()
        server = Server(made.process())
        try:
            server.start()
            made.create_database()
            yield server, made.url
        finally:
            server.kill()


@contextlib.contextmanager
def own_valkey() -> Iterator[tuple[Server, str]]:
    """A Valkey of our own and its URL."""
    with _folder() as folder:
        made = Valkey(folder / "valkey", service_account(), free_port())
        made.prepare()
        server = Server(made.process())
        try:
            server.start()
            yield server, made.url
        finally:
            server.kill()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mscc-faults-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def eventually(true: Callable[[], object], within_s: float) -> float | None:
    """Seconds until it became true; None when it did not in time."""
    began = time.monotonic()
    while time.monotonic() - began < within_s:
        if true():
            return time.monotonic() - began
        time.sleep(0.05)
    return None
