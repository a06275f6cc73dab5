"""Going on duty: who is told when a shift begins and nobody has shown that a page reaches them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from mscc.events import Actor, publish
from scheduling.domain import daily_test, posting, rota
from scheduling.domain.queries import going_on as query
from scheduling.events import DutyUnconfirmed
from scheduling.models import DutyStart, Shift
from scheduling.notify.models import Kind
from scheduling.timekeeping.ladder import RINGS

SERVICE = Actor.system("duty")
# So long after its start somebody else is told that none was confirmed.
LATE = timedelta(minutes=15)
# A shift that began longer ago is nobody's news: the daily test and the pages themselves show it.
_NEWS = timedelta(hours=2)


def start_round(now: datetime) -> int:
    """Tell the service lead and the outgoing of each shift that began unconfirmed; how many.

    Once a shift; a turn that goes on from one of the same person is no beginning.
    """
    begun = query.unconfirmed(now - _NEWS, now - LATE, now)
    return sum(_tell_of_start(pk, now) for pk in begun)


def _tell_of_start(shift_id: UUID, now: datetime) -> int:
    with transaction.atomic():
        shift = (
            Shift.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("organisation", "user")
            .filter(pk=shift_id)
            .first()
        )
        if shift is None:
            return 0
        start, _ = DutyStart.objects.get_or_create(shift=shift)
        if start.confirmed_at or start.told_at:
            return 0
        lead = rota.covering("service_lead", shift.organisation, now)
        whom = {lead.turn.user_id} if lead else set()
        whom |= query.outgoing(shift)
        reaches = rota.reaches(whom - {shift.user_id}, RINGS)
        fields = {"what": shift.role, "due": shift.starts_at, "link": "/duty/"}
        posting.post(reaches, Kind.UNPROVEN, f"start:{shift.pk}", fields, now)
        start.told_at = now
        start.save(update_fields=["told_at"])
        publish(
            DutyUnconfirmed(
                by=SERVICE,
                at=now,
                shift_id=shift.pk,
                role=shift.role,
                organisation_id=shift.organisation_id,
                user_id=shift.user_id,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                told=tuple(f"{reach.name} by {reach.channel}" for reach in reaches),
            )
        )
    return 1


def test_round(now: datetime) -> int:
    """All that test pages need done by themselves at `now`: starts of duty and today's test."""
    return start_round(now) + daily_test.daily_round(now)
