"""Who may take what out of the product as a file, and that it is written down."""

import hashlib
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from audit.domain import figures
from audit.events import ExportMade
from audit.measures.period import Period
from audit.models import Journey
from mscc.events import Actor, publish
from mscc.people.models import User
from mscc.people.places import OrganisationRef
from mscc.people.roles import Permission

REASON_LEAST, REASON_MOST = 10, 300


def may_take_figures(user: User, place: OrganisationRef) -> bool:
    """Figures, with small numbers held back for whoever may not see rows."""
    return user.can(Permission.SEE_FIGURES, place)


def may_take_journeys(user: User, place: OrganisationRef) -> bool:
    """Journeys row by row, with a reason also with what identifies them: only for those who may
    read the referrals themselves."""
    return may_take_figures(user, place) and user.can(Permission.SEE_REFERRALS, place)


def journeys_of(
    place: OrganisationRef, period: Period, *, identified: bool, include_imported: bool
) -> QuerySet[Journey]:
    """The journeys of a file, by month and place and otherwise in no order that tells anything."""
    rows = figures.journeys_of(place, period, include_imported=include_imported)
    around = ["alliance", "trust", "hospital", "cohort_row__cohort"]
    around += ["referral__patient"] if identified else []
    # A journey's key is random: within a month it says nothing of who came first.
    return rows.select_related(*around).order_by("month", "hospital_id", "pk")


def record(
    file: BinaryIO,
    *,
    place: OrganisationRef,
    period: Period,
    what: str,
    suffix: str,
    reason: str,
    rows: int,
    by: User,
    at: datetime,
) -> str:
    """Write on the trail that this file is handed out, before it is; its SHA-256.

    A `reason` says that it identifies people.
    """
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    with transaction.atomic():
        publish(
            ExportMade(
                by=Actor.user(by),
                at=at,
                place_id=place.id,
                what=what,
                format=suffix,
                identified=bool(reason),
                reason=reason,
                first=period.first.isoformat(),
                last=period.last.isoformat(),
                rows=rows,
                sha256=sha256,
            )
        )
    return sha256
