"""The list of care that is due: everything overdue or due soon, each with the link that does it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mscc import clock
from mscc.people.models import User
from mscc.web.filters import age
from referrals.clinical.bundle import label_of
from referrals.views.actions import ACTIONS
from referrals.views.care import work_action, work_href
from scheduling.domain import breaches
from scheduling.domain.queries import board as board_query
from scheduling.domain.queries import due_work as query
from scheduling.domain.queries.due_work import DueRow
from scheduling.models import Clock
from scheduling.timekeeping.standing import of_due
from scheduling.views import words
from scheduling.views.asking import BadQuery, refuse, whole
from scheduling.views.breaches import line
from scheduling.views.rows import within

FURTHEST = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of it: a kind, only what is overdue, and which page."""

    kind: str = ""
    overdue: bool = False
    number: int = 1

    def link(self, number: int) -> str:
        """The query string of a page of the same list."""
        said = {
            "kind": self.kind,
            "overdue": "1" if self.overdue else "",
            "page": number if number > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in said.items() if value})


def _asked(request: HttpRequest) -> Asked:
    kind, overdue = request.GET.get("kind", ""), request.GET.get("overdue", "")
    if kind not in ("", *query.kinds()):
        raise BadQuery(f"Kind is one of: {', '.join(query.kinds())}.")
    if overdue not in ("", "1"):
        raise BadQuery("Overdue is 1, or left out.")
    number = whole(request.GET.get("page", ""), "Page") or 1
    if number > FURTHEST:
        raise BadQuery(f"Page is from 1 to {FURTHEST}.")
    return Asked(kind, overdue == "1", number)


@require_GET
def due_work(request: HttpRequest) -> HttpResponse:
    """What is due at the places whose board this person sees, most overdue first."""
    at, places = clock.now(), board_query.board_places(request.user)
    if not places:
        raise PermissionDenied
    try:
        asked = _asked(request)
    except BadQuery as wrong:
        return refuse(request, str(wrong))
    rows, more = query.due_work(
        places, at, kind=asked.kind, overdue=asked.overdue, number=asked.number
    )
    missed, missed_count = breaches.unexplained_at(places, at)
    context = {
        "at": at,
        "missed": [_missed(each, request.user, at) for each in missed],
        "missed_count": missed_count,
        "rows": _shown(rows, request.user, at),
        "kinds": query.kinds(),
        "asked": asked,
        "before": asked.link(asked.number - 1) if asked.number > 1 else "",
        "after": asked.link(asked.number + 1) if more else "",
    }
    return render(request, "scheduling/due_work.html", context)


def _missed(missed: Clock, user: User, at: datetime) -> dict[str, Any]:
    referral = missed.referral
    where = {"reference": referral.reference, "place": referral.hospital.name}
    return line(missed, None, user, referral, at) | where


def _shown(rows: list[DueRow], user: User, at: datetime) -> list[dict[str, Any]]:
    places = {
        name: user.places(ACTIONS[name].permission)
        for name in {work_action(row.key) for row in rows}
    }
    return [
        {
            "reference": row.reference,
            "name": f"{row.family_name.upper()}, {row.given_name}",
            "age": age(row.date_of_birth, at.date()),
            "place": ", ".join(filter(None, (row.hospital, row.ward))),
            "left": row.closed_at is not None,
            "what": f"{label_of(row.key)}: {row.specialty}" if row.specialty else label_of(row.key),
            "standing": of_due(row.due_at, at, words.SOON),
            "href": reverse("referral", args=[row.reference]),
            "do_href": work_href(row.key, row.reference)
            if within(row, places[work_action(row.key)])
            else "",
        }
        for row in rows
    ]
