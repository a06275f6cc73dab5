"""Key information added later, a page for each kind (1.1.15). Nothing is ever overwritten.

What changes slowly is proposed as it was last recorded; an examination starts empty, so that
nobody's legs are copied from yesterday.
"""

from copy import deepcopy
from typing import Any

from django import forms
from django.conf import settings

from referrals.clinical.facts import Primary, Prognosis
from referrals.clinical.neurology import contradictions
from referrals.clinical.presentation import CancerStatus, Presentation
from referrals.clinical.scales import FRAILTY, PERFORMANCE
from referrals.domain.intake import Addition
from referrals.forms.adding import AddForm
from referrals.forms.base import Form
from referrals.forms.considerations import ConsiderationsForm
from referrals.forms.fields import (
    BirthField,
    NhsNumberField,
    NotesField,
    RadioField,
    TextField,
    ThreeWayField,
    WhenField,
)
from referrals.forms.intake_done import CareFields, SafetyFields, care_columns, safety_columns
from referrals.forms.intake_examined import (
    THREE_WAY,
    ExaminedForm,
    answer_of,
    neurology_columns,
    neurology_of,
    number_of,
    scale_field,
)
from referrals.forms.intake_person import interpreter_needed
from referrals.forms.pain_assessment import PainForm
from referrals.forms.steps import StepForm
from referrals.models import Note
from referrals.models.patient import Sex

NOTHING_TOLD = Presentation(CancerStatus.NOT_KNOWN)


def _some_of(form: type[Form], *names: str) -> type[Form]:
    return type(form.__name__, (Form,), {name: deepcopy(form.base_fields[name]) for name in names})


_LIMBS = tuple(f"power_{limb}" for limb in ("right_leg", "left_leg", "right_arm", "left_arm"))
_Examined = _some_of(
    ExaminedForm, "mobility", "last_walked", *_LIMBS, *THREE_WAY, "sensory_level", "examined_at"
)


class NeurologyForm(_Examined, AddForm):  # type: ignore[valid-type,misc]
    """One examination. What does not fit together is asked about before it is saved."""

    heading = "Neurological examination"
    examined_by = TextField(label="Who examined?", width=20, max_length=120)
    findings = NotesField(label="Anything else that was found", rows=3, required=False)
    sections = [
        ("Getting about", ["mobility", "complete_paralysis", "last_walked"]),
        ("Strength (MRC grade)", list(_LIMBS)),
        (
            "Feeling, bladder and bowel",
            [*("sensation_loss", "sensory_level", "perianal_sensation_reduced"), *THREE_WAY[3:]],
        ),
        ("", ["findings", "examined_by", "examined_at"]),
    ]

    def proposed(self) -> dict[str, Any]:
        return {"examined_by": self.by.name}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("confirmed"):
            # Within the examination only: what the ward first noticed may be days old.
            examined = neurology_of(neurology_columns(cleaned))
            for each in contradictions(NOTHING_TOLD, examined, at=self.at):
                self.add_error(each.field, f"{each.sentence} If it is right, confirm it.")
                self._show_confirmation(True)
        return cleaned

    def details(self) -> Addition:
        columns = neurology_columns(self.cleaned_data)
        columns |= {name: self.cleaned_data[name] for name in ("examined_by", "findings")}
        return Addition(sections={"neurology": columns})


PRIMARIES = [
    ("not_known", "Not known"),
    *((each.value, each.label) for each in Primary if each is not Primary.NOT_KNOWN),
]
OUTLOOKS = [
    (Prognosis.GOOD.value, "Good"),
    (Prognosis.LIMITED.value, "Limited"),
    (Prognosis.POOR.value, "Poor"),
    (Prognosis.NOT_KNOWN.value, "Not known"),
]


class CancerForm(AddForm):
    heading = "Cancer and its stage"
    primary_site = TextField(label="Where did the cancer start?", max_length=120, required=False)
    primary = forms.ChoiceField(
        label="Which of these is it?",
        help_text="Drug treatment and the prognostic score depend on it.",
        choices=PRIMARIES,
        required=False,
    )
    histology = TextField(label="Histology", max_length=200, required=False)
    diagnosed = TextField(label="When was it diagnosed?", width=20, max_length=60, required=False)
    stage = TextField(label="Stage", max_length=120, required=False)
    haematological = ThreeWayField(
        label="Is it, or may it be, lymphoma or myeloma?",
        help_text="It changes the advice on steroids.",
        required=False,
    )
    spinal_metastases_known = ThreeWayField(
        label="Are metastases in the spine already known?", required=False
    )
    other_metastases = TextField(label="Metastases elsewhere", max_length=200, required=False)
    systemic_therapy = TextField(label="Systemic treatment", max_length=200, required=False)
    previous_radiotherapy = TextField(
        label="Radiotherapy before: where, when, how much",
        help_text="Write none if none.",
        max_length=300,
        required=False,
    )
    outlook = RadioField(
        label="How is the overall prognosis judged?",
        help_text="By clinicians: a score informs it and never decides it (1.9.3).",
        choices=OUTLOOKS,
        inline=True,
        required=False,
    )
    prognosis = TextField(label="Prognosis, in words", max_length=200, required=False)
    oncologist = TextField(label="Oncologist", width=20, max_length=120, required=False)
    treatment_escalation = TextField(
        label="Treatment escalation plan", max_length=200, required=False
    )

    def proposed(self) -> dict[str, Any]:
        return self.section("cancer")

    def details(self) -> Addition:
        asked = ("haematological", "spinal_metastases_known", "primary", "outlook")
        words = [name for name in CancerForm.base_fields if name not in (*_OWN, *asked)]
        row = {name: self.cleaned_data[name] for name in words}
        row |= {name: answer_of(self.cleaned_data, name) for name in asked}
        return Addition(sections={"cancer": row})


class FitnessForm(AddForm):
    heading = "Performance status and frailty"
    performance_status = scale_field("Performance status now (WHO 0 to 4)", PERFORMANCE)
    performance_status_before = scale_field("Performance status before this illness", PERFORMANCE)
    frailty = scale_field(
        "Frailty as it was two weeks ago (Clinical Frailty Scale 1 to 9)", FRAILTY
    )
    comorbidities = TextField(label="Other illnesses", max_length=300, required=False)
    anticoagulants = TextField(label="Anticoagulants", max_length=200, required=False)
    bloods = TextField(label="Blood results that matter", max_length=300, required=False)

    def proposed(self) -> dict[str, Any]:
        return {name: str(value) for name, value in self.section("fitness").items()}

    def details(self) -> Addition:
        grades = ("performance_status", "performance_status_before", "frailty")
        row: dict[str, Any] = {name: number_of(self.cleaned_data, name) for name in grades}
        words = ("comorbidities", "anticoagulants", "bloods")
        row |= {name: self.cleaned_data[name] for name in words}
        return Addition(sections={"fitness": row})


class MriSafetyForm(SafetyFields, AddForm):
    heading = "MRI safety"

    def proposed(self) -> dict[str, Any]:
        return self.section("mri_safety")

    def details(self) -> Addition:
        return Addition(sections={"mri_safety": safety_columns(self.cleaned_data)})


_CARE = ("dexamethasone", "dexamethasone_mg", "dexamethasone_at", "stomach_protection")
_Care = _some_of(CareFields, *_CARE, "glucose_checked", "analgesia", "imaging_done")


class CareForm(_Care, AddForm):  # type: ignore[valid-type,misc]
    """Immobilisation and scans are recorded as facts of their own, since clocks hang on them."""

    heading = "What has been done"
    vte_prophylaxis = ThreeWayField(label="Is there protection against thrombosis?", required=False)
    images_sent = TextField(label="Where were the images sent?", max_length=200, required=False)
    reveals = {
        "dexamethasone_mg": ("dexamethasone", "yes"),
        "dexamethasone_at": ("dexamethasone", "yes"),
    }

    def proposed(self) -> dict[str, Any]:
        shown = self.section("care")
        return {name: value for name, value in shown.items() if name in self.base_fields}

    def details(self) -> Addition:
        said = self.cleaned_data
        row = care_columns(said) | {
            "vte_prophylaxis": answer_of(said, "vte_prophylaxis"),
            "images_sent": said["images_sent"],
        }
        return Addition(sections={"care": row})


class NoteForm(AddForm):
    heading = "Note"
    topic = Note.Topic.NOTE
    text = NotesField(label="Note", rows=6)
    happened_at = WhenField(label="When was it?", what="This time")

    def details(self) -> Addition:
        return Addition(
            note=self.cleaned_data["text"],
            topic=self.topic,
            occurred_at=self.earlier("happened_at"),
        )


class CallForm(NoteForm):
    heading = "Telephone call"
    topic = Note.Topic.CALL
    text = NotesField(label="Who rang whom, and what was said", rows=6)


class NeedsForm(NoteForm):
    heading = "Needs, preferences and circumstances"
    topic = Note.Topic.NEEDS
    text = NotesField(
        label="What matters to the person, and what they need",
        help_text="Living, family and carers, wishes, adjustments",
        rows=5,
    )


class PersonDetailsForm(AddForm):
    heading = "The person's details"
    nhs_number = NhsNumberField(label="NHS number", required=False, allow_test=settings.DEMO)
    family_name = TextField(label="Family name", width=20, max_length=100)
    given_name = TextField(label="Given name", width=20, max_length=100, required=False)
    date_of_birth = BirthField(label="Date of birth", required=False)
    sex = RadioField(label="Sex", choices=Sex.choices, required=False, inline=True)
    phone = TextField(label="Telephone", width=20, max_length=40, required=False)
    next_of_kin = TextField(label="Next of kin", max_length=200, required=False)
    gp_practice = TextField(label="GP practice", max_length=200, required=False)
    allergies = TextField(
        label="Allergies", help_text="Write none if none.", max_length=300, required=False
    )
    language = TextField(label="Language", width=20, max_length=60, required=False)
    interpreter = ThreeWayField(label="Is an interpreter needed?", required=False)
    communication_needs = TextField(label="Communication needs", max_length=300, required=False)
    reasonable_adjustments = TextField(
        label="Reasonable adjustments", max_length=300, required=False
    )

    def proposed(self) -> dict[str, Any]:
        needed = {True: "yes", False: "no"}.get(self.patient.interpreter_needed, "not_known")
        shown = {name: getattr(self.patient, name) for name in _PERSON}
        return {**shown, "interpreter": needed}

    def clean_nhs_number(self) -> str:
        number: str = self.cleaned_data["nhs_number"]
        if not number and self.patient.nhs_number:
            raise forms.ValidationError("The NHS number is known. Correct it, do not remove it.")
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.details().person:
            self.add_error(None, "Nothing here differs from what is on record.")
        return cleaned

    def details(self) -> Addition:
        said = {name: self.cleaned_data[name] for name in _PERSON}
        said["interpreter_needed"] = interpreter_needed(self.cleaned_data["interpreter"])
        if said["nhs_number"]:
            said["nhs_number_absent_reason"] = ""
        else:
            del said["nhs_number"]
        changed = {name: v for name, v in said.items() if v != getattr(self.patient, name)}
        return Addition(person=changed)


_OWN = tuple(StepForm.base_fields)
_PERSON = tuple(
    name for name in PersonDetailsForm.base_fields if name not in (*_OWN, "interpreter")
)

FORMS: dict[str, type[AddForm]] = {
    "person": PersonDetailsForm,
    "neurology": NeurologyForm,
    "pain": PainForm,
    "fitness": FitnessForm,
    "mri-safety": MriSafetyForm,
    "care": CareForm,
    "cancer": CancerForm,
    "considerations": ConsiderationsForm,
    "needs": NeedsForm,
    "note": NoteForm,
    "call": CallForm,
}
