"""Keeping journeys in line with what is on record: after the change, by whoever comes by.

A change leaves a row that says whose journey it touched (in the trail's own statement, see
`trail.record_change`). A refresh takes such rows, reads the referrals again and judges them. So
does time: a verdict that is still running says when it will change by itself. A rebuild does the
same for whatever it is given; both write through `save`, and nothing else does.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Q

from audit.domain import cells
from audit.domain.cells import NotMyTurn, Touched, my_turn
from audit.domain.reading import facts_of
from audit.measures import groups, registry
from audit.measures.followed import followed
from audit.measures.journey import JourneyFacts
from audit.measures.period import month_of
from audit.measures.verdict import Status, Verdict
from audit.models import Journey, JourneyChanged
from mscc.celery import ring_on_commit
from mscc.events import Event
from scheduling.timekeeping.clocks import ClockState

logger = structlog.get_logger(__name__)

BATCH = 100  # journeys that are read, judged and written together
_BELL = "audit.tasks.refresh_journeys"
_BELL_EVERY_S = 1.0
# One that cannot be read or judged rests, so that it does not keep the others waiting.
_REST = timedelta(minutes=1)
_resting: dict[UUID, datetime] = {}
_rung_at = float("-inf")
# What a page reads at most before it shows a figure, and how long none does when that was not all.
ASKED = 100
_BEHIND_S = 10.0
_behind_until = float("-inf")

_ANYTHING = """
SELECT EXISTS (SELECT FROM audit_journeychanged WHERE referral_id <> ALL(%(resting)s::uuid[]))
    OR EXISTS (SELECT FROM audit_journey WHERE changes_at <= %(at)s
               AND referral_id <> ALL(%(resting)s::uuid[]))
"""
_TAKE = """
DELETE FROM audit_journeychanged WHERE id IN (
    SELECT id FROM audit_journeychanged WHERE referral_id <> ALL(%(resting)s::uuid[])
    ORDER BY id LIMIT %(limit)s
) RETURNING referral_id
"""
_WRITTEN = [
    field.name
    for field in Journey._meta.concrete_fields
    if field.name not in ("id", "referral", "imported")
]


def ring(event: Event) -> None:
    """Handler: somebody should read journeys again soon.

    At most one bell a second and process: a change waits for no figure, and whoever asks for one
    reads what changed first.
    """
    global _rung_at
    if time.monotonic() - _rung_at >= _BELL_EVERY_S:
        _rung_at = time.monotonic()
        ring_on_commit(_BELL)


def refresh(at: datetime, limit: int = 500, *, redefined: bool = False) -> int:
    """Read again the journeys that changed, or whose time has come; how many.

    At most `limit`, the longest waiting first. `redefined` also takes those that were judged by
    other definitions than today's. While somebody else is at it for two seconds, they do it.
    """
    for referral_id in [each for each, until in _resting.items() if until <= at]:
        del _resting[referral_id]
    done = 0
    while done < limit and (redefined or _anything(at)):
        try:
            taken = _refresh(at, min(BATCH, limit - done), redefined)
        except NotMyTurn:
            return done
        if not taken:
            break
        done += taken
    return done


def up_to_date(at: datetime) -> None:
    """Read what changed before a figure is shown; a long queue is left to the round, which is at it
    anyway: a page waits about a second for it, and then not again for a while."""
    global _behind_until
    if time.monotonic() < _behind_until:
        return
    if refresh(at, ASKED) >= ASKED:
        _behind_until = time.monotonic() + _BEHIND_S


def catch_up(at: datetime) -> int:
    """A round: what changed, what time changed, what definitions changed, and the cells of all
    that; at most some seconds of it. How many journeys were read."""
    done = refresh(at, redefined=True)
    cells.freshen_all(limit=100)
    return done


def _anything(at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING, {"resting": list(_resting), "at": at})
        return bool(cursor.fetchone()[0])


def _refresh(at: datetime, limit: int, redefined: bool) -> int:
    """One batch; how many were taken. One that fails is tried alone, and then rests."""
    with transaction.atomic():
        my_turn()
        waiting = _waiting(at, limit, redefined)
        try:
            with transaction.atomic():
                _read(waiting, at)
        except Exception:
            for referral_id in waiting:
                _read_alone(referral_id, at)
    return len(waiting)


def _read_alone(referral_id: UUID, at: datetime) -> None:
    try:
        with transaction.atomic():
            _read([referral_id], at)
    except Exception:
        logger.exception("journey_not_read", referral=str(referral_id))
        _resting[referral_id] = at + _REST
        JourneyChanged.objects.create(referral_id=referral_id)


def rebuild(referral_ids: Iterable[UUID], at: datetime) -> int:
    """Read and judge these referrals again; how many there were."""
    done, ids = 0, iter(referral_ids)
    while batch := list(islice(ids, BATCH)):
        with transaction.atomic():
            my_turn(patient=True)
            done += _read(batch, at)
    return done


def differences(referral_ids: Sequence[UUID], at: datetime) -> dict[UUID, list[str]]:
    """How kept journeys differ from a rebuild, by referral; one that agrees is not in it.

    What waits to be read again is no difference: its row says so, or its time has come.
    """
    changed = JourneyChanged.objects.filter(referral__in=referral_ids)
    waiting = set(changed.values_list("referral_id", flat=True))
    kept = {row.referral_id: row for row in Journey.objects.filter(referral__in=referral_ids)}
    found = {}
    for referral_id, facts in facts_of(referral_ids, at).items():
        row = kept.get(referral_id)
        due = row is not None and row.changes_at is not None and row.changes_at <= at
        if referral_id not in waiting and not due:
            if said := _differs(row, judged(facts)):
                found[referral_id] = said
    return found


def _differs(kept: Journey | None, wanted: Journey) -> list[str]:
    if kept is None:
        return ["the journey is missing"]
    return [
        f"{name}: is {getattr(kept, name)}, should be {getattr(wanted, name)}"
        for name in _WRITTEN
        if name != "as_of" and getattr(kept, name) != getattr(wanted, name)
    ]


def judged(facts: JourneyFacts, referral_id: UUID | None = None) -> Journey:
    """One journey with a verdict on every measure, not saved. Pure, but for the row it fills."""
    told = registry.judge_all(facts)
    verdicts = {each.number: told[each.number] for each in registry.ALL}
    days, died = followed(facts)
    return Journey(
        referral_id=referral_id,
        imported=facts.imported,
        alliance_id=facts.alliance,
        trust_id=facts.trust,
        hospital_id=facts.hospital,
        received_at=facts.received_at,
        month=month_of(facts.received_at),
        suspicion=facts.suspicion.value,
        confirmed=facts.confirmed,
        deficit=facts.deficit.value,
        groups=groups.classes(facts.person, facts.hospital),
        verdicts=[_status(verdicts.get(number)) for number in range(len(told))],
        seconds=[_seconds(verdicts.get(number)) for number in range(len(told))],
        details=_details(facts, verdicts),
        followed_days=days,
        died=died,
        as_of=facts.as_of,
        changes_at=_changes_at(facts, verdicts.values()),
        definitions=registry.definitions(),
    )


def save(rows: Sequence[Journey]) -> None:
    """Write journeys, new or over the one of the same referral (of an imported one: over itself),
    and mark what they count in."""
    with transaction.atomic():
        my_turn(patient=True)
        before = Journey.objects.filter(
            Q(referral__in=[each.referral_id for each in rows if each.referral_id])
            | Q(pk__in=[each.pk for each in rows if not each.referral_id])
        )
        touched = {
            Touched(*row)
            for row in before.values_list("hospital_id", "alliance_id", "month", "imported")
        }
        for key in ("referral", "id"):
            Journey.objects.bulk_create(
                [each for each in rows if bool(each.referral_id) == (key == "referral")],
                update_conflicts=True,
                unique_fields=[key],
                update_fields=_WRITTEN,
            )
        cells.mark(touched | {_touched(each) for each in rows})


def _touched(row: Journey) -> Touched:
    return Touched(row.hospital_id, row.alliance_id, row.month, row.imported)


def _waiting(at: datetime, limit: int, redefined: bool) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"resting": list(_resting), "limit": limit})
        found = dict.fromkeys(row[0] for row in cursor.fetchall())
    due = Q(changes_at__lte=at)
    live = Journey.objects.filter(referral__isnull=False).exclude(referral__in=list(_resting))
    for condition in (due, *_other_definitions()) if redefined else (due,):
        if len(found) < limit:
            ids = live.filter(condition).values_list("referral_id", flat=True)
            found |= dict.fromkeys(ids[: limit - len(found)])
    return list(found)


def _other_definitions() -> tuple[Q, Q]:
    """As two ranges, which an index answers; "not equal" would read every journey."""
    now = registry.definitions()
    return Q(definitions__lt=now), Q(definitions__gt=now)


def _read(referral_ids: Sequence[UUID], at: datetime) -> int:
    facts = facts_of(referral_ids, at)
    save([judged(each, referral_id) for referral_id, each in facts.items()])
    return len(facts)


def _status(verdict: Verdict | None) -> int:
    return 0 if verdict is None else verdict.status.value


def _seconds(verdict: Verdict | None) -> int | None:
    return None if verdict is None else verdict.seconds


def _details(facts: JourneyFacts, verdicts: Mapping[int, Verdict]) -> dict[str, Any]:
    """What verdicts said, by number; at the place of no measure the targets that were missed."""
    found: dict[str, Any] = {
        str(number): said for number, each in verdicts.items() if (said := _said(each))
    }
    if facts.breaches:
        found["0"] = [[each.kind, each.reason, each.incident] for each in facts.breaches]
    return found


def _changes_at(facts: JourneyFacts, verdicts: Iterable[Verdict]) -> datetime | None:
    """Just after the first moment until which something stands as it does, if nothing happens."""
    due = [each.due_at for each in facts.clocks if each.state is ClockState.RUNNING]
    until = [*due, *(each.until for each in verdicts if each.until)]
    # At the very moment it still stands: what is due at noon is late a moment after noon.
    first = min((each for each in until if each >= facts.as_of), default=None)
    return None if first is None else first + timedelta(microseconds=1)


def _said(verdict: Verdict) -> dict[str, Any]:
    """What a verdict said besides its status. Why a measure is not about somebody is left out:
    it is so of most measures for everybody, and their list names whom a measure is about."""
    reason = "" if verdict.status is Status.NOT_APPLICABLE else verdict.reason
    said = {
        "reason": reason,
        "label": verdict.label,
        "amount": verdict.amount,
        "flag": verdict.flag,
    }
    return {name: value for name, value in said.items() if value not in ("", None)}
