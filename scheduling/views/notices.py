"""Answering a page, from its one-time link or from the board; and every page there was."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mscc import clock
from mscc.events import Actor, publish
from mscc.people.roles import Permission
from referrals.domain.queries.visible import referrals_visible_to
from referrals.events import AccessRefused
from referrals.views.base import require
from scheduling.domain import escalation
from scheduling.domain.queries import pages
from scheduling.models import Escalation
from scheduling.notify.fields import is_reference
from scheduling.views import telling
from scheduling.views.asking import BadQuery, refuse, whole


@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a one-time link: what, since when, who else was told, and two buttons.

    It shows nothing of the person. A code that leads nowhere, or to somebody else's referral,
    gets the same sentence.
    """
    climb = pages.climb_of_code(token)
    if climb is None or not _is_theirs(request, climb):
        return render(request, "scheduling/code_unknown.html", status=404)
    require(request, Permission.ACKNOWLEDGE, climb.referral)
    if request.method == "GET":
        return _page(request, climb)
    answer = request.POST.get("answer")
    if answer not in ("have", "cannot"):
        return _page(request, climb, wrong="Choose one of the two.", status=422)
    if climb.state != Escalation.State.OPEN:
        return _page(request, climb)
    _answer(request, climb.pk, have=answer == "have")
    return redirect(request.path)


@require_POST
def acknowledge_from_board(request: HttpRequest, escalation_id: UUID) -> HttpResponse:
    """The same answer, given on the row itself."""
    climb = pages.climb(escalation_id)
    if climb is None or not _is_theirs(request, climb):
        raise Http404
    require(request, Permission.ACKNOWLEDGE, climb.referral)
    _answer(request, climb.pk, have=True)
    return redirect("board")


def _is_theirs(request: HttpRequest, climb: Escalation) -> bool:
    """Whether the person may see the referral; an attempt on somebody else's is put on the trail.

    The route is written there and not the address, which holds the code itself.
    """
    if referrals_visible_to(request.user).filter(pk=climb.referral_id).exists():
        return True
    with transaction.atomic():
        publish(
            AccessRefused(
                by=Actor.user(request.user),
                at=clock.now(),
                reference=climb.referral.reference,
                path=request.resolver_match.route if request.resolver_match else "",
            )
        )
    return False


def _answer(request: HttpRequest, escalation_id: UUID, *, have: bool) -> None:
    by, at = Actor.user(request.user), clock.now()
    if have:
        escalation.acknowledge(escalation_id, by=by, at=at)
    else:
        escalation.hand_on(escalation_id, by=by, at=at)
    climb = pages.climb(escalation_id)
    if climb is None:  # nothing deletes a climb; the type does not know
        raise Http404
    said = telling.answered(climb, request.user, at, have=have)
    level = messages.SUCCESS if said.done else messages.WARNING
    messages.add_message(request, level, said.words)


def _page(
    request: HttpRequest, climb: Escalation, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    at = clock.now()
    context = {
        "about": telling.about(climb, at),
        "told": telling.told(pages.told_by(climb), request.user, at),
        "climb": climb,
        "over": telling.over(climb, request.user, at),
        "wrong": wrong,
        "at": at,
    }
    return render(request, "scheduling/acknowledge.html", context, status=status)


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Every page and message about what the person may see, with each attempt, in plain words."""
    if not request.user.can(Permission.ACKNOWLEDGE):
        raise PermissionDenied
    at = clock.now()
    reference = request.GET.get("reference", "").strip().upper()
    try:
        number = whole(request.GET.get("page", ""), "Page") or 1
        if number > 200:
            raise BadQuery("Page is from 1 to 200. Look by reference for older ones.")
    except BadQuery as wrong:
        return refuse(request, str(wrong))
    if reference and not is_reference(reference):
        return refuse(request, "A reference has three signs, a dash and two signs, as K7Q-4F.")
    found, more = pages.page_of_notices(request.user, reference, number)
    context: dict[str, Any] = {
        "lines": [telling.line(told, at) for told in found],
        "reference": reference,
        "number": number,
        "more": more,
        "at": at,
    }
    return render(request, "scheduling/notices.html", context)
