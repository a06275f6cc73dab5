"""One turn on the rota: who works it, who is there instead, who is asked to take it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mscc import clock
from mscc.events import Actor
from mscc.people.roles import Permission
from referrals.domain.refusals import Invalid
from scheduling.domain import planning, swaps
from scheduling.domain.queries import duty
from scheduling.domain.queries import rota as query
from scheduling.models import Shift, SwapRequest
from scheduling.rota_forms import OverrideForm, SwapForm
from scheduling.views import rota_words


@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """A turn; its forms ask a colleague to take it, or put somebody there instead."""
    at = clock.now()
    planned_at = request.user.places(Permission.PLAN_COVER)
    found = query.shift_seen_by(shift_id, request.user, planned_at)
    if found is None:
        raise Http404
    plans = duty.planned_shift(shift_id, planned_at, at) is not None if planned_at else False
    swap_form, override_form = _swap_form(request, found, at), _override_form(request, found, at)
    if request.method == "POST":
        wanted = request.POST.get("do")
        if wanted == "override" and not plans:
            raise PermissionDenied
        if wanted == "override" and _overridden(request, override_form, at):
            return redirect("duty")
        if wanted == "swap" and _asked(request, found, swap_form, at):
            return redirect("duty")
    context = {
        "shift": rota_words.shift(found),
        "mine": found.user_id == request.user.pk,
        "plans": plans,
        "begun": found.starts_at <= at,
        "over": found.ends_at <= at,
        "swap_form": swap_form,
        "override_form": override_form,
    }
    status = max(swap_form.status, override_form.status)
    return render(request, "scheduling/rota_shift.html", context, status=status)


def _swap_form(request: HttpRequest, found: Shift, at: datetime) -> SwapForm:
    data = request.POST if request.POST.get("do") == "swap" else None
    return SwapForm(data, at=at, colleagues=swaps.may_be_asked(found, at), prefix="swap")


def _override_form(request: HttpRequest, found: Shift, at: datetime) -> OverrideForm:
    data = request.POST if request.POST.get("do") == "override" else None
    times: dict[str, Any] = {"starts_at": max(found.starts_at, at), "ends_at": found.ends_at}
    return OverrideForm(
        data, at=at, holders=swaps.may_be_asked(found, at), initial=times, prefix="instead"
    )


def _overridden(request: HttpRequest, form: OverrideForm, at: datetime) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        planned = planning.override(
            form.holders[given["who"]],
            given["starts_at"],
            given["ends_at"],
            by=Actor.user(request.user),
            at=at,
            note=given["note"] or "",
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    said = rota_words.when(planned.shift.starts_at, planned.shift.ends_at)
    lines = [f"{planned.shift.user.name} is on duty {said}."]
    lines += [f"{other.user.name} is not on duty in that time." for other in planned.overlaps]
    messages.success(request, "\n".join(lines))
    return True


def _asked(request: HttpRequest, found: Shift, form: SwapForm, at: datetime) -> bool:
    if not form.is_valid():
        return False
    colleague = form.colleagues[form.cleaned_data["asked"]]
    try:
        swap = swaps.ask(found, colleague, by=Actor.user(request.user), at=at)
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    messages.success(
        request,
        f"{swap.asked.name} is asked to take the turn "
        f"{rota_words.when(swap.starts_at, swap.ends_at)}.\n"
        f"Until they accept, it stays with {found.user.name}. Without an answer they are asked "
        "again, and then the service lead is told.",
    )
    return True


@require_POST
def answer(request: HttpRequest, swap_id: UUID) -> HttpResponse:
    """Accept or decline what was asked, or withdraw the question."""
    at = clock.now()
    planned_at = request.user.places(Permission.PLAN_COVER)
    swap = query.swaps_seen_by(request.user, planned_at).filter(pk=swap_id).first()
    if swap is None:
        raise Http404
    wanted = request.POST.get("answer")
    asked = swap.asked_id == request.user.pk
    if wanted in ("accept", "decline") and not asked:
        raise PermissionDenied
    acts = {"accept": swaps.accept, "decline": swaps.decline, "withdraw": swaps.withdraw}
    if wanted not in acts or (wanted == "withdraw" and asked):
        return redirect("duty")
    try:
        done = acts[wanted](swap, by=Actor.user(request.user), at=at)
    except Invalid as refusal:
        messages.error(request, " ".join(refusal.errors.values()))
        return redirect("duty")
    if done:
        messages.success(request, _said(swap, wanted))
    else:
        messages.error(request, "This was answered already, or the turn has begun.")
    return redirect("duty")


def _said(swap: SwapRequest, wanted: str) -> str:
    when = rota_words.when(swap.starts_at, swap.ends_at)
    return {
        "accept": f"The turn {when} is yours now.\n{swap.asked_by.name} is told.",
        "decline": f"You declined the turn {when}.\n{swap.asked_by.name} keeps it and is told.",
        "withdraw": f"The question is withdrawn. {swap.asked_by.name} keeps the turn {when}.",
    }[wanted]
