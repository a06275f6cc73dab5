"""example.env is what production reads: all of it, and nothing else."""

import ast
import re
import sys
from inspect import isfunction, signature

import pytest

from mscc.runtime.places import ROOT
from mscc.settings import reading
from tests.deploy.conftest import run, settings_of

DEPLOY = ROOT / "deploy"
# Every reader of reading.py, and those of environ that are used beside them.
READERS = {"str", "db_url"} | {
    name
    for name, each in vars(reading).items()
    if isfunction(each) and name != "refuse" and "setting" in signature(each).parameters
}
LIVE = ("base", "production", "reading")


def read_by_settings() -> set[str]:
    """Every name that production's settings ask the environment for."""
    names = set()
    for module in LIVE:
        tree = ast.parse((ROOT / "mscc" / "settings" / f"{module}.py").read_text())
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            asked = getattr(call.func, "attr", getattr(call.func, "id", ""))
            first = call.args[0] if call.args else None
            if asked in READERS and isinstance(first, ast.Constant):
                names.add(first.value)
    return names


def listed(file: str) -> list[str]:
    return re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (DEPLOY / file).read_text(), re.MULTILINE)


def test_every_setting_that_production_reads_is_in_the_example_once():
    names = listed("example.env")

    assert sorted(names) == sorted(read_by_settings())
    assert {"SECRET_KEY", "EMAIL_URL", "MSCC_DB_LOCK_TIMEOUT_MS"} <= set(names)


def test_every_setting_has_a_line_that_says_what_it_is():
    lines = (DEPLOY / "example.env").read_text().splitlines()
    for before, line in zip(lines, lines[1:], strict=False):
        if re.match(r"#?[A-Z][A-Z0-9_]+=", line) and before != lines[0]:
            assert before.startswith("#"), line


def test_the_values_shown_for_what_may_be_left_out_are_those_in_use(filled):
    """Uncommenting a line changes nothing."""
    text = (DEPLOY / "example.env").read_text()
    shown = settings_of(re.sub(r"^#(?=[A-Z][A-Z0-9_]+=.)", "", text, flags=re.MULTILINE))
    ask = (
        "import json; from mscc.settings import production as p; "
        "print(json.dumps({n: v for n, v in vars(p).items() if n.isupper()}, "
        "default=lambda o: type(o).__name__))"
    )
    as_is = run(sys.executable, "-c", ask, **filled)
    spelled_out = run(sys.executable, "-c", ask, **{**shown, **filled})

    assert as_is.returncode == 0, as_is.stderr
    assert as_is.stdout == spelled_out.stdout


def test_filled_in_it_starts_and_the_deployment_check_has_nothing_to_say(filled):
    done = run(sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING", **filled)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_what_must_be_set_is_named_when_it_is_not(filled, missing):
    done = run(sys.executable, "manage.py", "check", **{**filled, missing: ""})

    assert done.returncode != 0
    assert done.stderr.startswith(f"Will not start. {missing}:")


def test_a_process_that_would_kill_itself_at_a_failpoint_does_not_start(filled):
    done = run(sys.executable, "manage.py", "check", **{**filled, "FAULT_AT": "t2.after_lock"})

    assert done.returncode != 0
    assert done.stderr.startswith("Will not start. FAULT_AT:")
