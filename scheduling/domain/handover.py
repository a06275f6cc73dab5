"""The round that keeps handovers going by itself: drafts, offers at the change, and telling."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from mscc.events import publish
from mscc.people.models import Assignment, Organisation
from scheduling.domain import posting, rota
from scheduling.domain.falling_back import Telling, further
from scheduling.domain.handing_over import SERVICE, key_of, offer, said, withdraw_pages
from scheduling.domain.queries.handover import ALIVE
from scheduling.events import HandoverLapsed, HandoverUnaccepted
from scheduling.models import Handover, Shift
from scheduling.notify.models import Kind
from scheduling.timekeeping.cover import FALLS_BACK_TO, Turn
from scheduling.timekeeping.handing import Change, changes, told_again
from scheduling.timekeeping.ladder import RINGS

ROLE = "coordinator"
# A draft is there so long before the change that notes can be taken through a whole shift.
AHEAD = timedelta(hours=14)
# How far back a change is made good that nobody saw, because the service was down.
BACK = timedelta(hours=12)
_WORKING = ("coordinator", "designated_clinician")
_CHAIN = (ROLE, *FALLS_BACK_TO[ROLE])


def handover_round(now: datetime) -> int:
    """Make, offer, lapse and tell whatever is due at `now`; how many rows were dealt with.

    Any number may run at once and any number of times: rows are made once a change, locked while
    they are looked at, and told once a quarter of an hour.
    """
    dealt = 0
    for place in _places(now):
        with transaction.atomic():
            dealt += _keep(place, _changes(place, now), now)
    waiting = Handover.objects.filter(state__in=ALIVE, changes_at__lte=now)
    for pk in list(waiting.order_by("changes_at").values_list("pk", flat=True)):
        with transaction.atomic():
            dealt += _at_the_change(pk, now)
    return dealt


def _places(now: datetime) -> list[Organisation]:
    """Where somebody does the coordinator's work by shifts about now, or a draft is waiting."""
    shifts = Shift.objects.counting().filter(
        role__in=_WORKING, starts_at__lte=now + AHEAD, ends_at__gte=now - BACK
    )
    drafts = Handover.objects.filter(state__in=ALIVE, changes_at__gt=now)
    return list(
        Organisation.objects.filter(
            Q(pk__in=shifts.values("organisation_id")) | Q(pk__in=drafts.values("organisation_id"))
        ).order_by("pk")
    )


def _changes(place: Organisation, now: datetime) -> list[Change]:
    """The change that was last, and those that come, by the rota as it is now."""
    around = rota.ids_around(place)
    since, until = now - BACK, now + AHEAD
    on = (
        Shift.objects.counting()
        .filter(role__in=_CHAIN, organisation_id__in=around)
        .filter(starts_at__lte=until, ends_at__gte=since)
        .select_related("user")
    )
    held = (
        Assignment.objects.current(now)
        .filter(role__in=_CHAIN, organisation_id__in=around, user__is_active=True)
        .select_related("user")
        .order_by("starts_at", "pk")
    )
    found = changes(
        ROLE,
        since,
        until,
        [Turn(s.role, s.user_id, s.user.name, s.user.phone, s.starts_at, s.ends_at) for s in on],
        [Turn(a.role, a.user_id, a.user.name, a.user.phone) for a in held],
    )
    over = [change for change in found if change.at <= now]
    return [*over[-1:], *(change for change in found if change.at > now)]


def _keep(place: Organisation, wanted: list[Change], now: datetime) -> int:
    """Bring the rows of one place in line with the rota; how many were made or changed."""
    rows = Handover.objects.select_for_update(of=("self",)).filter(
        organisation=place, role=ROLE, changes_at__gt=now - BACK
    )
    known = {row.changes_at: row for row in rows if row.state != Handover.State.WITHDRAWN}
    dealt = _withdraw(known, wanted, now)
    for change in wanted:
        row = known.get(change.at)
        if row is not None:
            dealt += _rename(row, change, now)
        elif change.at > now or _is_usual(place, change.at):
            dealt += _make(place, change, now)
    _carry(place, now)
    return dealt


def _is_usual(place: Organisation, before: datetime) -> bool:
    """Whether the place handed over before; if not, it begins with the next change, and no page."""
    return Handover.objects.filter(organisation=place, role=ROLE, changes_at__lt=before).exists()


def _withdraw(known: dict[datetime, Handover], wanted: list[Change], now: datetime) -> int:
    """A change ahead that the rota no longer has needs no handover."""
    moments = {change.at for change in wanted}
    gone = [
        row for at, row in known.items() if at > now and at not in moments and row.state in ALIVE
    ]
    for row in gone:
        row.state = Handover.State.WITHDRAWN
        row.save(update_fields=["state"])
    return len(gone)


def _carry(place: Organisation, now: datetime) -> None:
    """What was noted for a change that did not take place goes on to the one that does."""
    written = Handover.objects.filter(
        organisation=place, role=ROLE, state=Handover.State.WITHDRAWN, changes_at__gt=now - BACK
    ).exclude(note="", notes={})
    for old in written.order_by("changes_at"):
        ahead = Handover.objects.filter(
            organisation=place, role=ROLE, state__in=ALIVE, changes_at__gt=now
        )
        if (target := ahead.order_by("changes_at").first()) is not None:
            _add_notes(target, old.note, old.notes)
            old.note, old.notes = "", {}
            old.save(update_fields=["note", "notes"])


def _add_notes(row: Handover, note: str, notes: dict[str, str]) -> None:
    row.note = "\n".join(filter(None, (row.note, note)))
    row.notes = {
        ref: "\n".join(filter(None, (row.notes.get(ref), notes.get(ref))))
        for ref in {**row.notes, **notes}
    }
    row.version += 1
    row.save(update_fields=["note", "notes", "version"])


def _rename(row: Handover, change: Change, now: datetime) -> int:
    """The rota names somebody else for a change that is still to come."""
    people = (change.from_user, change.to_user)
    if row.changes_at <= now or row.state not in ALIVE:
        return 0
    if (row.from_user_id, row.to_user_id) == people:
        return 0
    row.from_user_id, row.to_user_id = people
    row.save(update_fields=["from_user", "to_user"])
    return 1


def _make(place: Organisation, change: Change, now: datetime) -> int:
    # Two rounds at once: the second makes nothing.
    made = Handover.objects.bulk_create(
        [
            Handover(
                organisation=place,
                role=ROLE,
                changes_at=change.at,
                from_user_id=change.from_user,
                to_user_id=change.to_user,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return len(made)


def _at_the_change(pk: UUID, now: datetime) -> int:
    """One handover whose moment has come: offer it if nobody did, then tell who must accept."""
    row = (
        Handover.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("organisation", "from_user", "to_user")
        .filter(pk=pk, state__in=ALIVE)
        .first()
    )
    if row is None:
        return 0
    if _next_has_come(row, now):
        return _lapse(row, now)
    if row.from_user_id is not None and _covering(row, (ROLE,), now) == [row.from_user_id]:
        # The rota was changed after all: whoever would have gone has stayed.
        return _stays(row, now)
    dealt = 0
    if row.state == Handover.State.DRAFT:
        offer(row, by=SERVICE, at=now)
        dealt = 1
    number = told_again(row.changes_at, row.told_at, now)
    if number is not None:
        _tell(row, number, now)
        dealt = 1
    return dealt


def _stays(row: Handover, now: datetime) -> int:
    row.state = Handover.State.WITHDRAWN
    row.save(update_fields=["state"])
    withdraw_pages(row, now)
    return 1


def _next_has_come(row: Handover, now: datetime) -> bool:
    return (
        Handover.objects.filter(
            organisation_id=row.organisation_id,
            role=row.role,
            changes_at__gt=row.changes_at,
            changes_at__lte=now,
        )
        .exclude(state=Handover.State.WITHDRAWN)
        .exists()
    )


def _lapse(row: Handover, now: datetime) -> int:
    """Nobody accepted before the next change: its notes go on to that one, marked as older."""
    after = (
        Handover.objects.select_for_update(of=("self",))
        .filter(
            organisation_id=row.organisation_id,
            role=row.role,
            changes_at__gt=row.changes_at,
            state__in=ALIVE,
        )
        .order_by("changes_at")
        .first()
    )
    if after is not None and (row.note or row.notes):
        older = "From the handover before, which nobody accepted: "
        note = f"{older}{row.note}" if row.note else ""
        _add_notes(after, note, {ref: f"{older}{text}" for ref, text in row.notes.items()})
    row.state = Handover.State.LAPSED
    row.save(update_fields=["state"])
    withdraw_pages(row, now)
    publish(HandoverLapsed(by=SERVICE, at=now, **said(row)))
    return 1


def _tell(row: Handover, number: int, now: datetime) -> None:
    """The incoming at the change; from a quarter of an hour on also the outgoing and the senior."""
    reaches = rota.reaches(_whom(row, number, now), RINGS)
    if not reaches:
        reaches = rota.reaches(_covering(row, ("senior_clinician", "service_lead"), now), RINGS)
    key = f"{key_of(row)}{number}"
    fields = {"due": row.changes_at, "link": "/handover/", "repeat": number + 1 if number else None}
    posting.post(reaches, Kind.HANDOVER, key, fields, now)
    row.told_at = now
    row.save(update_fields=["told_at"])
    told = tuple(f"{reach.name} by {reach.channel}" for reach in reaches)
    if not told:
        told = further(Telling(Kind.HANDOVER, key, row.organisation, True, fields), now)
    publish(HandoverUnaccepted(by=SERVICE, at=now, told=told, **said(row)))


def _whom(row: Handover, number: int, now: datetime) -> set[int]:
    """By the rota as it is now: whoever covers may be another than whom the handover names."""
    people = {row.to_user_id, *_covering(row, (ROLE,), now)}
    if number:
        people |= {row.from_user_id, *_covering(row, ("senior_clinician",), now)}
    elif people != {row.from_user_id}:
        people.discard(row.from_user_id)
    return {pk for pk in people if pk is not None}


def _covering(row: Handover, roles: Iterable[str], now: datetime) -> list[int]:
    covers = (rota.covering(role, row.organisation, now) for role in roles)
    return [cover.turn.user_id for cover in covers if cover is not None]
