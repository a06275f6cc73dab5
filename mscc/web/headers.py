"""Headers that keep what was read on this machine from staying on this machine."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PrivacyHeadersMiddleware:
    """No page of a signed-in person is stored, whatever the view forgot to say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        if not request.path_info.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response
