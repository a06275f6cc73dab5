"""The hospitals of the made-up past, which differ: one gets better over the years, one worse."""

from dataclasses import dataclass
from datetime import datetime

from audit.domain import lookups
from audit.domain.deprivation import distances, quintiles
from audit.models import HospitalSite, Postcode
from mscc.demo import people
from mscc.people.models import Organisation, User

FAR = 40.0  # km: from further away people come to another hospital

# How slow (1 is usual), how that changes in a year (0.7: three tenths quicker), how many of the
# referrals, and which share of what is asked is on record. In the order of the demo's hospitals.
_CHARACTERS = (
    (0.85, 1.00, 5, 0.96),
    (1.00, 0.70, 3, 0.93),  # gets better
    (1.10, 1.00, 2, 0.90),
    (0.95, 1.00, 4, 0.95),
    (1.60, 1.00, 1, 0.74),  # slow, and forgets to write things down
    (1.05, 1.35, 2, 0.91),  # gets worse
    (0.90, 1.00, 4, 0.94),
    (1.20, 1.00, 1, 0.88),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One hospital: who refers and coordinates there, and what it is like. `drift` is by year."""

    alliance: int
    trust: int
    hospital: int
    wards: tuple[int, ...]
    nurse: int
    by_day: int
    by_night: int
    slowness: float
    drift: float
    weight: int
    recorded: float


@dataclass(frozen=True, slots=True)
class Region:
    """All sites, with the postcodes of who lives there and what is known of them."""

    sites: tuple[Site, ...]
    near: dict[int, tuple[str, ...]]  # by hospital
    fifths: dict[str, int]
    distances: dict[tuple[str, int], float]


def region(at: datetime) -> Region:
    """The demo's hospitals as they are in the database; its lookups are loaded if none are."""
    if not HospitalSite.objects.exists():
        lookups.load_shipped(by="demo", at=at)
    workers = {
        user.email.split("@")[0]: user.pk for user in User.objects.filter(email__contains="@demo.")
    }
    alliance = Organisation.objects.get(kind="alliance", name=people.ALLIANCE)
    hospitals = Organisation.objects.filter(kind="hospital", alliance_id=alliance.pk)
    sites = tuple(
        _site(each, workers, _CHARACTERS[turn % len(_CHARACTERS)])
        for turn, each in enumerate(hospitals.order_by("pk"))
    )
    rows = Postcode.objects.filter(latitude__isnull=False).order_by("pk")
    postcodes = tuple(f"{each[:-3]} {each[-3:]}" for each in rows.values_list("pk", flat=True))
    away = distances([(postcode, site.hospital) for postcode in postcodes for site in sites])
    near = {site.hospital: _near(site, postcodes, away) for site in sites}
    return Region(sites, near, quintiles(postcodes), away)


def _near(
    site: Site, postcodes: tuple[str, ...], away: dict[tuple[str, int], float]
) -> tuple[str, ...]:
    found = tuple(each for each in postcodes if away.get((each, site.hospital), FAR) < FAR)
    return found or postcodes


def _site(
    hospital: Organisation, workers: dict[str, int], character: tuple[float, float, int, float]
) -> Site:
    slowness, drift, weight, recorded = character
    wards = Organisation.objects.filter(kind="ward", parent=hospital).order_by("pk")
    assert hospital.alliance_id is not None
    assert hospital.trust_id is not None
    return Site(
        alliance=hospital.alliance_id,
        trust=hospital.trust_id,
        hospital=hospital.pk,
        wards=tuple(wards.values_list("pk", flat=True)),
        nurse=workers["nurse"],
        by_day=workers["coordinator"],
        by_night=workers["night"],
        slowness=slowness,
        drift=drift,
        weight=weight,
        recorded=recorded,
    )
