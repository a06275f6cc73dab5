"""The rota in words: who is on from when until when, and where nobody is."""

from datetime import date, datetime, time
from typing import Any

from mscc import clock
from mscc.people.roles import ROLES
from scheduling.domain.queries.rota import Entry, PlaceRota, clocks_change
from scheduling.models import CoverGap, Shift, SwapRequest
from scheduling.timekeeping.pattern import longer_by


def table(rota: PlaceRota, at: datetime) -> dict[str, Any]:
    """A place's rota as the table of it is drawn: rows of days, cells of roles."""
    today = clock.local(at).date()
    return {
        "place": rota.place.name,
        "roles": [column.label for column in rota.columns],
        "gaps": rota.gaps,
        "days": [
            {
                "name": day_name(day),
                "today": day == today,
                "change": change_words(day),
                "cells": [
                    {
                        "role": column.label,
                        "entries": [entry_words(entry, column.role) for entry in column.days[n]],
                    }
                    for column in rota.columns
                ],
            }
            for n, day in enumerate(rota.days)
        ],
    }


def entry_words(entry: Entry, role: str) -> dict[str, Any]:
    """One turn or gap: hours, who, and what is special about it."""
    cover = entry.cover
    stands_in = cover is not None and (entry.gap or cover.fell_back)
    return {
        "hours": _all_day(entry) or hours(entry.starts_at, entry.ends_at),
        "gap": entry.gap,
        "who": cover.turn.name if cover else "",
        "as": ROLES[cover.by_role].label.lower() if cover and stands_in else "",
        "same_role": cover is not None and cover.by_role == role,
        "shift_id": entry.shift_id,
        "kind": {"swap": "swapped", "override": "instead of somebody"}.get(entry.kind, ""),
        "swap": entry.swap,
        "length": "" if entry.gap else length_words(entry.starts_at, entry.ends_at),
    }


def _all_day(entry: Entry) -> str:
    starts, ends = clock.local(entry.starts_at), clock.local(entry.ends_at)
    midnights = starts.time() == ends.time() == time(0)
    return "all day" if midnights and (ends.date() - starts.date()).days == 1 else ""


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """ "20:00 to 08:00"; with GMT and BST where the clocks change on one of its days."""
    starts, ends = clock.local(starts_at), clock.local(ends_at)
    zoned = starts.utcoffset() != ends.utcoffset() or any(
        clocks_change(day) for day in (starts.date(), ends.date())
    )
    shape = "%H:%M %Z" if zoned else "%H:%M"
    later = (ends.date() - starts.date()).days
    further = f" on {ends:%a} {ends.day} {ends:%b}" if later > 1 else ""
    return f"{starts:{shape}} to {ends:{shape}}{further}"


def length_words(starts_at: datetime, ends_at: datetime) -> str:
    """ "11 h: the clocks go forward" for a turn that is shorter or longer than it looks."""
    more = longer_by(starts_at, ends_at)
    if not more:
        return ""
    length = (ends_at - starts_at).total_seconds() / 3600
    return f"{length:g} h: the clocks go {'back' if more.total_seconds() > 0 else 'forward'}"


def day_name(day: date) -> str:
    """ "Sat 21 Nov" """
    return f"{day:%a} {day.day} {day:%b}"


def change_words(day: date) -> str:
    """What the clocks do on a day; empty on all but two of a year."""
    change = clocks_change(day)
    if not change:
        return ""
    return "Clocks go back at 02:00 BST" if change > 0 else "Clocks go forward at 01:00 GMT"


def when(starts_at: datetime, ends_at: datetime) -> str:
    """ "Sat 21 Nov, 20:00 to 08:00" """
    return f"{day_name(clock.local(starts_at).date())}, {hours(starts_at, ends_at)}"


def shift(each: Shift) -> dict[str, Any]:
    """One turn for a page of its own or a list."""
    return {
        "id": each.pk,
        "role": ROLES[each.role].label,
        "specialty": each.get_specialty_display() if each.specialty else "",
        "who": each.user.name,
        "phone": each.user.phone,
        "where": each.organisation.name,
        "when": when(each.starts_at, each.ends_at),
        "length": length_words(each.starts_at, each.ends_at),
        "kind": each.get_kind_display(),
        "note": each.note,
    }


def swap(each: SwapRequest, user_id: int) -> dict[str, Any]:
    """A question that waits, as the asked one, the asker or the planner reads it."""
    told = "The service lead was told." if each.told_lead_at else ""
    return {
        "id": each.pk,
        "role": ROLES[each.role].label,
        "where": each.organisation.name,
        "when": when(each.starts_at, each.ends_at),
        "asked": each.asked.name,
        "asked_by": each.asked_by.name,
        "mine": each.asked_id == user_id,
        "asked_at": each.asked_at,
        "chased": told or ("Chased." if each.chased_at else ""),
    }


def gap(each: CoverGap, at: datetime) -> dict[str, Any]:
    """A gap as the service lead reads it, with what was told of it."""
    told = {"week": "7 days before", "day": "24 hours before", "now": "now, and every 30 minutes"}
    label = each.get_specialty_display() if each.specialty else ROLES[each.role].label
    return {
        "role": label,
        "where": each.organisation.name,
        "when": when(each.starts_at, each.ends_at),
        "now": each.starts_at <= at,
        "told": told.get(each.told, ""),
    }
