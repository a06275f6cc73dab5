"""What the pages of the ward's form share: who refers from where, and whom to ring."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from mscc import clock
from mscc.people.roles import Permission
from mscc.web import panels
from referrals.domain import drafts
from referrals.domain.queries.intake import (
    OpenElsewhere,
    home_place,
    hospitals_for,
    own_places,
)
from referrals.forms.intake import Answers, Ward
from referrals.models import Draft, Referral
from referrals.views.base import record_read


def ward_of(request: HttpRequest) -> Ward:
    """Who refers and from where; 403 for somebody who may not refer."""
    user = request.user
    if not user.can(Permission.REFER):
        raise PermissionDenied
    return Ward(user, own_places(user), hospitals_for(user))


def own_draft(request: HttpRequest, draft_id: UUID) -> Draft:
    """This person's draft, sent or not, or 404."""
    draft = drafts.of_writer(request.user, draft_id)
    if draft is None:
        raise Http404
    return draft


def record_search(request: HttpRequest, found: Iterable[OpenElsewhere]) -> None:
    """Put on the trail who was found by a number: that somebody is referred is itself something
    that was read."""
    for each in found:
        record_read(request, Referral(pk=each.id, reference=each.reference), "search")


def read(ward: Ward, draft: Draft | None, at: datetime) -> Answers:
    """Everything typed in a draft so far, as of `at`."""
    return Answers(ward, lambda page: drafts.typed_on(draft, page), at)


def on_duty(place: Any, at: datetime) -> dict[str, Any]:
    """Who answers as the coordinator at a place (or for a referral) now, and how to ring them.

    `name`, `role`, `phone`, and `fell_back` when somebody else had to step in.
    """
    return panels.ask("on_duty", place=place, at=at)


def on_duty_for(request: HttpRequest) -> dict[str, Any]:
    """The same at the place from which this person refers."""
    return on_duty(home_place(request.user), clock.now())


def on_now_and_next(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The coordinator now and next for this person's place: what for, who, and the number."""
    lines: list[tuple[str, str, str]] = panels.ask(
        "on_now_and_next", place=home_place(request.user), at=clock.now()
    )
    return lines


def ring_in_words(duty: dict[str, Any]) -> str:
    """Whom to ring and on what number, for the middle of a sentence; empty when nobody knows."""
    return " on ".join(part for part in (duty["name"], duty["phone"]) if part)
