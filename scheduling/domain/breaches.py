"""Why a target was missed: asked for until somebody says (1.1.12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from mscc.events import Actor, publish
from mscc.people.places import OrganisationRef
from referrals.domain.refusals import Conflict, Invalid
from referrals.models import Referral
from scheduling.events import BreachExplained
from scheduling.models import BreachRecord, Clock
from scheduling.timekeeping.clocks import ClockState

MOST = 50


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody says of a missed target. `owner` follows it up."""

    reason: str
    words: str
    owner: str
    incident: bool
    incident_number: str = ""


def missed(at: datetime) -> QuerySet[Clock]:
    """Clocks that were missed, whether they still run or have stopped late."""
    return Clock.objects.filter(
        Q(state=ClockState.MISSED) | Q(state=ClockState.RUNNING, due_at__lte=at)
    )


def unexplained(at: datetime) -> QuerySet[Clock]:
    """Missed targets that nobody has said anything of, the latest first."""
    said = BreachRecord.objects.filter(clock=OuterRef("pk"), due_at=OuterRef("due_at"))
    return missed(at).filter(~Exists(said)).order_by("-due_at", "pk")


def unexplained_at(places: Iterable[OrganisationRef], at: datetime) -> tuple[list[Clock], int]:
    """Those at these places, the latest `MOST` of them, and how many there are."""
    within = reduce(or_, (Q(**place.condition("referral__")) for place in places), Q(pk=None))
    found = unexplained(at).filter(within)
    return list(found.select_related("referral__hospital")[:MOST]), found.count()


def of_referral(referral_id: UUID, at: datetime) -> list[tuple[Clock, list[BreachRecord]]]:
    """Every missed target of a referral with what was said of it, the last word last."""
    rows = BreachRecord.objects.filter(referral_id=referral_id).select_related("by")
    said: dict[tuple[UUID, datetime], list[BreachRecord]] = {}
    for row in rows:
        said.setdefault((row.clock_id, row.due_at), []).append(row)
    corrected = {row.supersedes_id for row in rows}
    for each in said.values():
        each.sort(key=lambda row: row.pk not in corrected)
    clocks = missed(at).filter(referral_id=referral_id).order_by("due_at", "kind")
    return [(clock, said.get((clock.pk, clock.due_at), [])) for clock in clocks]


def latest(clock: Clock) -> BreachRecord | None:
    """What holds of a missed target."""
    rows = BreachRecord.objects.filter(
        clock=clock, due_at=F("clock__due_at"), superseded_by__isnull=True
    )
    return rows.select_related("by").first()


def explain(
    referral_id: UUID, clock_id: UUID, account: Account, *, seen: str, by: Actor, at: datetime
) -> BreachRecord:
    """Say why a target was missed, or correct what was said; `seen` is the id of the record that
    whoever says it was looking at, empty for none. Raises Invalid and Conflict.

    The caller has checked that this person may act there. What was said before stays.
    """
    if account.reason == BreachRecord.Reason.OTHER and not account.words:
        raise Invalid({"words": "Say what it was."})
    if not account.owner:
        raise Invalid({"owner": "Enter who follows it up."})
    with transaction.atomic():
        referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral_id)
        clock = missed(at).filter(pk=clock_id, referral=referral).first()
        if clock is None:
            raise Conflict("This target is not missed any more. Nothing was recorded.")
        before = latest(clock)
        if str(before.pk if before else "") != seen:
            raise Conflict("Somebody has said something of it meanwhile. Look at theirs first.")
        row = BreachRecord.objects.create(
            clock=clock,
            referral=referral,
            due_at=clock.due_at,
            reason=account.reason,
            words=account.words,
            owner=account.owner,
            incident=account.incident,
            incident_number=account.incident_number if account.incident else "",
            by_id=by.user_id,
            at=at,
            supersedes=before,
        )
        publish(
            BreachExplained(
                by=by,
                at=at,
                referral_id=referral.pk,
                reference=referral.reference,
                kind=clock.kind,
                due_at=clock.due_at,
                reason=row.reason,
                owner=row.owner,
                incident=row.incident,
                correction=before is not None,
            )
        )
    return row
