"""What a page of figures was asked for: a place, months, something to compare with. Addresses carry
only these; what cannot be answered is said in a sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from audit.domain.queries import dashboard
from audit.measures.period import Period, month_of, shifted
from mscc import clock
from mscc.people.models import User
from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission
from mscc.web.filters import plural

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_USUAL = 6  # months a page is about unless it is asked otherwise
_LONGEST = 120
BEFORE, YEAR_BEFORE, NOTHING = "before", "year", ""


class Unanswerable(Exception):
    """Why there is no answer, and what to ask instead."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What figures are compared with."""

    key: str
    place: OrganisationRef
    period: Period
    words: str  # "the 6 months before"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, by whom. Where `problem` says why it cannot be answered, the period is the
    usual one instead."""

    user: User
    place: OrganisationRef
    period: Period
    places: list[OrganisationRef]
    first: date | None  # month of the first referral on record
    newest: date
    beside: Beside | None = None
    imported: bool = False
    problem: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """Of an address that asks for the same, with its question mark."""
        return f"?{urlencode({key: value for key, value in self.fields.items() if value})}"

    def asking(self, **instead: str) -> str:
        """The same with these fields changed."""
        return f"?{urlencode({k: v for k, v in {**self.fields, **instead}.items() if v})}"

    def rights(self, place: OrganisationRef) -> tuple[bool, OrganisationRef]:
        """Whether rows may be seen there, so that no number is too small; and the widest place
        around it whose figures this person sees."""
        return self.user.can(Permission.SEE_REFERRALS, place), _top(self.user, place)

    @property
    def entitled(self) -> bool:
        """Whether rows may be seen at the place."""
        return self.rights(self.place)[0]

    @property
    def below(self) -> bool:
        """Whether this is a part of what is seen as a whole, by somebody who may not see rows."""
        entitled, top = self.rights(self.place)
        return not entitled and top.id != self.place.id

    @property
    def top_name(self) -> str:
        """Of the widest place around it whose figures this person sees."""
        return self.rights(self.place)[1].name

    @property
    def heading(self) -> str:
        """ "April to September 2026, compared with the 6 months before"."""
        if self.beside is None:
            return self.period.words
        return f"{self.period.words}, compared with {self.beside.words}"


def asked_of(request: HttpRequest) -> Asked:
    """What was asked for. PermissionDenied for whoever may see no figures, or not of this place."""
    user, given = request.user, request.GET
    if not user.can(Permission.SEE_FIGURES):
        raise PermissionDenied
    places = dashboard.places_of(user)
    place = _place(places, given.get("place", ""))
    newest = month_of(clock.now())
    first = dashboard.first_month(place)
    usual = Period.ending(shifted(newest, -1), _USUAL)
    problem = ""
    try:
        period = _period(given.get("from", ""), given.get("to", ""), usual, newest)
        if first is not None and period.last < first:
            raise Unanswerable(
                f"Nothing is on record for {period.words}: the first referral of {place.name} was "
                f"received in {first:%B %Y}. Choose a later period."
            )
    except Unanswerable as why:
        period, problem = usual, str(why)
    beside = _beside(given.get("with", BEFORE), place, period, places)
    return Asked(
        user=user,
        place=place,
        period=period,
        places=places,
        first=first,
        newest=newest,
        beside=beside,
        imported=given.get("imported") == "on",
        problem=problem,
        fields={
            "place": str(place.id),
            "from": f"{period.first:%Y-%m}",
            "to": f"{period.last:%Y-%m}",
            "with": beside.key if beside else "none",
            "imported": "on" if given.get("imported") == "on" else "",
        },
    )


def _place(places: list[OrganisationRef], given: str) -> OrganisationRef:
    if not given:
        # The widest place that somebody holds a role at.
        return min(places, key=lambda each: ("alliance", "trust", "hospital").index(each.kind))
    for each in places:
        if str(each.id) == given:
            return each
    raise PermissionDenied


def _top(user: User, place: OrganisationRef) -> OrganisationRef:
    around = [each for each in user.places(Permission.SEE_FIGURES) if each.covers(place)]
    return min(around, key=lambda each: ("alliance", "trust", "hospital").index(each.kind))


def _period(first: str, last: str, usual: Period, newest: date) -> Period:
    if not first and not last:
        return usual
    ends = _month(last) if last else _month(first)
    begins = _month(first) if first else ends
    if ends < begins:
        raise Unanswerable("The last month is before the first: swap them.")
    if ends > newest:
        raise Unanswerable(
            f"{ends:%B %Y} is in the future. The newest month with figures is {newest:%B %Y}, "
            "and it is not over."
        )
    period = Period(begins, ends)
    if period.months > _LONGEST:
        raise Unanswerable("That is more than 10 years. Choose a shorter period.")
    return period


def _month(given: str) -> date:
    found = _MONTH.fullmatch(given.strip())
    try:
        if found is None:
            raise ValueError
        return date(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise Unanswerable(
            "A period is given by its first and its last month, like 2026-04 and 2026-09. "
            "Choose both from the lists."
        ) from None


def _beside(
    given: str, place: OrganisationRef, period: Period, places: list[OrganisationRef]
) -> Beside | None:
    if given == BEFORE:
        before = "the month" if period.months == 1 else f"the {plural(period.months, 'month')}"
        return Beside(BEFORE, place, period.before, f"{before} before")
    if given == YEAR_BEFORE:
        earlier = Period(shifted(period.first, -12), shifted(period.last, -12))
        return Beside(YEAR_BEFORE, place, earlier, f"a year before ({earlier.words})")
    for each in places:
        if str(each.id) == given and each.id != place.id:
            return Beside(given, each, period, each.name)
    return None
