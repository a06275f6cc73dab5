"""Reading one referral: every reading is on the trail."""

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mscc.people.models import Organisation
from mscc.rest.headers import etag
from mscc.rest.pages import Page, only
from mscc.rest.schema import paged
from mscc.rest.serializers import Shown
from referrals.api.commands import RecordMilestone
from referrals.api.record import MilestoneSerializer, RecordSerializer, ReferralSerializer
from referrals.domain.queries.listed import facts_of
from referrals.domain.queries.person import story
from referrals.domain.queries.places import hospitals_and_wards
from referrals.models import Milestone, Referral
from referrals.views.base import record_read, visible_referral


def read(request: Request, reference: str) -> Referral:
    """The referral, if this person may see it: 404 otherwise; either way it is on the trail."""
    referral = visible_referral(request, reference)
    record_read(request, referral, "api")
    return referral


def versioned(body: Any, referral: Referral) -> Response:
    """An answer that says which version of the referral it is about."""
    return Response(body, headers={"ETag": etag(referral.version)})


class ReadReferral(APIView):
    """One referral as it stands."""

    tag = "Referrals"
    shows = ReferralSerializer

    def get(self, request: Request, reference: str) -> Response:
        """One referral as it stands, with the person; the reading is recorded."""
        only(request)
        referral = read(request, reference)
        return versioned(ReferralSerializer(referral).data, referral)


class ReadRecord(APIView):
    """Everything on record about one referral."""

    tag = "Referrals"
    shows = RecordSerializer

    def get(self, request: Request, reference: str) -> Response:
        """Everything recorded about one referral; the reading is recorded."""
        only(request)
        referral = read(request, reference)
        return versioned(RecordSerializer(story(referral)).data, referral)


class MilestonePageSerializer(Shown):
    """A page of milestones; `next` is where the following page is."""

    results = MilestoneSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class Milestones(RecordMilestone):
    """The facts of one referral."""

    shows = MilestonePageSerializer
    parameters = paged()

    def get(self, request: Request, reference: str) -> Response:
        """The facts of one referral, corrected ones included; the reading is recorded."""
        page: Page[Milestone] = Page(request, "milestones")
        referral = read(request, reference)
        after = page.after and (datetime.fromisoformat(page.after[0]), page.after[1])
        rows = facts_of(referral, after=after, limit=page.limit + 1)
        return page.of(
            rows, lambda row: (row.occurred_at.isoformat(), str(row.pk)), MilestoneSerializer
        )


class PlaceSerializer(Shown):
    """A hospital, or a ward of one."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["hospital", "ward"])
    name = serializers.CharField()
    code = serializers.CharField()
    trust = serializers.CharField(source="trust.name")
    hospital_id = serializers.IntegerField(allow_null=True)


class PlacePageSerializer(Shown):
    """A page of places; `next` is where the following page is."""

    results = PlaceSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class Places(APIView):
    """Where you may refer people to."""

    tag = "You"
    shows = PlacePageSerializer
    parameters = paged()

    def get(self, request: Request) -> Response:
        """The hospitals and wards to which you may refer people."""
        page: Page[Organisation] = Page(request, "places")
        rows = hospitals_and_wards(
            request.user, after=page.after[0] if page.after else 0, limit=page.limit + 1
        )
        return page.of(rows, lambda row: (row.pk,), PlaceSerializer)
