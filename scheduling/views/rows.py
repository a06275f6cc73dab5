"""The rows of the board and of the wall, as their templates want them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from mscc.people.models import User
from mscc.people.places import KINDS, OrganisationRef
from mscc.people.roles import Permission
from mscc.web.filters import age, duration
from referrals.clinical.bundle import label_of
from referrals.models.patient import Sex
from referrals.views.words import fact_in_words
from scheduling.domain.queries.board import ClockFacts, Details, Row
from scheduling.timekeeping.clocks import ClockState
from scheduling.timekeeping.standing import Severity, Standing, of_due, standing
from scheduling.views import words


@dataclass(frozen=True, slots=True)
class Powers:
    """Where a person may take referrals and answer pages; two people with the same see the same."""

    act: tuple[OrganisationRef, ...]
    answer: tuple[OrganisationRef, ...]

    @classmethod
    def of(cls, user: User) -> "Powers":
        """What `user` may do from the board."""
        return cls(
            tuple(user.places(Permission.ACT_ON_REFERRALS)),
            tuple(user.places(Permission.ACKNOWLEDGE)),
        )


def within(row: Row, places: Sequence[OrganisationRef]) -> bool:
    """Whether a referral lies at one of these places."""
    ids = {kind: getattr(row, f"{kind}_id") for kind in KINDS}
    return any(ids[place.kind] == place.id for place in places)


def board_row(row: Row, details: Details, powers: Powers, at: datetime) -> dict[str, Any]:
    """What templates/components/board.html draws of one referral."""
    shown = _next(row, details.clocks)
    how = standing(shown, at) if shown else None
    note, loud = words.paged(details.climb, at) if details.climb else ("", False)
    take = row.holder is None or row.unread_since is not None
    return {
        "reference": row.reference,
        "version": row.version,
        "severity": how.severity.value if how else "none",
        "name": f"{row.family_name.upper()}, {row.given_name}",
        "age": age(row.date_of_birth, at.date()),
        "sex": Sex(row.sex).label,
        "place": f"{row.hospital}, {row.ward or row.place_note}".rstrip(", "),
        "state": words.state(row.state),
        "suspicion": words.suspicion(row.suspicion, row.confirmed),
        "what": words.what_is_due(shown.kind) if shown else "",
        "standing": how,
        "awaited": "" if shown else words.awaited(row.state, row.confirmed),
        "holder": row.holder or "",
        "note": note,
        "alarm": loud,
        "care": _care(details, at),
        "missing": words.missing(row.missing),
        "unread": row.unread_since is not None,
        "unread_why": _unread_why(row, details),
        "waiting": duration(at - row.unread_since) if row.unread_since else "",
        "call_back": row.call_back,
        "href": f"/referrals/{row.reference}/",
        "take_href": _take_href(row.reference) if take and within(row, powers.act) else "",
        "ack_href": _ack_href(row, details, powers),
        "clocks": [(words.what_is_due(c.kind), standing(c, at)) for c in details.clocks],
        "events": [(event.at, fact_in_words(event)) for event in details.events],
    }


def _care(details: Details, at: datetime) -> tuple[str, Standing] | None:
    """What care is due next, in words, and how it stands; None when none is."""
    if details.care is None:
        return None
    label = label_of(details.care.key)
    what = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return f"Care: {what}", of_due(details.care.due_at, at, words.SOON)


def _unread_why(row: Row, details: Details) -> str:
    if row.unread_since is None:
        return ""
    return "Not yet taken" if row.holder is None else "New signs, not yet read"


def _next(row: Row, clocks: Sequence[ClockFacts]) -> ClockFacts | None:
    running = (clock for clock in clocks if clock.state == ClockState.RUNNING)
    return next((clock for clock in running if clock.kind == row.next_due_kind), None)


def _take_href(reference: str) -> str:
    return reverse("board-take", args=[reference])


def _ack_href(row: Row, details: Details, powers: Powers) -> str:
    climb = details.climb
    if climb is None or climb.state != "open" or not within(row, powers.answer):
        return ""
    return reverse("climb-ack", args=[climb.id])


@dataclass(frozen=True, slots=True)
class WallRow:
    """No name, no age, no ward: a wall is read by whoever walks past."""

    reference: str
    hospital: str
    severity: str
    what: str
    standing: Standing


# As many of each as can be read from four metres on a screen of 1080 lines.
BANDS = (
    (Severity.OVERDUE, "overdue", "Overdue", 6),
    (Severity.AT_RISK, "at_risk", "At risk", 4),
    (Severity.DUE, "next", "Next", 4),
)


def wall_bands(
    rows: Sequence[Row], details: dict[UUID, Details], at: datetime
) -> list[tuple[str, str, list[WallRow]]]:
    """The bands of the wall; a heading says how many more there are than are shown."""
    made = [made for row in rows if (made := _wall_row(row, details[row.id], at))]
    bands = []
    for severity, key, heading, most in BANDS:
        band = [row for row in made if row.severity == severity]
        if key != "next" and len(band) > most:
            heading = f"{heading}, the first {most} of {len(band)}"
        bands.append((key, heading, band[:most]))
    return bands


def _wall_row(row: Row, details: Details, at: datetime) -> WallRow | None:
    shown = _next(row, details.clocks)
    if shown is None:
        return None
    how = standing(shown, at)
    what = words.what_is_due(shown.kind)
    return WallRow(row.reference, row.hospital, how.severity.value, what, how)
