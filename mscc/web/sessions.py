"""Sessions in a request: who is signed in, for how long, and what a late request is told."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from mscc import clock
from mscc.people.sessions import SessionStore


def is_background(request: HttpRequest) -> bool:
    """Whether a page asked by itself, as the board does every few seconds.

    Our scripts say so with a header. Such a request is no sign that somebody is there.
    """
    by_script = request.headers.get("X-Requested-With") == "fetch"
    return by_script and request.method in ("GET", "HEAD")


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
        if isinstance(store, SessionStore) and store.accessed and not is_background(request):
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
        if is_background(request):
            return HttpResponse("You are signed out. Sign in again.", status=401)
        return super().handle_no_permission(request, view_func)
