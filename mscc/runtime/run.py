"""`./dev run`: the whole product on one machine, in the order in which things need each other."""

import argparse
import contextlib
import hashlib
import multiprocessing
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mscc.runtime import assets
from mscc.runtime.child import Process
from mscc.runtime.places import ROOT, Trouble, python_environment, service_account, state_folder
from mscc.runtime.postgres import Postgres
from mscc.runtime.servers import Checkout, free_port, start_servers
from mscc.runtime.supervisor import Stopped, Supervisor

PREFERRED_PORT = 8000
# Where the demo's own inbox listens.
POST_ROOM = ("DEMO_SMTP_PORT", "DEMO_SNPP_PORT", "DEMO_SMS_PORT")
PYTHON = sys.executable
CELERY = (PYTHON, "-m", "celery", "--quiet", "-A", "mscc.celery")


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev run",
        description="Run the product with its demo on this machine.",
        epilog=f"The data is in {state_folder()}; MSCC_STATE moves it.",
    )
    parser.add_argument("--port", type=int, help=f"of the pages; {PREFERRED_PORT} if it is free")
    parser.add_argument("--fresh", action="store_true", help="throw the demo's data away first")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    """Start everything, say where it is, and stay until asked to stop."""
    asked = options(arguments)
    checkout = Checkout()
    if not checkout.take():
        raise Trouble(f"Already running at {checkout.told().get('PUBLIC_URL', 'this moment')}.")
    began = float(os.environ.get("MSCC_STARTED", time.time()))
    port = asked.port or free_port(PREFERRED_PORT)
    if free_port(port) != port:
        raise Trouble(f"Port {port} is taken: choose another with --port.")
    address = f"http://127.0.0.1:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mscc.settings.development")
    os.environ["PUBLIC_URL"] = address
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("LOG_JSON", "off")
    for name in POST_ROOM:
        os.environ.setdefault(name, str(free_port()))
    if asked.fresh:
        forget(checkout.folder)
    with Supervisor() as supervisor:
        with told("Servers"):
            urls = start_servers(supervisor, checkout.folder)
            assets.build()
            (ROOT / "var" / "static").mkdir(exist_ok=True)
        addresses = {name: os.environ[name] for name in ("PUBLIC_URL", *POST_ROOM)}
        checkout.tell({**urls, **addresses})
        demo = Demo(checkout.folder, urls)
        demo.prepare(supervisor)
        with told("Web"):
            supervisor.start(web(port, urls))
        supervisor.start(*background(urls, checkout.folder / "guardian.pulse"))
        say(f"\nReady in {time.time() - began:.0f} s at {address}  (Ctrl-C stops it)")
        say(demo.sign_ins(supervisor))
        supervisor.watch()
        say("\nStopping; the data stays.")


def forget(folder: Path) -> None:
    """Throw away the embedded databases of this checkout; never one that DATABASE_URL names."""
    if os.environ.get("DATABASE_URL"):
        raise Trouble("--fresh clears the embedded database alone: empty yours, then run again.")
    Postgres(folder / "postgres", service_account(), port=0).heal()
    for name in ("postgres", "valkey"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / Demo.MARK).unlink(missing_ok=True)


@dataclass
class Demo:
    """The tables and the made-up people in them, prepared again only when the code changed."""

    folder: Path
    urls: dict[str, str]
    MARK = "prepared"

    def sign_ins(self, supervisor: Supervisor) -> str:
        """Who can sign in, as the demo itself says; asked once."""
        kept = self.folder / "sign-ins.txt"
        if not kept.exists():
            kept.write_text(self._manage(supervisor, "demo", "--sign-ins"))
        return kept.read_text()

    def prepare(self, supervisor: Supervisor) -> None:
        """Migrate and fill; nothing if the code and the data are as before."""
        mark, wanted = self.folder / self.MARK, self._stamp()
        ours = not os.environ.get("DATABASE_URL")
        if ours and mark.exists() and mark.read_text() == wanted:
            return
        mark.unlink(missing_ok=True)
        (self.folder / "sign-ins.txt").unlink(missing_ok=True)
        with told("Tables"):
            self._manage(supervisor, "migrate", "--no-input", "--verbosity=0")
        with told("Demo"):
            self._manage(supervisor, "demo")
        mark.write_text(wanted)

    def _manage(self, supervisor: Supervisor, *command: str) -> str:
        # A migration or sixty histories may take longer than a page ever may.
        env = python_environment({**self.urls, "MSCC_DB_STATEMENT_TIMEOUT_MS": "0"})
        argv = [PYTHON, str(ROOT / "manage.py"), *command, "--skip-checks"]
        done = supervisor.run(command[0], argv, env, output="quiet")
        if done.code:
            say("\n".join(["", *done.output.splitlines()[-12:]]))
            raise Trouble(f"manage.py {command[0]} failed; the reason is above.")
        return done.output

    def _stamp(self) -> str:
        apps = [ROOT / name for name in ("mscc", "referrals", "scheduling", "audit")]
        files = [file for app in apps for file in app.glob("**/migrations/*.py")]
        files += (ROOT / "mscc" / "demo").glob("**/*.py")
        found = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
        for file in sorted(files):
            found.update(bytes(file) + file.read_bytes())
        return found.hexdigest()


def web(port: int, urls: dict[str, str]) -> Process:
    """gunicorn; ready when it can reach its tables and its front page comes."""
    argv = [PYTHON, "-m", "gunicorn", "mscc.wsgi", "--bind", f"127.0.0.1:{port}", "--preload"]
    argv += ["--worker-class", "gthread", "--workers", "2", "--threads", "8"]
    argv += ["--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]

    def ready() -> bool:
        return fetched(port, "/readyz") == 200 and fetched(port, "/") is not None

    return Process("web", argv, python_environment({**urls, "MSCC_PROCESS": "web"}), ready=ready)


def fetched(port: int, path: str) -> int | None:
    """The status of a page of ours, after redirects; None when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def background(urls: dict[str, str], pulse: Path | None = None) -> list[Process]:
    """Worker, beat, guardian and the demo's post room. Any may be killed at any time.

    The guardian shows with `pulse` that it is not stuck: the others' work is done by it if need be.
    """

    def env(name: str) -> dict[str, str]:
        quiet = "ignore:::celery.platforms"  # being root is fine for a demo
        return python_environment({**urls, "MSCC_PROCESS": name, "PYTHONWARNINGS": quiet})

    worker = [*CELERY, "worker", "--pool", pool(), "--concurrency", "2", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # The schedule is in code and each tick stands alone, so beat keeps no file.
    beat = [*CELERY, "beat", "--scheduler", "celery.beat.Scheduler", "--loglevel", "WARNING"]
    guardian = [PYTHON, str(ROOT / "manage.py"), "guardian"]
    post = [PYTHON, str(ROOT / "manage.py"), "demo_post"]
    return [
        Process("worker", worker, env("worker")),
        Process("beat", [*beat, "--pidfile", ""], env("beat")),
        Process("guardian", guardian, env("guardian"), pulse=pulse),
        Process("post", post, env("post")),
    ]


def pool() -> str:
    """Celery's processes need semaphores in /dev/shm; some containers have none to write to."""
    try:
        multiprocessing.Semaphore()
    except OSError:
        return "threads"
    return "prefork"


@contextlib.contextmanager
def told(step: str) -> Iterator[None]:
    """One line for a step: its name, and the seconds it took."""
    began = time.monotonic()
    yield
    say(f"{step} ... {time.monotonic() - began:.1f} s")


def say(text: str) -> None:
    print(text.rstrip(), flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
    except Stopped:
        sys.exit(130)
