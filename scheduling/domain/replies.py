"""Answers that come by another way than our pages: a text message, a pager, another system."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError

from mscc.events import Actor
from mscc.people.models import Channel, User
from mscc.people.models.contact import normalise_address
from mscc.people.roles import Permission
from referrals.domain.queries.permitted import may_do
from scheduling.domain import digests, escalation, proving
from scheduling.domain.queries import going_on
from scheduling.models import Escalation, Notice, TestPage
from scheduling.notify.inbound import Done, Status

_CODE = re.compile(r"(?<!\d)\d{4,6}(?!\d)", re.ASCII)
_CODES = 3  # of one reply that are looked up
# A code counts for so long after its message was sent; later it may be somebody else's.
COUNTS = timedelta(hours=24)


def by_code(channel: str, address: str, text: str, at: datetime) -> Done:
    """Somebody answered a message with its code: that page is acknowledged in their name.

    Code and address must belong together, so that a guessed code is worth nothing.
    """
    codes = _CODE.findall(text[:500])[:_CODES]
    if not codes:
        return Done(Status.NOTHING, "no code")
    sent = Notice.objects.filter(
        channel=channel,
        address=_as_stored(channel, address),
        reply_code__in=codes,
        created_at__gt=at - COUNTS,
    )
    notice = sent.select_related("recipient").order_by("-created_at").first()
    if notice is None:
        return Done(Status.NOTHING, "code unknown")
    return _acknowledge(notice, at, via=Escalation.Via.REPLY, how=TestPage.Answer.REPLY)


def by_system(notice_id: UUID, who: str, at: datetime) -> Done:
    """Another system says that somebody answered a message that it was given.

    In the name of whom the message was for; `who` is the name of the person there, if it says.
    Only for messages by that way: a number it was never given is worth nothing.
    """
    notice = (
        Notice.objects.filter(pk=notice_id, channel=Channel.WEBHOOK)
        .select_related("recipient")
        .first()
    )
    if notice is None:
        return Done(Status.NOTHING, "notice unknown")
    via = Escalation.Via.SYSTEM
    return _acknowledge(notice, at, via=via, how=TestPage.Answer.REPLY, on_behalf_of=who)


def _acknowledge(
    notice: Notice, at: datetime, *, via: str, how: str, on_behalf_of: str = ""
) -> Done:
    person = notice.recipient
    if person is None or not person.is_active:
        return Done(Status.NOTHING, "nobody's")
    by = Actor.user(person, on_behalf_of=on_behalf_of)
    if test := going_on.page_of(notice):
        proven = proving.arrived(test.pk, how, by=by, at=at)
        return Done(Status.DONE, "test") if proven else Done(Status.NOTHING, "too late")
    digest_id = digests.of_notice(notice)
    climbs = digests.climbs_of(digest_id) if digest_id else [notice.escalation_id]
    answered = [
        escalation.acknowledge(climb_id, by=by, at=at, via=via)
        for climb_id in climbs
        if climb_id is not None and _theirs(climb_id, person)
    ]
    if not answered:
        return Done(Status.NOTHING, "not theirs")
    return Done(Status.DONE, "page")


def _theirs(climb_id: UUID, person: User) -> bool:
    """Whether they may still see the referral and answer for it, as on our pages."""
    referral_id = Escalation.objects.values_list("referral_id", flat=True).get(pk=climb_id)
    return may_do(person, Permission.ACKNOWLEDGE).filter(pk=referral_id).exists()


def _as_stored(channel: str, address: str) -> str:
    """The address as a contact point holds it; gateways write 447700900123 without a plus."""
    if channel == Channel.SMS and address.startswith("44"):
        address = f"+{address}"
    try:
        return normalise_address(channel, address)
    except ValidationError:
        return address[:500]
