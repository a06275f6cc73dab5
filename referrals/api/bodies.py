"""The bodies of the commands: what may be written, and nothing else.

State, version, reference, times of recording and people come from the request and the domain;
no body has a field for them.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mscc.people.models import Specialty
from mscc.rest.serializers import Day, Flag, OneOf, Strict, Whole
from referrals.api.fields import CallBack, Moment, PresentationBody, Text, three_way
from referrals.api.sections import (
    AddedSectionsBody,
    PersonBody,
    PersonMoreBody,
    SectionsBody,
    words,
)
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import ITEMS
from referrals.clinical.treatment import AgainstSurgery, RadiotherapyException
from referrals.domain.milestones import RECORDABLE
from referrals.models import Advice, Discharge, MriScan, Note, TreatmentDecision

_CONFIRMED = "Say true when what was questioned, such as a time long ago, is right."


def confirmed() -> Flag:
    """Whether what was questioned is right."""
    return Flag(required=False, help_text=_CONFIRMED)


class EmptyBody(Strict):
    """Nothing to say."""


class ReferrerBody(Strict):
    """Who refers, and the number on which they are called back."""

    name = Text(max_length=120)
    call_back = CallBack()
    role = words(120)
    email = serializers.EmailField(max_length=254, required=False)
    responsible_consultant = words(120)
    consultant_aware = Flag(required=False, allow_null=True)

    def validate_email(self, value: str) -> str:
        """An address without anything that could be a second header."""
        return Text(max_length=254).run_validation(value)


class ReceiveBody(Strict):
    """A referral from a ward. What is not known yet is left out and asked for later."""

    hospital_id = Whole(min_value=1, max_value=2**31 - 1, help_text="See /api/v1/places/.")
    ward_id = Whole(min_value=1, max_value=2**31 - 1, required=False, allow_null=True)
    place_note = words(120)
    person = PersonBody()
    referrer = ReferrerBody()
    presentation = PresentationBody()
    narrative = Text(lines=True, required=False)
    suspected_at = Moment(required=False, allow_null=True)
    suspected_at_confirmed = confirmed()
    sections = SectionsBody(required=False)
    needs = Text(lines=True, required=False)
    second_referral_reason = words(300)
    telephone = Flag(
        required=False,
        help_text="You key in a call you are having: you act for the referrer named here, and you "
        "have taken the referral. Only for who may key in calls.",
    )


class TriageBody(Strict):
    """A suspicion that differs from the one before needs a reason."""

    suspicion = OneOf(choices=[each.value for each in Suspicion])
    reason = Text(lines=True, max_length=1000, required=False)
    suspected_at = Moment(required=False, allow_null=True)


class NewSignsBody(Strict):
    """What the ward found since, and when it was found."""

    items = serializers.ListField(
        child=OneOf(choices=[item.id for item in ITEMS]), min_length=1, max_length=len(ITEMS)
    )
    found_at = Moment()
    reported_by = words(120)
    call_back = CallBack(required=False)
    text = Text(lines=True, required=False)
    confirmed = confirmed()


class AdviceBody(Strict):
    """The five topics of 1.1.16; at least one."""

    given_to = Text(max_length=120)
    how = OneOf(choices=Advice.How.values)
    pain = Text(lines=True, required=False)
    stability = Text(lines=True, required=False)
    immobilisation = Text(lines=True, required=False)
    dexamethasone = Text(lines=True, required=False)
    transfer = Text(lines=True, required=False)
    read_back = Flag(required=False)
    given_at = Moment(required=False, allow_null=True)
    given_by = Text(max_length=120, required=False, help_text="Who advised, if it was not you.")


class InformationBody(Strict):
    """Key information that was missing, or has changed. Nothing written before is overwritten."""

    sections = AddedSectionsBody(required=False)
    person = PersonMoreBody(required=False)
    note = Text(lines=True, required=False)
    topic = OneOf(choices=Note.Topic.values, required=False)
    occurred_at = Moment(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("sections") or attrs.get("person") or attrs.get("note")):
            raise ValidationError("Give a section, something about the person, or a note.")
        return attrs


class MriBookingBody(Strict):
    """A slot and where. A reason is asked for when 1.5.2, 1.5.4 or the target calls for one."""

    slot_at = Moment()
    hospital_id = Whole(min_value=1, max_value=2**31 - 1)
    transfer_reason = words(300)
    overnight_reason = words(300)
    late_reason = words(300)


class ScanBody(Strict):
    """A scan that took place. A CT instead of an MRI names the contraindication (1.5.7)."""

    performed_at = Moment()
    modality = OneOf(choices=MriScan.Modality.values, required=False)
    whole_spine = Flag(help_text="False leaves the clock running.")
    contraindication = words(300)
    confirmed = confirmed()


class ReportBody(Strict):
    """What the radiologist says (1.5.1)."""

    reported_at = Moment()
    outcome = OneOf(choices=MriScan.Outcome.values)
    reported_by = words(120)
    report = Text(lines=True, required=False)
    confirmed = confirmed()


class QuestionBody(Strict):
    """A question to one of 1.1.9's specialties."""

    specialty = OneOf(choices=Specialty.values)
    question = Text(lines=True)
    asked_of = words(120)
    asked_at = Moment(required=False, allow_null=True)
    about_stability = Flag(required=False, help_text="The expert advice of 1.4.4.")
    due_at = Moment(
        required=False, allow_null=True, help_text="Without it a local number of hours counts."
    )


class AnswerBody(Strict):
    """`answered_by` is the clinician whose opinion it is, whoever sends it."""

    answer = Text(lines=True)
    answered_by = Text(max_length=120)
    answered_at = Moment(required=False, allow_null=True)


class MilestoneBody(Strict):
    """A fact that has no verb of its own."""

    kind = OneOf(choices=[kind.value for kind in RECORDABLE])
    occurred_at = Moment()
    note = Text(max_length=300, required=False)
    confirmed = confirmed()


class CorrectionBody(Strict):
    """Another time; null when it never happened."""

    occurred_at = Moment(allow_null=True)
    reason = Text(max_length=300)
    confirmed = confirmed()


class DecisionBody(Strict):
    """Who decided what, with whom. 1.10.4's two exceptions each need their reason."""

    plan = OneOf(choices=TreatmentDecision.Plan.values)
    decided_by = Text(max_length=120)
    decided_at = Moment()
    consulted = serializers.ListField(
        child=OneOf(choices=Specialty.values), required=False, max_length=len(Specialty.values)
    )
    rationale = Text(lines=True, required=False)
    surgery_considered = Text(lines=True, required=False)
    radiotherapy_exception = OneOf(
        choices=[each.value for each in RadiotherapyException], required=False
    )
    exception_reason = Text(lines=True, required=False)
    paralysed_since = Day(required=False, allow_null=True)
    pain_controlled = three_way()
    fractionation = words(120)
    against_surgery = serializers.ListField(
        child=OneOf(choices=[each.value for each in AgainstSurgery]),
        required=False,
        max_length=len(AgainstSurgery),
        help_text="Time since paralysis must not be the only reason (1.11.5).",
    )
    opinions = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=50, help_text="It rests on these."
    )
    scores = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=50, help_text="It rests on these."
    )
    confirmed = confirmed()


class LeavingBody(Strict):
    """A planned discharge with its named lead; what is left open needs a reason."""

    lead_name = Text(max_length=120)
    destination = OneOf(choices=Discharge.Destination.values)
    discharged_at = Moment()
    lead_role = words(120)
    lead_phone = words(40)
    mobility_at_discharge = OneOf(choices=[each.value for each in Mobility], required=False)
    follow_up = Text(lines=True, required=False)
    equipment_and_support = Text(lines=True, required=False)
    dexamethasone = three_way()
    dexamethasone_plan = Text(lines=True, required=False)
    stomach_protection = three_way()
    glucose_checked = three_way()
    care_plan = three_way()
    carers_trained = three_way()
    new_symptoms_contact = words(200)
    open_items_reason = words(300)
    confirmed = confirmed()


class RedirectionBody(Strict):
    """Where the person's care goes on, and what the referrer was told to do."""

    to = Text(max_length=200)
    advice = Text(lines=True)
    told = words(200)


class WithdrawalBody(Strict):
    """Why: made in error, a duplicate of another reference, the person died."""

    reason = Text(max_length=300)


class ReopeningBody(Strict):
    """Why it is taken up again, and since when."""

    reason = Text(max_length=300)
    at = Moment(required=False, allow_null=True)
