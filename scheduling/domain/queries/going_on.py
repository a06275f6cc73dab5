"""Who has shown that a page reaches them: shifts that begin, test pages, proven contact points."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from mscc.people.models import Assignment, ContactPoint, User
from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission
from scheduling.domain import rota
from scheduling.domain.queries.duty import ON_DUTY, inside
from scheduling.models import Notice, Shift, TestPage, TestRound
from scheduling.notify.models import Channel

_TOUCH = timedelta(minutes=1)
DAYS_SHOWN = 14


def shifts_begun_or_beginning(user_id: int, at: datetime, early: timedelta) -> list[Shift]:
    """The turns of one person that are under way, or begin within `early`."""
    return list(
        Shift.objects.filter(user_id=user_id, starts_at__lte=at + early, ends_at__gt=at)
        .select_related("organisation", "start")
        .order_by("starts_at")
    )


def unconfirmed(since: datetime, until: datetime, now: datetime) -> list[UUID]:
    """Turns begun in this time and still under way without a confirmed test page or a telling."""
    same = Shift.objects.filter(
        user_id=OuterRef("user_id"),
        role=OuterRef("role"),
        starts_at__lt=OuterRef("starts_at"),
        ends_at__gte=OuterRef("starts_at") - _TOUCH,
    )
    begun = Shift.objects.filter(starts_at__gt=since, starts_at__lte=until, ends_at__gt=now)
    nothing = Q(start=None) | Q(start__confirmed_at=None, start__told_at=None)
    return list(
        begun.filter(nothing, ~Exists(same)).order_by("starts_at").values_list("pk", flat=True)
    )


def goes_on(shift: Shift) -> bool:
    """Whether this turn goes on from another of the same person and role."""
    return Shift.objects.filter(
        user_id=shift.user_id,
        role=shift.role,
        starts_at__lt=shift.starts_at,
        ends_at__gte=shift.starts_at - _TOUCH,
    ).exists()


def outgoing(shift: Shift) -> set[int]:
    """Who had the same work until this turn began."""
    before = Shift.objects.filter(
        organisation_id=shift.organisation_id,
        role=shift.role,
        specialty=shift.specialty,
        starts_at__lt=shift.starts_at,
        ends_at__gte=shift.starts_at - _TOUCH,
    ).order_by("-starts_at")
    return set(before.values_list("user_id", flat=True)[:1])


@dataclass(frozen=True, slots=True)
class Tried:
    """A contact point, the last test message to it, and the notice that carries it."""

    contact: ContactPoint
    page: TestPage | None
    notice: Notice | None


def tried(user: User, since: datetime) -> list[Tried]:
    """Every contact point of a person, with the last test since `since`; three statements."""
    points = list(ContactPoint.objects.filter(user=user).order_by("priority", "pk"))
    last: dict[int, TestPage] = {}
    pages = TestPage.objects.filter(user=user, sent_at__gte=since).order_by("sent_at")
    for page in pages:
        if page.contact_id is not None:
            last[page.contact_id] = page
    notices = notices_of(last.values())
    return [
        Tried(point, page, notices.get(page.dedupe_key) if page else None)
        for point in points
        for page in (last.get(point.pk),)
    ]


def notices_of(pages: Iterable[TestPage]) -> dict[str, Notice]:
    """The notices of these test pages, by their key; one statement."""
    keys = [page.dedupe_key for page in pages]
    return {each.dedupe_key: each for each in Notice.objects.filter(dedupe_key__in=keys)}


def page_of(notice: Notice) -> TestPage | None:
    """The test page that a notice carries; None for a notice of another kind."""
    if notice.kind != "test" or not notice.dedupe_key.startswith("test:"):
        return None
    return TestPage.objects.filter(pk=notice.dedupe_key.removeprefix("test:")).first()


def page_for(user: User, page_id: UUID) -> TestPage | None:
    """One test page of this person."""
    return TestPage.objects.filter(pk=page_id, user=user).first()


@dataclass(frozen=True, slots=True)
class Proof:
    """How far it was ever shown that messages reach somebody, by channel."""

    proven: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What must be said wherever the person is listed; empty when all is proven."""
        if not (self.proven or self.unproven):
            return "no contact point works" if self.bad else "no contact point"
        words = []
        if self.unproven:
            words.append(f"{_and(self.unproven)} never proven")
        if self.bad:
            words.append(f"{_and(self.bad)} did not work")
        return ", ".join(words)


def _and(labels: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(labels))


def proofs(user_ids: Iterable[int]) -> dict[int, Proof]:
    """How each of these people can be reached, for lists and previews; one statement.

    Telephone numbers are not among them: no message goes there, so none can be proven.
    """
    wanted = list(user_ids)
    points = ContactPoint.objects.filter(user_id__in=wanted, channel__in=Channel.values)
    found: dict[int, list[ContactPoint]] = {pk: [] for pk in wanted}
    for point in points.order_by("priority", "pk"):
        if point.user_id is not None:
            found[point.user_id].append(point)
    return {pk: _proof(points) for pk, points in found.items()}


def _proof(points: Iterable[ContactPoint]) -> Proof:
    kinds: dict[str, list[str]] = {"proven": [], "unproven": [], "bad": []}
    for point in points:
        kind = "bad" if point.marked_bad_at else "proven" if point.proven_at else "unproven"
        kinds[kind].append(point.get_channel_display().lower())
    return Proof(*(tuple(kinds[kind]) for kind in ("proven", "unproven", "bad")))


def people_on_duty(at: datetime) -> list[int]:
    """Everybody a page could go to now: whoever has a turn, stands in, or holds a specialty."""
    found = set(
        Shift.objects.filter(starts_at__lte=at, ends_at__gt=at, user__is_active=True).values_list(
            "user_id", flat=True
        )
    )
    held = Assignment.objects.current(at).filter(user__is_active=True)
    working = held.filter(role__in=("coordinator", "designated_clinician"))
    places = {each.organisation for each in working.select_related("organisation")}
    for place in places:
        covers = (rota.covering(role, place, at) for role in ON_DUTY)
        found |= {cover.turn.user_id for cover in covers if cover is not None}
    asked = held.filter(role="specialty_contact").select_related("organisation")
    for specialty, place in {(each.specialty, each.organisation) for each in asked}:
        found |= set(rota.specialty_contacts(specialty or "", place, at))
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's part in the test of a day: their messages and what carried each."""

    user: User
    pages: tuple[tuple[TestPage, Notice | None], ...]

    @property
    def answered(self) -> bool:
        return any(page.answered_at for page, _ in self.pages)


def report(viewer: User, day: date) -> tuple[TestRound | None, list[Answered]]:
    """The test of one day, as far as its people hold roles where `viewer` plans cover."""
    round_ = TestRound.objects.filter(day=day).first()
    if round_ is None:
        return None, []
    pages = TestPage.objects.filter(round=round_, user_id__in=_planned_by(viewer))
    rows = list(pages.select_related("user").order_by("user__name", "user_id", "channel"))
    notices = notices_of(rows)
    people: dict[int, list[TestPage]] = {}
    for page in rows:
        people.setdefault(page.user_id, []).append(page)
    return round_, [
        Answered(same[0].user, tuple((page, notices.get(page.dedupe_key)) for page in same))
        for same in people.values()
    ]


def _planned_by(viewer: User) -> list[int]:
    within = inside(viewer.places(Permission.PLAN_COVER))
    return list(Assignment.objects.filter(within).values_list("user_id", flat=True))


def rounds(limit: int = DAYS_SHOWN) -> list[date]:
    """The days on which a test was sent, the latest first."""
    return list(TestRound.objects.order_by("-day").values_list("day", flat=True)[:limit])


def leads_of(user_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """The service lead who hears of each of these people, by person."""
    held = Assignment.objects.current(at).filter(user_id__in=list(user_ids))
    found: dict[int, int] = {}
    for each in held.select_related("organisation").order_by("pk"):
        lead = rota.covering("service_lead", OrganisationRef.of(each.organisation), at)
        if lead is not None:
            found.setdefault(each.user_id, lead.turn.user_id)
    return found
