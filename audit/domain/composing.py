"""A report as one document: the figures, and what people wrote. Every format is made of it.

Its canonical JSON is what is hashed: sorted keys, no spaces, UTF-8.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from audit.domain import steering
from audit.measures import registry
from audit.measures.change import WORDS, Word
from audit.measures.period import Period
from audit.models import Action, Comment, Report, SteeringGroup

Document = dict[str, Any]


def canonical(document: Document) -> bytes:
    """The bytes that are hashed and given out as JSON."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def fingerprint(document: Document) -> str:
    """SHA-256 of the canonical JSON, in 64 hex digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def period_of(report: Report) -> Period:
    """The months a report is about."""
    return Period(report.first, report.last)


def compose(report: Report, approver: str = "", approved_at: datetime | None = None) -> Document:
    """The document of a report as it stands: what it says now if it is not approved yet."""
    period, figures = period_of(report), report.figures
    measures = figures["measures"]
    said = comments(report)
    return {
        "title": "MSCC service report",
        "alliance": report.alliance.name,
        "period": {
            "first": str(period.first),
            "last": str(period.last),
            "words": period.words,
            "before": period.before.words,
        },
        "version": report.version,
        "why": report.why,
        "replaces": report.supersedes.version if report.supersedes is not None else None,
        "as_of": figures["as_of"],
        "definitions_hash": figures["definitions_hash"],
        "approved_by": approver,
        "approved_at": approved_at.isoformat() if approved_at else "",
        "referrals": figures["referrals"],
        "referrals_before": figures["referrals_before"],
        "summary": {
            word: [_line(each) for each in measures if each["change"] == word]
            for word in (Word.BETTER, Word.WORSE, Word.DIFFERENT)
        }
        | {"headline": [_line(each) for each in measures if each["headline"]]},
        "decide": [each for each in said if each["part"] == Comment.Part.DECIDE],
        "comments": [each for each in said if each["part"] == Comment.Part.SERVICE],
        "sections": [
            {"key": key, "name": name, "measures": [m for m in measures if m["section"] == key]}
            for key, name in registry.SECTIONS.items()
        ],
        "breaches": figures["breaches"],
        "service": figures["service"],
        "differences": figures["differences"],
        "since": figures["since"],
        "actions": actions(report),
        "group": group_of(report),
    }


def comments(report: Report) -> list[dict[str, str]]:
    """What each place says last of each part; a comment that was emptied is gone."""
    last: dict[tuple[str, int], Comment] = {}
    for row in report.comments.select_related("place", "by"):
        last[row.part, row.place_id] = row
    return [
        {"part": row.part, "place": row.place.name, "words": row.words, "by": row.by.name}
        for row in last.values()
        if row.words
    ]


def actions(report: Report) -> list[dict[str, str]]:
    """What members undertook and is open, or was finished since the period began."""
    rows = Action.objects.filter(group__alliance_id=report.alliance_id).select_related("owner")
    return [
        {
            "what": row.what,
            "owner": row.owner.name,
            "due": str(row.due_on),
            "done": str(row.done_on or ""),
            "outcome": row.outcome,
        }
        for row in rows
        if row.done_on is None or row.done_on >= report.first
    ]


def group_of(report: Report) -> dict[str, Any]:
    """How the steering group stands with 1.1.2 and 1.1.4 on the day the figures were drawn."""
    group = SteeringGroup.objects.filter(alliance_id=report.alliance_id).first()
    if group is None:
        return {"lacking": [], "tumour_groups": None, "last": "", "due": "", "held": 0}
    on = steering.today(report.as_of)
    lacking = steering.lacking(steering.sitting(group, on))
    clock = steering.standing(group, on)
    return {
        "lacking": [voice.label for voice in lacking.voices],
        "tumour_groups": not lacking.tumour_groups,
        "last": str(clock.last or ""),
        "due": str(clock.due_on),
        "held": clock.held,
    }


def _line(measure: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": measure["key"],
        "name": measure["name"],
        "now": measure["now"],
        "before": measure["before"],
        "change": measure["change"],
        "words": WORDS[Word(measure["change"])],
    }
