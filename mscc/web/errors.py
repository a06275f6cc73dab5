"""Pages for what went wrong, in words that say what to do."""

import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from mscc.web.problems import MEDIA_TYPE, problem

logger = structlog.get_logger(__name__)

TOO_LONG = "This is too long to be stored. Notes can have up to 10,000 characters."


def _page(request: HttpRequest, status: int, sentence: str, **context: Any) -> HttpResponse:
    if request.path_info.startswith("/api/") or _wants_json(request):
        return _problem(status, sentence)
    return render(request, f"{status}.html", {"sentence": sentence, **context}, status=status)


def _problem(status: int, sentence: str) -> JsonResponse:
    body = problem(status, HTTPStatus(status).name.lower(), sentence)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def _wants_json(request: HttpRequest) -> bool:
    return "json" in request.headers.get("Accept", "")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the request was too big to be read."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return _page(request, 413, TOO_LONG)
    return _page(request, 400, "The request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed; logged, since somebody may be trying doors."""
    logger.warning("refused", reason="permission")
    return _page(request, 403, "You are not allowed to do this.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for this person; the page does not say which."""
    return _page(request, 404, "Page not found.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away or too busy; drawn without asking it anything."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    if request.path_info.startswith("/api/") or _wants_json(request):
        response: HttpResponse = _problem(status, "Something went wrong on our side. Try again.")
    else:
        response = HttpResponse(render_to_string("500.html"), status=status)
    if away:
        response.headers["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose session check failed; what was typed is kept where that is safe."""
    from mscc.web.held import keep, owner_of, sign_in_to

    logger.warning("refused", reason="csrf")
    match = request.resolver_match
    public = not getattr(getattr(match, "func", None), "login_required", True)
    kept = None
    # A form from another site must not be kept: its owner would be asked to send it.
    if not public and request.headers.get("Origin") == _own_origin(request):
        kept = keep(request, owner_of(request))
    if kept and not request.user.is_authenticated:
        return sign_in_to(request, kept)
    if _wants_json(request):
        return _page(request, 403, "Session check failed. Reload.")
    context = {"sentence": "Session check failed. Reload.", "kept": kept}
    return render(request, "403_csrf.html", context, status=403)


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the number of seconds to wait."""
    if request.path_info.startswith("/api/") or _wants_json(request):
        response = _page(request, 429, "Too many requests. Try again in a moment.")
    else:
        # This early nobody is known yet: the page is drawn without a request.
        response = HttpResponse(render_to_string("429.html", {"seconds": seconds}), status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """429 after too many wrong passwords for one address from one network."""
    seconds = round(settings.AXES_COOLOFF_TIME * 3600)
    logger.warning("sign_in_locked", seconds=seconds)
    page = render(request, "account/locked.html", {"minutes": seconds // 60}, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page
