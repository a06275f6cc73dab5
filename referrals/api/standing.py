"""What the rules say about a person now: the conclusions, the care bundle, what is to be done.

Nothing here decides: each conclusion has its sources, its reasons and what is still unknown. Once
a referral is closed the rules are silent, and only follow-up is left to do.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mscc import clock
from mscc.rest.pages import only
from mscc.rest.serializers import Instant, Shown
from referrals.api.care_commands import RecordCare
from referrals.api.reading import read, versioned
from referrals.api.record import StepSerializer
from referrals.clinical import assessment, bundle
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer
from referrals.domain.queries.bundle import bundle_of, outstanding_of
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import story

_ANSWERS = [each.value for each in Answer]


def _texts() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField())


class JudgedSerializer(Shown):
    """What box 1 of NG234 comes to."""

    suspicion = serializers.ChoiceField(choices=[each.value for each in Suspicion])
    pathway = serializers.CharField()
    urgency = serializers.CharField()
    numbers = _texts()
    because = _texts()
    unknown = _texts()
    what_to_do_now = StepSerializer(many=True)


class DoubtSerializer(Shown):
    """Facts that contradict each other; somebody who was there has to say which holds."""

    code = serializers.CharField()
    field = serializers.CharField()
    sentence = serializers.CharField()


class ConclusionSerializer(Shown):
    """One thing that applies; `not_known` when it depends on what is in `unknown`."""

    key = serializers.CharField(help_text="The rule; its first word is the topic.")
    text = serializers.CharField()
    strength = serializers.ChoiceField(choices=[each.value for each in Strength])
    numbers = _texts()
    because = _texts()
    unknown = _texts()
    applies = serializers.ChoiceField(choices=_ANSWERS)


class AssessmentSerializer(Shown):
    """Everything the rules conclude from what is on record, as of `at`."""

    at = Instant()
    rules = serializers.CharField(help_text="The version of the rules and tables.")
    triage = JudgedSerializer(allow_null=True, help_text="null once the referral is closed.")
    questions = DoubtSerializer(many=True)
    conclusions = ConclusionSerializer(many=True)


class BundleItemSerializer(Shown):
    """One item: to whom it applies and why, what became of it last, and when it is due."""

    key = serializers.CharField()
    group = serializers.CharField(source="item.group")
    label = serializers.CharField()
    text = serializers.CharField(source="item.text")
    numbers = _texts()
    applies = serializers.ChoiceField(choices=_ANSWERS)
    because = _texts()
    unknown = _texts()
    status = serializers.ChoiceField(
        choices=[each.value for each in bundle.Status], allow_null=True
    )
    reason = serializers.CharField()
    at = Instant(allow_null=True)
    by = serializers.CharField(source="entry.by", default="")
    due_at = Instant(allow_null=True, help_text="null when nothing is to be done.")


class WorkSerializer(Shown):
    """Something still to be done, and by when."""

    key = serializers.CharField()
    label = serializers.SerializerMethodField()
    due_at = Instant()

    def get_label(self, work: bundle.Work) -> str:
        """The key in words."""
        return bundle.label_of(work.key)


class CareSerializer(Shown):
    """The care bundle as of `at`, and all work that is due, the next first."""

    at = Instant()
    items = BundleItemSerializer(many=True)
    work = WorkSerializer(many=True)


class ReadAssessment(APIView):
    """What the rules conclude about one person."""

    tag = "Referrals"
    shows = AssessmentSerializer

    def get(self, request: Request, reference: str) -> Response:
        """What the rules conclude from what is on record now; the reading is recorded.

        Nothing is concluded once the referral is closed.
        """
        only(request)
        referral, at = read(request, reference), clock.now()
        found: dict[str, Any] = {"triage": None, "questions": [], "conclusions": []}
        if referral.is_open:
            found = assessment.to_dict(assessment.assess(facts_of(story(referral), at), at))
        said = {"at": at, "rules": assessment.version(), **found}
        return versioned(AssessmentSerializer(said).data, referral)


class Care(RecordCare):
    """The care bundle of one referral."""

    shows = CareSerializer

    def get(self, request: Request, reference: str) -> Response:
        """The care bundle and what is to be done; the reading is recorded.

        There are no items once the referral is closed: what was recorded is in the record.
        """
        only(request)
        referral, at = read(request, reference), clock.now()
        told = story(referral)
        items = bundle_of(told, at) if referral.is_open else ()
        said = {"at": at, "items": items, "work": outstanding_of(told, at)}
        return versioned(CareSerializer(said).data, referral)
