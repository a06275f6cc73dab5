"""Going on duty: send a test page, say that it arrived; and the report of the daily test."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mscc import clock
from mscc.events import Actor
from mscc.people.models import Channel, User
from mscc.people.roles import ROLES, Permission
from scheduling.domain import proving
from scheduling.domain.going_on import LATE
from scheduling.domain.queries import going_on as query
from scheduling.models import Shift, TestPage
from scheduling.views import proof_words as words
from scheduling.views.asking import BadQuery, day, refuse
from scheduling.views.on_duty import moment
from scheduling.views.words import WAYS

# Messages by these are short and carry no link: whoever has the device says that it arrived.
SAID = (Channel.PAGER, Channel.SMS)
_DAY = timedelta(hours=24)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """My shift and my contact points; a button sends a test message to each."""
    at = clock.now()
    if not may_start(request.user, at):
        raise PermissionDenied
    if request.method == "POST":
        sent = proving.send_tests(request.user.pk, at)
        if sent:
            ways = " and ".join(dict.fromkeys(WAYS[page.channel] for page in sent))
            messages.success(
                request,
                f"A test is on its way {ways}.\nConfirm below, or by the link, when it is there.",
            )
        elif any(each.page for each in query.tried(request.user, at - _DAY)):
            messages.warning(request, "A test was sent within the last minute. Wait for it.")
        else:
            messages.warning(request, "There is no contact point to send a test to.")
        return redirect("duty-start")
    return render(request, "scheduling/going_on.html", _page(request.user, at))


def may_start(user: User, at: datetime) -> bool:
    """Whoever answers pages, or has a turn now, whatever role it is."""
    return user.can(Permission.ACKNOWLEDGE) or bool(
        query.shifts_begun_or_beginning(user.pk, at, proving.EARLY)
    )


def _page(user: User, at: datetime) -> dict[str, Any]:
    shifts = query.shifts_begun_or_beginning(user.pk, at, proving.EARLY)
    since = min((shift.starts_at for shift in shifts), default=at) - proving.EARLY
    return {
        "at": at,
        "shifts": [_shift(shift, at) for shift in shifts],
        "points": [_point(each, at) for each in query.tried(user, min(since, at - _DAY / 2))],
    }


def _shift(shift: Shift, at: datetime) -> dict[str, Any]:
    begin = getattr(shift, "start", None)
    confirmed = begin.confirmed_at if begin else None
    told = begin.told_at if begin else None
    return {
        "role": ROLES[shift.role].label,
        "where": shift.organisation.name,
        "when": f"{moment(shift.starts_at, at)} to {moment(shift.ends_at, at)}",
        "begun": shift.starts_at <= at,
        "confirmed": confirmed,
        "goes_on": query.goes_on(shift),
        "told": told,
        "tell_at": shift.starts_at + LATE,
    }


def _point(each: query.Tried, at: datetime) -> dict[str, Any]:
    page, notice = each.page, each.notice
    open_ = page is not None and page.answered_at is None
    return {
        "channel": each.contact.get_channel_display(),
        "address": each.contact.address,
        "proof": words.of_contact(each.contact, at),
        "good": bool(each.contact.proven_at) and not each.contact.marked_bad_at,
        "tested": words.of_test(page, notice, at) if page else "",
        "failed": notice is not None and notice.state in ("failed", "dead"),
        "say": page.pk if page and open_ and page.channel in SAID else None,
        "by_link": bool(open_ and page and page.channel not in SAID),
        "never": each.contact.channel == Channel.VOICE,
    }


@require_POST
def arrived(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """ "It arrived": for a device that shows no link."""
    page = query.page_for(request.user, page_id)
    if page is None:
        raise Http404
    if page.channel not in SAID:
        raise PermissionDenied
    _confirm(request, page, TestPage.Answer.SAID)
    return redirect("duty-start")


def answer(request: HttpRequest, page: TestPage) -> HttpResponse:
    """The page of a test message's link: only whom it was sent to can say that it is there."""
    if page.user_id != request.user.pk:
        return render(request, "scheduling/code_unknown.html", status=404)
    at = clock.now()
    if request.method == "POST":
        _confirm(request, page, TestPage.Answer.LINK)
        return redirect(request.path)
    context = {
        "at": at,
        "sent_at": page.sent_at,
        "way": WAYS[page.channel],
        "address": page.address,
        "answered_at": page.answered_at,
        "too_old": at - page.sent_at > proving.COUNTS,
        "may_start": may_start(request.user, at),
    }
    return render(request, "scheduling/going_on_answer.html", context)


def _confirm(request: HttpRequest, page: TestPage, how: str) -> None:
    done = proving.arrived(page.pk, how, by=Actor.user(request.user), at=clock.now())
    if done:
        messages.success(
            request,
            f"It is confirmed that messages reach you {WAYS[page.channel]}.\n"
            f"{page.address} is marked as proven.",
        )
    else:
        messages.warning(
            request, "This test is too old to show that messages arrive now.\nSend a new one."
        )


@require_GET
def tests(request: HttpRequest) -> HttpResponse:
    """Who answered the daily test, when and by what, and who did not."""
    if not request.user.places(Permission.PLAN_COVER):
        raise PermissionDenied
    at, days = clock.now(), query.rounds()
    try:
        asked = day(request.GET.get("day", ""), "Day")
    except BadQuery as wrong:
        return refuse(request, str(wrong))
    shown = asked or next(iter(days), None)
    round_, people = query.report(request.user, shown) if shown else (None, [])
    context = {
        "at": at,
        "days": days,
        "day": shown,
        "round": round_,
        "silent": [words.of_person(each, at) for each in people if not each.answered],
        "answered": [words.of_person(each, at) for each in people if each.answered],
    }
    return render(request, "scheduling/going_on_tests.html", context)
