"""What is on record about one referral, for programs."""

from typing import Any

from django.db import models
from rest_framework import serializers

from mscc.rest.serializers import Instant, Shown
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.models import (
    Advice,
    CancerHistory,
    CareEntry,
    CarePlan,
    Considerations,
    DexamethasoneEntry,
    Discharge,
    DischargeStep,
    Fitness,
    FollowUp,
    InitialCare,
    Milestone,
    MriSafety,
    MriScan,
    NeurologicalAssessment,
    Note,
    Opinion,
    PainAssessment,
    PainPlan,
    Patient,
    Presentation,
    Score,
    Sitting,
    TreatmentDecision,
)
from referrals.models.referral import Confirmed, Route
from referrals.states import VERBS, State

_COMMON = ("id", "occurred_at", "recorded_at", "recorded_by", "on_behalf_of")


class Row(serializers.ModelSerializer):
    """One recorded row: what happened when, who wrote it down and when."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateTimeField: Instant
    }
    recorded_by = serializers.CharField(
        source="recorded_by.name", default=None, allow_null=True, read_only=True
    )

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, dict[str, Any]]:
        made, kwargs = super().build_standard_field(field_name, model_field)
        if model_field.choices and model_field.blank:
            # Nothing chosen yet is an answer, too.
            kwargs["choices"] = [("", ""), *(each for each in model_field.choices if each[0])]
        return made, kwargs

    def get_extra_kwargs(self) -> dict[str, Any]:
        return {name: {"read_only": True} for name in self.Meta.fields}


def row(model: type[models.Model], *names: str) -> type[Row]:
    """The serializer of one kind of row, with exactly these columns besides the common ones."""
    meta = type("Meta", (), {"model": model, "fields": (*_COMMON, *names)})
    return type(f"{model.__name__}Serializer", (Row,), {"Meta": meta, "__doc__": model.__doc__})


MilestoneRow = row(Milestone, "process", "supersedes", "reason", "retracts", "details")


_OPINION = (
    *("specialty", "asked_of", "question", "due_at", "seen_at"),
    *("answered_at", "answered_by", "answer"),
)


class MilestoneSerializer(MilestoneRow):  # type: ignore[misc, valid-type]
    """A fact. `supersedes` names the one it corrects; `retracts` says that one never was."""

    kind = serializers.ChoiceField(choices=[each.value for each in MilestoneKind])

    class Meta(MilestoneRow.Meta):  # type: ignore[name-defined, misc]
        fields = ("kind", *MilestoneRow.Meta.fields)  # type: ignore[attr-defined]


def _own(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of an assessment's own."""
    fields = model._meta.concrete_fields
    return tuple(field.name for field in fields if field.name not in (*_COMMON, "referral"))


class TaperStepSerializer(Shown):
    """From this day on the dose is `daily_mg`; 0 is the stop."""

    on = serializers.DateField()
    daily_mg = serializers.FloatField()


_DexamethasoneRow = row(DexamethasoneEntry, *_own(DexamethasoneEntry))
_ScoreRow = row(Score, *_own(Score))


class DexamethasoneSerializer(_DexamethasoneRow):  # type: ignore[misc, valid-type]
    """One entry of a course. `daily_mg` is the dose a day from `occurred_at` on."""

    daily_mg = serializers.FloatField(allow_null=True, read_only=True)
    taper = TaperStepSerializer(many=True)

    class Meta(_DexamethasoneRow.Meta):  # type: ignore[name-defined, misc]
        pass


class ScoreSerializer(_ScoreRow):  # type: ignore[misc, valid-type]
    """A score with its inputs; while a component is not known `low` and `high` differ."""

    inputs = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta(_ScoreRow.Meta):  # type: ignore[name-defined, misc]
        pass


class RecordSerializer(Shown):
    """Everything recorded, each kind from old to new; nothing is ever overwritten."""

    milestones = MilestoneSerializer(many=True)
    presentations = row(Presentation, *_own(Presentation))(many=True)
    cancer = row(CancerHistory, *_own(CancerHistory))(many=True)
    neurology = row(NeurologicalAssessment, *_own(NeurologicalAssessment))(many=True)
    pain = row(PainAssessment, *_own(PainAssessment))(many=True)
    mri_safety = row(MriSafety, *_own(MriSafety))(many=True)
    fitness = row(Fitness, *_own(Fitness))(many=True)
    care = row(InitialCare, *_own(InitialCare))(many=True)
    notes = row(Note, "topic", "text")(many=True)
    advice = row(Advice, *_own(Advice))(many=True)
    scans = row(MriScan, *_own(MriScan))(many=True)
    opinions = row(Opinion, *_OPINION)(many=True)
    decisions = row(TreatmentDecision, *_own(TreatmentDecision))(many=True)
    discharges = row(Discharge, *_own(Discharge))(many=True)
    care_entries = row(CareEntry, *_own(CareEntry))(many=True)
    dexamethasone = DexamethasoneSerializer(many=True)
    scores = ScoreSerializer(many=True)
    care_plans = row(CarePlan, *_own(CarePlan))(many=True)
    pain_plans = row(PainPlan, *_own(PainPlan))(many=True)
    sittings = row(Sitting, *_own(Sitting))(many=True)
    considerations = row(Considerations, *_own(Considerations))(many=True)
    discharge_steps = row(DischargeStep, *_own(DischargeStep))(many=True)
    follow_ups = row(FollowUp, *_own(FollowUp))(many=True)


class PersonSerializer(serializers.ModelSerializer):
    """Who it is about."""

    class Meta:
        model = Patient
        fields = (
            "nhs_number",
            "nhs_number_absent_reason",
            "given_name",
            "family_name",
            "date_of_birth",
            "sex",
            "ethnicity",
            "postcode",
            "gp_practice",
            "phone",
            "next_of_kin",
            "language",
            "interpreter_needed",
            "communication_needs",
            "reasonable_adjustments",
            "allergies",
        )
        read_only_fields = fields


class WhereSerializer(Shown):
    """Where the person is."""

    hospital_id = serializers.IntegerField()
    hospital = serializers.CharField(source="hospital.name")
    ward_id = serializers.IntegerField(allow_null=True)
    ward = serializers.CharField(source="ward.name", default=None, allow_null=True)
    note = serializers.CharField(source="place_note")


class ReferrerSerializer(Shown):
    """Who referred, and the number on which they are called back."""

    name = serializers.CharField(source="referrer_name")
    role = serializers.CharField(source="referrer_role")
    email = serializers.CharField(source="referrer_email")
    call_back = serializers.CharField()
    responsible_consultant = serializers.CharField()
    consultant_aware = serializers.BooleanField(allow_null=True)


class StepSerializer(Shown):
    """Something to do at once, and the recommendations of NG234 that say so."""

    text = serializers.CharField()
    numbers = serializers.ListField(child=serializers.CharField())


class ProvisionalSerializer(Shown):
    """What was concluded at once from what the ward said, and from which recommendations."""

    suspicion = serializers.ChoiceField(choices=[each.value for each in Suspicion])
    pathway = serializers.CharField()
    numbers = serializers.ListField(child=serializers.CharField())
    because = serializers.ListField(child=serializers.CharField())
    unknown = serializers.ListField(child=serializers.CharField())
    steps = StepSerializer(many=True)

    def to_representation(self, said: dict[str, Any]) -> dict[str, Any]:
        steps = [{"text": text, "numbers": numbers} for text, numbers in said["steps"]]
        shown: dict[str, Any] = super().to_representation({**said, "steps": steps})
        return shown


class ReferralSerializer(Shown):
    """One referral as it stands. Its ETag is `version`."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.values)
    verbs = serializers.ListField(
        child=serializers.ChoiceField(choices=list(VERBS)),
        help_text="The transitions that may start from this state.",
    )
    suspicion = serializers.ChoiceField(choices=[each.value for each in Suspicion])
    confirmed = serializers.ChoiceField(choices=Confirmed.values)
    person = PersonSerializer(source="patient")
    place = WhereSerializer(source="*")
    referrer = ReferrerSerializer(source="*")
    route = serializers.ChoiceField(choices=Route.values)
    received_at = Instant()
    unread_since = Instant(allow_null=True)
    taken_by = serializers.CharField(source="taken_by.name", default=None, allow_null=True)
    taken_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    next_due_at = Instant(allow_null=True)
    next_due_kind = serializers.CharField(allow_blank=True)
    provisional = ProvisionalSerializer()
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Key information of 1.1.15 that is missing."
    )
    changed_at = Instant()
    changed_by = serializers.CharField()
    last_change = serializers.CharField()
