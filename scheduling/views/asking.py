"""Who may ask at all, reading a query string strictly, and saying what would be right."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission


class BadQuery(Exception):
    """An address no page of ours leads to; the sentence says what would be right."""


def cover_planned(request: HttpRequest) -> list[OrganisationRef]:
    """The places whose cover this person plans; PermissionDenied where there is none."""
    places: list[OrganisationRef] = request.user.places(Permission.PLAN_COVER)
    if not places:
        raise PermissionDenied
    return places


def whole(text: str, what: str) -> int | None:
    """A whole number from 1, None when left out; BadQuery for anything else."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise BadQuery(f"{what} is a whole number from 1.")
    return int(text)


def refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """400 with what would be right."""
    return render(request, "scheduling/refused.html", {"sentence": sentence}, status=400)


def day(text: str, what: str) -> date | None:
    """A day as 2026-11-21, None when left out; BadQuery for anything else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadQuery(f"{what} is written as 2026-11-21.") from None
