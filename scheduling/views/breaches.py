"""Saying why a target was missed, and correcting it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mscc import clock
from mscc.events import Actor
from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.clinical.library import target
from referrals.domain.refusals import Refused
from referrals.models import Referral
from referrals.views.base import may, record_read, visible_referral
from scheduling.domain import breaches
from scheduling.forms import BreachForm
from scheduling.models import BreachRecord, Clock
from scheduling.timekeeping.standing import standing


def may_explain(user: User, referral: Referral) -> bool:
    """Whoever acts on referrals there, and the service lead."""
    return any(
        may(user, each, referral) for each in (Permission.ACT_ON_REFERRALS, Permission.PLAN_COVER)
    )


@require_http_methods(["GET", "POST"])
def breach(request: HttpRequest, reference: str, clock_id: UUID) -> HttpResponse:
    """One missed target: what was said of it, and a form to say it or to correct it."""
    referral, at = visible_referral(request, reference), clock.now()
    if not may_explain(request.user, referral):
        raise PermissionDenied
    missed = breaches.missed(at).filter(pk=clock_id, referral=referral).first()
    if missed is None:
        raise Http404
    before = breaches.latest(missed)
    form = BreachForm(at=at, initial=_initial(before))
    if request.method == "POST":
        form = BreachForm(request.POST, at=at)
        if form.is_valid() and _explain(request, form, referral, missed, at):
            return redirect("referral", referral.reference)
    else:
        record_read(request, referral, "screen")
    context: dict[str, Any] = {
        "referral": referral,
        "patient": referral.patient,
        "heading": "Correct why it was missed" if before else "Say why it was missed",
        "form": form,
        "submit": "Save",
        "irreversible": False,
        "consequences": [],
        "refusal": None,
        "back": reverse("referral", args=[referral.reference]),
        "missed": line(missed, before, request.user, referral, at),
        "at": at,
    }
    return render(request, "scheduling/breach.html", context, status=form.status)


def _initial(before: BreachRecord | None) -> dict[str, Any]:
    if before is None:
        return {"seen": ""}
    return {
        "reason": before.reason,
        "words": before.words,
        "owner": before.owner,
        "incident": "yes" if before.incident else "no",
        "incident_number": before.incident_number,
        "seen": str(before.pk),
    }


def _explain(
    request: HttpRequest, form: BreachForm, referral: Referral, missed: Clock, at: datetime
) -> bool:
    given = form.cleaned_data
    account = breaches.Account(
        reason=given["reason"],
        words=given["words"],
        owner=given["owner"],
        incident=given["incident"] == "yes",
        incident_number=given["incident_number"] or "",
    )
    by = Actor.user(request.user)
    try:
        breaches.explain(referral.pk, missed.pk, account, seen=given["seen"], by=by, at=at)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    name = target(missed.kind).name
    messages.success(request, f"It is recorded why this was missed: {name}.")
    return True


def line(
    missed: Clock, record: BreachRecord | None, user: User | None, referral: Referral, at: datetime
) -> dict[str, Any]:
    """One missed target, as a page shows it."""
    href = reverse("breach", args=[referral.reference, missed.pk])
    return {
        "name": target(missed.kind).name,
        "standing": standing(missed, at),
        "record": record,
        "href": href if user is not None and may_explain(user, referral) else "",
    }
