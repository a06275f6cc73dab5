"""Sessions in a request: who is signed in, for how long, and what a late request is told."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from mscc import clock
from mscc.people.sessions import SessionStore

_View = TypeVar("_View", bound=Callable[..., Any])


def background(view: _View) -> _View:
    """Mark a view that pages ask for by themselves: its requests do not count as activity."""
    view.is_background = True  # type: ignore[attr-defined]
    return view


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's middleware over our store; activity is noted after the answer is known."""

    def process_request(self, request: HttpRequest) -> None:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        store = SessionStore(key)
        store.device = request.headers.get("User-Agent", "")[:200]
        request.session = store

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response = super().process_response(request, response)
        store = request.session
        match = request.resolver_match
        asked_by_a_person = not getattr(getattr(match, "func", None), "is_background", False)
        if isinstance(store, SessionStore) and store.accessed and asked_by_a_person:
            store.touch(clock.real_now())
        return response


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Every view asks for a sign-in unless it says otherwise.

    A request that a script made in the background is told 401: a sign-in page in the middle of
    the board would be taken for the board.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None  # without asking who is there: a probe must not need the database
        return super().process_view(request, view_func, args, kwargs)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request") or getattr(view_func, "is_background", False):
            return HttpResponse("You are signed out. Sign in again.", status=401)
        return super().handle_no_permission(request, view_func)
