"""The board's question: what is open, what is due next on each, and who has been told."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from mscc.people.models import User
from mscc.people.places import KINDS, OrganisationRef
from mscc.people.roles import Permission
from referrals.clinical import bundle
from referrals.models import Referral

PAGE = 50
# The guardian steps in after ten seconds of silence; a board that has seen none of either for so
# long says that nobody is watching.
UNWATCHED = timedelta(seconds=30)
_HERE = Path(__file__).parent
_OVERVIEW = (_HERE / "board_overview.sql").read_text()
_DETAILS = (_HERE / "board_details.sql").read_text()


@dataclass(frozen=True, slots=True)
class Filters:
    """What the board is narrowed to; the default is everything."""

    hospital_id: int | None = None
    state: str = ""
    overdue: bool = False

    def condition(self, at: datetime) -> Q:
        """The same as a condition on referrals, as of `at`."""
        wanted = Q()
        if self.hospital_id is not None:
            wanted &= Q(hospital_id=self.hospital_id)
        if self.state:
            wanted &= Q(state=self.state)
        if self.overdue:
            wanted &= Q(next_due_at__lt=at)
        return wanted


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the whole board, how many rows a filter leaves, and what tells a change.

    `care_overdue` counts people, not things to do.

    `watched`: somebody looks for what is due and somebody sends pages. `checked_at`: when the
    auditor last found nothing wrong, to the minute; `failing`: it finds something. `unreached`:
    pages that reach nobody of the service, at most the switchboard. `signature` differs whenever
    a referral, a climb or a page of the board has changed.
    """

    open: int
    overdue: int
    at_risk: int
    unread: int
    care_overdue: int
    matching: int
    matching_unread: int
    watched: bool
    checked_at: datetime | None
    failing: bool
    unreached: int
    signature: str

    @property
    def pages(self) -> int:
        return max(1, -(-self.matching // PAGE))


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A clock of a row, as much as its standing needs."""

    kind: str
    state: str
    at_risk_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ClimbFacts:
    """The climb that matters now: an open one before an answered one, the latest first.

    `sent_at` is when the last page of it went out; `waiting` are on their way, `failed` will
    never arrive. `look_again_at` is when an answered one rings again, if it is not done.
    """

    id: UUID
    about: str
    state: str
    opened_at: datetime
    trouble: str
    answered_by: str
    answered_at: datetime | None
    sent_at: datetime | None
    waiting: int
    failed: int
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """A milestone that holds, as much as its words need."""

    kind: str
    at: datetime
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CareFacts:
    """The care that comes first, as far as it was worked out: what is overdue by its weight."""

    key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Details:
    """What a row shows besides the referral itself; `events` are its last three."""

    clocks: tuple[ClockFacts, ...] = ()
    climb: ClimbFacts | None = None
    events: tuple[Happened, ...] = ()
    care: CareFacts | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One open referral with the person's name and age: for the board, never for the wall."""

    id: UUID
    reference: str
    version: int
    state: str
    suspicion: str
    confirmed: str
    unread_since: datetime | None
    next_due_at: datetime | None
    next_due_kind: str
    missing: list[str]
    call_back: str
    place_note: str
    alliance_id: int
    trust_id: int
    hospital_id: int
    ward_id: int | None
    family_name: str
    given_name: str
    date_of_birth: date | None
    sex: str
    hospital: str
    ward: str | None
    holder: str | None


_COLUMNS = (
    "pk",
    "reference",
    "version",
    "state",
    "suspicion",
    "confirmed",
    "unread_since",
    "next_due_at",
    "next_due_kind",
    "missing",
    "call_back",
    "place_note",
    "alliance_id",
    "trust_id",
    "hospital_id",
    "ward_id",
    "patient__family_name",
    "patient__given_name",
    "patient__date_of_birth",
    "patient__sex",
    "hospital__name",
    "ward__name",
    "taken_by__name",
)


def board_places(user: User) -> list[OrganisationRef]:
    """The places whose board `user` sees: the board shows what may be read, and no more."""
    readable = set(user.places(Permission.SEE_REFERRALS))
    return [place for place in user.places(Permission.SEE_BOARD) if place in readable]


def open_at(places: list[OrganisationRef]) -> QuerySet[Referral]:
    """The open referrals at these places."""
    if not places:
        return Referral.objects.none()
    # The places around are named too: the index of the board begins with the alliance or trust.
    within = reduce(or_, (Q(**_around(place)) for place in places))
    found = Referral.objects.filter(within, closed_at__isnull=True)
    alliances = {place.alliance_id for place in places}
    return found.filter(alliance_id=alliances.pop()) if len(alliances) == 1 else found


def _around(place: OrganisationRef) -> dict[str, Any]:
    ids = {f"{kind}_id": getattr(place, f"{kind}_id") for kind in KINDS}
    return {name: id_ for name, id_ in ids.items() if id_ is not None}


def overview(open_ones: QuerySet[Referral], filters: Filters, at: datetime) -> Overview:
    """Count the board at a moment; one statement."""
    wanted = filters.condition(at)
    matches = ExpressionWrapper(wanted or ~Q(pk=None), output_field=BooleanField())
    mine = open_ones.order_by().annotate(matches=matches)
    try:
        mine_sql, params = mine.values_list(
            "pk",
            "version",
            "changed_at",
            "unread_since",
            "next_due_at",
            "next_due_kind",
            "care_due_at",
            "matches",
        ).query.sql_with_params()
    except EmptyResultSet:
        return Overview(0, 0, 0, 0, 0, 0, 0, False, None, False, 0, "")
    with connection.cursor() as cursor:
        cursor.execute(
            _OVERVIEW.replace("/* mine */", mine_sql), [*params, at, at, at, at - UNWATCHED, at]
        )
        (*figures, signature) = cursor.fetchone()
    return Overview(*figures, signature)


def page_of(
    open_ones: QuerySet[Referral], filters: Filters, at: datetime, number: int, seen: Overview
) -> list[Row]:
    """Page `number` (from 1): unread ones first, then the next due, then those without a clock.

    One statement, which reads no more rows than it shows: each half follows its own index.
    """
    wanted = open_ones.filter(filters.condition(at))
    first = (number - 1) * PAGE
    unread = wanted.filter(unread_since__isnull=False).order_by("next_due_at", "unread_since", "pk")
    rest = wanted.filter(unread_since__isnull=True).order_by("next_due_at", "pk")
    left = max(0, seen.matching_unread - first)
    if left >= PAGE:
        return rows_of(unread[first : first + PAGE])
    skipped = max(0, first - seen.matching_unread)
    if not left:
        return rows_of(rest[skipped : skipped + PAGE])
    upper = unread[first : first + left].values_list(*_COLUMNS)
    lower = rest[: PAGE - left].values_list(*_COLUMNS)
    rows = [Row(*values) for values in upper.union(lower, all=True)]
    far = datetime.max.replace(tzinfo=at.tzinfo)
    # A union promises no order.
    return sorted(
        rows,
        key=lambda row: (
            row.unread_since is None,
            row.next_due_at or far,
            row.unread_since or far,
            row.id,
        ),
    )


def next_due(open_ones: QuerySet[Referral], limit: int) -> list[Row]:
    """The open referrals with something due, the next first, whether read or not; for the wall."""
    return rows_of(
        open_ones.filter(next_due_at__isnull=False).order_by("next_due_at", "pk")[:limit]
    )


def rows_of(referrals: QuerySet[Referral]) -> list[Row]:
    """These referrals as rows of the board, in their order; one statement."""
    return [Row(*values) for values in referrals.values_list(*_COLUMNS)]


def details_of(ids: list[UUID], at: datetime) -> dict[UUID, Details]:
    """Clocks, pages, last events and care of these referrals at a moment.

    One statement whatever their number.
    """
    asked = {
        "ids": ids,
        "at": at,
        "opinion": bundle.OPINION,
        "course": bundle.COURSE,
        "safety": bundle.safety_keys(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DETAILS, asked)
        return {id_: _details(*found) for id_, *found in cursor.fetchall()}


def _details(clocks: Any, climb: Any, events: Any, care: Any) -> Details:
    due = _loaded(care)
    return Details(
        tuple(
            ClockFacts(kind, state, _moment(risk), _moment(due), _maybe(stopped), reason)
            for kind, state, risk, due, stopped, reason in _loaded(clocks)
        ),
        _climb(_loaded(climb)),
        tuple(Happened(kind, _moment(when), said) for kind, when, said in _loaded(events)),
        CareFacts(due[0], _moment(due[1])) if due else None,
    )


def _climb(found: list[Any]) -> ClimbFacts | None:
    if not found:
        return None
    id_, about, state, opened, trouble, who, answered, sent, waiting, failed, again = found
    return ClimbFacts(
        UUID(id_),
        about,
        state,
        _moment(opened),
        trouble,
        who or "",
        _maybe(answered),
        _maybe(sent),
        waiting,
        failed,
        _maybe(again),
    )


def _loaded(value: Any) -> list[Any]:
    """Django asks psycopg for JSON as text."""
    return json.loads(value) if isinstance(value, str) else (value or [])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
