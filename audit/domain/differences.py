"""Why the figures of an earlier report are not what they were: late data, or another definition."""

from collections.abc import Hashable, Mapping
from typing import Any

from audit.domain.drawing import Cell, changed
from audit.measures.suppression import small

_COUNTS = ("of", "met", "missing", "excluded", "running")
_NOT_MET = "not met"
_Counts = dict[tuple[str, str], int | None]  # by row and column
_Moved = tuple[int | None, int | None]  # as it was, and is
# Parts of a count, and what each part is called by.
_LISTS = {"classes": "name", "why_missing": "why", "why_excluded": "why"}


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
    line["kind"] = "late"
    if version != each["version"]:
        line |= {"kind": "definition", "from": each["version"], "to": version}
    elif _same(then, now):
        return None
    if only_a_few(then, now):
        # Two numbers that differ by one or two people tell what those people had.
        return line | {"then": None}
    return line | {"now": _brief(steady(then, now))}


def keep_steady(
    measures: list[dict[str, Any]],
    said: list[dict[str, Any]],
    then: str = "now",
    now: str = "before",
) -> None:
    """Print a period so that beside what was issued of it, it betrays nobody, see `steady`: the
    cells `now` beside the issued ones `then`. Changes the measures in place."""
    for each, old in _pairs(measures, said):
        each[now] = steady(old[then], each[now])
        each["change"] = changed(each)


def keep_version_steady(figures: dict[str, Any], old: dict[str, Any]) -> None:
    """Print the figures of a new version so that beside the old one of the same period they betray
    nobody. Changes them in place.

    A table with a row that a few people changed is printed as it was issued as a whole: of a total
    that is new and all rows but one, the last could be worked out. So is a list of missed targets.
    """
    drawn = {each["key"]: each["now"] for each in figures["measures"]}
    keep_steady(figures["measures"], old["measures"], "now", "now")
    keep_steady(figures["measures"], old["measures"], "before", "before")
    for each, issued in _pairs(figures["measures"], old["measures"]):
        # Rows add up to it: they tell what it does not.
        cells = (issued["now"], drawn[each["key"]])
        whole = [_counts([{"name": "", "cell": cell}]) for cell in cells]
        kept = [_keep_table(each, issued, name, *whole) for name in ("hospitals", "months")]
        kept += [
            _keep_table(cut, was, "rows", *whole)
            for cut in each["groups"]
            for was in issued["groups"]
            if was["cut"] == cut["cut"]
        ]
        each["as_issued"] = any(kept)
    for name in ("referrals", "referrals_before"):
        if _tells(old[name], figures[name]):
            figures[name] = old[name]
    if _tells_any(_missed(old["breaches"]), _missed(figures["breaches"])):
        figures["breaches"] = old["breaches"]
    service, was = figures["service"], old["service"]
    if _tells(was["new_cases"], service["new_cases"]):
        service["new_cases"] = was["new_cases"]
    if _tells(was["followed"], service["followed"]):
        service |= {name: was[name] for name in ("followed", "median_days")}


def _pairs(
    measures: list[dict[str, Any]], said: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each measure with what was issued of it under the same definition."""
    issued = {(each["key"], each["version"]): each for each in said}
    keyed = [((each["key"], each["version"]), each) for each in measures]
    return [(each, issued[key]) for key, each in keyed if key in issued]


def _keep_table(
    now: dict[str, Any], then: dict[str, Any], name: str, whole_then: _Counts, whole_now: _Counts
) -> bool:
    """Whether a table is printed as it was issued, which is then in place of the new one."""
    was, became = _counts(then[name]), _counts(now[name])
    keep = was != became and any(
        _column_tells(
            [
                (was.get((row, column), 0), became.get((row, column), 0))
                for row in {row for row, _ in (*was, *became)}
            ],
            (whole_then["", column], whole_now["", column]),
        )
        for column in (*_COUNTS, _NOT_MET)
    )
    if keep:
        now[name] = then[name]
    return keep


def _column_tells(rows: list[_Moved], whole: _Moved) -> bool:
    """Whether the total, a row, or all rows together that are not shown in both moved by a few."""
    known = [(then, now) for then, now in (*rows, whole) if then is not None and now is not None]
    if any(small(abs(now - then)) for then, now in known):
        return True
    if None in whole or len(known) == len(rows) + 1:
        return False
    *others, (before, after) = known
    rest = (after - sum(now for _, now in others)) - (before - sum(then for then, _ in others))
    return small(abs(rest))


def _counts(rows: list[dict[str, Any]]) -> _Counts:
    found: _Counts = {}
    for row in rows:
        cell, of, met = row["cell"], row["cell"]["of"], row["cell"]["met"]
        found |= {(row["name"], name): cell[name] for name in _COUNTS}
        found[row["name"], _NOT_MET] = None if None in (of, met) else of - met
    return found


def _missed(breaches: list[dict[str, Any]]) -> dict[Hashable, int | None]:
    found: dict[Hashable, int | None] = {}
    for each in breaches:
        found |= {(each["name"], name): each[name] for name in ("n", "incidents")}
        found |= {(each["name"], "why", one["why"]): one["n"] for one in each["reasons"]}
    return found


def _tells_any(then: Mapping[Hashable, int | None], now: Mapping[Hashable, int | None]) -> bool:
    """Whether any number moved so that both together tell of a few; what is not listed is 0."""
    return any(_tells(then.get(key, 0), now.get(key, 0)) for key in {*then, *now})


def _tells(then: int | None, now: int | None) -> bool:
    """Whether two numbers of one thing tell of a few people: by their difference, or because only
    one of them is shown, and the other is then few or works out some that are."""
    if then is None or now is None:
        return then is not now
    return small(abs(now - then))


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
    for name, key in _LISTS.items():
        if name in now and _tells_any(_listed(then, name, key), _listed(now, name, key)):
            held = [one | {"n": None} for one in now[name]]
            printed[name] = then.get(name, []) if _same(then, now) else held
    if printed["met"] is None or _not_met_by_a_few(then, now):
        printed |= {"met": None, "share": None, "worst": None}
    if printed["of"] is None or printed["missing"] is None:
        printed |= {"worst": None, "completeness": None}
    return printed


def _listed(cell: Cell, name: str, key: str) -> dict[Hashable, int | None]:
    return {one[key]: one["n"] for one in cell.get(name, ())}


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
