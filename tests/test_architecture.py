"""House rules that no import contract can see. Each names the line that breaks it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mscc.runtime.places import ROOT

APPS = ("mscc", "referrals", "scheduling", "audit")
TOP_LEVEL = {"mscc", "referrals", "scheduling", "audit", "templates", "tests", "deploy", "docs"}
LINES_A_MODULE = 400

WALL_CLOCK = re.compile(
    r"timezone\.now\(|timezone\.localtime\(\)|datetime\.(now|utcnow|today)\(|date\.today\("
    r"|\btime\.time\(|\blocaltime\(\)|\bauto_now"
)
STATE_WRITES = re.compile(
    r"\.update\([^)]*\bstate=|\.bulk_update\([^)]*[\"']state[\"']"
    r"|\bReferral(\.objects\.create)?\([^)]*\bstate="
)
SIGNALS = re.compile(r"@receiver\b|django\.dispatch|db\.models\.signals|\bpost_save\b|\bpre_save\b")
DELAYS = re.compile(r"\b(eta|countdown)\s*=")
QUERIES = re.compile(r"\.objects\b|\._default_manager\b|\.all_objects\b")


def tracked() -> list[Path]:
    """What is committed, or about to be: new files count, ignored ones do not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in sorted(set(listed.split("\n"))) if (ROOT / name).is_file()]


FILES = tracked()


def modules(*apps: str, without: tuple[str, ...] = ()) -> Iterator[Path]:
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.startswith(tuple(f"{app}/" for app in apps)):
            if "/migrations/" not in name and not name.startswith(without):
                yield path


def code(path: Path) -> str:
    """The module without its comments and docstrings, statements on lines of their own."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def found(pattern: re.Pattern[str], paths: Iterator[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in paths
        for line in code(path).splitlines()
        if pattern.search(line)
    ]


def test_only_the_clock_reads_the_wall_clock():
    elsewhere = modules(*APPS, without=("mscc/clock.py", "mscc/runtime/"))
    assert found(WALL_CLOCK, elsewhere) == []


def test_a_referrals_state_changes_only_by_its_transitions():
    """`update`, `bulk_update` and a constructor all pass by the protected field."""
    assert found(STATE_WRITES, modules("referrals", "audit", "mscc")) == []


def test_what_follows_from_a_fact_is_on_the_page_of_handlers_and_not_in_signals():
    assert found(SIGNALS, modules(*APPS)) == []


def test_no_deadline_is_a_delayed_task():
    """A countdown in a broker ran five times, or not at all, when that broker was disturbed."""
    assert found(DELAYS, modules("referrals", "scheduling", "audit", "mscc")) == []


def test_views_and_tasks_ask_the_domain_and_not_the_database():
    views = (path for path in modules(*APPS) if {"views", "views.py"} & set(path.parts))
    assert found(QUERIES, views) == []
    tasks = (path for path in modules(*APPS) if path.name == "tasks.py")
    assert found(QUERIES, tasks) == []


def test_a_task_is_a_doorbell():
    """Ids in, one call of the domain, a count out: three lines."""
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in modules(*APPS)
        if path.name == "tasks.py"
        for node in ast.parse(code(path)).body
        if isinstance(node, ast.FunctionDef) and len(node.body) > 3
    ]
    assert long == []


def test_the_top_level_is_the_owners():
    folders = {path.relative_to(ROOT).parts[0] for path in FILES if path.parent != ROOT}
    assert {name for name in folders if not name.startswith(".")} - TOP_LEVEL == set()


@pytest.mark.parametrize("kind", [".py", ".html"])
def test_a_file_can_be_read_in_one_sitting(kind):
    ours = [path for path in FILES if path.suffix == kind and "/migrations/" not in str(path)]
    assert ours
    long = {
        str(path.relative_to(ROOT)): lines
        for path in ours
        if (lines := len(path.read_text().splitlines())) > LINES_A_MODULE
    }
    assert long == {}


def test_the_patterns_find_what_they_are_for(tmp_path):
    """A rule that can no longer find anything would pass for ever."""
    bad = {
        WALL_CLOCK: "at = timezone.now()",
        STATE_WRITES: "Referral.objects.filter(pk=1).update(version=2, state='triaged')",
        SIGNALS: "@receiver(post_save, sender=Referral)\ndef hear(): pass",
        DELAYS: "sweep.apply_async(countdown=3600)",
        QUERIES: "rows = Referral.objects.all()",
    }
    for pattern, line in bad.items():
        file = tmp_path / "bad.py"
        file.write_text(line)
        assert pattern.search(code(file)), line
    harmless = tmp_path / "harmless.py"
    harmless.write_text('"""datetime.now() is only spoken of."""\n# date.today()\n')
    assert not WALL_CLOCK.search(code(harmless))
