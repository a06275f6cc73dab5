"""Pages and messages for programs: who was told, and answering."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mscc.rest.headers import first_answer
from mscc.rest.pages import Page, matching, one_of
from mscc.rest.schema import REFERENCE, paged
from mscc.rest.serializers import Strict
from referrals.api.base import body, command_of
from referrals.api.bodies import EmptyBody
from referrals.domain.path import once
from referrals.domain.refusals import Conflict, Repeated
from referrals.views.base import refuse_access
from scheduling.api.shown import (
    NoticePageSerializer,
    NoticeSerializer,
    PagePageSerializer,
    PageSerializer,
)
from scheduling.domain import escalation
from scheduling.domain.queries import listed
from scheduling.domain.queries.pages import climb as climb_of
from scheduling.domain.queries.pages import notices_for
from scheduling.models import Escalation, Notice

_QUERY = OpenApiParameter.QUERY
STATES = Escalation.State.values


class Pages(APIView):
    """Who is being told, one after the other, until somebody answers."""

    tag = "Pages"
    shows = PagePageSerializer
    parameters = paged(
        OpenApiParameter("state", {"type": "string", "enum": STATES}, _QUERY),
        OpenApiParameter("reference", {"type": "string", "pattern": REFERENCE}, _QUERY),
    )

    def get(self, request: Request) -> Response:
        """The pages about referrals you may see, the latest first."""
        page: Page[Escalation] = Page(request, "pages", "state", "reference")
        climbs = listed.climbs_for(request.user)
        if state := one_of(request, "state", STATES):
            climbs = climbs.filter(state=state)
        if reference := matching(request, "reference", REFERENCE):
            climbs = climbs.filter(referral__reference=reference)
        rows = listed.climbs_after(climbs, _from(page.after), page.limit + 1)
        return page.of(rows, lambda row: (row.opened_at.isoformat(), str(row.pk)), PageSerializer)


class Answering(APIView):
    """One answer to a page."""

    takes: type[Strict] = EmptyBody
    gives = PageSerializer

    def carry_out(self, climb: Escalation, **by: Any) -> Escalation:
        """Tell the domain."""
        raise NotImplementedError

    def post(self, request: Request, page_id: UUID) -> Response:
        command = command_of(request)
        body(self.takes, request)
        climb = climb_of(page_id)
        if climb is None:
            raise Http404
        if not listed.climbs_for(request.user).filter(pk=climb.pk).exists():
            refuse_access(request, climb.referral.reference)
        if not listed.may_answer(request.user, climb):
            raise PermissionDenied

        def act() -> dict[str, Any]:
            self.carry_out(climb, by=command.by, at=command.at)
            return dict(PageSerializer(climb_of(page_id)).data)

        try:
            return first_answer(once(command, type(self).__name__, page_id, act))
        except Repeated as repeated:
            return first_answer(repeated.answer, replayed=True)


Answering.post.__doc__ = None


class AcknowledgePage(Answering):
    """ "I have it": nobody further is told. Answering twice is the same answer."""

    tag = "Pages"

    def carry_out(self, climb: Escalation, **by: Any) -> Escalation:
        return escalation.acknowledge(climb.pk, via=Escalation.Via.SYSTEM, **by)


class HandOnPage(Answering):
    """ "I cannot take it": the next person is told at once."""

    tag = "Pages"

    def carry_out(self, climb: Escalation, **by: Any) -> Escalation:
        handed = escalation.hand_on(climb.pk, **by)
        if handed.state != Escalation.State.OPEN:
            raise Conflict("Nobody is being told any more. Look at who has answered.")
        return handed


class Notices(APIView):
    """Every message that was to reach somebody."""

    tag = "Pages"
    shows = NoticePageSerializer
    parameters = paged(
        OpenApiParameter("reference", {"type": "string", "pattern": REFERENCE}, _QUERY)
    )

    def get(self, request: Request) -> Response:
        """The messages about referrals you may see, the latest first."""
        page: Page[Notice] = Page(request, "notices", "reference")
        reference = matching(request, "reference", REFERENCE)
        notices = notices_for(request.user, reference)
        rows = listed.notices_after(notices, _from(page.after), page.limit + 1)
        return page.of(
            rows, lambda row: (row.created_at.isoformat(), str(row.pk)), NoticeSerializer
        )


def _from(position: list[Any] | None) -> tuple[datetime, str] | None:
    return (datetime.fromisoformat(position[0]), position[1]) if position else None
