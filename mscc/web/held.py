"""A form that arrives after the session ran out is kept for the person who typed it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from mscc import clock
from mscc.people import held
from mscc.people.sessions import SessionStore


class HeldSubmissionMiddleware:
    """Keeps a late form and asks for a new sign-in.

    It stands after the CSRF check: only a form of ours is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        kept = keep(request, owner_of(request))
        return sign_in_to(kept) if kept else None


def owner_of(request: HttpRequest) -> int | None:
    """Whose form this is: of the person signed in, or of the session that has just run out."""
    if request.user.is_authenticated:
        return request.user.pk
    store = request.session
    return store.locked_user_id if isinstance(store, SessionStore) else None


def keep(request: HttpRequest, user_id: int | None) -> held.HeldSubmission | None:
    """Keep what was typed in a form of ours; None when there is nothing to keep or no owner."""
    form_like = request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
    if user_id is None or request.method != "POST" or not form_like:
        return None
    typed = {name: request.POST.getlist(name) for name in request.POST}
    return held.hold(
        user_id=user_id, path=request.get_full_path(), typed=typed, at=clock.real_now()
    )


def sign_in_to(kept: held.HeldSubmission) -> HttpResponseRedirect:
    """Ask for a sign-in that ends at what was kept."""
    there = urlencode({"next": reverse("held-submission", args=[kept.pk])})
    return HttpResponseRedirect(f"{reverse('account_login')}?{there}")
