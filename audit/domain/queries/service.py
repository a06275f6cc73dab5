"""What figures of the service itself are made of: turns on duty, and new cases."""

from datetime import datetime, time

from audit.domain import figures
from audit.measures import registry
from audit.measures.period import Period, shifted
from audit.measures.structure import CoverShare, cover
from mscc import clock
from mscc.people.places import OrganisationRef
from scheduling.domain.rota import ids_around
from scheduling.models import Shift

# Who answers as coordinator (1.1.7).
_ROLES = ("coordinator", "designated_clinician")
_CONFIRMED = registry.by_key("confirmed")


def cover_of(place: OrganisationRef, period: Period, at: datetime) -> CoverShare:
    """How much of these months, up to `at`, somebody was on duty as coordinator for a place."""
    begins = datetime.combine(period.first, time(), clock.LONDON)
    ends = min(datetime.combine(shifted(period.last, 1), time(), clock.LONDON), at)
    turns = Shift.objects.filter(
        organisation_id__in=ids_around(place),
        role__in=_ROLES,
        starts_at__lt=ends,
        ends_at__gt=begins,
    )
    return cover(turns.values_list("starts_at", "ends_at"), begins, ends)


def new_cases(place: OrganisationRef, period: Period, *, include_imported: bool = False) -> int:
    """Referrals received in these months in which imaging confirmed MSCC."""
    found = figures.totals([_CONFIRMED], place, period, include_imported=include_imported)
    return found[_CONFIRMED.number].labels.get("mscc", 0)
