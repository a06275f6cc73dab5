"""A budget of requests, so that one runaway script does not take the board away from people.

Counted in Redis, in windows of ten seconds; without Redis everybody is let in.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from mscc.web.errors import too_many
from mscc.web.requests import client_ip

WINDOW_SECONDS = 10
_FREE = ("/static/", "/healthz", "/readyz")


def _is_acknowledgement(path: str) -> bool:
    return "/ack" in path


def _budgets(request: HttpRequest) -> list[tuple[str, int]]:
    """The counters this request spends from, each with its limit; a limit of 0 is no limit."""
    address = client_ip(request)
    shown = (
        request.headers.get("Authorization")
        or request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        or ""
    )
    person = hashlib.sha256(f"{address} {shown}".encode()).hexdigest()[:24]
    purse, mine = "any", settings.RATE_PERSON
    if _is_acknowledgement(request.path_info):
        purse, mine = "ack", settings.RATE_ACKNOWLEDGE
    # What is shown costs nothing to invent, so that the address is always counted as well.
    wanted = [(f"{purse}:who:{person}", mine), (f"{purse}:from:{address}", settings.RATE_ADDRESS)]
    return [(key, limit) for key, limit in wanted if limit]


class RateLimitMiddleware:
    """Answers 429 with Retry-After when a budget is spent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_FREE):
            return self.get_response(request)
        budgets = _budgets(request)
        if budgets:
            spent = cache.count([f"rate:{key}" for key, _ in budgets], WINDOW_SECONDS)  # type: ignore[attr-defined]
            if any(used > limit for used, (_, limit) in zip(spent, budgets, strict=True)):
                return too_many(request, WINDOW_SECONDS)
        return self.get_response(request)
