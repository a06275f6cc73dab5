"""Answering a page, from its one-time link or from the board; and every page there was."""

from datetime import datetime, timedelta
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
from mscc.web.filters import plural
from referrals.domain.queries.visible import referrals_visible_to
from referrals.events import AccessRefused
from referrals.views.base import require
from scheduling.domain import escalation
from scheduling.domain.queries import going_on as proofs
from scheduling.domain.queries import pages
from scheduling.models import Escalation
from scheduling.notify import outbox
from scheduling.notify.fields import is_reference
from scheduling.timekeeping.ladder import LOOK_AGAIN
from scheduling.views import going_on, telling
from scheduling.views.asking import BadQuery, refuse, whole


@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a one-time link: what, since when, who else was told, and two buttons.

    It shows nothing of the person. A code that leads nowhere, or to somebody else's referral,
    gets the same sentence. A digest's leads to the list of what rings.
    """
    notice = outbox.by_token(token)
    test = proofs.page_of(notice) if notice else None
    if test is not None:
        return going_on.answer(request, test)
    if notice and notice.kind == "digest" and notice.recipient_id == request.user.pk:
        return redirect("climbs")
    # An older page of a climb counts as well.
    climb = pages.climb(notice.escalation_id) if notice and notice.escalation_id else None
    if climb is None or not _is_theirs(request, climb):
        return render(request, "scheduling/code_unknown.html", status=404)
    return _answering(request, climb, Escalation.Via.LINK)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, escalation_id: UUID) -> HttpResponse:
    """The same screen for whoever comes from the board or from the person's page."""
    climb = pages.climb(escalation_id)
    if climb is None or not _is_theirs(request, climb):
        raise Http404
    return _answering(request, climb, Escalation.Via.BOARD)


def _answering(request: HttpRequest, climb: Escalation, via: str) -> HttpResponse:
    require(request, Permission.ACKNOWLEDGE, climb.referral)
    if request.method == "GET":
        return _page(request, climb)
    said = request.POST.get("answer")
    if said not in ("have", "cannot", "they"):
        return _page(request, climb, wrong="Choose one of them.", status=422)
    if climb.state != Escalation.State.OPEN:
        return _page(request, climb)
    name = " ".join(request.POST.get("rang", "").split())[:120]
    if said == "they" and not name:
        wrong = "Enter the name of whoever rang."
        return _page(request, climb, wrong=wrong, status=422)
    try:
        again = _look_again(request)
    except BadQuery as wrong_time:
        return _page(request, climb, wrong=str(wrong_time), status=422)
    who = name if said == "they" else ""
    _answer(
        request,
        climb.pk,
        have=said != "cannot",
        who=who,
        via=Escalation.Via.TELEPHONE if who else via,
        look_again=again,
    )
    return redirect(request.path)


def _look_again(request: HttpRequest) -> timedelta | None:
    """How long the answer shall hold; None leaves it to what the page is about."""
    minutes = whole(request.POST.get("again", ""), "Look again")
    if minutes is not None and minutes not in LOOK_AGAIN:
        raise BadQuery(f"Look again in {', '.join(str(each) for each in LOOK_AGAIN)} minutes.")
    return None if minutes is None else timedelta(minutes=minutes)


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


def _answer(
    request: HttpRequest,
    escalation_id: UUID,
    *,
    have: bool,
    who: str = "",
    via: str = Escalation.Via.BOARD,
    look_again: timedelta | None = None,
) -> None:
    by, at = Actor.user(request.user, on_behalf_of=who), clock.now()
    if have:
        escalation.acknowledge(escalation_id, by=by, at=at, via=via, look_again=look_again)
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
        "told": telling.told(pages.told_by(climb), request.user, at)
        + telling.told_together(pages.digests_of(climb), request.user, at),
        "answers": telling.answers(climb, at),
        "choices": telling.look_again_choices(climb),
        "rang": request.POST.get("rang", "")[:120],
        "over": telling.over(climb, request.user, at),
        "wrong": wrong,
        "at": at,
    }
    return render(request, "scheduling/acknowledge.html", context, status=status)


@require_http_methods(["GET", "POST"])
def climbs(request: HttpRequest) -> HttpResponse:
    """Everything that rings now and that the person may answer: one by one, or all of them."""
    if not request.user.can(Permission.ACKNOWLEDGE):
        raise PermissionDenied
    at = clock.now()
    if request.method == "POST":
        return _answer_all(request, at)
    try:
        number = whole(request.GET.get("page", ""), "Page") or 1
    except BadQuery as wrong:
        return refuse(request, str(wrong))
    found, more, count = pages.ringing_for(request.user, number)
    context: dict[str, Any] = {
        "climbs": [telling.ringing(climb, at) for climb in found],
        "count": count,
        "number": number,
        "more": more,
        "at": at,
    }
    return render(request, "scheduling/climbs.html", context)


def _answer_all(request: HttpRequest, at: datetime) -> HttpResponse:
    """Those that stood on the page and nothing that came after it."""
    asked = request.POST.getlist("climb")[: pages.PAGE]
    mine = pages.answerable(request.user, asked)
    by = Actor.user(request.user)
    done = escalation.acknowledge_all(mine, by=by, at=at, via=Escalation.Via.BOARD)
    have = [climb for climb in done if climb.acknowledged_by_id == request.user.pk]
    if have:
        messages.success(
            request, f"You have {plural(len(have), 'of them', 'of them')}.\n{telling.AGAIN_ALL}"
        )
    else:
        messages.warning(request, "Nothing was answered: nothing of it rings any more.")
    return redirect("climbs")


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
