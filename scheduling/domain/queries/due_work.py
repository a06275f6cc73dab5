"""Everything that is due soon or overdue in a person's care, the next first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, IntegerField, Q, Value, When

from mscc.people.places import KINDS, OrganisationRef
from referrals.clinical import bundle
from referrals.models import Opinion
from scheduling.models import DueWork

PAGE = 50
# What is due within this is on the list; a follow-up is planned some days ahead.
AHEAD = timedelta(hours=24)
FOLLOW_UP_AHEAD = timedelta(days=7)
# Kinds that are no group of the care bundle, by what their keys begin with.
OTHERS = {
    "Opinions": bundle.OPINION,
    "Dexamethasone course": bundle.COURSE,
    "Follow-up": bundle.FOLLOW_UP,
}


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing to do for one person: for the list, never for the wall."""

    key: str
    due_at: datetime
    referral_id: UUID
    reference: str
    family_name: str
    given_name: str
    date_of_birth: date | None
    hospital: str
    ward: str | None
    closed_at: datetime | None
    alliance_id: int
    trust_id: int
    hospital_id: int
    ward_id: int | None
    specialty: str


def kinds() -> tuple[str, ...]:
    """What the list can be narrowed to: groups of the care bundle, then the others."""
    return (*dict.fromkeys(item.group for item in bundle.all_items()), *OTHERS)


def due_work(
    places: list[OrganisationRef],
    at: datetime,
    *,
    kind: str = "",
    overdue: bool = False,
    number: int = 1,
) -> tuple[list[DueRow], bool]:
    """Page `number` (from 1) of what is due at these places, and whether there is another.

    Two statements: the rows, and the specialties of the opinions among them.
    """
    ahead = Q(due_at__lt=at)
    if not overdue:
        ahead |= Q(due_at__lt=at + AHEAD)
        ahead |= Q(due_at__lt=at + FOLLOW_UP_AHEAD, key__startswith=bundle.FOLLOW_UP)
    wanted = DueWork.objects.filter(_within(places), ahead, _of(kind))
    first = (number - 1) * PAGE
    rows = wanted.order_by(_weight(at), "due_at", "key", "pk").values_list(
        "key",
        "due_at",
        "referral_id",
        "referral__reference",
        "referral__patient__family_name",
        "referral__patient__given_name",
        "referral__patient__date_of_birth",
        "referral__hospital__name",
        "referral__ward__name",
        "referral__closed_at",
        *(f"referral__{kind}_id" for kind in KINDS),
    )[first : first + PAGE + 1]
    found = list(rows)
    specialties = _specialties([key for key, *_ in found])
    made = [DueRow(*values, specialty=specialties.get(values[0], "")) for values in found[:PAGE]]
    return made, len(found) > PAGE


def _within(places: list[OrganisationRef]) -> Q:
    around = (Q(**{f"referral__{place.kind}_id": place.id}) for place in places)
    return reduce(or_, around, Q(pk=None))


def _weight(at: datetime) -> Case:
    """What is overdue first, of that the opinions, then what safety turns on; as on the board."""
    return Case(
        When(due_at__gte=at, then=Value(3)),
        When(key__startswith=bundle.OPINION, then=Value(0)),
        When(
            Q(key__startswith=bundle.COURSE) | Q(key__in=bundle.safety_keys()),
            then=Value(1),
        ),
        default=Value(2),
        output_field=IntegerField(),
    )


def _of(kind: str) -> Q:
    if not kind:
        return Q()
    if kind in OTHERS:
        return Q(key__startswith=OTHERS[kind])
    return Q(key__in=[item.key for item in bundle.all_items() if item.group == kind])


def _specialties(keys: list[str]) -> dict[str, str]:
    asked = [key.removeprefix(bundle.OPINION) for key in keys if key.startswith(bundle.OPINION)]
    if not asked:
        return {}
    rows = Opinion.objects.filter(pk__in=asked)
    return {f"{bundle.OPINION}{row.pk}": row.get_specialty_display() for row in rows}
