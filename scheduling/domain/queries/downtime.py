"""What the downtime pack shows of an alliance: who is open, who is on duty, whom to ring."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from mscc.people.models import Assignment, Organisation
from mscc.people.places import OrganisationRef
from referrals.clinical import bundle
from referrals.models import MriScan, Opinion, Referral
from scheduling.domain.queries import board, duty
from scheduling.models import DueWork, Escalation, Shift

AHEAD = timedelta(hours=48)
# Care that falls due while the pack may still be used.
CARE_AHEAD = timedelta(hours=24)
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class OpenOne:
    """One open referral with everything that is outstanding on it."""

    referral: Referral
    clocks: tuple[board.ClockFacts, ...]
    climbs: list[Escalation] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    care: list[DueWork] = field(default_factory=list)
    scans: list[MriScan] = field(default_factory=list)


def open_ones(alliance: OrganisationRef, at: datetime) -> list[OpenOne]:
    """Every open referral of an alliance, in the order of the board; seven statements."""
    found = board.open_at([alliance]).select_related(
        "patient", "trust", "hospital", "ward", "taken_by"
    )
    far = datetime.max.replace(tzinfo=at.tzinfo)
    rows = sorted(
        found,
        key=lambda each: (each.unread_since is None, each.next_due_at or far, each.reference),
    )
    ids = [row.pk for row in rows]
    details = board.details_of(ids, at)
    alive = Escalation.objects.filter(referral_id__in=ids, state__in=["open", "acknowledged"])
    climbs = _by_referral(alive.select_related("clock", "acknowledged_by").order_by("opened_at"))
    opinions = _by_referral(Opinion.objects.filter(referral_id__in=ids).order_by("occurred_at"))
    due = DueWork.objects.filter(referral_id__in=ids, due_at__lte=at + CARE_AHEAD)
    care = _by_referral(due.exclude(key__startswith=bundle.OPINION).order_by("due_at", "key"))
    scans = _by_referral(
        MriScan.objects.filter(referral_id__in=ids).select_related("place").order_by("occurred_at")
    )
    return [
        OpenOne(
            row,
            details[row.pk].clocks,
            climbs[row.pk],
            opinions[row.pk],
            care[row.pk],
            scans[row.pk],
        )
        for row in rows
    ]


def _by_referral(rows: Iterable[_Row]) -> defaultdict[UUID, list[_Row]]:
    found: defaultdict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.referral_id].append(row)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True, slots=True)
class WhoAnswers:
    """`now` who is on duty at the alliance; `shifts` of the next 48 hours anywhere in it;
    `holders` of the roles that somebody always answers for; `lines` of places with a number."""

    now: duty.Duty
    shifts: list[Shift]
    holders: list[Assignment]
    lines: list[Organisation]


def who_answers(alliance: OrganisationRef, at: datetime) -> WhoAnswers:
    """Everybody to ring in an alliance, with numbers; four statements."""
    planned = duty.shifts_planned([alliance], at).filter(starts_at__lt=at + AHEAD)
    held = Assignment.objects.current(at).filter(
        role__in=(*duty.ON_DUTY, "service_lead"),
        organisation__in=Organisation.objects.within(alliance),
        user__is_active=True,
    )
    lines = Organisation.objects.within(alliance).exclude(phone="")
    return WhoAnswers(
        duty.on_duty([alliance], at)[0],
        list(planned),
        list(held.select_related("user", "organisation").order_by("role", "user__name")),
        sorted(lines, key=lambda each: (_SIZE.index(each.kind), each.name)),
    )


_SIZE = ("alliance", "trust", "hospital", "ward")
