"""`./dev mutate`: spoil the clinical rules in small ways, and see whether a test notices.

mutmut makes the mutants of `referrals/clinical` and runs the tests of `tests/unit/clinical` that
reach each of them, in a copy under var/. Without --all a sample is tried, drawn with a fixed seed
from every module in proportion, so that two runs of the same code give the same figure. What it
does not spoil: constants of modules (a rule's words and numbers) and decorated functions.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mscc.runtime.places import ROOT

COPY = ROOT / "var" / "mutation"
COPIED = ("referrals", "mscc", "docs", "tests/unit/clinical", "tests/factories")
WRITTEN = Path(__file__).parent / "written"
CORE = "referrals/clinical"
SEED = 20261121
RESULT = re.compile(r"^\s+(?P<mutant>[\w.ǁ]+): (?P<verdict>[\w ]+)$", re.MULTILINE)
NOTICED = ("killed", "timeout", "caught by type check", "segfault")


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev mutate", description=__doc__)
    parser.add_argument("modules", nargs="*", help="e.g. steroids triage; all when left out")
    parser.add_argument("--sample", type=int, default=600, help="how many mutants to try")
    parser.add_argument("--all", action="store_true", help="every mutant: hours")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="the mutants nobody noticed, as diffs")
    asked = parser.parse_args(arguments)
    known = {path.stem for path in (ROOT / CORE).glob("*.py")}
    if unknown := set(asked.modules) - known:
        parser.error(f"there is no module {', '.join(sorted(unknown))} in {CORE}")
    return asked


def main(arguments: list[str]) -> int:
    """The exit code is 0 whatever survived: this is a measure, not a gate."""
    asked = options(arguments)
    os.nice(19)
    prepare(asked.modules)
    # It makes them all and runs the tests once before it finds that none has this name.
    said = mutmut("run", "--max-children", "1", "none-of-them")
    every = [mutant for mutant, _ in results()]
    if not every:
        sys.exit(said)
    tried = every if asked.all else sample(every, asked.sample)
    print(f"{len(every)} mutants, {len(tried)} of them tried ...", flush=True)
    if said := mutmut("run", "--max-children", str(asked.processes), *tried):
        sys.exit(said)
    report({mutant: verdict for mutant, verdict in results() if mutant in set(tried)}, asked.show)
    return 0


def prepare(modules: list[str]) -> None:
    """A copy of what the tests need, anew each time, so that the work tree is never spoilt."""
    shutil.rmtree(COPY, ignore_errors=True)
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "*.png", "static")
        shutil.copytree(ROOT / name, COPY / name, ignore=ignored)
    shutil.copy(WRITTEN / "conftest.py", COPY / "tests" / "conftest.py")
    chosen = [f'"{CORE}/{name}.py"' for name in modules] or [f'"{CORE}/*"']
    config = (WRITTEN / "pyproject.toml").read_text()
    (COPY / "pyproject.toml").write_text(config.replace('"CHOSEN"', ", ".join(chosen)))


def mutmut(*arguments: str) -> str:
    """What it says last when it fails; where it is, it says a thousand times."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=COPY, capture_output=True, text=True, check=False)
    return f"{done.stdout[-3000:]}{done.stderr[-1000:]}" if done.returncode else ""


def results() -> Iterator[tuple[str, str]]:
    """Every mutant with what became of it."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    said = subprocess.run(command, cwd=COPY, capture_output=True, text=True, check=True).stdout
    yield from ((each["mutant"], each["verdict"]) for each in RESULT.finditer(said))


def sample(every: list[str], size: int) -> list[str]:
    """The same mutants for the same code; each module has its part."""
    return sorted(random.Random(SEED).sample(sorted(every), min(size, len(every))))


def report(verdicts: dict[str, str], show: bool) -> None:
    """A line for each module, then the figure."""
    modules: dict[str, Counter[bool]] = {}
    for mutant, verdict in verdicts.items():
        counted = modules.setdefault(mutant.split(".")[2], Counter())
        counted[verdict in NOTICED] += 1
    for name, counted in sorted(modules.items()):
        print(f"{name:>20} {counted[True]:5} of {counted.total():5} noticed")
    noticed = sum(counted[True] for counted in modules.values())
    share = 100 * noticed / len(verdicts)
    print(f"{noticed} of {len(verdicts)} mutants noticed: {share:.1f} % (seed {SEED})")
    print(", ".join(f"{verdict} {n}" for verdict, n in Counter(verdicts.values()).most_common()))
    missed = sorted(mutant for mutant, verdict in verdicts.items() if verdict not in NOTICED)
    for mutant in missed:
        print(f"  not noticed: {mutant} ({verdicts[mutant]})")
        if show:
            command = [sys.executable, "-m", "mutmut", "show", mutant]
            said = subprocess.run(command, cwd=COPY, capture_output=True, text=True, check=False)
            lines = re.findall(r"^[+-](?![+-]).*$", said.stdout, re.MULTILINE)
            print("".join(f"      {line}\n" for line in lines), end="")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
