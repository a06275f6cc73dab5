"""What is known of a request before anybody is asked: where it came from, and its log line."""

from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


def client_ip(request: HttpRequest, *_: Any) -> str:
    """The client's address: the one our own outermost proxy saw, never one the client claims."""
    remote = str(request.META.get("REMOTE_ADDR") or "")
    if not settings.TRUSTED_PROXIES:
        return remote
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    hops = [hop for hop in hops if hop]
    if len(hops) < settings.TRUSTED_PROXIES:
        return remote
    return hops[-settings.TRUSTED_PROXIES]


class RequestLogMiddleware(RequestMiddleware):
    """One line for each request, with its route and without anything a person typed.

    The route (`referrals/<reference>/`) is logged, not the path: links carry one-time tokens.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        return f"{request.method} {match.route if match else '-'}"

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=client_ip(request))

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        # Only a person who was loaded anyway: a log line must not cost a query.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk is not None:
            structlog.contextvars.bind_contextvars(user_id=user.pk)
