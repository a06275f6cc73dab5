"""What every page of the steering group and its reports asks first: who is this, and what for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from audit.domain.queries.seats import Seat, seats
from mscc.events import Actor
from referrals.domain.refusals import Refused
from referrals.forms.base import Form

_Found = TypeVar("_Found")


def my_seats(request: HttpRequest, at: datetime) -> list[Seat]:
    """The alliances whose reports this person reads; 403 when there are none."""
    found = seats(request.user, at)  # type: ignore[arg-type]
    if not found:
        raise PermissionDenied
    return found


def my_seat(request: HttpRequest, at: datetime) -> Seat:
    """The alliance that the address names, else the first of theirs; 404 for somebody else's."""
    found = my_seats(request, at)
    asked = request.POST.get("alliance") or request.GET.get("alliance") or ""
    if not asked:
        return found[0]
    seat = next((each for each in found if str(each.alliance.pk) == asked), None)
    if seat is None:
        raise Http404
    return seat


def found_or_404(found: tuple[Seat, _Found] | None) -> tuple[Seat, _Found]:
    """What was looked for, with the seat it is seen from."""
    if found is None:
        raise Http404
    return found


def must(allowed: bool) -> None:
    """403 unless the seat allows it."""
    if not allowed:
        raise PermissionDenied


def tried(form: Form, do: Callable[[], object]) -> bool:
    """Do what a valid form asks; what the domain refuses is shown on the form."""
    try:
        do()
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def form_page(
    request: HttpRequest, form: Form, heading: str, submit: str, back: str, **more: Any
) -> HttpResponse:
    """A page that is one form."""
    context = {
        "form": form,
        "heading": heading,
        "submit": submit,
        "back": back,
        "lead": "",
        "warning": False,
    }
    return render(request, "audit/form.html", context | more, status=form.status)


def actor(request: HttpRequest) -> Actor:
    """Whoever is signed in."""
    return Actor.user(request.user)  # type: ignore[arg-type]
