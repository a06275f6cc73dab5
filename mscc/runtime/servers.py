"""PostgreSQL and Valkey for a run: ours, unless DATABASE_URL and REDIS_URL name others."""

import contextlib
import fcntl
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mscc.runtime.places import Trouble, make_folder, service_account, state_folder
from mscc.runtime.postgres import Postgres
from mscc.runtime.supervisor import Supervisor
from mscc.runtime.valkey import Valkey


def free_port(preferred: int = 0) -> int:
    """The preferred port if nobody listens there, else one that is free; 0 has no preference."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", preferred))
        except OSError:
            line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
    return port


def start_servers(supervisor: Supervisor, folder: Path, *, durable: bool = True) -> dict[str, str]:
    """Start what the environment does not name; the URLs of both, for our processes."""
    urls = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    if all(urls.values()):
        return urls
    account = service_account()
    make_folder(folder)
    processes = []
    postgres = valkey = None
    if not urls["DATABASE_URL"]:
        postgres = Postgres(folder / "postgres", account, free_port(), durable)
        postgres.prepare()
        processes.append(postgres.process())
    if not urls["REDIS_URL"]:
        valkey = Valkey(folder / "valkey", account, free_port(), durable)
        valkey.prepare()
        processes.append(valkey.process())
    supervisor.start(*processes)
    if postgres:
        postgres.create_database()
        urls["DATABASE_URL"] = postgres.url
    if valkey:
        urls["REDIS_URL"] = valkey.url
    return urls


@contextlib.contextmanager
def passing_servers(supervisor: Supervisor) -> Iterator[dict[str, str]]:
    """Servers for one run of the tests: quick, and gone with their data afterwards."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield start_servers(supervisor, Path())
        return
    folder = Path(tempfile.mkdtemp(prefix="mscc-test-"))
    folder.chmod(0o711)
    try:
        yield start_servers(supervisor, folder, durable=False)
    finally:
        supervisor.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Checkout:
    """Holds this checkout's data for one process; others learn from it where the servers are."""

    def __init__(self) -> None:
        self.folder = make_folder(state_folder())
        self._lock = (self.folder / "in-use").open("w")
        self._told = self.folder / "servers.json"

    def take(self) -> bool:
        """Whether the data is ours now; False when another process of this checkout has it."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._told.unlink(missing_ok=True)
        return True

    def tell(self, facts: dict[str, str]) -> None:
        """Say where the servers are, to the owner of this checkout alone."""
        self._told.touch(mode=0o600)
        self._told.write_text(json.dumps(facts))

    def told(self) -> dict[str, str]:
        """What the holder said; Trouble while it is still starting."""
        try:
            facts: dict[str, str] = json.loads(self._told.read_text())
        except (OSError, ValueError):
            raise Trouble("This checkout is just being started: wait, then try again.") from None
        return facts
