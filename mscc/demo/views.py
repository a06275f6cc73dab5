"""The inbox where every message of the demo can be seen arriving, and the clock's handle."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mscc.demo import arrivals, shift


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that arrived, the newest first."""
    return render(request, "demo/inbox.html", _arrived())


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The list alone, for the page to look again."""
    return render(request, "demo/inbox_rows.html", _arrived())


@require_POST
def advance(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock six hours forward; what falls due then is found by the sweep."""
    shift.advance(timedelta(hours=6))
    messages.success(request, "It is six hours later.\nWhat fell due meanwhile is paged now.")
    return redirect("demo_inbox")


def _arrived() -> dict[str, Any]:
    return {"messages_in": arrivals.newest(), "ahead": shift.current()}
