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
    if only_a_few(then, now):
        # Two numbers that differ by one or two people tell what those people had.
        return line | {"kind": "late", "then": None}
    return line | {"kind": "late", "now": _brief(steady(then, now))}


def keep_steady(measures: list[dict[str, Any]], said: list[dict[str, Any]]) -> None:
    """Print the period before so that beside what was issued it betrays nobody, see `steady`.
    Changes the measures in place."""
    issued = {each["key"]: each for each in said}
    for each in measures:
        old = issued.get(each["key"])
        if old is not None and old["version"] == each["version"]:
            each["before"] = steady(old["now"], each["before"])
            each["change"] = changed(each)


def steady(then: Cell, now: Cell) -> Cell:
    """The cell to print of a period that was reported before. Where a few people changed it, as it
    was issued; where many did, but one number of it by a few, without that number.
    """
    if only_a_few(then, now):
        return then
    printed = dict(now)
    for name in _COUNTS:
        if _by_a_few(then, now, name):
            printed[name] = None
    if printed["met"] is None or _not_met_by_a_few(then, now):
        printed |= {"met": None, "share": None, "worst": None}
    if printed["of"] is None or printed["missing"] is None:
        printed |= {"worst": None, "completeness": None}
    return printed


def only_a_few(then: Cell, now: Cell) -> bool:
    """Whether something changed, and all that did by fewer than 5 people."""
    shown = [n for n in _COUNTS if then.get(n) is not None and now.get(n) is not None]
    moved = [name for name in shown if then[name] != now[name]]
    return bool(moved) and all(_by_a_few(then, now, name) for name in moved)


def _by_a_few(then: Cell, now: Cell, name: str) -> bool:
    before, after = then.get(name), now.get(name)
    return before is not None and after is not None and small(abs(after - before))


def _not_met_by_a_few(then: Cell, now: Cell) -> bool:
    if None in (then["met"], then["of"], now["met"], now["of"]):
        return False
    return small(abs((now["of"] - now["met"]) - (then["of"] - then["met"])))


def _same(then: Cell, now: Cell) -> bool:
    return all(then.get(name) == now.get(name) for name in _COUNTS)


def _brief(cell: Cell) -> dict[str, Any]:
    return {name: cell.get(name) for name in ("met", "of", "missing", "share")}
