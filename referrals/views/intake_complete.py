"""The ward adds what is still missing of its own referral."""

from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mscc import clock
from mscc.people.roles import Permission
from mscc.web.filters import plural
from referrals.domain.intake import add_information, report_new_signs
from referrals.domain.queries.intake import may_add_to
from referrals.forms.intake_complete import CompleteForm
from referrals.models import Referral
from referrals.views.base import attempt, command_for, record_read, visible_referral
from referrals.views.intake_common import on_duty, ring_in_words


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """One page with what is missing and nothing else; everything on it may stay empty."""
    referral = visible_referral(request, reference)
    if not may_add_to(request.user).filter(pk=referral.pk).exists():
        raise PermissionDenied

    def form_of(at: object) -> CompleteForm:
        return CompleteForm(
            request.POST or None, at=at, missing=referral.missing, version=referral.version
        )

    form = form_of(clock.now())
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, lambda form: _add(request, form, referral), again=form_of)
        if done is not None:
            _say(request, form, referral)
            on_the_board = request.user.can(Permission.SEE_BOARD)
            return redirect("referral" if on_the_board else "referral-sent", reference)
    if request.method == "GET":
        record_read(request, referral, "screen")
    context = {"form": form, "referral": referral, "missing": referral.missing}
    return render(request, "referrals/intake/complete.html", context, status=form.status)


def _add(request: HttpRequest, form: CompleteForm, referral: Referral) -> Referral:
    command = command_for(request, form)
    changed = referral
    with transaction.atomic():
        if form.signs:
            changed = report_new_signs(referral.pk, form.new_signs(), command=command)
            # The same submission goes on: its version has just been checked. A moment later, so
            # that what it adds stands after the signs and not beside them.
            command = replace(
                command,
                version=None,
                key=command.key and f"{command.key}:more",
                at=command.at + timedelta(microseconds=1),
            )
        if form.adds:
            changed = add_information(referral.pk, form.addition(), command=command)
    return changed


def _say(request: HttpRequest, form: CompleteForm, referral: Referral) -> None:
    now = visible_referral(request, referral.reference)
    left = plural(len(now.missing), "thing is", "things are") if now.missing else "Nothing is"
    lines = [f"Recorded on {now.reference}.", f"{left} still missing."]
    if form.signs:
        ring = ring_in_words(on_duty(now, form.at))
        lines.append(
            f"You found a sign that was not there before. The coordinator is being paged; "
            f"ring {ring} now."
        )
    messages.success(request, "\n".join(lines))
