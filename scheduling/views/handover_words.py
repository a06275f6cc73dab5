"""A handover in words: who to whom, what is on the list, and what has moved since."""

from datetime import datetime, timedelta
from typing import Any

from mscc.people.models import Specialty, User
from mscc.web.filters import age
from referrals.clinical.bundle import label_of
from scheduling.domain.queries import handover as query
from scheduling.domain.queries.board import Row
from scheduling.models import Escalation, Handover
from scheduling.timekeeping.standing import Standing, of_due
from scheduling.views import words
from scheduling.views.on_duty import moment

State = Handover.State
_LABELS = dict(Specialty.choices)
_ABOUTS = dict(Escalation.About.choices)


def line(row: Handover, me: User, at: datetime) -> dict[str, Any]:
    """One handover in a list, and the head of its page."""
    return {
        "id": row.pk,
        "where": row.organisation.name,
        "changes_at": row.changes_at,
        "who": f"{_name(row.from_user, me)} to {_name(row.to_user, me)}",
        "from": _name(row.from_user, me),
        "to": _name(row.to_user, me),
        "mine": row.from_user_id == me.pk,
        "state": row.state,
        "how": how(row, me, at),
        "late": row.state == State.OFFERED and row.changes_at <= at,
    }


def _name(user: User | None, me: User) -> str:
    if user is None:
        return "nobody named"
    return "you" if user.pk == me.pk else user.name


def how(row: Handover, me: User, at: datetime) -> str:
    """How it stands, in a sentence."""
    if row.state == State.DRAFT:
        when = moment(row.changes_at, at)
        return f"Being written. If nobody offers it, it goes as it is at {when}."
    if row.state == State.OFFERED and row.offered_at:
        by = _name(row.offered_by, me) if row.offered_by else "the service itself: nobody wrote it"
        return f"Offered {words.hour(row.offered_at, at)} by {by}. Nobody has accepted it yet."
    if row.state == State.ACCEPTED and row.accepted_at:
        by = _name(row.accepted_by, me)
        instead = (
            f", in place of {_name(row.to_user, me)}"
            if row.to_user_id not in (None, row.accepted_by_id)
            else ""
        )
        return f"Accepted {words.hour(row.accepted_at, at)} by {by}{instead}."
    if row.state == State.LAPSED:
        return "Nobody accepted it before the next change of shift."
    return "Not needed: the change of shift did not take place."


def instead(row: Handover, me: User) -> str:
    """For whom somebody would accept who is not whom the rota names; empty for that person."""
    return "" if row.to_user_id in (None, me.pk) else _name(row.to_user, me)


def items_now(row: Handover, at: datetime) -> list[query.Item]:
    """The list as it is at this moment."""
    return query.items_at(row.organisation.ref, at)


def items_shown(row: Handover, at: datetime) -> list[query.Item]:
    """What is read: as it is now while it is written, else as it was when it was offered."""
    return items_now(row, at) if row.state == State.DRAFT else list(row.items)


def changed_shown(row: Handover, at: datetime) -> list[query.Item]:
    """What moved since it was offered: up to now, or up to its acceptance."""
    if row.state == State.OFFERED:
        return query.differences(row.items, items_now(row, at))
    return list(row.changed)


def figures(items: list[query.Item]) -> dict[str, int]:
    """What the list amounts to."""
    return {
        "open": len(items),
        "unread": sum(item["unread"] for item in items),
        "pages": sum(item["page"] is not None for item in items),
        "opinions": sum(len(item["opinions"]) for item in items),
        "care": sum(bool(item["care"]) for item in items),
    }


def item(each: query.Item, row: Row, handover: Handover, at: datetime) -> dict[str, Any]:
    """One referral of the list; the person is read now, the rest is as it was kept."""
    # What was accepted is read as it was then; what waits, as of now.
    as_of = handover.accepted_at or at
    return {
        "reference": each["reference"],
        "href": f"/referrals/{each['reference']}/",
        "name": f"{row.family_name.upper()}, {row.given_name}",
        "age": age(row.date_of_birth, at.date()),
        "place": f"{row.hospital}, {row.ward or row.place_note}".rstrip(", "),
        "call_back": row.call_back,
        "what": words.suspicion(each["suspicion"], each["confirmed"]),
        "state": words.state(each["state"]),
        "holder": each["holder"],
        "unread": each["unread"],
        "due": words.what_is_due(each["next"]) if each["next"] else "",
        "standing": _standing(each, as_of),
        "awaited": "" if each["next"] else words.awaited(each["state"], each["confirmed"]),
        "page": _page(each["page"], as_of),
        "opinions": [_opinion(asked, as_of) for asked in each["opinions"]],
        "care": [label_of(due["key"]) for due in each["care"]],
        "note": handover.notes.get(each["reference"], ""),
    }


def _standing(each: query.Item, at: datetime) -> Standing | None:
    if not each["due_at"]:
        return None
    due, risk = (datetime.fromisoformat(each[name]) for name in ("due_at", "at_risk_at"))
    return of_due(due, at, due - risk)


def _page(page: dict[str, str] | None, at: datetime) -> str:
    if page is None:
        return ""
    since = words.hour(datetime.fromisoformat(page["sent_at"] or page["since"]), at)
    return f"{_ABOUTS.get(page['about'], 'Page')}: paged {since}, nobody has answered"


def _opinion(asked: dict[str, str | None], at: datetime) -> tuple[str, Standing | None]:
    label = _LABELS.get(str(asked["specialty"]), str(asked["specialty"]))
    if not asked["due_at"]:
        return label, None
    return label, of_due(datetime.fromisoformat(asked["due_at"]), at, timedelta(hours=1))


def change(each: query.Item, row: Row) -> dict[str, Any]:
    """What became different about one referral."""
    return {
        "reference": each["reference"],
        "href": f"/referrals/{each['reference']}/",
        "name": f"{row.family_name.upper()}, {row.given_name}",
        "lines": list(_lines(each)) or ["Something about it has changed."],
        "new": bool(each.get("new")),
    }


def _lines(each: query.Item) -> list[str]:
    said = []
    if each.get("new"):
        said.append("New since then: it is not on the list below.")
    if each.get("gone"):
        said.append("No longer open.")
    if "state" in each:
        was, now = (words.state(value) for value in each["state"])
        said.append(f"{now} now; it was: {was.lower()}.")
    if "due" in each:
        said.append(_due(*each["due"]))
    if "holder" in each:
        was, now = each["holder"]
        said.append(f"{now} has it now." if now else "Nobody has it now.")
    if "page" in each:
        said.append(
            "The page was answered, or is no longer needed."
            if each["page"] == "answered"
            else "People were paged, and nobody has answered."
        )
    for name, word in (("opinions_done", "Answered"), ("opinions_new", "Asked")):
        if name in each:
            labels = ", ".join(_LABELS.get(key, key).lower() for key in each[name])
            said.append(f"{word} since then: {labels}.")
    for name, word in (("care_done", "No longer overdue"), ("care_new", "Overdue now")):
        if name in each:
            said.append(f"{word}: {', '.join(label_of(key) for key in each[name])}.")
    return said


def _due(kind: str, due_at: str | None) -> str:
    if not kind or due_at is None:
        return "Nothing is timed now."
    when = moment(datetime.fromisoformat(due_at), datetime.fromisoformat(due_at))
    return f"Due next now: {words.what_is_due(kind)}, at {when}."


def saved(row: Handover, at: datetime) -> str:
    """What followed from saving."""
    if row.state == State.OFFERED:
        to = row.to_user.name if row.to_user else "whoever comes"
        return f"The handover is offered to {to}.\nIt is over when they accept it, by name."
    when = moment(row.changes_at, at)
    return f"Your notes are kept.\nIf you do not offer it before, it goes as it is at {when}."


def accepted(row: Handover, me: User, at: datetime) -> str:
    """What followed from accepting."""
    if row.accepted_by_id != me.pk:
        return how(row, me, at)
    count = len(row.items)
    people = "1 open referral" if count == 1 else f"{count} open referrals"
    return f"You have it: {people}.\nNobody further is told about this handover."
