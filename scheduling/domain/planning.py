"""Putting somebody on duty, in place of somebody, and taking them off again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from mscc.events import Actor, publish
from mscc.people.models import Assignment, Organisation
from referrals.domain.refusals import Invalid
from scheduling.domain.queries import duty
from scheduling.events import ShiftPlanned, ShiftRemoved, ShiftShortened
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
    """Put the holder of a role on duty for it, where they hold it. Overlaps are allowed: of two
    turns the one that begins later holds. Raises Invalid. The caller has checked that `by` may
    plan there."""
    shift = _shift(held, starts_at, ends_at, at)
    with transaction.atomic():
        hold_plan([shift.organisation_id])
        overlaps = _overlaps(shift)
        if same := next((each for each in overlaps if each.starts_at == starts_at), None):
            # Neither would begin later: nobody could say which of the two holds.
            sentence = f"The turn of {same.user.name} begins at the same time."
            raise Invalid({"starts_at": f"{sentence} Open it on the rota to put somebody there."})
        add(shift, by=by, at=at)
    return Planned(shift, overlaps)


def override(
    held: Assignment,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
) -> Planned:
    """Put somebody on duty instead of whoever is, for the whole time given.

    A turn that begins before simply goes on afterwards. One that begins within gives way: it
    begins later, or goes. Raises Invalid like `plan_shift`.
    """
    shift = _shift(held, starts_at, ends_at, at)
    shift.kind, shift.note = Shift.Kind.OVERRIDE, note
    with transaction.atomic():
        hold_plan([shift.organisation_id])
        overlaps = _overlaps(shift)
        for other in overlaps:
            if other.starts_at >= starts_at:
                _give_way(other, ends_at, by=by, at=at)
        add(shift, by=by, at=at)
    return Planned(shift, overlaps)


def hold_plan(place_ids: Iterable[int]) -> None:
    """Until the transaction ends nobody else plans these places: two who did so at once would not
    see each other's turns. Referrals go on arriving there meanwhile."""
    places = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    list(places.filter(pk__in=place_ids).values_list("pk"))


def add(shift: Shift, *, by: Actor, at: datetime) -> None:
    """Write a turn that was checked, and say so. Call it in a transaction."""
    shift.save(force_insert=True)
    publish(ShiftPlanned(by=by, at=at, **_said(shift)))


def check_times(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Raise Invalid when no turn can have these times."""
    if ends_at <= starts_at:
        raise Invalid({"ends_at": "The end must be after the start."})
    if ends_at <= at:
        raise Invalid({"ends_at": "This is over already. Plan turns that are still to come."})
    if ends_at - starts_at > LONGEST:
        raise Invalid({"ends_at": "A turn is at most 8 days. Check the dates."})
    if starts_at - at > _FURTHEST:
        raise Invalid({"starts_at": "This is more than a year ahead. Check the year."})


def _shift(held: Assignment, starts_at: datetime, ends_at: datetime, at: datetime) -> Shift:
    check_times(starts_at, ends_at, at)
    return Shift(
        organisation=held.organisation,
        role=held.role,
        specialty=held.specialty or "",
        user=held.user,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _overlaps(shift: Shift) -> list[Shift]:
    overlaps = duty.overlapping(shift)
    if any(other.user_id == shift.user_id for other in overlaps):
        raise Invalid({"starts_at": f"{shift.user.name} is on duty already in that time."})
    return overlaps


def _give_way(other: Shift, until: datetime, *, by: Actor, at: datetime) -> None:
    if other.ends_at <= until:
        remove_shift(other, by=by, at=at)
        return
    other.starts_at = until
    other.save(update_fields=["starts_at"])
    publish(ShiftShortened(by=by, at=at, **_said(other)))


def remove_shift(shift: Shift, *, by: Actor, at: datetime) -> bool:
    """Take a turn off the plan; False when somebody else had done so already."""
    said = _said(shift)
    with transaction.atomic():
        # The count of `delete` is also of the swaps that are let go of.
        gone = Shift.objects.filter(pk=shift.pk, ends_at__gt=at).select_for_update().first()
        if gone is not None:
            gone.delete()
            publish(ShiftRemoved(by=by, at=at, **said))
    return gone is not None


def _said(shift: Shift) -> dict[str, UUID | str | int | datetime]:
    return {
        "shift_id": shift.pk,
        "role": shift.role,
        "organisation_id": shift.organisation_id,
        "user_id": shift.user_id,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
    }
