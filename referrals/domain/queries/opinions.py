"""What a specialty was asked, and who may answer it."""

from datetime import datetime
from typing import Any

from django.db.models import F

from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.clinical.asking import AnswerStanding, how_it_stands
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Opinion, Referral

MOST_ANSWERED = 50


def opinion_on(referral: Referral, opinion_id: Any) -> Opinion | None:
    """One question asked on a referral."""
    return referral.opinions.filter(pk=opinion_id).select_related("recorded_by").first()


def may_answer(user: User, opinion: Opinion, referral: Referral) -> bool:
    """Whether this person's own specialty was asked, at a place of theirs."""
    return opinion.specialty in user.specialties and any(
        getattr(referral, f"{place.kind}_id") == place.id
        for place in user.places(Permission.ANSWER_OPINION)
    )


def standing(opinion: Opinion, at: datetime) -> AnswerStanding | None:
    """How a question stands at `at`; None for one that was asked without a time."""
    if opinion.due_at is None:
        return None
    return how_it_stands(opinion.occurred_at, opinion.due_at, opinion.answered_at, at)


def asked_of(user: User) -> list[Opinion]:
    """The questions to this person's specialties: all that wait, by when an answer is due, then
    the latest MOST_ANSWERED that were answered."""
    found = (
        Opinion.objects.filter(
            specialty__in=user.specialties, referral__in=referrals_visible_to(user)
        )
        .select_related("referral__patient", "referral__hospital", "referral__ward", "recorded_by")
        .order_by(F("due_at").asc(nulls_last=True), "occurred_at")
    )
    waiting = found.filter(answered_at__isnull=True, referral__closed_at__isnull=True)
    answered = found.filter(answered_at__isnull=False).order_by("-answered_at")
    return [*waiting, *answered[:MOST_ANSWERED]]
