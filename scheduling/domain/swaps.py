"""Asking a colleague to take a turn, and seeing to it that the question does not lie there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from mscc.events import Actor, publish
from mscc.people.models import Assignment
from referrals.domain.refusals import Invalid
from scheduling.domain import rota_notices
from scheduling.domain.queries import duty
from scheduling.events import (
    SwapAccepted,
    SwapAsked,
    SwapChased,
    SwapDeclined,
    SwapEvent,
    SwapLapsed,
    SwapToldToLead,
    SwapWithdrawn,
)
from scheduling.models import Shift, SwapRequest
from scheduling.notify.models import Kind
from scheduling.timekeeping.gaps import follow_ups

_PROCESS = Actor.system("rota")


def may_be_asked(shift: Shift, at: datetime) -> list[Assignment]:
    """The colleagues who hold the same role at the same place, but whoever has the turn."""
    held = Assignment.objects.current(at).filter(
        organisation_id=shift.organisation_id,
        role=shift.role,
        specialty=shift.specialty or None,
        user__is_active=True,
    )
    others = held.exclude(user_id=shift.user_id).select_related("user")
    return list(others.order_by("user__name", "pk"))


def ask(shift: Shift, asked: Assignment, *, by: Actor, at: datetime) -> SwapRequest:
    """Ask a colleague to take a turn that has not begun. Raises Invalid.

    The caller has checked that the turn is the one of `by`, or that they may plan there.
    """
    with transaction.atomic():
        locked = Shift.objects.select_for_update().filter(pk=shift.pk).first()
        if locked is None or locked.starts_at <= at:
            raise Invalid({"asked": "This turn has begun, or it is no longer on the plan."})
        if not any(asked.pk == other.pk for other in may_be_asked(locked, at)):
            raise Invalid({"asked": "Choose a colleague who holds this role here."})
        if locked.swaps.filter(state=SwapRequest.State.ASKED).exists():
            raise Invalid({"asked": "Somebody was asked already. Withdraw that first."})
        _refuse_twice(locked, asked.user_id, asked.user.name)
        chase_at, tell_lead_at = follow_ups(at, locked.starts_at)
        swap = SwapRequest.objects.create(
            shift=locked,
            organisation_id=locked.organisation_id,
            role=locked.role,
            starts_at=locked.starts_at,
            ends_at=locked.ends_at,
            asked_by_id=locked.user_id,
            asked=asked.user,
            asked_at=at,
            chase_at=chase_at,
            tell_lead_at=tell_lead_at,
        )
        _publish(SwapAsked, swap, by, at, _tell(swap, [swap.asked_id], "asked", at))
    return swap


def accept(swap: SwapRequest, *, by: Actor, at: datetime) -> bool:
    """The turn becomes the asked one's; False when the question is no longer open.

    Raises Invalid when they are on duty at that time already, or no longer hold the role there.
    """
    with transaction.atomic():
        # As everywhere here: the turn is locked before what was asked about it.
        shift = Shift.objects.select_for_update().filter(pk=swap.shift_id).first()
        open_one = _still_open(swap.pk)
        if open_one is None or shift is None or shift.starts_at <= at:
            return False
        if all(held.user_id != open_one.asked_id for held in may_be_asked(shift, at)):
            raise Invalid({"asked": "You no longer hold this role here. Tell whoever asked you."})
        _refuse_twice(shift, open_one.asked_id, open_one.asked.name)
        shift.user_id, shift.kind = open_one.asked_id, Shift.Kind.SWAP
        shift.note = f"Taken over from {open_one.asked_by.name}"[:200]
        shift.save(update_fields=["user", "kind", "note"])
        _settle(open_one, SwapRequest.State.ACCEPTED, at)
        told = _tell(open_one, [open_one.asked_by_id], "accepted", at)
        _publish(SwapAccepted, open_one, by, at, told)
    return True


def decline(swap: SwapRequest, *, by: Actor, at: datetime) -> bool:
    """The turn stays where it is, and whoever asked hears of it; False when no longer open."""
    with transaction.atomic():
        open_one = _still_open(swap.pk)
        if open_one is None:
            return False
        _settle(open_one, SwapRequest.State.DECLINED, at)
        told = _tell(open_one, [open_one.asked_by_id], "declined", at)
        _publish(SwapDeclined, open_one, by, at, told)
    return True


def withdraw(swap: SwapRequest, *, by: Actor, at: datetime) -> bool:
    """Whoever asked keeps the turn after all; False when the question is no longer open."""
    with transaction.atomic():
        open_one = _still_open(swap.pk)
        if open_one is None:
            return False
        _settle(open_one, SwapRequest.State.WITHDRAWN, at)
        _publish(SwapWithdrawn, open_one, by, at, ())
    return True


def swap_round(now: datetime) -> int:
    """Chase what was not answered, then tell the service lead, then let it lapse; how many.

    Each once, however often it is called.
    """
    waiting = SwapRequest.objects.filter(state=SwapRequest.State.ASKED).filter(
        Q(chase_at__lte=now, chased_at=None)
        | Q(tell_lead_at__lte=now, told_lead_at=None)
        | Q(starts_at__lte=now)
    )
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            swap = _still_open(pk, skip_locked=True)
            done += int(swap is not None and _follow_up(swap, now))
    return done


def _follow_up(swap: SwapRequest, now: datetime) -> bool:
    if swap.starts_at <= now or swap.shift_id is None:
        _settle(swap, SwapRequest.State.LAPSED, now)
        told = _tell(swap, [swap.asked_by_id], "lapsed", now)
        _publish(SwapLapsed, swap, _PROCESS, now, told)
        return True
    if swap.tell_lead_at <= now and swap.told_lead_at is None:
        swap.told_lead_at = now
        swap.chased_at = swap.chased_at or now
        swap.save(update_fields=["told_lead_at", "chased_at"])
        leads = rota_notices.service_leads(swap.organisation, now)
        told = _tell(swap, [*leads, swap.asked_id], "lead", now, repeat=3)
        _publish(SwapToldToLead, swap, _PROCESS, now, told)
        return True
    if swap.chase_at <= now and swap.chased_at is None:
        swap.chased_at = now
        swap.save(update_fields=["chased_at"])
        told = _tell(swap, [swap.asked_id], "chased", now, repeat=2)
        _publish(SwapChased, swap, _PROCESS, now, told)
        return True
    return False


def _still_open(pk: UUID, *, skip_locked: bool = False) -> SwapRequest | None:
    rows = SwapRequest.objects.select_for_update(of=("self",), skip_locked=skip_locked)
    rows = rows.select_related("asked", "asked_by", "organisation")
    return rows.filter(pk=pk, state=SwapRequest.State.ASKED).first()


def _settle(swap: SwapRequest, state: SwapRequest.State, at: datetime) -> None:
    swap.state, swap.answered_at = state, at
    swap.save(update_fields=["state", "answered_at"])


def _refuse_twice(shift: Shift, user_id: int, name: str) -> None:
    if duty.busy(user_id, shift.starts_at, shift.ends_at):
        raise Invalid({"asked": f"{name} is on duty already in that time."})


def _tell(
    swap: SwapRequest, user_ids: list[int], what: str, at: datetime, repeat: int = 1
) -> tuple[str, ...]:
    return rota_notices.tell(
        user_ids,
        Kind.SWAP,
        f"swap:{swap.pk}:{what}",
        role=swap.role,
        due=swap.starts_at,
        at=at,
        repeat=repeat,
        channels=rota_notices.WRITTEN,
    )


def _publish(
    event: type[SwapEvent], swap: SwapRequest, by: Actor, at: datetime, told: tuple[str, ...]
) -> None:
    said: dict[str, Any] = {
        "swap_id": swap.pk,
        "shift_id": swap.shift_id,
        "role": swap.role,
        "organisation_id": swap.organisation_id,
        "starts_at": swap.starts_at,
        "ends_at": swap.ends_at,
        "asked_by_id": swap.asked_by_id,
        "asked_id": swap.asked_id,
    }
    publish(event(by=by, at=at, told=told, **said))
