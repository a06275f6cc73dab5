"""What a person has to do with steering groups and reports: which alliances, and as what."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from audit.domain import steering
from audit.models import (
    Action,
    DocumentVersion,
    Meeting,
    Member,
    PathwayDocument,
    Report,
    SteeringGroup,
)
from mscc.people.models import Organisation, User
from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Seat:
    """One alliance as one person sees it. `places` are those they may comment for."""

    alliance: Organisation
    writes: bool
    issues: bool
    places: tuple[OrganisationRef, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """The states of reports that may be read."""
        return tuple(Report.State.values) if self.writes else (Report.State.ISSUED,)

    @property
    def leads(self) -> bool:
        """Whether the report of the whole alliance is theirs to take on: whoever writes for one
        place of it comments on the figures, and neither begins a report, nor draws it anew, nor
        calls the draft finished."""
        return self.issues or any(place.id == self.alliance.pk for place in self.places)


def seats(user: User, at: datetime) -> list[Seat]:
    """Every alliance this person reads reports of, by name; two statements."""
    follows = _alliances(user.places(Permission.SEE_FIGURES))
    writing = user.places(Permission.WRITE_REPORT)
    issues = {place.id for place in user.places(Permission.ISSUE_REPORT)}
    member = _sits_on(user, steering.today(at))
    found = Organisation.objects.filter(pk__in=follows | member | issues).order_by("name", "pk")
    return [
        Seat(
            alliance=each,
            writes=any(place.alliance_id == each.pk for place in writing),
            issues=each.pk in issues,
            places=tuple(place for place in writing if place.alliance_id == each.pk),
        )
        for each in found
    ]


def _alliances(places: list[OrganisationRef]) -> set[int]:
    return {place.alliance_id for place in places if place.alliance_id is not None}


def _sits_on(user: User, on: date) -> set[int]:
    rows = Member.objects.filter(user_id=user.pk, joined_on__lte=on).exclude(left_on__lte=on)
    return set(rows.values_list("group__alliance_id", flat=True))


def _heavy(prefix: str = "") -> tuple[str, str]:
    return f"{prefix}figures", f"{prefix}document"


def group_of(alliance: Organisation) -> SteeringGroup | None:
    """The steering group of an alliance; None while there is none."""
    return SteeringGroup.objects.select_related("alliance").filter(alliance=alliance).first()


def report(seat_list: list[Seat], report_id: UUID) -> tuple[Seat, Report] | None:
    """A report that one of these seats may read."""
    rows = Report.objects.select_related(
        "alliance", "supersedes", "superseded_by", "approved_by", "issued_by", "reviewed_by"
    ).defer(*_heavy("supersedes__"), *_heavy("superseded_by__"))
    found = rows.filter(pk=report_id).first()
    return _within(seat_list, found.alliance_id, found, found.state) if found else None


def _within(
    seat_list: list[Seat], alliance_id: int, found: Report, state: str
) -> tuple[Seat, Report] | None:
    seat = next((each for each in seat_list if each.alliance.pk == alliance_id), None)
    return (seat, found) if seat is not None and state in seat.states else None


def reports(seat: Seat) -> QuerySet[Report]:
    """The reports of an alliance that may be read there, without their figures, newest first."""
    rows = Report.objects.filter(alliance=seat.alliance, state__in=seat.states)
    light = rows.select_related("superseded_by", "issued_by")
    light = light.defer(*_heavy(), *_heavy("superseded_by__"))
    return light.order_by("-last", "-first", "-version")


def issued(alliance: Organisation) -> QuerySet[Report]:
    """The issued reports of an alliance, the newest first."""
    rows = Report.objects.filter(alliance=alliance, state=Report.State.ISSUED)
    return rows.defer(*_heavy()).order_by("-last", "-version")


def meeting(seat_list: list[Seat], meeting_id: UUID) -> tuple[Seat, Meeting] | None:
    """A meeting of a group of one of these seats."""
    rows = Meeting.objects.select_related("group__alliance", "report")
    found = rows.prefetch_related("attendance__member", "actions__owner").filter(
        pk=meeting_id, group__alliance__in=[each.alliance for each in seat_list]
    )
    one = found.first()
    return (_seat(seat_list, one.group), one) if one is not None else None


def member(seat_list: list[Seat], member_id: int) -> tuple[Seat, Member] | None:
    """A member of a group of one of these seats."""
    rows = Member.objects.select_related("group__alliance")
    one = rows.filter(
        pk=member_id, group__alliance__in=[each.alliance for each in seat_list]
    ).first()
    return (_seat(seat_list, one.group), one) if one is not None else None


def action(seat_list: list[Seat], action_id: UUID) -> tuple[Seat, Action] | None:
    """An action of a group of one of these seats."""
    rows = Action.objects.select_related("group__alliance", "owner")
    one = rows.filter(
        pk=action_id, group__alliance__in=[each.alliance for each in seat_list]
    ).first()
    return (_seat(seat_list, one.group), one) if one is not None else None


def document(seat_list: list[Seat], document_id: UUID) -> tuple[Seat, PathwayDocument] | None:
    """A pathway document, with its versions, of a group of one of these seats."""
    rows = documents_with_versions().select_related("group__alliance")
    one = rows.filter(
        pk=document_id, group__alliance__in=[each.alliance for each in seat_list]
    ).first()
    return (_seat(seat_list, one.group), one) if one is not None else None


def documents_with_versions() -> QuerySet[PathwayDocument]:
    """Every document with its versions, newest first, where agreed and to whom given."""
    versions = DocumentVersion.objects.select_related("agreed_at", "written_by", "document__group")
    given = Prefetch("versions", versions.prefetch_related("given").order_by("-number"))
    return PathwayDocument.objects.prefetch_related(given)


def meetings_held(group: SteeringGroup) -> QuerySet[Meeting]:
    """The meetings that were held, newest first."""
    return group.meetings.filter(state=Meeting.State.HELD).order_by("-starts_at")


def user_by_email(email: str) -> User | None:
    """Somebody who may sign in with this address."""
    return User.objects.filter(email=email.strip().lower(), is_active=True).first()


def _seat(seat_list: list[Seat], group: SteeringGroup) -> Seat:
    return next(each for each in seat_list if each.alliance.pk == group.alliance_id)
