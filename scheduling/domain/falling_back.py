"""A message about the rota that reaches nobody: others are told, and at last the switchboard.

A time with nobody on duty and a handover nobody accepted have no ladder to climb. Each person is
told by every way there is; when all that was sent is lost, whoever answers next is told, at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from mscc.events import Actor, publish
from mscc.people.models import Organisation
from scheduling.domain import handing_over, posting, rota, rota_notices
from scheduling.domain.reaching import Reaching
from scheduling.domain.rota import Reached
from scheduling.events import CoverGapTold, HandoverUnaccepted
from scheduling.models import CoverGap, Handover, Notice
from scheduling.notify.models import Kind
from scheduling.timekeeping.gaps import Stage
from scheduling.timekeeping.ladder import RINGS

_PROCESS = Actor.system("rota")
# Stands between what was told first and what follows when that is lost.
_FURTHER = "+"


@dataclass(frozen=True, slots=True)
class Telling:
    """What was told once, to some people by some ways. `key` begins their dedupe keys.

    `now`: it is about this moment, so that at last the switchboard is told, too.
    """

    kind: str
    key: str
    place: Organisation
    now: bool
    fields: dict[str, Any]


def go_on(lost: Iterable[Notice], at: datetime) -> None:
    """Tell the next of every telling of which nothing gets through any more."""
    tellings = {
        notice.dedupe_key.rsplit(":", 2)[0]: notice
        for notice in lost
        if notice.kind in (Kind.COVER_GAP, Kind.HANDOVER)
    }
    for key, notice in tellings.items():
        if _on_its_way(key):
            continue
        about = UUID(key.split(":")[1])
        with transaction.atomic():
            if notice.kind == Kind.COVER_GAP:
                _gap(about, key, notice.fields, at)
            else:
                _handover(about, key, notice.fields, at)


def further(telling: Telling, at: datetime) -> tuple[str, ...]:
    """Tell those who come next after `telling`, in the caller's transaction; who they are."""
    first, *steps = telling.key.split(_FURTHER)
    number = int(steps[0]) if steps else 0
    found: Sequence[Reached] = []
    if number == 0:
        number, found = 1, _others(first, telling.place, at)
    if not found and number == 1 and telling.now:
        number, found = 2, Reaching(at).switchboard(telling.place.ref)
    if not posting.post(found, telling.kind, f"{first}{_FURTHER}{number}", telling.fields, at):
        return ()
    return tuple(dict.fromkeys(each.name for each in found))


def _others(first: str, place: Organisation, at: datetime) -> list[Reached]:
    """The senior clinician on duty and all who lead the service, but for who was told already."""
    told = Notice.objects.filter(dedupe_key__startswith=f"{first}:")
    cover = rota.covering("senior_clinician", place, at)
    people = {*rota_notices.service_leads(place, at), *([cover.turn.user_id] if cover else [])}
    people -= set(told.values_list("recipient_id", flat=True))
    return rota.reaches(sorted(people), RINGS)


def _on_its_way(key: str) -> bool:
    sent = Notice.objects.filter(dedupe_key__startswith=f"{key}:", reroute_at=None)
    return sent.filter(state__in=["sent", "pending", "leased"]).exists()


def _gap(pk: UUID, key: str, fields: dict[str, Any], at: datetime) -> None:
    rows = CoverGap.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(pk=pk, closed_at=None).first()
    if row is None:
        return  # somebody is on duty after all
    now = row.starts_at <= at
    told = further(Telling(Kind.COVER_GAP, key, row.organisation, now, fields), at)
    if told:
        publish(
            CoverGapTold(
                by=_PROCESS,
                at=at,
                gap_id=row.pk,
                role=row.role,
                specialty=row.specialty,
                organisation_id=row.organisation_id,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                stage=str(row.told or Stage.NOW),
                told=told,
            )
        )


def _handover(pk: UUID, key: str, fields: dict[str, Any], at: datetime) -> None:
    rows = Handover.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(pk=pk, state=Handover.State.OFFERED).first()
    if row is None:
        return  # it was accepted, or is over
    told = further(Telling(Kind.HANDOVER, key, row.organisation, True, fields), at)
    if told:
        by = handing_over.SERVICE
        publish(HandoverUnaccepted(by=by, at=at, told=told, **handing_over.said(row)))
