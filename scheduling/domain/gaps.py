"""Finding the times with nobody on shift, days ahead, and telling the service lead of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min

from mscc import clock
from mscc.events import Actor, publish
from mscc.people.models import Assignment, Organisation
from scheduling.domain import rota, rota_notices
from scheduling.domain.falling_back import Telling, further
from scheduling.events import CoverGapClosed, CoverGapEvent, CoverGapFound, CoverGapTold
from scheduling.models import CoverGap, RotaPattern, Shift
from scheduling.notify.models import Kind
from scheduling.timekeeping.cover import FILLED_BY, Turn
from scheduling.timekeeping.gaps import AHEAD, Span, Stage, gaps, stage_due, without

_PROCESS = Actor.system("rota")
# A gap that has begun is said to have begun when it did, as far back as this.
_BEHIND = timedelta(days=1)
_ONE_AT_A_TIME = 0x4D534343  # the number of the lock that a round holds

Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Watched:
    """A role at a place that somebody must be on shift for, since when."""

    place: Organisation
    role: str
    specialty: str
    since: datetime

    @property
    def key(self) -> Key:
        """Tells it apart from the others."""
        return self.place.pk, self.role, self.specialty


def gap_round(now: datetime) -> int:
    """Find gaps 14 days ahead, tell of those that are near, close those that are filled.

    How many rows changed. Idempotent: what was found and told is on the rows. Two rounds at once
    are one; the second does nothing.
    """
    with transaction.atomic():
        if not _alone():
            return 0
        found = found_gaps(now)
        known: dict[Key, list[CoverGap]] = {}
        for row in CoverGap.objects.select_for_update(of=("self",)).filter(closed_at=None):
            known.setdefault((row.organisation_id, row.role, row.specialty), []).append(row)
        changed = 0
        for watched, spans in found:
            changed += _keep(watched, spans, known.pop(watched.key, []), now)
        for rows in known.values():
            changed += sum(_close(row, now) for row in rows)
        return changed


def found_gaps(at: datetime) -> list[tuple[Watched, list[Span]]]:
    """Every role that is watched with the times nobody is on shift for it, from now on 14 days.

    A gap of an alliance is not told again of each trust in it.
    """
    watched = _watched(at)
    start, end = at - _BEHIND, at + AHEAD
    shifts = Shift.objects.counting().filter(ends_at__gt=start, starts_at__lt=end)
    planned = list(shifts.select_related("user"))
    spans = {each.key: _gaps(each, planned, max(start, each.since), end) for each in watched}
    return [(each, _own(each, spans, at)) for each in watched]


def _gaps(watched: Watched, planned: list[Shift], start: datetime, end: datetime) -> list[Span]:
    around = set(rota.ids_around(watched.place))
    roles = FILLED_BY.get(watched.role, (watched.role,))
    turns = [
        Turn(s.role, s.user_id, s.user.name, "", s.starts_at, s.ends_at)
        for s in planned
        if s.role in roles and s.organisation_id in around and s.specialty == watched.specialty
    ]
    return gaps(watched.role, start, end, turns) if start < end else []


def _own(watched: Watched, spans: dict[Key, list[Span]], at: datetime) -> list[Span]:
    _, role, specialty = watched.key
    around = [
        span
        for place_id in rota.ids_around(watched.place)
        if place_id != watched.place.pk
        for span in spans.get((place_id, role, specialty), [])
    ]
    return [span for span in without(spans[watched.key], around) if span[1] > at]


def _watched(at: datetime) -> list[Watched]:
    """Roles that have a rota; and the coordinator's wherever somebody holds it (1.1.6, 1.1.7)."""
    first: dict[Key, datetime] = {}
    shifts = Shift.objects.filter(ends_at__gt=at - AHEAD, starts_at__lt=at + AHEAD).order_by()
    for place, role, specialty, since in shifts.values_list(
        "organisation_id", "role", "specialty"
    ).annotate(since=Min("starts_at")):
        first[place, role, specialty] = since
    today = clock.local(at).date()
    patterns = RotaPattern.objects.filter(ended_at=None, last_day__gte=today, first_day__lte=today)
    for key in patterns.values_list("organisation_id", "role", "specialty"):
        first.setdefault(key, at)
    held = Assignment.objects.current(at).filter(role="coordinator", user__is_active=True)
    for place in held.values_list("organisation_id", flat=True):
        # There is no time without a coordinator: it does not begin with the first turn.
        first[place, "coordinator", ""] = at - _BEHIND
    places = Organisation.objects.in_bulk({place for place, _, _ in first})
    return [
        Watched(places[place], role, specialty, since)
        for (place, role, specialty), since in sorted(first.items())
    ]


def _keep(watched: Watched, spans: Iterable[Span], rows: list[CoverGap], now: datetime) -> int:
    changed = 0
    for starts_at, ends_at in spans:
        row = next((r for r in rows if r.starts_at < ends_at and starts_at < r.ends_at), None)
        if row is None:
            row = _found(watched, starts_at, ends_at, now)
            changed += 1
        else:
            rows.remove(row)
            changed += _moved(row, starts_at, ends_at, now)
        changed += _told(row, watched, now)
    return changed + sum(_close(row, now) for row in rows)


def _found(watched: Watched, starts_at: datetime, ends_at: datetime, now: datetime) -> CoverGap:
    row = CoverGap.objects.create(
        organisation=watched.place,
        role=watched.role,
        specialty=watched.specialty,
        starts_at=starts_at,
        ends_at=ends_at,
        found_at=now,
    )
    _publish(CoverGapFound, row, now)
    return row


def _moved(row: CoverGap, starts_at: datetime, ends_at: datetime, now: datetime) -> int:
    # The round looks one day back at most: what has begun keeps the time at which it began.
    if starts_at <= now and row.starts_at <= now:
        starts_at = row.starts_at
    if (starts_at, ends_at) == (row.starts_at, row.ends_at):
        return 0
    row.starts_at, row.ends_at = starts_at, ends_at
    row.save(update_fields=["starts_at", "ends_at"])
    return 1


def _told(row: CoverGap, watched: Watched, now: datetime) -> int:
    told = Stage(row.told) if row.told else None
    stage = stage_due(row.starts_at, now, told, row.told_at)
    if stage is None:
        return 0
    row.told, row.told_at, row.times_told = stage, now, row.times_told + 1
    row.save(update_fields=["told", "told_at", "times_told"])
    key = f"gap:{row.pk}:{row.times_told}"
    names = rota_notices.tell(
        _whom(row, watched.place, told, stage, now),
        Kind.COVER_GAP,
        key,
        role=row.role,
        due=row.starts_at,
        at=now,
        repeat=row.times_told,
    )
    if not names:
        fields = {"what": row.role, "due": row.starts_at, "link": "/duty/"}
        known = Telling(Kind.COVER_GAP, key, watched.place, stage is Stage.NOW, fields)
        names = further(known, now)
    _publish(CoverGapTold, row, now, stage=str(stage), told=names)
    return 1


def _whom(
    row: CoverGap, place: Organisation, told: Stage | None, stage: Stage, now: datetime
) -> list[int]:
    """The service lead; once, when it begins, also whoever stands in: they must know."""
    whom = rota_notices.service_leads(place, now)
    if stage is Stage.NOW and told is not Stage.NOW:
        if row.role == "specialty_contact":
            whom += rota.specialty_contacts(row.specialty, place, now)
        elif (cover := rota.covering(row.role, place, now)) is not None:
            whom.append(cover.turn.user_id)
    return whom


def _close(row: CoverGap, now: datetime) -> int:
    row.closed_at, row.filled = now, now < row.ends_at
    row.save(update_fields=["closed_at", "filled"])
    _publish(CoverGapClosed, row, now, filled=row.filled)
    return 1


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        (taken,) = cursor.fetchone()
    return bool(taken)


def _publish(event: type[CoverGapEvent], row: CoverGap, now: datetime, **more: object) -> None:
    said = {
        "gap_id": row.pk,
        "role": row.role,
        "specialty": row.specialty,
        "organisation_id": row.organisation_id,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }
    publish(event(by=_PROCESS, at=now, **said, **more))  # type: ignore[arg-type]
