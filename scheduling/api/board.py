"""The board, and one referral's clocks and missed targets, for programs."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mscc import clock
from mscc.rest.pages import Page, one_of, only, whole
from mscc.rest.schema import paged
from referrals.api.reading import read, versioned
from referrals.states import OPEN
from scheduling.api.shown import (
    BoardRowSerializer,
    BoardSerializer,
    BreachesSerializer,
    ClocksSerializer,
)
from scheduling.domain import breaches
from scheduling.domain.queries import board
from scheduling.domain.queries.board import Filters, Row
from scheduling.domain.queries.listed import Position, rows_after
from scheduling.domain.queries.person import clocks_of

STATES = [state.value for state in OPEN]
_QUERY = OpenApiParameter.QUERY


class Board(APIView):
    """What is due next."""

    tag = "Board"
    shows = BoardSerializer
    parameters = paged(
        OpenApiParameter(
            "hospital", {"type": "integer", "minimum": 1, "maximum": 10**9 - 1}, _QUERY
        ),
        OpenApiParameter("state", {"type": "string", "enum": STATES}, _QUERY),
        OpenApiParameter("overdue", {"type": "string", "enum": ["true"]}, _QUERY),
    )

    def get(self, request: Request) -> Response:
        """Every open referral of your places: unread ones first, then the next thing due."""
        page: Page[Row] = Page(request, "board", "hospital", "state", "overdue")
        filters = Filters(
            hospital_id=whole(request, "hospital"),
            state=one_of(request, "state", STATES),
            overdue=bool(one_of(request, "overdue", ["true"])),
        )
        places = board.board_places(request.user)
        if not places:
            raise PermissionDenied
        at = clock.now()
        open_ones = board.open_at(places)
        seen = board.overview(open_ones, filters, at)
        rows = rows_after(
            open_ones.filter(filters.condition(at)), _from(page.after), page.limit + 1
        )
        details = board.details_of([row.id for row in rows], at)
        answer = page.of(rows, _position, BoardRowSerializer, at=at, details=details)
        counts = {"open": seen.open, "overdue": seen.overdue}
        counts |= {"at_risk": seen.at_risk, "unread": seen.unread}
        answer.data |= {"at": at, "counts": counts}
        return answer


def _position(row: Row) -> list[Any]:
    due = row.next_due_at.isoformat() if row.next_due_at else None
    return [row.unread_since is not None, due, str(row.id)]


def _from(position: list[Any] | None) -> Position | None:
    if position is None:
        return None
    unread, due, id_ = position
    return Position(unread, datetime.fromisoformat(due) if due else None, id_)


class Clocks(APIView):
    """The clocks of one referral."""

    tag = "Referrals"
    shows = ClocksSerializer

    def get(self, request: Request, reference: str) -> Response:
        """Every clock of one referral, as it stands now; the reading is recorded."""
        only(request)
        referral = read(request, reference)
        at = clock.now()
        found = {"at": at, "results": clocks_of(referral.pk)}
        return versioned(ClocksSerializer(found, context={"at": at}).data, referral)


class Breaches(APIView):
    """The missed targets of one referral."""

    tag = "Referrals"
    shows = BreachesSerializer

    def get(self, request: Request, reference: str) -> Response:
        """Every missed target of one referral with what was said of it; the reading is recorded."""
        only(request)
        referral = read(request, reference)
        at = clock.now()
        results = [
            {
                "kind": missed.kind,
                "due_at": missed.due_at,
                "stopped_at": missed.stopped_at,
                "said": said,
            }
            for missed, said in breaches.of_referral(referral.pk, at)
        ]
        return versioned(BreachesSerializer({"at": at, "results": results}).data, referral)
