"""Where a person switches on the browser they are using, so that it rings for them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mscc import clock
from mscc.events import Actor
from mscc.people import changes
from mscc.people.models import Channel, ContactPoint
from scheduling.notify import subscriptions
from scheduling.notify.transports import browser_agreed, browser_key

_WRONG = "This browser gave nothing that we can ring. Try again, or use another browser."
_NOT_AGREED = (
    "This service may not send to the maker of this browser. Ask an administrator to allow it."
)


@require_http_methods(["GET", "POST"])
def browser(request: HttpRequest) -> HttpResponse:
    """Switch this browser on; a script asks it for its keys, the form brings them here."""
    if request.method == "GET" or not browser_key():
        return _page(request)
    endpoint, p256dh, auth = (
        request.POST.get(name, "").strip() for name in ("endpoint", "p256dh", "auth")
    )
    if not endpoint or len(endpoint) > 1000 or not subscriptions.readable(p256dh, auth):
        return _page(request, _WRONG, status=422)
    if not browser_agreed(endpoint):
        return _page(request, _NOT_AGREED, status=422)
    _switch_on(request, endpoint, p256dh, auth)
    messages.success(request, "This browser rings for you now.\nSend it a test page to prove it.")
    return redirect("me")


@transaction.atomic
def _switch_on(request: HttpRequest, endpoint: str, p256dh: str, auth: str) -> None:
    at = clock.now()
    kept = subscriptions.keep(request.user.pk, endpoint, p256dh, auth, at)
    point = ContactPoint(user=request.user, channel=Channel.PUSH, address=kept.address)
    if not request.user.contacts.filter(channel=point.channel, address=point.address).exists():
        changes.add_contact(point, by=Actor.user(request.user), at=at)


def _page(request: HttpRequest, wrong: str = "", *, status: int = 200) -> HttpResponse:
    context = {"key": browser_key(), "wrong": wrong}
    return render(request, "scheduling/browser.html", context, status=status)
