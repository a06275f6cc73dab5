"""A report's document as words for a page or a print: every format says the same sentences.

Takes the frozen document alone and asks nothing of the database: an old report reads as it did.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from audit.domain.composing import Document
from audit.measures.case_mix import words
from audit.measures.change import WORDS, Word
from audit.measures.measure import Shape
from mscc import clock
from mscc.web.filters import day, duration, plural

NOT_SHOWN = "not shown"
NOBODY = "Nobody"
HELD_BACK = (
    "Numbers of people from 1 to 4 are not shown, nor what would let them be worked out. "
    "“Worst case” counts everybody whose data are missing as if it had not been met."
)
AS_ISSUED = (
    "Some of its tables are as they were issued in the version before: beside those, new numbers "
    "would tell of fewer than 5 people."
)
BY_CHANCE = (
    "“Better” and “worse” are said only when a difference as large would come about by chance in "
    "fewer than 1 of 20 comparisons (Fisher's exact test); “no change” is none that is more than "
    "chance. Over so many measures one or two will be chance all the same."
)


def told(document: Document) -> dict[str, Any]:
    """The document as words: what templates of pages and prints draw."""
    measures = [each for section in document["sections"] for each in section["measures"]]
    return {
        "title": f"{document['title']}: {document['alliance']}",
        "alliance": document["alliance"],
        "period": document["period"]["words"],
        "before": document["period"]["before"],
        "version": _version(document),
        "approved": _approved(document),
        "as_of": _at(document["as_of"]),
        "referrals": _referrals(document),
        "nothing": document["referrals"] == 0,
        "summary": _summary(document),
        "headline": [_row(each) for each in measures if each["headline"]],
        "decide": document["decide"],
        "comments": document["comments"],
        "sections": [
            {"name": each["name"], "measures": [_measure(one) for one in each["measures"]]}
            for each in document["sections"]
            if each["measures"]
        ],
        "inequalities": [_grouped(each) for each in measures if each["groups"]],
        "service": list(_service(document["service"])),
        "breaches": [_breach(each) for each in document["breaches"]],
        "completeness": list(_completeness(measures)),
        "since": _since(document),
        "differences": [_difference(each, document) for each in document["differences"]],
        "actions": [_action(each) for each in document["actions"]],
        "group": _group(document["group"]),
        "definitions": [_definition(each) for each in measures],
        "definitions_hash": document["definitions_hash"],
        "held_back": HELD_BACK,
        "by_chance": BY_CHANCE,
    }


def moment(at: datetime) -> str:
    """ "5 October 2026, 10:00 BST": always with its year, since a report is read for years."""
    return f"{day(at)}, {clock.local(at):%H:%M %Z}"


def percent(share: float | None) -> str:
    """A share of 0 to 1 as "83%", a dash where there is none; never rounded up to all or down to
    nothing."""
    if share is None:
        return "–"
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return "over 99%"
    if whole == 0 and share > 0:
        return "under 1%"
    return f"{whole}%"


def counted(cell: dict[str, Any]) -> str:
    """ "20 of 24", or why there is no such number."""
    if cell["of"] == 0:
        return NOBODY if not cell["missing"] else "Nobody with data"
    if cell["met"] is None:
        return f"{NOT_SHOWN} (of {cell['of']})" if cell["of"] is not None else NOT_SHOWN
    return f"{cell['met']} of {cell['of']}"


def number(count: int | None) -> str:
    """A count, or that it is not shown."""
    return NOT_SHOWN if count is None else str(count)


def figure(cell: dict[str, Any]) -> str:
    """ "83% (20 of 24)", or why not."""
    if cell["share"] is None:
        return counted(cell)
    return f"{percent(cell['share'])} ({counted(cell)})"


def _people(cell: dict[str, Any]) -> str:
    """How many fall in any class, or why there is no such number."""
    return counted(cell) if cell["of"] == 0 else number(cell["of"])


def _figure(cell: dict[str, Any], shape: str) -> str:
    return _people(cell) if shape == Shape.CLASSES else figure(cell)


def _version(document: Document) -> str:
    if not document["replaces"]:
        return f"Version {document['version']}"
    return (
        f"Version {document['version']}, replaces version {document['replaces']}: {document['why']}"
    )


def _approved(document: Document) -> str:
    if not document["approved_by"]:
        return "Not approved yet"
    return f"Approved by {document['approved_by']}, {_at(document['approved_at'])}"


def _at(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _referrals(document: Document) -> str:
    now, before, period = document["referrals"], document["referrals_before"], document["period"]
    if now == 0:
        return (
            f"No referral was received from {period['words']}, so there is nothing to measure. "
            "If there were referrals, they were not recorded here."
        )
    said = "Fewer than 5" if now is None else str(now)
    then = "fewer than 5" if before is None else str(before)
    return (
        f"{said} referrals were received in {period['words']}; {then} in the months before "
        f"({period['before']})."
    )


def _summary(document: Document) -> list[dict[str, Any]]:
    heads = (
        (Word.BETTER, "What is better", "Nothing is better by more than chance."),
        (Word.WORSE, "What is worse", "Nothing is worse by more than chance."),
        (Word.DIFFERENT, "What is different", ""),
    )
    return [
        {
            "heading": heading,
            "none": none,
            "lines": [
                f"{each['name']}: {figure(each['now'])}, was {figure(each['before'])}"
                for each in document["summary"][word]
            ],
        }
        for word, heading, none in heads
        if document["summary"][word] or none
    ]


def _row(each: dict[str, Any]) -> dict[str, Any]:
    now = each["now"]
    part = _part({"name": each["name"], "cell": now}, each["shape"])
    return {
        "name": each["name"],
        "share": part["share"],
        "bar": part["bar"],
        "n": part["n"],
        "before": _figure(each["before"], each["shape"]),
        "change": _change(each),
        "worst": percent(None if each["shape"] == Shape.CLASSES else now["worst"]),
        "complete": percent(now["completeness"]),
    }


def _change(each: dict[str, Any]) -> str:
    return "" if each["shape"] == Shape.CLASSES else WORDS[Word(each["change"])]


def _measure(each: dict[str, Any]) -> dict[str, Any]:
    now = each["now"]
    return _row(each) | {
        "key": each["key"],
        "source": each["source"],
        "clock": each["clock"],
        "note": f"{each['note']} {AS_ISSUED}".strip() if each.get("as_issued") else each["note"],
        "empty": now["of"] == 0 and now["missing"] == 0,
        "times": _times(now, each["target_s"]),
        "missing": number(now["missing"]),
        "excluded": number(now["excluded"]),
        "running": number(now["running"]),
        "why_missing": _whys(now["why_missing"]),
        "why_excluded": _whys(now["why_excluded"]),
        "headline": each["headline"],
        "classes": [
            {"name": words(c["name"]), "n": number(c["n"])} for c in now.get("classes", ())
        ],
        "hospitals": [_part(one, each["shape"]) for one in each["hospitals"]],
        "months": [_part(one, each["shape"]) for one in each["months"]],
    }


def _times(cell: dict[str, Any], target_s: int | None) -> str:
    if cell.get("median_s") is None:
        return ""
    said = f"Half within {duration(cell['median_s'])}"
    if cell["p90_s"] is not None:
        said += f", nine of ten within {duration(cell['p90_s'])}"
    return f"{said}; the target is {duration(target_s)}" if target_s else said


def _whys(reasons: Iterable[dict[str, Any]]) -> list[str]:
    return _with_rest((one["why"], one["n"]) for one in reasons)


def _with_rest(counts: Iterable[tuple[str, int | None]]) -> list[str]:
    """What may be shown, and that there is more: a list of "not shown" tells nobody anything."""
    listed = list(counts)
    said = [f"{name}: {n}" for name, n in listed if n is not None]
    rest = "others: not shown" if said else NOT_SHOWN
    return [*said, rest] if len(said) < len(listed) else said


def _part(one: dict[str, Any], shape: str) -> dict[str, Any]:
    cell = one["cell"]
    # Reports of the first schema hold a share of classes too: it is 1 and says nothing.
    share = None if shape == Shape.CLASSES else cell["share"]
    return {
        "name": one["name"],
        "share": percent(share),
        "bar": share,
        "n": _people(cell) if shape == Shape.CLASSES else counted(cell),
        "missing": number(cell["missing"]),
    }


def _grouped(each: dict[str, Any]) -> dict[str, Any]:
    cuts = [
        {"cut": cut["cut"], "rows": [_part(one, each["shape"]) for one in cut["rows"]]}
        for cut in each["groups"]
    ]
    told = [cut for cut in cuts if any(row["bar"] is not None for row in cut["rows"])]
    few = [cut["cut"] for cut in cuts if cut["rows"] and cut not in told]
    return {"name": each["name"], "cuts": told, "few": few}


def _breach(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": each["name"],
        "n": number(each["n"]),
        "incidents": number(each["incidents"]),
        "reasons": _whys(each["reasons"]),
    }


def _service(service: dict[str, Any]) -> Iterator[str]:
    yield _cover(service)
    cases = "fewer than 5" if service["new_cases"] is None else service["new_cases"]
    yield f"New cases of MSCC that imaging confirmed: {cases}."
    if service["followed"] is None:
        yield "Survival: too few to show."
    elif service["followed"] == 0:
        yield "Survival: nobody was followed up."
    elif service["median_days"] is None:
        yield f"Survival: of {service['followed']} followed up, more than half live on."
    else:
        days = service["median_days"]
        yield f"Survival: of {service['followed']} followed up, half lived {days} days or longer."


def _cover(service: dict[str, Any]) -> str:
    if not service["cover"]:
        return (
            "No turn is on the alliance's own rota as coordinator, so cover is not measured here "
            "(NG234 1.1.7)."
        )
    if service["gaps"]:
        longest = duration(service["longest_gap_s"])
        gaps = f"nobody was {plural(service['gaps'], 'time')}, at the longest for {longest}"
    else:
        gaps = "nobody was missing at any time"
    return (
        f"By the rota as it was planned, somebody was on duty as coordinator for "
        f"{percent(service['cover'])} of the time; {gaps} (NG234 1.1.7)."
    )


def _completeness(measures: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Where anybody's data are missing, the worst first."""
    lacking = [each for each in measures if each["now"]["missing"] != 0]
    for each in sorted(lacking, key=lambda one: one["now"]["completeness"] or 0):
        yield {
            "name": each["name"],
            "complete": percent(each["now"]["completeness"]),
            "missing": number(each["now"]["missing"]),
            "hospitals": _with_rest(
                (one["name"], one["cell"]["missing"])
                for one in each["hospitals"]
                if one["cell"]["missing"] != 0
            ),
        }


def _since(document: Document) -> str:
    since = document["since"]
    if since is None:
        return "This is the first report that was issued here: there is none to compare it with."
    said = f"The last report was on {since['period']}, version {since['version']}, "
    said += f"with data of {_at(since['as_of'])}."
    if not document["differences"]:
        said += " Its figures, drawn again now, are the same."
    return said


def _difference(each: dict[str, Any], document: Document) -> str:
    name, then, now = each["name"], each["then"], each["now"]
    known = {m["key"]: m for s in document["sections"] for m in s["measures"]}
    found = known.get(each["key"], {"name": each["key"], "shape": ""})
    if each["kind"] == "new":
        return f"{found['name']}: measured for the first time."
    if each["kind"] == "withdrawn":
        return f"{name}: no longer measured; it was {figure(then)}."
    defined = each["kind"] == "definition"
    versions = f"version {each['from']} to {each['to']}" if defined else ""
    if then is None:
        if defined:
            return f"{name}: its definition changed ({versions}) for fewer than 5 people."
        return f"{name}: late data changed it by fewer than 5 people."
    was, became = _figure(then, found["shape"]), _figure(now, found["shape"])
    if defined:
        return (
            f"{name}: its definition changed ({versions}). What was {was} is {became} as it is "
            "counted now; the two are not comparable."
        )
    return f"{name}: late data made {was} into {became}."


def _action(each: dict[str, str]) -> dict[str, str]:
    due = day(date.fromisoformat(each["due"]))
    if each["done"]:
        became = f"Done {day(date.fromisoformat(each['done']))}: {each['outcome']}"
    else:
        became = "Open"
    return {"what": each["what"], "owner": each["owner"], "due": due, "became": became}


def _group(group: dict[str, Any]) -> list[str]:
    if not group["due"]:
        return ["This alliance keeps no steering group here yet (NG234 1.1.4)."]
    said = []
    if group["last"]:
        said.append(f"The group last met {day(date.fromisoformat(group['last']))}.")
    else:
        said.append("The group has not met yet with outcomes reported to it.")
    said.append(f"It meets again by {day(date.fromisoformat(group['due']))} (1.1.2).")
    said.append(f"Meetings that count in the last twelve months: {group['held']}; at least 2.")
    if group["lacking"]:
        said.append(f"Nobody speaks for: {'; '.join(group['lacking'])} (1.1.4).")
    if not group["tumour_groups"]:
        said.append("No member is of an alliance group for a primary tumour (1.1.4).")
    return said


def _definition(each: dict[str, Any]) -> dict[str, str]:
    return {
        "name": each["name"],
        "number": str(each["number"]),
        "version": str(each["version"]),
        "clock": each["clock"],
        "numerator": each["numerator"],
        "denominator": each["denominator"],
        "source": each["source"],
        "note": each["note"],
    }
