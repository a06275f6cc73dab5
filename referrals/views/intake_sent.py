"""After sending: what to do now, whom to ring, who has been told, and what is still missing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from markupsafe import Markup

from mscc import clock
from mscc.web import panels
from referrals.clinical.advice import Advice, Topic, advice_for
from referrals.domain.key_information import in_words
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.intake import may_add_to
from referrals.domain.queries.person import story
from referrals.domain.queries.status import advice_on
from referrals.forms.intake_complete import anchor
from referrals.models import Referral
from referrals.models.referral import SUSPICIONS
from referrals.states import State
from referrals.views.base import record_read, visible_referral
from referrals.views.intake_common import on_duty, ring_in_words
from referrals.views.status import due_next, steps_of

# What these recommendations ask for is said better by the advice, which knows more facts.
_SAID_BY_ADVICE = frozenset({"1.5.2", "1.5.3"})


@require_GET
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """The page to act on, to print and to come back to."""
    referral = visible_referral(request, reference)
    record_read(request, referral, "screen")
    at = clock.now()
    duty = on_duty(referral, at)
    advice = advice_on(referral)
    first = needs_first_advice(referral, advised=bool(advice))
    link = f"{settings.PUBLIC_URL}{reverse('status', args=[referral.status_token])}"
    complete = reverse("referral-complete", args=[referral.reference])
    context = {
        "referral": referral,
        "at": at,
        "duty": duty,
        "steps": steps_of(referral),
        "due": due_next(referral, at),
        "advice": advice,
        "todo": list(things_to_do(referral, at, ring_in_words(duty))) if first else [],
        "suspected_first": dict(SUSPICIONS).get(referral.provisional.get("suspicion"), ""),
        "because": referral.provisional.get("because", []),
        "numbers": referral.provisional.get("numbers", []),
        "told": sorted(panels.ask("pages", referral_id=referral.pk), key=lambda each: each.at),
        "link": link,
        "qr": qr_code(link),
        "missing": [
            (item.sentence, f"{complete}#{anchor(item.id)}") for item in in_words(referral.missing)
        ],
        "may_add": may_add_to(request.user).filter(pk=referral.pk).exists(),
    }
    return render(request, "referrals/intake/sent.html", context)


def needs_first_advice(referral: Referral, *, advised: bool) -> bool:
    """Whether the ward still goes by the rules alone: until the coordinator has advised it, and
    again when it has reported something that no coordinator has read."""
    if not referral.is_open:
        return False
    waiting = referral.state == State.REFERRED or referral.unread_since is not None
    return waiting or (referral.state == State.TRIAGED and not advised)


def things_to_do(referral: Referral, at: datetime, ring: str) -> Iterator[dict[str, Any]]:
    """What to do now, in order, each with why and from which recommendations (1.1.16, 1.3).

    What the answers pointed to comes with the referral; the advice is worked out from all facts
    on record, and says the same things better where both speak of them.
    """
    advice = advice_for(facts_of(story(referral), at), ring)
    for each in advice:
        if each.topic is Topic.CONTACT:
            yield _advised(each)
    for text, numbers in referral.provisional.get("steps", []):
        if not advice or not _said_by_advice(text, numbers):
            yield {"topic": "", "text": text, "why": "", "numbers": numbers}
    for each in advice:
        if each.topic is not Topic.CONTACT:
            yield _advised(each)


def _advised(each: Advice) -> dict[str, Any]:
    return {
        "topic": each.topic.label,
        "text": each.text,
        "why": each.why,
        "numbers": each.numbers,
    }


def _said_by_advice(text: str, numbers: list[str]) -> bool:
    return "MSCC coordinator" in text or not _SAID_BY_ADVICE.isdisjoint(numbers)


def qr_code(link: str) -> Markup:
    """The link as an inline SVG, black on white: it is scanned from a screen and from paper."""
    # segno writes numbers and colours only; the link itself does not appear in the drawing.
    return Markup(
        segno.make(link, error="m").svg_inline(
            scale=4, border=2, dark="#000", light="#fff", svgclass="mscc-qr", omitsize=True
        )
    )
