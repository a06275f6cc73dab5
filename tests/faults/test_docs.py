"""docs/faults.md names every fault that is injected, and nothing that is not there."""

import ast
import re

from mscc import failpoints
from mscc.runtime.places import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.partition("## The rows")[2].splitlines()
    if re.match(r"\| (\d+|T5) \|", line)
]
NAMED = re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", PAGE)


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_of_the_fault_table_is_there_once():
    numbers = [row[0] for row in ROWS]
    assert sorted(numbers, key=str) == sorted([*map(str, range(1, 55)), "T5"], key=str)


def test_every_test_it_names_exists():
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (ROOT / path).exists() or (name and name not in names_in(path))
    ]
    assert missing == []


def test_every_injected_fault_is_in_a_row():
    for path in ("tests/faults/test_rows.py", "tests/faults/test_processes.py"):
        here = {name for file, name in NAMED if file == path}
        assert {name for name in names_in(path) if name.startswith("test_")} == here


def test_every_failpoint_is_in_a_row():
    said = {place for row in ROWS for place in re.findall(r"`(t\d\.\w+)`", row[1])}
    assert said == set(failpoints.PLACES)


def test_a_row_says_what_came_of_it_or_why_nothing_did():
    for number, _, _, test, result in ROWS:
        dated = re.search(r"\d{1,2} \w{3} \d{4}|each `./dev test`|not run", result)
        assert bool(dated) == ("`" in test and not test.startswith("not ")), number
        assert dated or test.startswith(("not ", "no ")), number
