"""Who is on duty at a place now and who comes next, with the numbers to ring."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import DateTimeField, F, Q, QuerySet, Value

from mscc.people.models import Assignment, Organisation, Specialty
from mscc.people.places import OrganisationRef
from mscc.people.roles import ROLES
from scheduling.models import Shift
from scheduling.timekeeping.cover import FALLS_BACK_TO, Cover, Turn, covering

# The roles somebody must always answer for (1.1.6, 1.1.7, 1.1.18), in the order they are shown.
ON_DUTY = ("coordinator", "designated_clinician", "senior_clinician")
STAND_IN = "service_lead"
CONTACT = "specialty_contact"
_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One role at one place. `now` None is a gap; `next_at` is when `next` takes over."""

    role: str
    label: str
    now: Cover | None
    next: Cover | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contact:
    """The single point of contact of a specialty (1.1.10), at the place where it is held."""

    specialty: str
    where: str
    turn: Turn
    note: str = ""  # why it is not somebody on shift, where a rota says that somebody should be


@dataclass(frozen=True, slots=True)
class Duty:
    """Everybody who answers at one place now."""

    place: OrganisationRef
    roles: tuple[OnDuty, ...]
    contacts: tuple[Contact, ...] = ()

    def role(self, key: str) -> OnDuty:
        """How one role stands."""
        return next(each for each in self.roles if each.role == key)


@dataclass(frozen=True, slots=True)
class Around:
    """The numbers of a place and those around it, and the hospitals inside it."""

    hospitals: tuple[tuple[int, str], ...]
    line: str


# role, user, name, phone, where, trust of where, its name, begins, ends, specialty
_Found = tuple[
    str, int, str, str, int, int | None, str, datetime | None, datetime | None, str | None
]


def on_duty(places: list[OrganisationRef], at: datetime) -> list[Duty]:
    """Who answers at each of these places at a moment; one statement for all of them.

    Roles are those held at the place or around it; contacts of specialties also those inside it,
    since a coordinator of an alliance rings each trust's own.
    """
    there = Q(role__in=(*ON_DUTY, STAND_IN, CONTACT)) & Q(
        organisation_id__in={id_ for place in places for id_ in ids_of(place)}
    )
    wanted = there | (Q(role=CONTACT) & inside(places))
    columns = ("role", "user_id", "user__name", "user__phone", "organisation_id")
    columns += ("organisation__trust_id", "organisation__name")
    on = Shift.objects.counting().filter(wanted, ends_at__gt=at, starts_at__lt=at + _AHEAD)
    held = Assignment.objects.current(at).filter(wanted, user__is_active=True).order_by()
    never = Value(None, output_field=DateTimeField())
    found = (
        on.order_by()
        .values_list(*columns, "starts_at", "ends_at", "specialty")
        .union(
            held.annotate(begins=never, ends=never).values_list(
                *columns, "begins", "ends", "specialty"
            ),
            all=True,
        )
    )
    rows: list[_Found] = sorted(found, key=lambda row: (row[2], row[1]))
    return [_duty(place, rows, at) for place in places]


def _duty(place: OrganisationRef, rows: list[_Found], at: datetime) -> Duty:
    ids = ids_of(place)
    here = [row for row in rows if row[4] in ids]
    shifts = [_turn(row) for row in here if row[7] is not None]
    holders = [_turn(row) for row in here if row[7] is None]
    roles = tuple(_on_duty(role, shifts, holders, at) for role in ON_DUTY)
    contacts = (
        rows if place.kind == "alliance" else [r for r in rows if r[4] in ids or _in(r, place)]
    )
    first, *_ = FALLS_BACK_TO[CONTACT]
    return Duty(place, roles, tuple(_contacts(contacts, covering(first, at, shifts, holders), at)))


def _in(row: _Found, place: OrganisationRef) -> bool:
    return place.kind == "trust" and row[5] == place.id


def _on_duty(role: str, shifts: list[Turn], holders: list[Turn], at: datetime) -> OnDuty:
    now = covering(role, at, shifts, holders)
    # The next change: this turn ends, or a turn begins that takes over from whoever it is now.
    changes = [turn.starts_at for turn in shifts if turn.role == role]
    if now is not None:
        changes.append(now.turn.ends_at)
    coming = [moment for moment in changes if moment is not None and moment > at]
    if not coming:
        return OnDuty(role, ROLES[role].label, now, None, None)
    moment = min(coming)
    return OnDuty(role, ROLES[role].label, now, covering(role, moment, shifts, holders), moment)


def _contacts(rows: Iterable[_Found], stands_in: Cover | None, at: datetime) -> Iterable[Contact]:
    """Who is on shift for a specialty, else who holds it, else who stands in; the rule of
    `rota.specialty_contacts`."""
    found: dict[tuple[str, int], list[_Found]] = {}
    for row in rows:
        if row[0] == CONTACT:
            found.setdefault((row[9] or "", row[4]), []).append(row)
    for specialty in Specialty:
        theirs = [some for (key, _), some in found.items() if key == specialty]
        answers = any(row[7] is None or row[7] <= at for some in theirs for row in some)
        for some in theirs:
            shifts = [row for row in some if row[7] is not None]
            on = [row for row in shifts if row[7] is not None and row[7] <= at]
            note = "nobody is on shift now" if shifts and not on else ""
            held = [row for row in some if row[7] is None]
            for row in on or held:
                yield Contact(specialty.label, row[6], _turn(row), note)
            if not answers and stands_in is not None:
                as_ = ROLES[stands_in.by_role].label.lower()
                note = f"{as_}, because nobody is on shift"
                yield Contact(specialty.label, some[0][6], stands_in.turn, note)


def _turn(row: _Found) -> Turn:
    role, user_id, name, phone, *_, starts_at, ends_at, _ = row
    return Turn(role, user_id, name, phone, starts_at, ends_at)


def ids_of(place: OrganisationRef) -> set[int]:
    """The numbers of a place and of those around it."""
    ids = {place.alliance_id, place.trust_id, place.hospital_id, place.ward_id}
    return {id_ for id_ in ids if id_ is not None}


def around(places: list[OrganisationRef]) -> Around:
    """The hospitals inside these places, and the service's own line; one statement."""
    if not places:
        return Around((), "")
    inside = reduce(or_, (part(place, "") for place in places))
    beside = Q(pk__in={id_ for place in places for id_ in ids_of(place)})
    found = (
        Organisation.objects.filter((inside & Q(kind="hospital")) | beside)
        .order_by("name")
        .values_list("pk", "kind", "name", "phone")
    )
    rows = list(found)
    within = tuple((pk, name) for pk, kind, name, _ in rows if kind == "hospital")
    lines = {kind: phone for _, kind, _, phone in rows if phone}
    line = next((lines[kind] for kind in ("alliance", "trust", "hospital") if kind in lines), "")
    return Around(within, line)


def inside(places: list[OrganisationRef]) -> Q:
    """What is held at these places or inside them."""
    return reduce(or_, (part(place, "organisation__") for place in places), Q(pk__in=[]))


def part(place: OrganisationRef, prefix: str) -> Q:
    """A place and everything inside it; `prefix` leads from the rows to their organisation."""
    itself = Q(**{f"{prefix}pk": place.id})
    # Nothing lies inside a ward.
    return itself if place.kind == "ward" else itself | Q(**{f"{prefix}{place.kind}_id": place.id})


def shifts_planned(places: list[OrganisationRef], at: datetime) -> QuerySet[Shift]:
    """The turns at these places and inside them that are not over, the next first."""
    return (
        Shift.objects.filter(inside(places), ends_at__gt=at)
        .select_related("user", "organisation")
        .order_by("starts_at", "role")
    )


def may_take_turns(places: list[OrganisationRef], at: datetime) -> QuerySet[Assignment]:
    """The people at these places and inside them who can be put on duty, by role and name."""
    return (
        Assignment.objects.current(at)
        .filter(inside(places), role__in=(*ON_DUTY, CONTACT), user__is_active=True)
        .select_related("user", "organisation")
        .order_by("role", "user__name", "pk")
    )


def overlapping(shift: Shift) -> list[Shift]:
    """Other turns of the same role at the same place that share time with this one."""
    others = (
        Shift.objects.counting()
        .filter(
            organisation_id=shift.organisation_id,
            role=shift.role,
            specialty=shift.specialty,
            starts_at__lt=shift.ends_at,
            ends_at__gt=shift.starts_at,
        )
        .exclude(pk=shift.pk)
    )
    return list(others.select_related("user").order_by(F("starts_at").asc()))


def planned_shift(shift_id: UUID, places: list[OrganisationRef], at: datetime) -> Shift | None:
    """One turn at these places that is not over yet, or None."""
    return shifts_planned(places, at).filter(pk=shift_id).first()


def busy(user_id: int, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether somebody has a turn of any role in that time."""
    theirs = Shift.objects.filter(user_id=user_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return theirs.exists()
