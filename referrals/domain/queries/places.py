"""Where somebody may refer people to."""

from django.db.models import QuerySet

from mscc.people.models import Organisation, User
from mscc.people.roles import Permission


def may_refer_to(user: User, hospital_id: int) -> bool:
    """Whether this is a hospital of an alliance in which the person may refer."""
    return _inside(user).filter(pk=hospital_id, kind="hospital").exists()


def hospitals_and_wards(user: User, *, after: int = 0, limit: int) -> list[Organisation]:
    """The hospitals and wards to which the person may refer, in the order they were added."""
    found = _inside(user).filter(kind__in=("hospital", "ward"), pk__gt=after)
    return list(found.select_related("trust", "hospital").order_by("pk")[:limit])


def _inside(user: User) -> QuerySet[Organisation]:
    alliances = {place.alliance_id for place in user.places(Permission.REFER)}
    return Organisation.objects.filter(alliance_id__in=alliances)
