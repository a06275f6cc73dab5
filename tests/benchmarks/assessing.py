"""A1: ten thousand mixed cases through the clinical rules, with starting, reading and printing."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from mscc.runtime.places import ROOT
from tests.benchmarks.measuring import Figure, Spread, in_turns
from tests.factories.cases import random_case

CASES = 10_000
# What nobody can do without: the file read as JSON, and written again.
_ROUND_TRIP = """
import json, sys
for line in open(sys.argv[1]):
    print(json.dumps(json.loads(line)))
"""


def a1(rounds: int) -> Iterator[Figure]:
    """`manage.py assess` beside a round trip of the same file through JSON, both from a prompt."""
    chance = Random(CASES)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.jsonl"
        cases = (random_case(chance, share=chance.random()) for _ in range(CASES))
        file.write_text("".join(f"{json.dumps(case)}\n" for case in cases))
        found = in_turns(
            rounds,
            lambda: _seconds("-c", _ROUND_TRIP, str(file)),
            lambda: _seconds("manage.py", "assess", str(file)),
        )
    floor, product = Spread.of(found.floor), Spread.of(found.product)
    yield Figure(
        "A1",
        "ten thousand mixed cases through every rule",
        f"{floor.show()} s",
        f"{CASES / product.median:,.0f} cases/s",
        product,
        "s",
        aim=5,
    )


def _seconds(*arguments: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began
