"""Addresses that fail on purpose, beside the real ones."""

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from mscc.urls import handler400, handler403, handler404, handler500
from mscc.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def breaks(request: HttpRequest, token: str) -> HttpResponse:
    raise RuntimeError("Zebedee Testperson 999 000 0000")


@login_not_required
def waits(request: HttpRequest) -> HttpResponse:
    raise OperationalError("canceling statement due to lock timeout")


@login_not_required
def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{len(request.POST.get('note', ''))} characters")


urlpatterns = [
    *real,
    path("breaks/<str:token>/", breaks),
    path("reads/", reads),
    path("waits/", waits),
]
