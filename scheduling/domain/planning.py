"""Putting somebody on duty and taking them off again; the whole rota with its gaps comes later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from mscc.events import Actor, publish
from mscc.people.models import Assignment
from referrals.domain.refusals import Invalid
from scheduling.domain.queries import duty
from scheduling.events import ShiftPlanned, ShiftRemoved
from scheduling.models import Shift

LONGEST = timedelta(days=8)
_FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Planned:
    """A turn that was added, and the turns it overlaps: the one that begins last holds."""

    shift: Shift
    overlaps: list[Shift]


def plan_shift(
    held: Assignment, starts_at: datetime, ends_at: datetime, *, by: Actor, at: datetime
) -> Planned:
    """Put the holder of a role on duty for it, where they hold it. Overlaps are allowed: an
    override is one. Raises Invalid. The caller has checked that `by` may plan there."""
    if ends_at <= starts_at:
        raise Invalid({"ends_at": "The end must be after the start."})
    if ends_at <= at:
        raise Invalid({"ends_at": "This is over already. Plan turns that are still to come."})
    if ends_at - starts_at > LONGEST:
        raise Invalid({"ends_at": "A turn is at most 8 days. Check the dates."})
    if starts_at - at > _FURTHEST:
        raise Invalid({"starts_at": "This is more than a year ahead. Check the year."})
    shift = Shift(
        organisation=held.organisation,
        role=held.role,
        specialty=held.specialty or "",
        user=held.user,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    with transaction.atomic():
        overlaps = duty.overlapping(shift)
        if any(other.user_id == held.user_id for other in overlaps):
            raise Invalid({"starts_at": f"{held.user.name} is on duty already in that time."})
        shift.save(force_insert=True)
        publish(ShiftPlanned(by=by, at=at, **_said(shift)))
    return Planned(shift, overlaps)


def remove_shift(shift: Shift, *, by: Actor, at: datetime) -> bool:
    """Take a turn off the plan; False when somebody else had done so already."""
    with transaction.atomic():
        gone, _ = Shift.objects.filter(pk=shift.pk, ends_at__gt=at).delete()
        if gone:
            publish(ShiftRemoved(by=by, at=at, **_said(shift)))
    return bool(gone)


def _said(shift: Shift) -> dict[str, UUID | str | int | datetime]:
    return {
        "shift_id": shift.pk,
        "role": shift.role,
        "organisation_id": shift.organisation_id,
        "user_id": shift.user_id,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
    }
