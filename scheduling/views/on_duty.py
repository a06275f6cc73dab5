"""Who answers now and next, in words."""

from datetime import datetime

from mscc import clock
from mscc.people.roles import ROLES
from scheduling.domain.queries.duty import Duty, OnDuty
from scheduling.domain.queries.rota import clocks_change
from scheduling.timekeeping.cover import Cover

Line = tuple[str, str, str]


def lines(duty: Duty, at: datetime, *, named: bool = False) -> list[Line]:
    """The coordinator now and next: (what for, who and until when, number); `named` says where."""
    coordinator = duty.role("coordinator")
    where = f", {duty.place.name}" if named else ""
    found = [(f"On duty{where}", *_said(coordinator.now, at))]
    if coordinator.next_at is not None:
        name, phone = _said(coordinator.next, at, until=False)
        name = f"{name} from {moment(coordinator.next_at, at)}" if name else ""
        found.append((f"Next{where}", name, phone))
    return found


def _said(cover: Cover | None, at: datetime, *, until: bool = True) -> tuple[str, str]:
    """Name and number; falling back is said, never silent."""
    name, phone = _who(cover, at, until=until)
    if cover is not None and cover.fell_back:
        stands_in = ROLES[cover.by_role].label.lower()
        name = f"{name} ({stands_in}, no coordinator is on shift)"
    return name, phone


def _who(cover: Cover | None, at: datetime, *, until: bool = True) -> tuple[str, str]:
    if cover is None:
        return "", ""
    ends = cover.turn.ends_at
    name = f"{cover.turn.name} until {moment(ends, at)}" if until and ends else cover.turn.name
    return name, cover.turn.phone


def moment(when: datetime, at: datetime) -> str:
    """ "20:00", with the day when it is not that of `at` in London, and with GMT or BST when the
    clocks change in between or on that day."""
    shown, now = clock.local(when), clock.local(at)
    changes = shown.utcoffset() != now.utcoffset() or clocks_change(shown.date())
    hour = f"{shown:%H:%M %Z}" if changes else f"{shown:%H:%M}"
    if shown.date() == now.date():
        return hour
    return f"{hour} on {shown:%a} {shown.day} {shown:%b}"


def number(duties: list[Duty], line: str) -> str:
    """The number to ring for the coordinator: who is on duty, else the service's own line."""
    covers = (duty.role("coordinator").now for duty in duties)
    return next((cover.turn.phone for cover in covers if cover and cover.turn.phone), line)


def role_line(role: OnDuty, at: datetime) -> dict[str, str]:
    """One role for a list: who answers now and who comes next, with notes and numbers."""
    name, phone = _who(role.now, at)
    line = {"role": role.label, "name": name, "phone": phone, "note": _stands_in(role.now)}
    if role.next_at is None:
        return line | {"next": "", "next_phone": "", "next_note": ""}
    coming, coming_phone = _who(role.next, at, until=False)
    return line | {
        "next": f"{coming or 'nobody is named'}, from {moment(role.next_at, at)}",
        "next_phone": coming_phone,
        "next_note": _stands_in(role.next),
    }


def _stands_in(cover: Cover | None) -> str:
    if cover is None or not cover.fell_back:
        return ""
    return f"{ROLES[cover.by_role].label}, because nobody is on shift as {ROLES[cover.role].label}"
