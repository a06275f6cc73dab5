"""What the ward sees of its own referrals, and where it may refer from."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from mscc.people.models import Organisation, User
from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Referral


@dataclass(frozen=True, slots=True)
class OpenElsewhere:
    """As much of somebody's open referral as anyone who may refer that person is told."""

    id: object
    reference: str
    hospital: str
    received_at: datetime


def open_referrals_for(user: User, nhs_number: str) -> list[OpenElsewhere]:
    """The open referrals of one person in the alliances where `user` may refer, newest first.

    Reference, hospital and time only: the user may be a stranger to every one of them.
    """
    if not nhs_number:
        return []
    alliances = {place.alliance_id for place in user.places(Permission.REFER)}
    rows = (
        Referral.objects.filter(
            patient__nhs_number=nhs_number,
            patient__alliance_id__in=alliances,
            closed_at__isnull=True,
        )
        .order_by("-received_at")
        .values_list("pk", "reference", "hospital__name", "received_at")
    )
    return [OpenElsewhere(*row) for row in rows]


def referred_by_ward(user: User, limit: int = 50) -> list[Referral]:
    """What this person's ward referred, open ones first and of those the next due first.

    Somebody who works from the board sees here only what they keyed in themselves.
    """
    visible = referrals_visible_to(user)
    if user.can(Permission.SEE_BOARD):
        visible = visible.filter(referred_by=user)
    rows = visible.select_related("patient", "hospital", "ward")
    order = (F("closed_at").desc(nulls_first=True), F("next_due_at").asc(nulls_last=True))
    return list(rows.order_by(*order, "-received_at")[:limit])


def own_places(user: User) -> list[Organisation]:
    """The wards and hospitals where this person refers from, with their hospital."""
    ids = [p.id for p in user.places(Permission.REFER) if p.kind in ("ward", "hospital")]
    rows = Organisation.objects.filter(pk__in=ids).select_related("hospital", "parent")
    return sorted(rows, key=lambda place: ids.index(place.pk))


def hospitals_for(user: User) -> list[Organisation]:
    """Every hospital of the alliances where this person may refer, by name."""
    alliances = {place.alliance_id for place in user.places(Permission.REFER)}
    return list(
        Organisation.objects.filter(kind="hospital", alliance_id__in=alliances).order_by("name")
    )


def may_add_to(user: User) -> QuerySet[Referral]:
    """The referrals this person may add information and new signs to."""
    allowed = Q(referred_by=user)
    for place in user.places(Permission.ADD_INFORMATION):
        allowed |= Q(**place.condition())
    return referrals_visible_to(user).filter(allowed)


def home_place(user: User) -> OrganisationRef | None:
    """Where this person refers from, to ask who is on duty there."""
    places = user.places(Permission.REFER)
    return places[0] if places else None
