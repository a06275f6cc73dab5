"""What the pickers of the dashboards offer: places somebody may see figures of, and since when."""

from datetime import date

from django.db.models import Min

from audit.models import Cell
from mscc.people.models import Organisation, User
from mscc.people.places import KINDS, OrganisationRef
from mscc.people.roles import Permission


def places_of(user: User) -> list[OrganisationRef]:
    """Every alliance, trust and hospital whose figures `user` may see, each under the one it is
    part of; the place itself first where a role is held."""
    held = user.places(Permission.SEE_FIGURES)
    found: dict[int, OrganisationRef] = {}
    for place in held:
        inside = Organisation.objects.within(place).exclude(kind="ward").order_by("name", "pk")
        found |= {each.pk: OrganisationRef.of(each) for each in inside}
    names = {each.id: each.name for each in found.values()}
    return sorted(found.values(), key=lambda each: _path(each, names))


def _path(place: OrganisationRef, names: dict[int, str]) -> tuple[tuple[str, int], ...]:
    around = [getattr(place, f"{kind}_id") for kind in KINDS]
    return tuple((names.get(pk, ""), pk) for pk in around if pk is not None)


def first_month(place: OrganisationRef) -> date | None:
    """The month of the first journey on record there; None while there is none."""
    # Of the kept counts: there is one of every hospital's month, and journeys are many.
    hospitals = Organisation.objects.within(place).filter(kind="hospital")
    rows = Cell.objects.filter(place__in=hospitals, cut="")
    first: date | None = rows.aggregate(first=Min("month"))["first"]
    return first
