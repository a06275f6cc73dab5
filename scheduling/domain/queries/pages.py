"""Every page and message about a referral, with each attempt, and who has answered."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from mscc.people.models import User
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Referral
from scheduling.models import Escalation, Notice
from scheduling.notify import outbox

PAGE = 50
_CODE = re.compile(r"[\w-]{16,64}", re.ASCII)


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
    climbs = Escalation.objects.select_related("acknowledged_by").in_bulk(
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


def climb_of_code(token: str) -> Escalation | None:
    """The climb that an acknowledge link belongs to; an older page of it counts as well."""
    notice = outbox.by_token(token) if _CODE.fullmatch(token) else None
    return climb(notice.escalation_id) if notice and notice.escalation_id else None


def climb(escalation_id: UUID) -> Escalation | None:
    """One climb with its referral, its clock and who answered."""
    return (
        Escalation.objects.select_related("referral", "clock", "acknowledged_by")
        .filter(pk=escalation_id)
        .first()
    )


def told_by(escalation: Escalation) -> list[Notice]:
    """Who was told on this climb, in order."""
    told = Notice.objects.filter(escalation_id=escalation.pk).exclude(kind="stood_down")
    return list(told.order_by("created_at", "priority", "recipient_name", "channel"))
