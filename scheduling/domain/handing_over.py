"""Handing over: the outgoing writes and offers, the incoming accepts by name.

Nothing depends on somebody remembering: the round makes a draft before each change of shift,
offers it at the change if nobody did, and tells people until somebody accepts.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from mscc.events import Actor, publish
from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.domain.refusals import Conflict
from scheduling.domain.queries import handover as query
from scheduling.events import HandoverAccepted, HandoverOffered, HandoverRead, HandoverWritten
from scheduling.models import Handover, Notice
from scheduling.notify.models import WAITING, State

SERVICE = Actor.system("handover")


class Moved(Conflict):
    """Somebody else wrote meanwhile; what was typed is still on the form."""

    code = "stale_version"


def said(handover: Handover) -> dict[str, Any]:
    """What every event about a handover says of it."""
    return {
        "handover_id": handover.pk,
        "organisation_id": handover.organisation_id,
        "role": handover.role,
        "changes_at": handover.changes_at,
    }


def may_write(user: User, handover: Handover) -> bool:
    """Whether this person may write notes and offer it: whoever goes, or does the same work."""
    if handover.state not in query.ALIVE:
        return False
    return user.pk == handover.from_user_id or _hands_over(user, handover)


def may_accept(user: User, handover: Handover) -> bool:
    """Whether this person may take it over: whom the rota names, or who does the same work.

    Nobody takes over from themselves.
    """
    if handover.state != Handover.State.OFFERED or user.pk == handover.from_user_id:
        return False
    return user.pk == handover.to_user_id or _hands_over(user, handover)


def _hands_over(user: User, handover: Handover) -> bool:
    return user.can(Permission.HAND_OVER, handover.organisation)


def write(
    handover_id: UUID,
    note: str,
    notes: Mapping[str, str],
    *,
    version: int,
    offered: bool,
    by: Actor,
    at: datetime,
) -> Handover:
    """Keep the notes and, with `offered`, offer the list as it is now.

    `notes` are by reference. What was offered before is offered anew, so that the list and the
    notes belong together. Raises Moved when somebody wrote since `version`, Conflict when it is
    over. The caller has checked `may_write`.
    """
    with transaction.atomic():
        handover = _locked(handover_id)
        if handover.state not in query.ALIVE:
            raise Conflict("This handover is over. Your notes were not saved: ring who took it.")
        if handover.version != version:
            raise Moved(
                "Somebody else wrote on this handover meanwhile. Your text is kept below; save "
                "again to put it in place of theirs."
            )
        handover.note = note.strip()
        handover.notes = {ref: text.strip() for ref, text in notes.items() if text.strip()}
        handover.version += 1
        handover.save(update_fields=["note", "notes", "version"])
        if offered or handover.state == Handover.State.OFFERED:
            offer(handover, by=by, at=at)
        else:
            publish(HandoverWritten(by=by, at=at, **said(handover)))
        return handover


def offer(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Freeze the list as it is and let it wait for whoever comes; the row is locked."""
    handover.items = query.items_at(handover.organisation.ref, at)
    handover.state = Handover.State.OFFERED
    handover.offered_at, handover.offered_by_id = at, by.user_id
    handover.save(update_fields=["items", "state", "offered_at", "offered_by"])
    publish(HandoverOffered(by=by, at=at, references=references(handover), **said(handover)))


def accept(handover_id: UUID, *, by: Actor, at: datetime) -> Handover:
    """Somebody says: I have it. What moved since it was offered is kept with it.

    Accepting twice is the same answer; the first name stays. Raises Conflict when there is
    nothing to accept. The caller has checked `may_accept`.
    """
    with transaction.atomic():
        handover = _locked(handover_id)
        if handover.state == Handover.State.ACCEPTED:
            return handover
        if handover.state != Handover.State.OFFERED:
            raise Conflict("This handover is not there to be accepted. Look at the list.")
        if handover.from_user_id == by.user_id:
            raise Conflict("You hand this over yourself. Somebody else has to accept it.")
        live = query.items_at(handover.organisation.ref, at)
        handover.changed = query.differences(handover.items, live)
        handover.state = Handover.State.ACCEPTED
        handover.accepted_at, handover.accepted_by_id = at, by.user_id
        handover.save(update_fields=["changed", "state", "accepted_at", "accepted_by"])
        withdraw_pages(handover, at)
        publish(
            HandoverAccepted(
                by=by,
                at=at,
                for_user_id=handover.to_user_id,
                references=references(handover),
                **said(handover),
            )
        )
        return handover


def record_read(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Somebody opened it: the trail says who, and about whom."""
    with transaction.atomic():
        publish(HandoverRead(by=by, at=at, references=references(handover), **said(handover)))


def references(handover: Handover) -> tuple[str, ...]:
    """The referrals on the frozen list."""
    return tuple(str(item["reference"]) for item in handover.items)


def key_of(handover: Handover) -> str:
    """What the dedupe keys of its notices begin with."""
    return f"handover:{handover.pk}:"


def withdraw_pages(handover: Handover, at: datetime) -> None:
    """What was not sent yet need not be sent; locked by id, as notices are everywhere."""
    waiting = Notice.objects.filter(dedupe_key__startswith=key_of(handover), state__in=WAITING)
    ids = list(waiting.order_by("id").select_for_update().values_list("pk", flat=True))
    Notice.objects.filter(pk__in=ids).update(
        state=State.SUPERSEDED, lease_token=None, lease_until=None, next_attempt_at=at
    )


def _locked(handover_id: UUID) -> Handover:
    return (
        Handover.objects.select_for_update(of=("self",))
        .select_related("organisation", "from_user", "to_user")
        .get(pk=handover_id)
    )
