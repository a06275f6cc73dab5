"""Where a referral is, for whoever was given its link: no account, nothing that identifies."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mscc import clock
from mscc.web.errors import too_many
from mscc.web.requests import client_ip
from referrals.clinical import library
from referrals.domain.queries.status import advice_on, by_status_token
from referrals.models import Referral
from referrals.states import State
from referrals.views.intake_common import on_duty

# Whoever tries links that do not exist is stopped; a ward that looks at its own is not.
WRONG_LINKS, WITHIN_SECONDS = 20, 60

TRACK = (
    (State.REFERRED, "Received"),
    (State.TRIAGED, "Judged by the coordinator"),
    (State.MRI_BOOKED, "MRI booked"),
    (State.TREATMENT_DECIDED, "Treatment decided"),
    (State.DISCHARGED, "Discharged"),
)
CLOSED_WORDS = {
    State.REDIRECTED: "The coordinator has passed this on: advice only, or another service.",
    State.WITHDRAWN: "This referral was withdrawn.",
    State.DISCHARGED: "The person was discharged.",
}


@dataclass(frozen=True, slots=True)
class Due:
    """The next thing that is due. Its name is the target's: nothing of the person is in it."""

    name: str
    by: datetime
    late: bool


@login_not_required
@require_GET
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The status page. A wrong link is not there, whoever asks."""
    referral = by_status_token(token)
    if referral is None:
        if _guessing(request):
            return too_many(request, WITHIN_SECONDS)
        raise Http404
    at = clock.now()
    context = {
        "referral": referral,
        "at": at,
        "steps": steps_of(referral),
        "closed": CLOSED_WORDS.get(State(referral.state), ""),
        "due": due_next(referral, at),
        "advice": advice_on(referral),
        "duty": on_duty(referral, at),
    }
    response = render(request, "referrals/status.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def steps_of(referral: Referral) -> list[tuple[str, str]]:
    """The five-step track: what is done, where it is, what is still to come."""
    states = [state for state, _ in TRACK]
    # A referral that was redirected or withdrawn got no further than being judged.
    here = states.index(State(referral.state)) if referral.state in states else 0
    ended = not referral.is_open
    return [
        (words, "done" if i < here or (i == here and ended) else "here" if i == here else "ahead")
        for i, (_, words) in enumerate(TRACK)
    ]


def due_next(referral: Referral, at: datetime) -> Due | None:
    """What is due next and by when; None while nothing is."""
    if referral.next_due_at is None or not referral.is_open:
        return None
    name = library.target(referral.next_due_kind).name
    return Due(name, referral.next_due_at, referral.next_due_at < at)


def _guessing(request: HttpRequest) -> bool:
    key = f"status-wrong:{client_ip(request)}"
    return cache.count([key], WITHIN_SECONDS)[0] > WRONG_LINKS  # type: ignore[attr-defined]
