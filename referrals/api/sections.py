"""The key information of 1.1.15 as bodies: what may be written, column by column."""

from typing import Any, ClassVar

from rest_framework.exceptions import ValidationError

from mscc.rest.serializers import Day, Flag, OneOf, Real, Strict, Whole
from referrals.api.fields import Moment, NhsNumber, Text, born, grade, three_way
from referrals.clinical.facts import Primary, Prognosis
from referrals.clinical.neurology import Mobility
from referrals.models.patient import Sex

# Where the domain's name of a time stands in a body that has sections.
SECTION_POINTERS = {
    "examined_at": "/sections/neurology/examined_at",
    "asked_at": "/sections/pain/asked_at",
    "dexamethasone_at": "/sections/care/dexamethasone_at",
    "immobilised_at": "/sections/care/immobilised_at",
    "mri_performed_at": "/sections/care/mri_performed_at",
    "paralysed_since": "/sections/considerations/paralysed_since",
    "radiotherapy_ended_on": "/sections/considerations/radiotherapy_ended_on",
}


def words(most: int) -> Text:
    """A line that may be left out."""
    return Text(max_length=most, required=False)


class CancerBody(Strict):
    """The cancer, as far as it is known."""

    primary_site = words(120)
    histology = words(200)
    diagnosed = words(60)
    stage = words(120)
    haematological = three_way()
    spinal_metastases_known = three_way()
    other_metastases = words(200)
    systemic_therapy = words(200)
    previous_radiotherapy = words(300)
    prognosis = words(200)
    primary = OneOf(choices=[each.value for each in Primary], required=False)
    outlook = OneOf(choices=[each.value for each in Prognosis], required=False)
    oncologist = words(120)
    treatment_escalation = words(200)


class FoundBody(Strict):
    """A section that says when it was found; `when` names the field, which may be left out."""

    when: ClassVar[str]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        found_at = attrs.pop(self.when, None)
        return attrs if found_at is None else attrs | {"occurred_at": found_at}


class NeurologyBody(FoundBody):
    """One examination. Power is the MRC grade, 0 to 5."""

    when = "examined_at"
    examined_at = Moment(required=False, allow_null=True)
    examined_by = words(120)
    mobility = OneOf(choices=[each.value for each in Mobility], required=False)
    complete_paralysis = three_way()
    last_walked = words(120)
    power_right_arm = grade(0, 5)
    power_left_arm = grade(0, 5)
    power_right_leg = grade(0, 5)
    power_left_leg = grade(0, 5)
    sensory_level = words(40)
    sensation_loss = three_way()
    perianal_sensation_reduced = three_way()
    anal_tone_reduced = three_way()
    bladder_problem = three_way()
    bowel_problem = three_way()
    catheter = three_way()
    findings = Text(lines=True, required=False)


class PainBody(FoundBody):
    """Severity from 0 to 10 (1.7.2)."""

    when = "asked_at"
    asked_at = Moment(required=False, allow_null=True)
    severity = grade(0, 10)
    site = words(200)
    on_movement = three_way()
    relief = words(300)
    impact = words(300)
    cause = words(300)
    tried = words(300)
    controlled = three_way()
    neuropathic = three_way()
    opioids_do_not_help = three_way()
    difficult_to_manage = three_way()
    limits_life = three_way()


class MriSafetyBody(Strict):
    """What imaging must know before it books (1.1.20, 1.5.7)."""

    contraindicated = three_way()
    contraindication = words(200)
    implants = three_way()
    implant_details = words(200)
    can_lie_flat = three_way()
    claustrophobia = three_way()
    weight_kg = Whole(min_value=1, max_value=500, required=False, allow_null=True)
    infection_risk = words(200)


class FitnessBody(Strict):
    """Performance status (WHO/ECOG) now and before, frailty (Clinical Frailty Scale)."""

    performance_status = grade(0, 4)
    performance_status_before = grade(0, 4)
    frailty = grade(1, 9)
    comorbidities = words(300)
    anticoagulants = words(200)
    bloods = words(300)


class CareBody(Strict):
    """What had been done already when the ward rang."""

    dexamethasone = three_way()
    dexamethasone_mg = Real(min_value=0, max_value=100, required=False, allow_null=True)
    dexamethasone_at = Moment(required=False, allow_null=True)
    stomach_protection = three_way()
    glucose_checked = three_way()
    immobilised = three_way()
    immobilised_at = Moment(required=False, allow_null=True)
    analgesia = words(300)
    vte_prophylaxis = three_way()
    imaging_done = words(300)
    mri_performed_at = Moment(required=False, allow_null=True)
    mri_whole_spine = three_way()
    images_sent = words(200)


class ConsiderationsBody(Strict):
    """What the choice of treatment turns on (1.9.3, 1.10, 1.11)."""

    surgery_suitable = three_way()
    discussed_with_specialists = three_way()
    immediate_treatment_needed = three_way()
    primary_would_change_it = three_way()
    rapid_progression = three_way()
    unstable = three_way()
    stability_likely = three_way()
    pain_controlled = three_way()
    paralysed_since = Day(required=False, allow_null=True)
    previous_radiotherapy = three_way()
    radiotherapy_ended_on = Day(required=False, allow_null=True)
    responded_well = three_way()
    recurrent_symptoms = three_way()
    large_field = three_way()
    other_side_effect_risk = three_way()
    asymptomatic = three_way()
    in_trial = three_way()
    impending_compression = three_way()
    oligometastases = three_way()
    stem_cell_harvest = three_way()
    fertility_matters = three_way()
    other_treatment = three_way()
    recovered_from_surgery = three_way()


class SectionsBody(Strict):
    """Sections of key information; each one given becomes a row of its own."""

    cancer = CancerBody(required=False)
    neurology = NeurologyBody(required=False)
    pain = PainBody(required=False)
    mri_safety = MriSafetyBody(required=False)
    fitness = FitnessBody(required=False)
    care = CareBody(required=False)


class AddedSectionsBody(SectionsBody):
    """The same, with what the choice of treatment turns on: no ward is asked for it."""

    considerations = ConsiderationsBody(required=False)


class PersonMoreBody(Strict):
    """What can be learnt of a person later on."""

    date_of_birth = Day(required=False)
    nhs_number = NhsNumber(required=False, allow_blank=False)
    sex = OneOf(choices=Sex.values, required=False)
    ethnicity = words(60)
    postcode = words(8)
    gp_practice = words(200)
    phone = words(40)
    next_of_kin = words(200)
    language = words(60)
    interpreter_needed = Flag(required=False, allow_null=True)
    communication_needs = words(300)
    reasonable_adjustments = words(300)
    allergies = words(300)

    def validate_date_of_birth(self, day: Any) -> Any:
        """A day on which somebody alive can have been born."""
        return born(day)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "nhs_number" in attrs:
            attrs["nhs_number_absent_reason"] = ""
        return attrs


class PersonBody(PersonMoreBody):
    """Who it is about. Without an NHS number, `nhs_number_absent_reason` says why."""

    given_name = Text(max_length=100)
    family_name = Text(max_length=100)
    nhs_number_absent_reason = words(200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("nhs_number"):
            attrs["nhs_number_absent_reason"] = ""
        elif not attrs.get("nhs_number_absent_reason"):
            sentence = "Enter an NHS number, or say why there is none."
            raise ValidationError({"nhs_number": [sentence]})
        return attrs
