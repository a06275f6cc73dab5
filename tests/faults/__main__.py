"""`./dev faults`: kill, stop, cut and fill up what the product stands on; see what is left."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.database import own_database
from tests.faults.gateway import Gateway
from tests.faults.proxy import Proxy
from tests.faults.servers import own_postgres

if TYPE_CHECKING:
    from tests.faults.loop import Plan, Report

# Each in a Python of its own, since Django knows one database for life.
PARTS = {
    "kills": "kills at every step of T1 to T5",
    "storm": "the same while PostgreSQL is killed, restarted, cut off and made to hang",
    "rows": "the other rows of the fault table (tests/faults, with the long ones)",
}


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="at least, in the first part")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Everything, in databases and on servers that are gone afterwards; 1 on any violation."""
    asked = options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if asked.inside:
        return {"kills": kills, "storm": storm}[asked.only](asked)
    failed = []
    for part in [asked.only] if asked.only else PARTS:
        began = time.monotonic()
        print(f"\n{part}: {PARTS[part]}", flush=True)
        if subprocess.run(command(part, arguments), check=False, env=environment(part)).returncode:
            failed.append(part)
        print(f"{part}: {time.monotonic() - began:.0f} s", flush=True)
    print(f"\nFAILED: {', '.join(failed)}" if failed else "\nEvery promise was kept.", flush=True)
    return 1 if failed else 0


def command(part: str, arguments: list[str]) -> list[str]:
    """A part's own process."""
    if part == "rows":
        return [sys.executable, "-m", "pytest", "-n0", "-q", "-rs", "tests/faults"]
    given = [word for word in arguments if word != "--only" and word not in PARTS]
    return [sys.executable, "-m", "tests.faults", "--inside", "--only", part, *given]


def environment(part: str) -> dict[str, str]:
    """The rows run as tests do, the long ones too."""
    settings = "mscc.settings.test" if part == "rows" else "tests.faults.settings"
    return {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "FAULTS_LONG": "1"}


def kills(asked: argparse.Namespace) -> int:
    """A thousand deaths, on the server of DATABASE_URL."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mscc-faults-")))
        gateway = stack.enter_context(Gateway(folder / "gateway"))
        url = stack.enter_context(own_database(os.environ["DATABASE_URL"]))
        set_up(url, gateway.port)
        from tests.faults.loop import Plan

        return judged(run(Plan(kills=asked.kills, seed=asked.seed), folder, gateway), folder)


def storm(asked: argparse.Namespace) -> int:
    """Fewer deaths, on a server of our own that dies and hangs itself, behind a wire that breaks.

    The wire to the gateway breaks as well.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mscc-faults-")))
        gateway = stack.enter_context(Gateway(folder / "gateway"))
        server, url = stack.enter_context(own_postgres())
        to_database = stack.enter_context(Proxy(int(url.rpartition(":")[2].partition("/")[0])))
        to_gateway = stack.enter_context(Proxy(gateway.port))
        port = url.rpartition(":")[2].partition("/")[0]
        set_up(url.replace(f":{port}/", f":{to_database.port}/"), to_gateway.port)
        from tests.faults.loop import Plan

        def crash() -> None:
            server.kill()
            print(f"  PostgreSQL killed; it answered {server.start():.1f} s after", flush=True)

        def restart() -> None:
            server.stop()
            print(f"  PostgreSQL restarted; it answered {server.start():.1f} s after", flush=True)

        def hang(wire: Proxy, seconds: float) -> None:
            wire.hang()
            time.sleep(seconds)
            wire.pass_on()

        events = (
            (20, crash),
            (40, restart),
            (60, to_database.reset),
            (80, lambda: hang(to_database, 3)),
            (100, to_gateway.reset),
            (120, lambda: hang(to_gateway, 3)),
            (140, crash),
            (150, to_database.reset),
        )
        plan = Plan(kills=160, seed=asked.seed, poison=0, events=events)
        return judged(run(plan, folder, gateway), folder)


def set_up(url: str, smtp_port: int) -> None:
    """Django, for this database and this gateway, with its tables."""
    os.environ |= {
        "DATABASE_URL": url,
        "FAULTS_SMTP_PORT": str(smtp_port),
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def run(plan: "Plan", folder: Path, gateway: Gateway) -> "Report":
    from django.db import connections

    from tests.faults.loop import FACTOR, Loop
    from tests.faults.times import Times

    try:
        return Loop(plan, folder, gateway, Times(FACTOR)).run()
    finally:
        connections.close_all()


def judged(report: "Report", folder: Path) -> int:
    """Print what it came to; the exit code."""
    from tests.faults.loop import lines

    print("\n".join(lines(report)), flush=True)
    if not report.passed:
        print("\n".join(last_words(folder)), flush=True)
    return 0 if report.passed else 1


def last_words(folder: Path) -> Iterator[str]:
    """What the workers wrote, without the errors that were meant to be."""
    said = (folder / "workers.log").read_text().splitlines()
    yield from [line for line in said if line and "sweep_failed" not in line][-40:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
