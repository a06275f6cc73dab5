"""A web server of the benchmark's own, and a browser's part of it."""

import contextlib
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mscc.runtime.servers import free_port

PRODUCT, FLOOR = "mscc.wsgi", "tests.benchmarks.raw_web"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """gunicorn as `./dev run` starts it, with whichever application."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """What the server and its workers have used so far."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(_cpu_seconds(pid) for pid in (str(self.pid), *children))


def _cpu_seconds(pid: str) -> float:
    # After the name, which may hold anything: utime and stime are the 14th and 15th field.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextlib.contextmanager
def serving(application: str) -> Iterator[Server]:
    """Serve until the block ends; it also ends when this process is killed."""
    port, parent = free_port(), os.getpid()
    argv = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    argv += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload"]
    argv += ["--no-control-socket", "--graceful-timeout", "5", "--log-level", "error"]

    def tie() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    with subprocess.Popen(argv, preexec_fn=tie, env={**os.environ}) as process:
        try:
            _wait_for(port)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()


def _wait_for(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            Browser(port).get("/healthz")
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds the last byte was there."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


@dataclass
class Browser:
    """One connection that is kept open, with the headers every request of it carries."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def close(self) -> None:
        self._line.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One request; the connection is opened again when the server closed it meanwhile."""
        began = time.perf_counter()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self._line.request(method, path, body, {**self.headers, **named})
            got = self._line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._line.close()
            self._line.request(method, path, body, {**self.headers, **named})
            got = self._line.getresponse()
        content = got.read()
        found = {name.lower(): value for name, value in got.getheaders()}
        return Answer(got.status, found, content, time.perf_counter() - began)


def signed_in(user_id: int) -> str:
    """The cookie of somebody who has just signed in; the form itself is not measured here."""
    from django.conf import settings
    from django.test import Client

    from mscc.people.models import User

    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend="mscc.people.backends.PeopleBackend")
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def collect_static() -> None:
    """The files as an installation serves them; the admin site's are not looked at."""
    from django.core.management import call_command

    others = ["admin", "drf_spectacular_sidecar", "rest_framework"]
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=others)
