"""What a postcode says about a person without naming them: a fifth of deprivation, a distance.

Asked with many postcodes at once; each answer takes a fixed number of statements. A postcode
nobody loaded is left out of the answer: not known, never a guess.
"""

import re
from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from audit.models import Area, HospitalSite, Postcode

_EARTH_KM = 6371.0088  # mean radius (IUGG)
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")


def plain(postcode: str) -> str:
    """A postcode as it is looked up: capitals, without spaces."""
    return "".join(postcode.split()).upper()


def is_postcode(said: str) -> bool:
    """Whether this, already plain, is written as a postcode is."""
    return _POSTCODE.fullmatch(said) is not None


def quintiles(postcodes: Iterable[str]) -> dict[str, int]:
    """The quintile of the IMD (1 the most deprived) of each postcode that is known, under the
    spelling it was asked by. One statement."""
    asked = {each: plain(each) for each in postcodes if each.strip()}
    of_area = Area.objects.filter(code=OuterRef("area")).values("quintile")
    rows = Postcode.objects.filter(pk__in=set(asked.values())).annotate(
        found=Coalesce("quintile", Subquery(of_area))
    )
    found = dict(rows.exclude(found=None).values_list("postcode", "found")) if asked else {}
    return {said: found[key] for said, key in asked.items() if key in found}


def distances(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], float]:
    """Kilometres as the crow flies from a postcode to a hospital, by (postcode, hospital id).

    A pair is left out when either is not on the map. Two statements.
    """
    asked = [(postcode, hospital) for postcode, hospital in pairs if postcode.strip()]
    if not asked:
        return {}
    sites = dict(
        HospitalSite.objects.filter(pk__in={hospital for _, hospital in asked}).values_list(
            "hospital_id", "postcode"
        )
    )
    wanted = {plain(postcode) for postcode, _ in asked} | set(sites.values())
    rows = Postcode.objects.filter(pk__in=wanted, latitude__isnull=False)
    on_map = {
        postcode: (latitude, longitude)
        for postcode, latitude, longitude in rows.values_list("postcode", "latitude", "longitude")
    }
    found: dict[tuple[str, int], float] = {}
    for postcode, hospital in asked:
        home, site = on_map.get(plain(postcode)), on_map.get(sites.get(hospital, ""))
        if home and site:
            found[postcode, hospital] = kilometres(home, site)
    return found


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great circle between two points, given as latitude and longitude in degrees."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))
