"""`./dev faults`: kill, stop, cut and fill up what the product stands on; see what is left."""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.database import own_database


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Everything, in databases and on servers that are gone afterwards; 1 on any violation."""
    asked = options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="mscc-faults-") as folder:
        passed = kill_loop(asked, Path(folder))
    return 0 if passed else 1


def kill_loop(asked: argparse.Namespace, folder: Path) -> bool:
    """Kills at every step of T1 to T5."""
    from tests.faults.gateway import Gateway

    with own_database(os.environ["DATABASE_URL"]) as url, Gateway(folder / "gateway") as gateway:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": url,
            "FAULTS_SMTP_PORT": str(gateway.port),
            "LOG_LEVEL": "ERROR",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from tests.faults.loop import FACTOR, Loop, Plan, lines
        from tests.faults.times import Times

        call_command("migrate", interactive=False, verbosity=0)
        plan = Plan(kills=asked.kills, seed=asked.seed)
        report = Loop(plan, folder, gateway, Times(FACTOR)).run()
        connections.close_all()
        print("\n".join(lines(report)), flush=True)
        if not report.passed:
            log = [line for line in (folder / "workers.log").read_text().splitlines() if line]
            print("\n".join([line for line in log if "sweep_failed" not in line][-40:]))
    return report.passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
