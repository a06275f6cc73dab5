"""The coordinator's work list: what is due next, who has it, and who has been told."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_http_methods
from markupsafe import Markup

from mscc import clock
from mscc.people.models import User
from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission
from referrals.states import OPEN
from referrals.views.base import record_read
from scheduling.domain.queries import board as query
from scheduling.domain.queries import duty, handover
from scheduling.domain.queries.board import Filters, Overview
from scheduling.domain.queries.closed import last_closed
from scheduling.domain.queries.search import MOST, search
from scheduling.views import duty_notes, on_duty, rows
from scheduling.views.asking import BadQuery, refuse, whole
from scheduling.views.rows import Powers
from scheduling.views.shared import Shared

# A change is on every other board within five seconds: asked every four, and shared for half a one.
EVERY_S = 4
OVERVIEWS: Shared[Overview] = Shared(seconds=0.5, most=200)
# What a tag stands for never changes, so a fragment is right for as long as it is kept.
FRAGMENTS: Shared[str] = Shared(seconds=None, most=100)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which board, narrowed how, which page of it, and by whom."""

    places: tuple[OrganisationRef, ...]
    powers: Powers
    filters: Filters = Filters()
    number: int = 1

    @classmethod
    def by(cls, user: User) -> "Asked":
        """The whole board of `user`; PermissionDenied for somebody who has none."""
        places = query.board_places(user)
        if not places:
            raise PermissionDenied
        return cls(tuple(places), Powers.of(user))

    def overview(self, at: datetime) -> Overview:
        """The figures of this board, at most half a second old."""
        key = (self.places, self.filters)
        return OVERVIEWS.get(key, lambda: query.overview(self.open_ones(), self.filters, at))

    def open_ones(self) -> Any:
        """The open referrals of this board."""
        return query.open_at(list(self.places))

    def link(self, number: int = 1) -> str:
        """The query string of a page of this board; never anything that was searched for."""
        said = {
            "hospital": self.filters.hospital_id,
            "state": self.filters.state,
            "overdue": "1" if self.filters.overdue else "",
            "page": number if number > 1 else "",
        }
        return urlencode({name: value for name, value in said.items() if value})

    def tag(self, seen: Overview, at: datetime) -> str:
        """What the rows are drawn from, in short: the same tag, the same rows.

        The minute is in it because the words count down; crossing into "at risk" or "overdue"
        changes the figures and is seen at once.
        """
        minute = int(at.timestamp()) // 60
        said = repr((self, seen, minute))
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def asked_for(request: HttpRequest, hospitals: set[int] | None = None) -> Asked:
    """Read the query string strictly; BadQuery with the allowed range for anything odd."""
    given = request.GET
    state, overdue = given.get("state", ""), given.get("overdue", "")
    if state not in ("", *OPEN):
        raise BadQuery(f"State is one of: {', '.join(OPEN)}.")
    if overdue not in ("", "1"):
        raise BadQuery("Overdue is 1, or left out.")
    hospital = whole(given.get("hospital", ""), "Hospital")
    if hospitals is not None and hospital is not None and hospital not in hospitals:
        raise BadQuery("This hospital is not on your board.")
    number = whole(given.get("page", ""), "Page")
    filters = Filters(hospital, state, overdue == "1")
    return replace(Asked.by(request.user), filters=filters, number=1 if number is None else number)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The page: who is on duty, the figures, the rows."""
    at = clock.now()
    whole = Asked.by(request.user)
    around = duty.around(list(whole.places))
    try:
        asked = asked_for(request, {pk for pk, _ in around.hospitals})
        seen = query.overview(asked.open_ones(), asked.filters, at)
        if asked.number > seen.pages:
            raise BadQuery(f"Page is from 1 to {seen.pages}.")
    except BadQuery as wrong:
        return refuse(request, str(wrong))
    shown = duty.on_duty(list(asked.places), at)
    context = {
        "at": at,
        "live": Markup(_fragment(asked, seen, at)),
        "poll": f"{reverse('board-rows')}?{asked.link(asked.number)}".rstrip("?"),
        "interval": EVERY_S,
        "duty": [line for each in shown for line in on_duty.lines(each, at, named=len(shown) > 1)],
        "actions": _actions(request.user),
        "to_do": duty_notes.of_board(request.user, handover.alive(request.user), at),
        "number": on_duty.number(shown, around.line),
        "asked": asked,
        "hospitals": around.hospitals,
        "states": [(value.value, value.label) for value in OPEN],
        "pages": _pages(asked, seen),
        "matching": seen.matching,
        "filtered": asked.filters != Filters(),
    }
    return render(request, "scheduling/board.html", context)


@require_GET
def board_rows(request: HttpRequest) -> HttpResponse:
    """The live part alone; 304 while nothing of it has changed."""
    at = clock.now()
    try:
        asked = asked_for(request)
    except BadQuery as wrong:
        return HttpResponse(str(wrong), status=400, content_type="text/plain")
    seen = asked.overview(at)
    tag = asked.tag(seen, at)
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        answer = HttpResponse(_fragment(asked, seen, at))
    answer.headers["ETag"] = tag
    return answer


def _fragment(asked: Asked, seen: Overview, at: datetime) -> str:
    """The live part as it is polled; the page that is opened shows the same one."""

    def draw() -> str:
        return render_to_string("scheduling/board_rows.html", drawn(asked, seen, at))

    # With nothing open it says what was closed last, which is not in the tag.
    return FRAGMENTS.get(asked.tag(seen, at), draw) if seen.open else draw()


def drawn(asked: Asked, seen: Overview, at: datetime) -> dict[str, Any]:
    """What the live part shows; two statements."""
    found = query.page_of(asked.open_ones(), asked.filters, at, asked.number, seen)
    details = query.details_of([row.id for row in found], at)
    return {
        "counts": seen,
        "rows": [rows.board_row(row, details[row.id], asked.powers, at) for row in found],
        "empty": None if found else _empty(asked, seen),
    }


def _empty(asked: Asked, seen: Overview) -> tuple[str, str]:
    if seen.open:
        return ("Nothing here.", "No open referral fits these filters.")
    closed = last_closed(list(asked.places))
    if closed is None:
        return ("No referral yet.", "As soon as a ward sends one, it appears here by itself.")
    state, when = closed
    shown = clock.local(when)
    return (
        "Nothing open.",
        f"The last referral was {state.lower()} at {shown:%H:%M} on {shown:%A} {shown.day} "
        f"{shown:%B}.",
    )


def _actions(user: User) -> list[tuple[str, str]]:
    actions = [("Hand over", reverse("handovers")), ("Wall view", reverse("board-wall"))]
    if user.can(Permission.REFER_FOR_OTHERS):
        actions.insert(0, ("Refer by phone", reverse("refer-telephone")))
    return actions


def _pages(asked: Asked, seen: Overview) -> dict[str, Any]:
    return {
        "number": asked.number,
        "count": seen.pages,
        "before": f"?{asked.link(asked.number - 1)}" if asked.number > 1 else "",
        "after": f"?{asked.link(asked.number + 1)}" if asked.number < seen.pages else "",
    }


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Search by reference, NHS number or name: by POST alone, so that no address and no log
    holds what was looked for. Whoever is found is on the trail as looked up."""
    Asked.by(request.user)
    if request.method == "GET":
        return redirect("board")
    answer = search(request.user, request.POST.get("q", "")[:200])
    for referral in answer.found:
        record_read(request, referral, "search")
    context = {"answer": answer, "most": MOST, "q": request.POST.get("q", "")[:200]}
    status = 422 if answer.refusal else 200
    return render(request, "scheduling/search.html", context, status=status)


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """What is due, large and without names, for a screen that others can see."""
    at = clock.now()
    asked = Asked.by(request.user)
    around = duty.around(list(asked.places))
    shown = duty.on_duty(list(asked.places), at)
    context = _bands(asked, query.overview(asked.open_ones(), asked.filters, at), at) | {
        "at": at,
        "interval": EVERY_S,
        "number": on_duty.number(shown, around.line),
    }
    return render(request, "scheduling/wall.html", context)


@require_GET
def wall_rows(request: HttpRequest) -> HttpResponse:
    """The live part of the wall; 304 while nothing of it has changed."""
    at = clock.now()
    asked = Asked.by(request.user)
    seen = asked.overview(at)
    tag = f'"wall-{asked.tag(seen, at)[1:]}'
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        answer = HttpResponse(
            FRAGMENTS.get(
                tag,
                lambda: render_to_string("scheduling/wall_rows.html", _bands(asked, seen, at)),
            )
        )
    answer.headers["ETag"] = tag
    return answer


def _bands(asked: Asked, seen: Overview, at: datetime) -> dict[str, Any]:
    found = query.next_due(asked.open_ones(), seen.overdue + seen.at_risk + query.PAGE)
    details = query.details_of([row.id for row in found], at)
    return {"counts": seen, "bands": rows.wall_bands(found, details, at)}
