"""The bodies of what a person is given and planned: care, scores, plans, follow-up."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mscc.rest.serializers import Day, Flag, OneOf, Real, Strict, Whole
from referrals.api.bodies import confirmed
from referrals.api.fields import CallBack, Moment, Text, grade, three_way
from referrals.api.sections import words
from referrals.clinical import bundle
from referrals.clinical.course import Kind
from referrals.clinical.discharge import ARRANGEMENTS, PARTIES
from referrals.clinical.follow_up import Continence, PlaceOfCare
from referrals.clinical.mobilisation import Step
from referrals.clinical.neurology import Mobility
from referrals.clinical.scored import level_of
from referrals.clinical.scores import UNKNOWN
from referrals.clinical.text import InputError
from referrals.clinical.tool_questions import QUESTIONS
from referrals.clinical.tools import Tool
from referrals.domain.care_plan import ADVISERS
from referrals.domain.dexamethasone import MOST_MG
from referrals.domain.mobilisation import LIMITS
from referrals.models import CareEntry, PainPlan

MOST_STEPS = 60


def _moment() -> Moment:
    return Moment(required=False, allow_null=True, help_text="Without it: now.")


def _some_of(choices: list[str]) -> serializers.ListField:
    return serializers.ListField(
        child=OneOf(choices=choices), required=False, max_length=len(choices)
    )


class BundleItemBody(Strict):
    """What became of one item. Everything but `given` says why."""

    item = OneOf(choices=[item.key for item in bundle.all_items()])
    status = OneOf(choices=CareEntry.Status.values)
    reason = words(300)


class BundleBody(Strict):
    """Several items of the care bundle at one time."""

    told = serializers.ListField(
        child=BundleItemBody(), min_length=1, max_length=len(bundle.all_items())
    )
    given_at = _moment()
    confirmed = confirmed()


class Dose(Real):
    """Milligrams a day, to a tenth."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=float(MOST_MG), **kwargs)

    def to_internal_value(self, data: Any) -> float:
        dose = super().to_internal_value(data)
        if round(dose, 1) != dose:
            raise ValidationError("Enter milligrams a day, for example 16 or 1.5.")
        return dose


class TaperStepBody(Strict):
    """From this day on the dose is `daily_mg`; 0 is the stop."""

    on = Day()
    daily_mg = Dose()


class DexamethasoneBody(Strict):
    """One entry of the course: a start or a change has a dose, a plan a taper."""

    kind = OneOf(choices=[kind.value for kind in Kind])
    at = _moment()
    daily_mg = Dose(required=False, allow_null=True)
    route = words(40)
    taper = serializers.ListField(child=TaperStepBody(), required=False, max_length=MOST_STEPS)
    reason = Text(lines=True, max_length=300, required=False)
    decided_by = Text(max_length=120, required=False, help_text="Who decided, if not you.")
    confirmed = confirmed()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        dose = attrs.get("daily_mg")
        # Through text: 1.1 as a float is not a tenth of 11.
        return attrs | {"daily_mg": None if dose is None else Decimal(str(dose))}


class Level(Text):
    """A level of the spine, such as T10, in one way of writing."""

    def cleaned(self, data: str) -> str:
        """The level as it is stored."""
        try:
            return level_of(super().cleaned(data))
        except InputError as wrong:
            raise ValidationError(wrong.sentence) from None


def _options() -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for questions in QUESTIONS.values():
        for each in questions:
            found.setdefault(each.key, {}).update(dict.fromkeys((*each.options, UNKNOWN)))
    return found


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: {"type": "string", "enum": list(options)} for key, options in _options().items()
        },
    }
)
class Answers(serializers.Field):
    """The tool's questions with their answers; what is left out is not known."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict):
            raise ValidationError("This must be an object of questions with their answers.")
        wrong = {key: ["This must be text."] for key, v in data.items() if not isinstance(v, str)}
        if wrong:
            raise ValidationError(wrong)
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class ScoreBody(Strict):
    """A tool as it was filled in. `level` is for the tools that score one lesion or level."""

    tool = OneOf(choices=[tool.value for tool in Tool])
    level = Level(max_length=12, required=False)
    answers = Answers()
    assessed_by = Text(max_length=120, help_text="The clinician, whoever sends it.")
    assessed_at = _moment()
    clinical_assessment = Text(
        lines=True,
        max_length=1000,
        required=False,
        help_text="What the score belongs to; SINS and Tokuhashi need it (1.9.3).",
    )
    confirmed = confirmed()


class CarePlanBody(Strict):
    """A version of the plan, by a senior clinician with the person (1.1.17)."""

    senior_clinician = Text(max_length=120)
    plan = Text(lines=True)
    matters_most = Text(lines=True, required=False)
    preferences = Text(lines=True, required=False)
    advisers = _some_of(list(ADVISERS))
    advice = Text(lines=True, required=False)
    agreed = three_way()
    not_agreed_reason = Text(lines=True, max_length=300, required=False)
    review_on = Day(required=False, allow_null=True)
    made_at = _moment()
    confirmed = confirmed()


class PainPlanBody(Strict):
    """A plan, or what a review of it found: both are `plan`. `helped` is for a review."""

    kind = OneOf(choices=PainPlan.Kind.values)
    plan = Text(lines=True)
    agreed = three_way()
    helped = three_way()
    side_effects = words(300)
    strong_opioids = three_way()
    at = _moment()
    confirmed = confirmed()


class SittingBody(Strict):
    """One step and what was measured: mmHg, pain 0 to 10. What is left out is not known."""

    step = OneOf(choices=[step.value for step in Step])
    lying_systolic = grade(*LIMITS["lying_systolic"])
    lying_diastolic = grade(*LIMITS["lying_diastolic"])
    upright_systolic = grade(*LIMITS["upright_systolic"])
    upright_diastolic = grade(*LIMITS["upright_diastolic"])
    pain_before = grade(*LIMITS["pain_before"])
    pain_after = grade(*LIMITS["pain_after"])
    dizzy = three_way()
    neurology_worse = three_way()
    done = words(300)
    note = Text(lines=True, required=False)
    at = _moment()
    confirmed = confirmed()


class ArrangedBody(Strict):
    """Whether it is done or not needed, and how, or what is missing."""

    done = Flag()
    note = words(300)


ArrangementsBody = type(
    "ArrangementsBody",
    (Strict,),
    {
        "__doc__": "What is arranged. A step that is left out stays as it was.",
        "__module__": __name__,
        **{step.key: ArrangedBody(required=False) for step in ARRANGEMENTS},
    },
)


class DischargePlanBody(Strict):
    """The lead and who was brought in, as the plan now is; and steps that have changed."""

    lead_name = Text(max_length=120)
    lead_role = words(120)
    lead_phone = CallBack(required=False)
    involved = _some_of([party.key for party in PARTIES])
    involved_note = words(300)
    arranged = ArrangementsBody(required=False)


class FollowUpBody(Strict):
    """How the person is. A second entry of a day says with `correction` what was wrong."""

    day = Whole(min_value=1, max_value=366, help_text="30 or 90, counted from the discharge.")
    reached = three_way()
    told_by = words(120)
    alive = three_way()
    died_on = Day(required=False, allow_null=True)
    mobility = OneOf(choices=[each.value for each in Mobility], required=False)
    continence = OneOf(choices=[each.value for each in Continence], required=False)
    pain = grade(0, 10)
    place_of_care = OneOf(choices=[each.value for each in PlaceOfCare], required=False)
    note = Text(lines=True, max_length=2_000, required=False)
    followed_at = _moment()
    correction = Text(lines=True, max_length=300, required=False)
    confirmed = confirmed()
