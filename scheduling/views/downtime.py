"""When the system is down: what to do, forms for paper, and entering afterwards what is on them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from mscc import clock
from mscc.events import Command
from mscc.people.roles import Permission
from mscc.web.filters import duration
from referrals.domain import afterwards
from referrals.domain.afterwards import Outage
from referrals.domain.intake import AlreadyOpen
from referrals.forms.afterwards import OutageForm, PaperReferralForm, PaperSheetForm
from referrals.models import Referral
from referrals.views.base import (
    attempt,
    command_for,
    record_read,
    require,
    visible,
    visible_referral,
)
from referrals.views.intake_common import ward_of
from scheduling.domain import downtime_pack
from scheduling.domain.queries import board as query
from scheduling.domain.queries import person
from scheduling.views.downtime_forms import FORMS

_OUTAGE, _ENTERED = "outage", "outage_entered"
# What a sheet may say: whoever enters one must be allowed to record each of it.
_NEEDS = (Permission.ACT_ON_REFERRALS, Permission.RECORD, Permission.DECIDE_TREATMENT)


@require_GET
def downtime(request: HttpRequest) -> HttpResponse:
    """What to do, for everybody; where the packs are and how old, for those who work from them."""
    at = clock.now()
    context = {
        "at": at,
        "forms": list(FORMS.values()),
        "places": places(at) if request.user.can(Permission.SEE_BOARD) else None,
        "sealed": bool(settings.DOWNTIME_PACK_KEYS),
        "may_enter": request.user.can(Permission.REFER_FOR_OTHERS),
    }
    return render(request, "scheduling/downtime/downtime.html", context)


def places(at: datetime) -> list[dict[str, Any]]:
    """Where the packs lie, as templates/scheduling/downtime/places.html says it."""
    return [
        {
            "place": each.place,
            "as_of": each.as_of,
            "age": duration(at - each.as_of) if each.as_of else "",
            "old": each.old,
            "error": each.error,
        }
        for each in downtime_pack.standing(at)
    ]


@require_GET
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """One blank form, or all of them, to print."""
    if key not in (*FORMS, "all"):
        raise Http404
    forms = list(FORMS.values()) if key == "all" else [FORMS[key]]
    return render(request, "scheduling/downtime/paper.html", {"forms": forms})


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """What is to be entered: first from when until when, then whom it is about."""
    _require_entry(request)
    at = clock.now()
    if request.method == "POST" and "finish" in request.POST:
        request.session.pop(_OUTAGE, None)
        request.session.pop(_ENTERED, None)
        messages.success(request, "Everything on paper is entered. Destroy the downtime pack.")
        return redirect("downtime")
    form = OutageForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        found = form.outage()
        request.session[_OUTAGE] = [found.since.isoformat(), found.until.isoformat()]
        return redirect("downtime-entry")
    outage = _outage(request)
    rows = []
    if outage is not None:
        open_ones = query.open_at(query.board_places(request.user))
        rows = query.rows_of(open_ones.order_by("next_due_at", "pk"))
    context = {
        "form": form,
        "outage": outage,
        "rows": rows,
        "entered": request.session.get(_ENTERED, []),
    }
    return render(request, "scheduling/downtime/entry.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def entry_referral(request: HttpRequest) -> HttpResponse:
    """A call that was taken on paper, with what has happened since, in one go."""
    _require_entry(request)
    outage = _outage(request)
    if outage is None:
        return redirect("downtime-entry")
    ward, at = ward_of(request), clock.now()

    def form_of(moment: datetime) -> PaperReferralForm:
        return PaperReferralForm(
            request.POST or None, at=moment, own=[], hospitals=ward.hospitals, initial={}
        )

    def carry_out(form: Any) -> Referral:
        command = _from_paper(request, form, outage, form.cleaned_data["caller"])
        return afterwards.receive(form.intake(), form.sheet(), command=command)

    form = form_of(at)
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, carry_out, again=form_of)
        if done is not None:
            _note(request, done.reference)
            messages.success(request, f"Entered from paper: {done.reference}. Triage it next.")
            return redirect("downtime-entry")
    already = form.conflict.reference if isinstance(form.conflict, AlreadyOpen) else ""
    context = {"form": form, "outage": outage, "already": already}
    return render(request, "scheduling/downtime/referral.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def entry_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened to somebody who has a referral here, all of it in one go."""
    _require_entry(request)
    outage = _outage(request)
    if outage is None:
        return redirect("downtime-entry")
    referral, at = visible_referral(request, reference), clock.now()
    for permission in _NEEDS:
        require(request, permission, referral)

    def form_of(moment: datetime) -> PaperSheetForm:
        return PaperSheetForm(
            request.POST or None,
            at=moment,
            version=referral.version,
            taken=referral.taken_by_id is not None and referral.unread_since is None,
        )

    def carry_out(form: Any) -> Referral:
        command = _from_paper(request, form, outage)
        return afterwards.enter(visible(request, reference), form.sheet(), command=command)

    form = form_of(at)
    if request.method == "POST" and form.is_valid():
        before = person.judged(referral.pk)
        done = attempt(request, form, carry_out, again=form_of)
        if done is not None:
            moved = person.moved(before, person.judged(referral.pk), form.at)
            lines = [f"Entered from paper: {reference}.", *(moved or ["No clock moved."])]
            messages.success(request, "\n".join(lines))
            _note(request, reference)
            return redirect("downtime-entry")
    else:
        record_read(request, referral, "screen")
    context = {
        "form": form,
        "outage": outage,
        "referral": referral,
        "patient": referral.patient,
    }
    return render(request, "scheduling/downtime/sheet.html", context, status=form.status)


def _require_entry(request: HttpRequest) -> None:
    if not request.user.can(Permission.REFER_FOR_OTHERS):
        raise PermissionDenied


def _outage(request: HttpRequest) -> Outage | None:
    kept = request.session.get(_OUTAGE)
    return Outage(*map(datetime.fromisoformat, kept)) if kept else None


def _note(request: HttpRequest, reference: str) -> None:
    entered = request.session.get(_ENTERED, [])
    request.session[_ENTERED] = list(dict.fromkeys([*entered, reference]))


def _from_paper(request: HttpRequest, form: Any, outage: Outage, caller: str = "") -> Command:
    command = command_for(request, form)
    return Command(
        by=outage.actor(command.by, caller),
        at=command.at,
        version=command.version,
        key=command.key,
    )
