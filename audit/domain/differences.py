"""Why the figures of an earlier report are not what they were: late data, or another definition."""

from collections.abc import Mapping
from typing import Any

from audit.domain.drawing import Cell, changed
from audit.measures.suppression import small

_COUNTS = ("of", "met", "missing", "excluded", "running")


def explain(
    said: list[dict[str, Any]], found: Mapping[str, Cell], versions: Mapping[str, int]
) -> list[dict[str, Any]]:
    """What changed since a report said something of a period.

    `said` are its measures as issued; `found` the cells of the same period drawn now, by key, and
    `versions` the measures there are now. Unchanged ones are left out. `kind` is late, definition,
    withdrawn or new.
    """
    known = {each["key"] for each in said}
    lines = [_line(each, found.get(each["key"]), versions.get(each["key"])) for each in said]
    lines += [
        {"key": key, "name": "", "kind": "new", "then": None, "now": None}
        for key in versions
        if key not in known
    ]
    return [line for line in lines if line is not None]


def _line(each: dict[str, Any], now: Cell | None, version: int | None) -> dict[str, Any] | None:
    then = each["now"]
    line = {"key": each["key"], "name": each["name"], "then": _brief(then), "now": None}
    if now is None or version is None:
        return line | {"kind": "withdrawn"}
    if version != each["version"]:
        moved = {"kind": "definition", "from": each["version"], "to": version}
        return line | moved | {"now": _brief(now)}
    if _same(then, now):
        return None
    if telling(then, now):
        # Two numbers that differ by one or two people tell what those people had.
        return line | {"kind": "late", "then": None}
    return line | {"kind": "late", "now": _brief(now)}


def keep_steady(measures: list[dict[str, Any]], said: list[dict[str, Any]]) -> None:
    """Print the period before as it was issued, where the new number beside the old one would
    betray a few people. Changes the measures in place."""
    issued = {each["key"]: each for each in said}
    for each in measures:
        old = issued.get(each["key"])
        if old is not None and old["version"] == each["version"]:
            if telling(old["now"], each["before"]):
                each["before"] = old["now"]
                each["change"] = changed(each)


def telling(then: Cell, now: Cell) -> bool:
    """Whether the difference of two cells of one period is a small number of people."""
    for name in _COUNTS:
        before, after = then.get(name), now.get(name)
        if (before is None) != (after is None):
            return True
        if before is not None and after is not None and small(abs(after - before)):
            return True
    return False


def _same(then: Cell, now: Cell) -> bool:
    return all(then.get(name) == now.get(name) for name in _COUNTS)


def _brief(cell: Cell) -> dict[str, Any]:
    return {name: cell.get(name) for name in ("met", "of", "missing", "share")}
