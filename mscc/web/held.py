"""A form that arrives after the session ran out is kept for the person who typed it."""

import contextlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from mscc import clock
from mscc.people import held
from mscc.people.sessions import SessionStore

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class HeldSubmissionMiddleware:
    """Keeps a late form and asks for a new sign-in.

    It stands after the CSRF check: only a form of ours is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400:
            forget_what_arrived(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or request.user.is_authenticated:
            return None
        kept = keep(request, owner_of(request))
        return sign_in_to(request, kept) if kept else None


def owner_of(request: HttpRequest) -> int | None:
    """Whose form this is: of the person signed in, or of the session that has just run out."""
    if request.user.is_authenticated:
        return request.user.pk
    store = request.session
    return store.locked_user_id if isinstance(store, SessionStore) else None


def keep(request: HttpRequest, user_id: int | None) -> held.HeldSubmission | None:
    """Keep what was typed in a form of ours; None when there is nothing to keep or no owner."""
    if user_id is None or request.method != "POST" or request.content_type not in FORMS:
        return None
    typed = {name: request.POST.getlist(name) for name in request.POST}
    return held.hold(
        user_id=user_id, path=request.get_full_path(), typed=typed, at=clock.real_now()
    )


def sign_in_to(request: HttpRequest, kept: held.HeldSubmission) -> HttpResponse:
    """Ask for a sign-in that ends at what was kept."""
    there = urlencode({"next": reverse("held-submission", args=[kept.pk])}, safe="/")
    address = f"{reverse('account_login')}?{there}"
    return HttpResponseRedirect(address)


def forget_what_arrived(request: HttpRequest) -> None:
    """Drop what was kept, now that its owner has sent it and it was taken."""
    if request.content_type not in FORMS or held.FIELD not in request.POST:
        return
    with contextlib.suppress(ValueError):
        kept_id = UUID(request.POST[held.FIELD])
        if request.user.is_authenticated:
            held.drop_for(request.user.pk, kept_id)
