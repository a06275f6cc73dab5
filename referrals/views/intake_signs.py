"""New signs on an open referral: by its own ward, or by whoever found it under an NHS number."""

import contextlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mscc import clock
from mscc.people.roles import Permission
from mscc.web.filters import local
from referrals.clinical.milestones import Suspicion
from referrals.domain import drafts
from referrals.domain.intake import add_information, report_new_signs
from referrals.domain.queries.intake import may_add_to
from referrals.domain.queries.status import the_one
from referrals.forms.base import CommandForm
from referrals.forms.intake_signs import NewSignsForm
from referrals.models import Referral
from referrals.views.base import Done, attempt, command_for, record_read, refuse_access, visible
from referrals.views.intake_common import on_duty, ring_in_words
from referrals.views.intake_grant import granted


@require_http_methods(["GET", "POST"])
def new_signs(request: HttpRequest, reference: str) -> HttpResponse:
    """Report what was found since; cord signs raise the referral to suspected MSCC at once."""
    which, stranger = _which(request, reference)
    referral = which.get()
    at = clock.now()
    form = NewSignsForm(request.POST or None, at=at, initial=_filled_in(request))
    if request.method == "POST" and form.is_valid():
        before = referral.suspicion
        done = attempt(
            request,
            form,
            lambda form: _report(request, form, which, stranger),
            again=lambda moment: NewSignsForm(request.POST, at=moment),
        )
        if done is not None:
            _say(request, form, done, before, which.get(), stranger)
            _end_draft(request)
            return redirect("refer") if stranger else redirect("referral-sent", reference)
    if request.method == "GET" and not stranger:
        record_read(request, referral, "screen")
    context = {
        "form": form,
        "reference": referral.reference,
        "referral": None if stranger else referral,
        "duty": on_duty(referral, at),
    }
    return render(request, "referrals/intake/new_signs.html", context, status=form.status)


def _which(request: HttpRequest, reference: str) -> tuple[QuerySet[Referral], bool]:
    """The referral as this person may change it, and whether it is a stranger's to them."""
    if visible(request, reference).exists():
        own = may_add_to(request.user).filter(reference=reference)
        if not own.exists():
            raise PermissionDenied
        return own.select_related("patient", "hospital", "ward"), False
    leave = granted(request.user, request.GET.get("leave", ""))
    found = the_one(leave, reference)
    if leave is None or not request.user.can(Permission.REFER) or not found.exists():
        refuse_access(request, reference)
    return found, True


def _end_draft(request: HttpRequest) -> None:
    """The form that found this referral has done its work: no second one is being typed."""
    with contextlib.suppress(ValueError):
        drafts.discard(request.user, UUID(request.GET.get("draft", "")))


def _filled_in(request: HttpRequest) -> dict[str, Any]:
    return {"reported_by": request.user.name, "call_back": request.user.phone}


def _report(
    request: HttpRequest, form: CommandForm, which: QuerySet[Referral], stranger: bool
) -> Referral:
    assert isinstance(form, NewSignsForm)
    # Signs are added, whatever happened meanwhile: no version is asked for.
    command = command_for(request, form)
    found = which.get()
    locked = the_one(found.pk, found.reference)
    if form.items:
        return report_new_signs(locked, form.new_signs(stranger=stranger), command=command)
    return add_information(locked, form.addition(), command=command)


def _say(
    request: HttpRequest,
    form: NewSignsForm,
    done: Done,
    before: str,
    referral: Referral,
    stranger: bool,
) -> None:
    lines = [f"Recorded on {done.reference}, with your name."]
    if form.items:
        lines.append("The coordinator is being paged now.")
    if form.cord_signs:
        lines.append(_consequence(form.cleaned_data["found_at"], before, stranger))
        ring = ring_in_words(on_duty(referral, form.at))
        lines.append(f"This is an emergency: do not wait for the page, ring {ring} now.")
    messages.success(request, "\n".join(line for line in lines if line))


def _consequence(found_at: datetime, before: str, stranger: bool) -> str:
    until = f"24 hours for the MRI, counted from {local(found_at)}"
    if stranger:
        return f"It is treated as suspected MSCC: {until}, unless they were running already."
    if before == Suspicion.MSCC:
        return "MSCC was suspected already: its 24 hours for the MRI run on."
    return f"Raised to suspected MSCC: {until}."
