"""Taking a referral from its row: a form that works without script."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from mscc import clock
from mscc.events import Actor, Command
from mscc.people.roles import Permission
from referrals.domain import intake
from referrals.domain.refusals import Conflict, Repeated
from referrals.views.base import require, visible, visible_referral


@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """I have it. Twice is the same answer; when somebody was faster, the page says who."""
    referral = visible_referral(request, reference)
    require(request, Permission.ACT_ON_REFERRALS, referral)
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) <= 9):
        raise BadRequest("The version is missing.")
    command = Command(
        by=Actor.user(request.user),
        at=clock.now(),
        version=int(version),
        # The row's own version makes pressing it twice one taking.
        key=f"board-take:{reference}:{version}",
    )
    try:
        intake.take(visible(request, reference), command=command)
    except Repeated:
        pass
    except Conflict as refusal:
        context = {"refusal": refusal, "referral": referral}
        return render(request, "scheduling/not_taken.html", context, status=409)
    messages.success(
        request,
        f"You have {reference}.\nThe call-back number is {referral.call_back}. Nobody further is "
        "paged about its arrival.",
    )
    return redirect("board")
