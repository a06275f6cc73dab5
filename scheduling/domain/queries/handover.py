"""What there is to hand over, from the same queries as the board, and what was handed over."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from mscc.people.models import User
from mscc.people.places import OrganisationRef
from referrals.clinical import bundle
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Opinion
from scheduling.domain.queries import board
from scheduling.domain.queries.duty import inside
from scheduling.models import DueWork, Escalation, Handover

PAGE = 30
ALIVE = (Handover.State.DRAFT, Handover.State.OFFERED)
_AROUND = ("organisation", "from_user", "to_user", "offered_by", "accepted_by")
Item = dict[str, Any]


def items_at(place: OrganisationRef, at: datetime) -> list[Item]:
    """Every open referral of a place in the order of the board: ids, codes and times, no names.

    Five statements however many there are.
    """
    open_ones = board.open_at([place])
    rows = [
        *board.rows_of(open_ones.filter(unread_since__isnull=False).order_by("next_due_at", "pk")),
        *board.rows_of(open_ones.filter(unread_since__isnull=True).order_by("next_due_at", "pk")),
    ]
    ids = [row.id for row in rows]
    details = board.details_of(ids, at)
    opinions, care = _opinions(ids), _care(ids, at)
    return [
        _item(row, details[row.id], opinions.get(row.id, []), care.get(row.id, [])) for row in rows
    ]


def _item(row: board.Row, details: board.Details, opinions: list[Item], care: list[Item]) -> Item:
    clock = next(
        (each for each in details.clocks if each.kind == row.next_due_kind and not each.stopped_at),
        None,
    )
    climb = details.climb
    return {
        "id": str(row.id),
        "reference": row.reference,
        "state": row.state,
        "suspicion": row.suspicion,
        "confirmed": row.confirmed,
        "holder": row.holder or "",
        "unread": row.unread_since is not None,
        "next": clock.kind if clock else "",
        "due_at": clock.due_at.isoformat() if clock else None,
        "at_risk_at": clock.at_risk_at.isoformat() if clock else None,
        "page": {
            "about": climb.about,
            "since": climb.opened_at.isoformat(),
            "sent_at": climb.sent_at.isoformat() if climb.sent_at else None,
        }
        if climb and climb.state == Escalation.State.OPEN
        else None,
        "opinions": opinions,
        "care": care,
    }


def _opinions(ids: list[UUID]) -> dict[UUID, list[Item]]:
    found: dict[UUID, list[Item]] = {}
    waiting = Opinion.objects.filter(referral_id__in=ids, answered_at__isnull=True)
    for each in waiting.order_by("due_at", "occurred_at"):
        due = each.due_at.isoformat() if each.due_at else None
        found.setdefault(each.referral_id, []).append(
            {"id": str(each.pk), "specialty": each.specialty, "due_at": due}
        )
    return found


def _care(ids: list[UUID], at: datetime) -> dict[UUID, list[Item]]:
    """Care that is overdue; an opinion that is late stands among the opinions."""
    found: dict[UUID, list[Item]] = {}
    late = DueWork.objects.filter(referral_id__in=ids, due_at__lt=at)
    for each in late.exclude(key__startswith=bundle.OPINION):
        found.setdefault(each.referral_id, []).append(
            {"key": each.key, "due_at": each.due_at.isoformat()}
        )
    return found


def seen_by(user: User) -> QuerySet[Handover]:
    """The handovers of the places whose board this person sees, and of places inside them."""
    within = inside(board.board_places(user))
    return Handover.objects.filter(within).select_related(*_AROUND)


def one(user: User, handover_id: UUID) -> Handover | None:
    """One handover that this person may read."""
    return seen_by(user).filter(pk=handover_id).first()


def alive(user: User) -> list[Handover]:
    """Those that are being written or wait to be accepted, the first change first."""
    return list(seen_by(user).filter(state__in=ALIVE).order_by("changes_at"))


def past(user: User, number: int) -> tuple[list[Handover], bool]:
    """Page `number` (from 1) of those that are over, the latest first, and whether more follow."""
    first = (number - 1) * PAGE
    over = seen_by(user).exclude(state__in=ALIVE).exclude(state=Handover.State.WITHDRAWN)
    rows = list(over.order_by("-changes_at")[first : first + PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def people_of(user: User, items: Iterable[Mapping[str, Any]]) -> dict[str, board.Row]:
    """The people these items are about, as far as `user` may see them; open or closed."""
    ids = [item["id"] for item in items]
    rows = board.rows_of(referrals_visible_to(user).filter(pk__in=ids))
    return {str(row.id): row for row in rows}


def differences(before: list[Item], after: list[Item]) -> list[Item]:
    """What has become different between two lists, one entry for each referral that moved."""
    was = {item["id"]: item for item in before}
    now = {item["id"]: item for item in after}
    found = []
    for id_, item in was.items():
        what = _moved(item, now[id_]) if id_ in now else {"gone": True}
        if what:
            found.append({"id": id_, "reference": item["reference"], **what})
    found += [
        {"id": id_, "reference": item["reference"], "new": True}
        for id_, item in now.items()
        if id_ not in was
    ]
    return found


def _moved(was: Item, now: Item) -> Item:
    moved: Item = {}
    for name in ("state", "holder"):
        if was[name] != now[name]:
            moved[name] = [was[name], now[name]]
    if (was["next"], was["due_at"]) != (now["next"], now["due_at"]):
        moved["due"] = [now["next"], now["due_at"]]
    if bool(was["page"]) != bool(now["page"]):
        moved["page"] = "answered" if was["page"] else "waiting"
    for name, key in (("opinions", "specialty"), ("care", "key")):
        before, after = {each[key] for each in was[name]}, {each[key] for each in now[name]}
        if before - after:
            moved[f"{name}_done"] = sorted(before - after)
        if after - before:
            moved[f"{name}_new"] = sorted(after - before)
    return moved
