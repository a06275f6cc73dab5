"""Who is on duty now and next, for everybody; and planning turns, for those who may."""

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
from mscc.people.models import User
from mscc.people.places import OrganisationRef
from mscc.people.roles import ROLES, Permission
from referrals.domain.refusals import Invalid
from scheduling.domain import planning
from scheduling.domain.queries import duty as query
from scheduling.domain.queries import going_on, rota
from scheduling.forms import ShiftForm
from scheduling.models import Shift, SwapRequest
from scheduling.views import on_duty, rota_words
from scheduling.views.asking import cover_planned


@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest) -> HttpResponse:
    """The page; a form on it puts somebody on duty."""
    at = clock.now()
    planned_at = request.user.places(Permission.PLAN_COVER)
    form = ShiftForm(at=at, holders=query.may_take_turns(planned_at, at)) if planned_at else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        form = ShiftForm(request.POST, at=at, holders=form.holders.values())
        if form.is_valid() and _plan(request, form, at):
            return redirect("duty")
    context = _page(request.user, form, at)
    return render(request, "scheduling/duty.html", context, status=form.status if form else 200)


def _plan(request: HttpRequest, form: ShiftForm, at: datetime) -> bool:
    given = form.cleaned_data
    try:
        planned = planning.plan_shift(
            form.holder,
            given["starts_at"],
            given["ends_at"],
            by=Actor.user(request.user),
            at=at,
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _said(planned, at))
    return True


def _said(planned: planning.Planned, at: datetime) -> str:
    shift = planned.shift
    lines = [f"{shift.user.name} is on duty from {_span(shift, at)}."]
    lines += [
        f"This overlaps the turn of {other.user.name}, {_span(other, at)}. "
        "While both last, the one that begins later holds."
        for other in planned.overlaps
    ]
    return "\n".join(lines)


def _span(shift: Shift, at: datetime) -> str:
    return f"{on_duty.moment(shift.starts_at, at)} to {on_duty.moment(shift.ends_at, at)}"


@require_POST
def remove(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Take a turn off the plan; the page then says who answers instead."""
    at = clock.now()
    shift = query.planned_shift(shift_id, cover_planned(request), at)
    if shift is None:
        raise Http404
    if planning.remove_shift(shift, by=Actor.user(request.user), at=at):
        messages.success(
            request,
            f"The turn of {shift.user.name}, {_span(shift, at)}, is removed.\n"
            "Look below who answers instead.",
        )
    return redirect("duty")


def places_of(user: User) -> list[OrganisationRef]:
    """The places where `user` holds a role, each once."""
    return list(dict.fromkeys(held.place for held in user.assignments_now))


def _page(user: User, form: ShiftForm | None, at: datetime) -> dict[str, Any]:
    planned_at = user.places(Permission.PLAN_COVER)
    shifts = query.shifts_planned(planned_at, at) if planned_at else []
    places = places_of(user)
    waiting = rota.swaps_seen_by(user, planned_at).filter(state=SwapRequest.State.ASKED)
    duties = query.on_duty(places, at)
    unproven = {pk: proof.word for pk, proof in going_on.proofs(_named(duties)).items()}
    return {
        "rotas": [rota_words.table(each, at) for each in rota.fortnight(places, at)],
        "gaps": [rota_words.gap(each, at) for each in rota.open_gaps(planned_at)],
        "swaps": [rota_words.swap(each, user.pk) for each in waiting],
        "mine": set(rota.own_shift_ids(user.pk, at)),
        "at": at,
        "duties": [_duty(each, unproven, at) for each in duties],
        "may_start": user.can(Permission.ACKNOWLEDGE),
        "form": form,
        "shifts": [
            {
                "id": shift.pk,
                "role": ROLES[shift.role].label,
                "who": shift.user.name,
                "where": shift.organisation.name,
                "when": _span(shift, at),
                "now": shift.starts_at <= at,
            }
            for shift in shifts
        ],
    }


def _named(duties: list[query.Duty]) -> set[int]:
    """Everybody who is named on the page as answering now."""
    covers = (role.now for duty in duties for role in duty.roles)
    contacts = (each.turn for duty in duties for each in duty.contacts)
    return {cover.turn.user_id for cover in covers if cover} | {turn.user_id for turn in contacts}


def _duty(duty: query.Duty, unproven: dict[int, str], at: datetime) -> dict[str, Any]:
    return {
        "place": duty.place.name,
        "roles": [
            on_duty.role_line(role, at)
            | {"unproven": unproven[role.now.turn.user_id] if role.now else ""}
            for role in duty.roles
        ],
        "contacts": [
            {
                "specialty": each.specialty,
                "where": each.where,
                "name": each.turn.name,
                "phone": each.turn.phone,
                "note": each.note,
                "unproven": unproven[each.turn.user_id],
            }
            for each in duty.contacts
        ],
    }
