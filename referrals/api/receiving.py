"""Receiving a referral from another system, and the list of those one may see."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mscc.people.roles import Permission
from mscc.rest.headers import first_answer
from mscc.rest.pages import Page, one_of
from mscc.rest.schema import paged
from mscc.rest.serializers import Instant, Shown
from referrals.api import bodies, examples
from referrals.api.base import AnswerSerializer, body, command_for, command_of
from referrals.api.sections import SECTION_POINTERS
from referrals.clinical.milestones import Suspicion
from referrals.domain import intake
from referrals.domain.path import answer_of
from referrals.domain.queries.listed import listed
from referrals.domain.queries.places import may_refer_to
from referrals.domain.refusals import Invalid, Repeated
from referrals.models import Referral
from referrals.models.referral import Confirmed, Route
from referrals.states import State

SUSPICIONS = [each.value for each in Suspicion]


class ListedSerializer(Shown):
    """A referral in a list: nothing of the person."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.values)
    suspicion = serializers.ChoiceField(choices=SUSPICIONS)
    confirmed = serializers.ChoiceField(choices=Confirmed.values)
    received_at = Instant()
    closed_at = Instant(allow_null=True)
    next_due_at = Instant(allow_null=True)
    hospital = serializers.CharField(source="hospital.name")
    ward = serializers.CharField(source="ward.name", default=None, allow_null=True)
    changed_at = Instant()


class ListedPageSerializer(Shown):
    """A page of referrals; `next` is where the following page is."""

    results = ListedSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class Referrals(APIView):
    """The referrals you may see."""

    tag = "Referrals"
    shows = ListedPageSerializer
    takes = bodies.ReceiveBody
    gives = AnswerSerializer
    success = 201
    examples = examples.RECEIVE
    parameters = paged(
        OpenApiParameter("state", {"type": "string", "enum": State.values}, OpenApiParameter.QUERY)
    )
    pointers = SECTION_POINTERS | {"hospital": "/hospital_id", "ward": "/ward_id"}

    def get(self, request: Request) -> Response:
        """The referrals you may see, the latest first; nothing of the person."""
        page: Page[Referral] = Page(request, "referrals", "state")
        state = one_of(request, "state", State.values)
        after = page.after and (datetime.fromisoformat(page.after[0]), page.after[1])
        rows = listed(request.user, state=state, after=after, limit=page.limit + 1)
        return page.of(
            rows, lambda row: (row.received_at.isoformat(), str(row.pk)), ListedSerializer
        )

    def post(self, request: Request) -> Response:
        """Refer a person: reference, suspicion, clocks, and who is told, at once."""
        command = command_of(request)
        if not request.user.can(Permission.REFER):
            raise PermissionDenied
        given = body(self.takes, request)
        if not may_refer_to(request.user, given["hospital_id"]):
            raise Invalid({"hospital": "Choose a hospital of your alliance: see /api/v1/places/."})
        if given.get("telephone"):
            if not request.user.can(Permission.REFER_FOR_OTHERS):
                raise PermissionDenied
            command = command_for(request, command, given["referrer"]["name"])
        try:
            referral = intake.receive(_intake(given), command=command)
        except Repeated as repeated:
            return first_answer(repeated.answer, status=201, replayed=True)
        return first_answer(answer_of(referral), status=201)


def _intake(given: dict[str, Any]) -> intake.Intake:
    person = dict(given["person"])
    known = ("given_name", "family_name", "date_of_birth", "nhs_number", "nhs_number_absent_reason")
    told = {name: person.pop(name) for name in known if name in person}
    telephone = given.pop("telephone", False)
    return intake.Intake(
        **given
        | {
            "person": intake.Person(**told, more=person),
            "referrer": intake.Referrer(**given["referrer"]),
            "presentation": given["presentation"]["read"],
            "suspected_at_confirmed": given.get("suspected_at_confirmed", False),
            "route": Route.TELEPHONE.value if telephone else Route.API.value,
            "taken": telephone,
        }
    )
