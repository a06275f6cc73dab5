"""Telling people of reports and meetings: notices with a link, never a figure and never a person.

What is told goes into the outbox with the change that caused it. Whoever has no account cannot
open the link: they are written down as to be given the report by hand.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from audit.domain import steering
from audit.models import Report, ReportSent, SteeringGroup
from mscc.celery import ring_on_commit
from mscc.people.models import User
from scheduling.domain import rota
from scheduling.notify import outbox
from scheduling.notify.models import Channel, Kind


def tell_members(report: Report, at: datetime) -> tuple[int, int]:
    """Tell the members that a report was issued; (told by email, to be given it by hand)."""
    group = SteeringGroup.objects.filter(alliance_id=report.alliance_id).first()
    members = steering.sitting(group, steering.today(at)) if group is not None else []
    users = [each.user for each in members if each.user is not None and each.user.is_active]
    write(
        users,
        Kind.REPORT,
        f"report:{report.pk}",
        {"link": f"/reports/{report.pk}/"},
        at,
    )
    told = {user.pk for user in users}
    ReportSent.objects.bulk_create(
        [
            ReportSent(report=report, member=each, by_email=each.user_id in told, at=at)
            for each in members
        ]
    )
    return len(users), len(members) - len(users)


def write(
    users: Iterable[User], kind: str, key: str, fields: dict[str, Any], at: datetime
) -> tuple[str, ...]:
    """Write an email to each into the outbox, in the caller's transaction; their names.

    With the same `key` nobody is told twice.
    """
    found = {user.pk: user for user in users}
    addresses = email_of(found.values())
    outbox.post(
        [
            outbox.NewNotice(
                kind=kind,
                channel=Channel.EMAIL,
                address=addresses[pk],
                recipient_id=pk,
                recipient_name=user.name,
                dedupe_key=f"{key}:{pk}",
                fields=fields,
            )
            for pk, user in found.items()
        ],
        at,
    )
    if found:
        ring_on_commit("scheduling.tasks.dispatch_notices")
    return tuple(user.name for user in found.values())


def email_of(users: Iterable[User]) -> dict[int, str]:
    """Where each is written to: their first good contact point for email, else the address they
    sign in with."""
    own = {user.pk: user.email for user in users}
    return own | {reach.user_id: reach.address for reach in rota.reaches(own, (Channel.EMAIL,))}
