"""`./dev bench`: measure everything, or `--only T1,S1`; `--rows 50000` for a smaller run."""

import argparse
import os
import signal
import sys
import tempfile
import time
from typing import Any

from tests.benchmarks import audit_world
from tests.benchmarks.database import World, check, own_database, populate
from tests.benchmarks.load import OPEN
from tests.benchmarks.measuring import Figure, table

# S2 brings S3 with it, and B2 brings B3.
MEASURES = ("T1", "T2", "T3", "S1", "S2", "B1", "B2", "B4", "B5", "B6", "D1", "D2", "D3", "P1")
MEASURES += ("A1",)
# Figures of the audit, on a past of their own.
PAST = ("U1", "U2", "U3", "U4", "U5", "U6", "U7")
MEASURES += PAST
STARTED = time.monotonic()


def say(text: str) -> None:
    """A line of progress, with the seconds since the start."""
    print(f"{time.monotonic() - STARTED:6.0f} s  {text}", flush=True)


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--only", default=",".join(MEASURES), help="e.g. T1,S1")
    parser.add_argument("--rows", type=int, default=1_000_000, help="referrals, open and closed")
    parser.add_argument("--rounds", type=int, default=5, help="from 3 to 6")
    asked = parser.parse_args(arguments)
    asked.only = [name.strip().upper() for name in asked.only.split(",")]
    if unknown := set(asked.only) - set(MEASURES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    if asked.rows < 2 * OPEN or asked.rows % OPEN:
        parser.error(f"--rows is a multiple of {OPEN} from {2 * OPEN}")
    if asked.rounds not in range(3, 7):
        # Fewer say nothing about the spread; more would run out of referrals to decide on.
        parser.error("--rounds is from 3 to 6")
    return asked


def main(arguments: list[str]) -> int:
    """Measure in a database that is gone afterwards; the exit code is 0 whatever was missed."""
    asked = options(arguments)
    # Asked to stop, it still takes its database away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    server = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as static, own_database(server) as url:
        os.environ |= {"DATABASE_URL": url, "BENCH_STATIC_ROOT": static}
        figures = measured(url, asked)
    print(f"\n{table(figures)}\n\n{conditions(asked)}")
    return 0


def measured(url: str, asked: argparse.Namespace) -> list[Figure]:
    """Every figure asked for, in the order of the table."""
    if asked.only == ["A1"]:
        # The rules need no referrals to be loaded first.
        return list(measure("A1", None, asked.rounds))
    os.environ["MSCC_DB_STATEMENT_TIMEOUT_MS"] = "0"  # building the world is long work
    import django

    django.setup()
    from django.db import connections

    from tests.benchmarks.web import collect_static

    world = past = None
    if not set(asked.only) <= {*PAST, "A1"}:
        world = populate(url, asked.rows, say)
        check(world, say)
    if set(asked.only) & set(PAST):
        past = audit_world.populate(url, asked.rows, say)
    del os.environ["MSCC_DB_STATEMENT_TIMEOUT_MS"]
    try:
        collect_static()
        return [
            figure
            for name in asked.only
            for figure in measure(name, past if name in PAST else world, asked.rounds)
        ]
    finally:
        connections.close_all()


def measure(name: str, world: World | audit_world.Past | None, rounds: int) -> list[Figure]:
    """The figures of one measure."""
    from tests.benchmarks import (
        api,
        assessing,
        audit,
        board,
        breaches,
        firing,
        first_view,
        polling,
        sweeping,
        transitions,
    )

    measures: dict[str, Any] = {
        "T1": transitions.t1,
        "T2": api.t2,
        "T3": api.t3,
        "S1": sweeping.s1,
        "D1": board.d1,
        "D2": board.d2,
        "D3": polling.d3,
        "P1": first_view.p1,
        "B1": breaches.one_breach,
        "S2": firing.s2_s3,
        "B2": breaches.burst,
        "B4": breaches.killed,
        "B5": breaches.email,
        "B6": breaches.memory,
        "U1": audit.u1,
        "U2": audit.u2,
        "U3": audit.u3,
        "U4": audit.u4,
        "U5": audit.u5,
        "U6": audit.u6,
        "U7": audit.u7,
        "A1": lambda _, times: assessing.a1(times),
    }
    say(name)
    found = []
    for figure in measures[name](world, rounds):
        say(f"  {figure.what}: {figure.judged.show()} {figure.unit}, {figure.verdict}")
        found.append(figure)
    return found


def conditions(asked: argparse.Namespace) -> str:
    """What the figures were measured on."""
    return (
        f"{asked.rows:,} referrals, {OPEN:,} of them open; {asked.rounds} rounds in turns; "
        f"{os.cpu_count()} cores; Python {sys.version.split()[0]}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
