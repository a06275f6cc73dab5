"""The rota of a place for the days ahead: every role with its turns and its gaps, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from mscc import clock
from mscc.people.models import Assignment, Organisation, Specialty, User
from mscc.people.places import OrganisationRef
from mscc.people.roles import ROLES
from scheduling.domain.queries.duty import CONTACT, ON_DUTY, STAND_IN, ids_of, inside, part
from scheduling.models import CoverGap, RotaPattern, Shift, SwapRequest
from scheduling.timekeeping.cover import Cover, Turn
from scheduling.timekeeping.gaps import Stretch, stretches
from scheduling.timekeeping.pattern import moment_of

DAYS = 14
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn, or a time with nobody on shift (`gap`), on the day on which it begins, or today."""

    day: date
    starts_at: datetime
    ends_at: datetime
    gap: bool
    cover: Cover | None
    shift_id: UUID | None = None
    kind: str = ""
    swap: bool = False  # a colleague has been asked to take it


@dataclass(frozen=True, slots=True)
class Column:
    """One role, or one specialty's contact, with its entries for each day."""

    role: str
    specialty: str
    label: str
    days: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class PlaceRota:
    """The rota of one place: `days` by `columns`."""

    place: OrganisationRef
    days: tuple[date, ...]
    columns: tuple[Column, ...]

    @property
    def gaps(self) -> int:
        """How many days of roles have a gap in them."""
        return sum(any(e.gap for e in day) for column in self.columns for day in column.days)


def fortnight(places: list[OrganisationRef], at: datetime) -> list[PlaceRota]:
    """Who is on duty at each of these places for 14 days, today first; four statements for all."""
    today = clock.local(at).date()
    days = tuple(today + n * _DAY for n in range(DAYS))
    end = moment_of(days[-1] + _DAY, time(0))
    ids = {id_ for place in places for id_ in ids_of(place)}
    shifts = list(
        Shift.objects.counting()
        .filter(organisation_id__in=ids, ends_at__gt=at, starts_at__lt=end)
        .select_related("user")
    )
    asked = set(
        SwapRequest.objects.filter(
            state=SwapRequest.State.ASKED, shift__in=[shift.pk for shift in shifts]
        ).values_list("shift_id", flat=True)
    )
    held = list(
        Assignment.objects.current(at)
        .filter(
            organisation_id__in=ids, role__in=(*ON_DUTY, STAND_IN, CONTACT), user__is_active=True
        )
        .select_related("user")
        .order_by("starts_at", "pk")
    )
    return [_rota(place, days, shifts, held, asked, at, end) for place in places]


def _rota(
    place: OrganisationRef,
    days: tuple[date, ...],
    shifts: list[Shift],
    held: list[Assignment],
    asked: set[UUID],
    at: datetime,
    end: datetime,
) -> PlaceRota:
    ids = ids_of(place)
    here = [shift for shift in shifts if shift.organisation_id in ids]
    holders = [each for each in held if each.organisation_id in ids]
    found = []
    for role, specialty in _columns(here):
        mine = [each for each in here if each.role != CONTACT or each.specialty == specialty]
        theirs = [a for a in holders if a.role != CONTACT or a.specialty == specialty]
        by_turn = {_turn(shift): shift for shift in mine}
        found_stretches = stretches(
            role,
            at,
            end,
            by_turn,
            [Turn(a.role, a.user_id, a.user.name, a.user.phone) for a in theirs],
        )
        entries = [
            _entry(piece, by_turn, asked, at, end)
            for stretch in found_stretches
            for piece in (_by_day(stretch) if stretch.gap else [stretch])
        ]
        label = Specialty(specialty).label if specialty else ROLES[role].label
        by_day = tuple(tuple(entry for entry in entries if entry.day == day) for day in days)
        found.append(Column(role, specialty, label, by_day))
    return PlaceRota(place, days, tuple(found))


def _columns(shifts: Iterable[Shift]) -> list[tuple[str, str]]:
    """The coordinator always; the others when there is a rota of them."""
    keys = {(shift.role, shift.specialty) for shift in shifts} | {("coordinator", "")}
    order = (*ON_DUTY, CONTACT)
    return sorted(keys, key=lambda key: (order.index(key[0]), key[1]))


def _entry(
    stretch: Stretch, by_turn: dict[Turn, Shift], asked: set[UUID], at: datetime, end: datetime
) -> Entry:
    day = clock.local(stretch.starts_at).date()
    shift = by_turn.get(stretch.cover.turn) if stretch.cover and not stretch.gap else None
    if shift is None:
        return Entry(day, stretch.starts_at, stretch.ends_at, stretch.gap, stretch.cover)
    # A turn that reaches over the edge of what is shown is said whole.
    starts_at = shift.starts_at if stretch.starts_at == at else stretch.starts_at
    ends_at = shift.ends_at if stretch.ends_at == end else stretch.ends_at
    return Entry(
        day, starts_at, ends_at, False, stretch.cover, shift.pk, shift.kind, shift.pk in asked
    )


def _by_day(stretch: Stretch) -> Iterable[Stretch]:
    """A gap is shown on each day it lasts into, not on the first one only."""
    starts_at = stretch.starts_at
    while starts_at < stretch.ends_at:
        midnight = moment_of(clock.local(starts_at).date() + _DAY, time(0))
        ends_at = min(stretch.ends_at, midnight)
        yield Stretch(starts_at, ends_at, stretch.cover, True)
        starts_at = ends_at


def _turn(shift: Shift) -> Turn:
    user = shift.user
    return Turn(shift.role, user.pk, user.name, user.phone, shift.starts_at, shift.ends_at)


def clocks_change(day: date) -> int:
    """How many hours longer than 24 a day in London is: 1 in October, -1 in March, else 0."""
    length = moment_of(day + _DAY, time(0)) - moment_of(day, time(0))
    return round(length / timedelta(hours=1)) - 24


def shift_seen_by(shift_id: UUID, user: User, places: list[OrganisationRef]) -> Shift | None:
    """One turn: somebody's own, or at places whose cover they plan; else None."""
    theirs = Q(user=user) | inside(places)
    return (
        Shift.objects.filter(theirs, pk=shift_id)
        .select_related("user", "organisation", "pattern")
        .first()
    )


def patterns(places: list[OrganisationRef], at: datetime) -> QuerySet[RotaPattern]:
    """The patterns at these places that still have days to come."""
    today = clock.local(at).date()
    return (
        RotaPattern.objects.filter(inside(places), ended_at=None, last_day__gte=today)
        .select_related("organisation", "made_by")
        .order_by("organisation__name", "role", "first_day")
    )


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """The names of people by their numbers."""
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "name"))


def shifts_of(user_id: int, since: datetime) -> QuerySet[Shift]:
    """Somebody's turns that were not over at a moment, the next first."""
    found = Shift.objects.filter(user_id=user_id, ends_at__gt=since)
    return found.select_related("organisation").order_by("starts_at")


def places_planned(places: list[OrganisationRef]) -> QuerySet[Organisation]:
    """The organisations at and inside these places."""
    within = reduce(or_, (part(place, "") for place in places), Q(pk__in=[]))
    return Organisation.objects.filter(within).order_by("name")


def open_gaps(places: list[OrganisationRef]) -> QuerySet[CoverGap]:
    """The gaps at these places that nobody has filled yet, the next first."""
    found = CoverGap.objects.filter(inside(places), closed_at=None)
    return found.select_related("organisation").order_by("starts_at")


def swaps_seen_by(user: User, places: list[OrganisationRef]) -> QuerySet[SwapRequest]:
    """Every question of somebody's own, or at places whose cover they plan."""
    theirs = Q(asked=user) | Q(asked_by=user) | inside(places)
    return SwapRequest.objects.filter(theirs).select_related("asked", "asked_by", "organisation")


def own_shift_ids(user_id: int, at: datetime) -> list[UUID]:
    """The numbers of somebody's turns that are not over."""
    return list(shifts_of(user_id, at).values_list("pk", flat=True))
