"""Every page and message about a referral, with each attempt, and who has answered."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When

from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.domain.queries.permitted import may_do
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Referral
from scheduling.models import DigestLine, Escalation, Notice

PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """One notice, the reference it is about, and the climb it belongs to, if any."""

    notice: Notice
    reference: str
    climb: Escalation | None


def notices_for(user: User, reference: str = "") -> QuerySet[Notice]:
    """The notices about referrals `user` may see, the latest first; of one reference, if given."""
    mine = referrals_visible_to(user)
    if reference:
        mine = mine.filter(reference=reference)
    return (
        Notice.objects.filter(referral_id__in=mine.values("pk"))
        .annotate(
            about_reference=Subquery(
                Referral.objects.filter(pk=OuterRef("referral_id")).values("reference")[:1]
            )
        )
        .order_by("-created_at", "pk")
    )


def page_of_notices(user: User, reference: str, number: int) -> tuple[list[Told], bool]:
    """Page `number` (from 1) of them, and whether there are more; three statements."""
    first = (number - 1) * PAGE
    query = notices_for(user, reference).prefetch_related("tries")
    found = list(query[first : first + PAGE + 1])
    known = Escalation.objects.select_related("acknowledged_by", "clock", "referral")
    climbs = known.prefetch_related("answers__by").in_bulk(
        {notice.escalation_id for notice in found if notice.escalation_id}
    )
    told = [
        Told(
            notice,
            notice.about_reference,
            climbs.get(notice.escalation_id) if notice.escalation_id else None,
        )
        for notice in found[:PAGE]
    ]
    return told, len(found) > PAGE


def _answerable(user: User) -> QuerySet[Escalation]:
    theirs = may_do(user, Permission.ACKNOWLEDGE).values("pk")
    return Escalation.objects.filter(state=Escalation.State.OPEN, referral_id__in=theirs)


def ringing_for(user: User, number: int) -> tuple[list[Escalation], bool, int]:
    """Page `number` (from 1) of what rings and `user` may answer, red flags first, then the oldest;
    whether there are more, and how many there are in all."""
    first = (number - 1) * PAGE
    ringing = _answerable(user)
    red_first = ringing.annotate(
        red=Case(When(referral__suspicion="mscc", then=Value(0)), default=Value(1))
    )
    ordered = red_first.select_related("referral", "clock").order_by(
        "red", F("due_at").asc(nulls_last=True), "opened_at", "pk"
    )
    found = list(ordered[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE, ringing.count()


def answerable(user: User, asked: Iterable[str]) -> list[UUID]:
    """Of these climbs, those that ring and that `user` may answer."""
    ids = []
    for each in asked:
        with suppress(ValueError):
            ids.append(UUID(each))
    return list(_answerable(user).filter(pk__in=ids).values_list("pk", flat=True))


def digests_of(escalation: Escalation) -> list[tuple[datetime, int, str, list[Notice]]]:
    """Who was told of this climb together with others: when, who, their name, by which notices."""
    lines = DigestLine.objects.filter(escalation=escalation).select_related("digest__user")
    return [
        (
            line.told_at,
            line.digest.user_id,
            line.digest.user.name,
            list(Notice.objects.filter(escalation_id=line.digest_id, kind="digest")),
        )
        for line in lines
    ]


def climb(escalation_id: UUID) -> Escalation | None:
    """One climb with its referral, its clock and who answered."""
    return (
        Escalation.objects.select_related("referral", "clock", "acknowledged_by")
        .filter(pk=escalation_id)
        .first()
    )


def open_climbs(referral_id: UUID) -> list[Escalation]:
    """What rings about one referral and nobody has answered, the oldest first."""
    found = Escalation.objects.filter(referral_id=referral_id, state=Escalation.State.OPEN)
    return list(found.select_related("referral", "clock").order_by("opened_at", "pk"))


def told_by(escalation: Escalation) -> list[Notice]:
    """Who was told on this climb, in order."""
    told = Notice.objects.filter(escalation_id=escalation.pk).exclude(kind="stood_down")
    return list(told.order_by("created_at", "priority", "recipient_name", "channel"))
