"""The demo's handovers and test pages: the last ones done, the next one offered and waiting."""

from datetime import datetime, timedelta

from mscc import clock
from mscc.events import Actor
from mscc.people.models import Organisation, User
from scheduling.domain import handing_over, proving
from scheduling.domain.handover import handover_round
from scheduling.domain.queries.handover import items_at
from scheduling.models import DutyStart, Handover, Shift, TestPage, TestRound

NOTE = (
    "Scanner 2 at Northmoor General is down until noon tomorrow; use Harrow Cross. "
    "Mr Wren is in theatre until about nine: his registrar answers for him."
)
_DAYS = 3


def hand_over(people: dict[str, User], alliance: Organisation, now: datetime) -> None:
    """Three days of accepted handovers, and one that waits for whoever comes on duty next."""
    shifts = Shift.objects.filter(
        organisation=alliance,
        role="coordinator",
        starts_at__gt=now - timedelta(days=_DAYS),
        starts_at__lte=now,
    ).select_related("user")
    everybody = items_at(alliance.ref, now)
    for shift in shifts.order_by("starts_at"):
        went = people["night" if shift.user == people["coordinator"] else "coordinator"]
        Handover.objects.create(
            organisation=alliance,
            from_user=went,
            to_user=shift.user,
            changes_at=shift.starts_at,
            created_at=shift.starts_at - timedelta(hours=12),
            state=Handover.State.ACCEPTED,
            items=[item for item in everybody if item["state"] != "referred"][:12],
            offered_at=shift.starts_at - timedelta(minutes=20),
            offered_by=went,
            accepted_at=shift.starts_at + timedelta(minutes=4),
            accepted_by=shift.user,
        )
        DutyStart.objects.create(shift=shift, confirmed_at=shift.starts_at - timedelta(minutes=8))
    handover_round(now)
    coming = Handover.objects.filter(state=Handover.State.DRAFT).order_by("changes_at").first()
    if coming is not None and coming.from_user is not None and everybody:
        first = everybody[0]["reference"]
        handing_over.write(
            coming.pk,
            NOTE,
            {first: "The ward rings back as soon as the bladder scan is done."},
            version=coming.version,
            offered=True,
            by=Actor.user(coming.from_user),
            at=now,
        )


def test_yesterday(people: dict[str, User], now: datetime) -> None:
    """Yesterday's test page: answered by most, and by one only late."""
    day = clock.local(now).date() - timedelta(days=1)
    sent = now - timedelta(days=1)
    round_ = TestRound.objects.create(day=day, sent_at=sent, told_at=sent + timedelta(minutes=30))
    answers = {"coordinator": 2, "senior": 5, "oncologist": 9, "physio": 48, "surgeon": None}
    for name, minutes in answers.items():
        for contact in people[name].contacts.all():
            late = minutes is None or (contact.channel == "email" and name != "coordinator")
            page = TestPage.objects.create(
                round=round_,
                user=people[name],
                contact=contact,
                channel=contact.channel,
                address=contact.address,
                sent_at=sent,
                answered_at=None if late else sent + timedelta(minutes=minutes or 0),
                answered_by="" if late else ("link" if contact.channel == "email" else "said"),
            )
            proving.post([page], sent)
