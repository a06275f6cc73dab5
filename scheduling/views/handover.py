"""Handing over: the list that is written, offered, accepted by name, printed and kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mscc import clock
from mscc.events import Actor
from mscc.people.models import User
from referrals.domain.refusals import Conflict
from scheduling.domain import handing_over
from scheduling.domain.queries import board as board_query
from scheduling.domain.queries import handover as query
from scheduling.forms import HandoverForm
from scheduling.models import Handover
from scheduling.views import handover_words as words
from scheduling.views.asking import BadQuery, refuse, whole

State = Handover.State


@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """What waits and what comes, then what was handed over before."""
    at = clock.now()
    if not board_query.board_places(request.user):
        raise PermissionDenied
    try:
        number = whole(request.GET.get("page", ""), "Page") or 1
    except BadQuery as wrong:
        return refuse(request, str(wrong))
    alive = query.alive(request.user)
    over, more = query.past(request.user, number)
    context = {
        "at": at,
        "waiting": [words.line(h, request.user, at) for h in alive if h.state == State.OFFERED],
        "coming": [words.line(h, request.user, at) for h in alive if h.state == State.DRAFT],
        "past": [words.line(h, request.user, at) for h in over],
        "number": number,
        "more": more,
    }
    return render(request, "scheduling/handovers.html", context)


@require_GET
def handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """One handover to read, print and accept; what was read is on the trail."""
    at = clock.now()
    row = _theirs(request.user, handover_id)
    items = words.items_shown(row, at)
    handing_over.record_read(row, by=Actor.user(request.user), at=at)
    return render(request, "scheduling/handover.html", _page(request, row, items, at))


def _page(
    request: HttpRequest, row: Handover, items: list[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    changed = words.changed_shown(row, at)
    known = [*items, *(each for each in changed if each.get("new"))]
    people = query.people_of(request.user, known)
    shown = [
        words.item(each, people[each["id"]], row, at) for each in items if each["id"] in people
    ]
    return {
        "at": at,
        "handover": row,
        "head": words.line(row, request.user, at),
        "items": shown,
        "hidden": len(items) - len(shown),
        "changes": [
            words.change(each, people[each["id"]]) for each in changed if each["id"] in people
        ],
        "figures": words.figures(items),
        "may_write": handing_over.may_write(request.user, row),
        "may_accept": handing_over.may_accept(request.user, row),
        "instead": words.instead(row, request.user),
        "live": row.state == State.DRAFT,
    }


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The outgoing's page: a note for everybody, one for each referral, and two buttons."""
    at = clock.now()
    row = _theirs(request.user, handover_id)
    if not handing_over.may_write(request.user, row):
        raise PermissionDenied
    items = words.items_now(row, at)
    people = query.people_of(request.user, items)
    items = [each for each in items if each["id"] in people]
    form = HandoverForm(
        request.POST or None, at=at, handover=row, references=[each["reference"] for each in items]
    )
    if request.method == "POST" and form.is_valid() and _written(request, row, form, at):
        return redirect("handover", row.pk)
    context = {
        "at": at,
        "handover": row,
        "head": words.line(row, request.user, at),
        "items": [(words.item(each, people[each["id"]], row, at), each) for each in items],
        "form": form,
    }
    return render(request, "scheduling/handover_write.html", context, status=form.status)


def _written(request: HttpRequest, row: Handover, form: HandoverForm, at: datetime) -> bool:
    offered = request.POST.get("then") == "offer"
    try:
        saved = handing_over.write(
            row.pk,
            form.cleaned_data["note"],
            {**form.kept, **form.notes},
            version=form.cleaned_data["version"],
            offered=offered,
            by=Actor.user(request.user),
            at=at,
        )
    except Conflict as refusal:
        form.refuse(refusal)
        form.redraw_version(_theirs(request.user, row.pk).version)
        return False
    messages.success(request, words.saved(saved, at))
    return True


@require_POST
def accept(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """I have it. When somebody was faster, the page says who."""
    row = _theirs(request.user, handover_id)
    if row.state == State.OFFERED and not handing_over.may_accept(request.user, row):
        raise PermissionDenied
    at = clock.now()
    try:
        handing_over.accept(row.pk, by=Actor.user(request.user), at=at)
    except Conflict as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("handover", row.pk)
    row = _theirs(request.user, handover_id)
    level = messages.SUCCESS if row.accepted_by_id == request.user.pk else messages.WARNING
    messages.add_message(request, level, words.accepted(row, request.user, at))
    return redirect("handover", row.pk)


def _theirs(user: User, handover_id: UUID) -> Handover:
    row = query.one(user, handover_id)
    if row is None:
        raise Http404
    return row
