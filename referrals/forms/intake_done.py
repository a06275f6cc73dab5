"""What imaging must know before it books, and what has been done already (1.1.20, 1.4.1, 1.8.1)."""

from decimal import Decimal
from typing import Any

from django import forms

from referrals.forms.base import Form
from referrals.forms.fields import YES_NO, RadioField, TextField, ThreeWayField, WhenField
from referrals.forms.intake_examined import answer_of

SAFETY_ANSWERS = ("contraindicated", "implants", "can_lie_flat", "claustrophobia")
SAFETY_WORDS = ("contraindication", "implant_details", "infection_risk")
CARE_ANSWERS = (
    "dexamethasone",
    "stomach_protection",
    "glucose_checked",
    "immobilised",
    "mri_whole_spine",
)
CARE_WORDS = ("analgesia", "imaging_done")
CARE_VALUES = ("dexamethasone_mg", "dexamethasone_at", "immobilised_at", "mri_performed_at")


class SafetyFields(Form):
    """Whether the person can have an MRI."""

    contraindicated = RadioField(
        label="Does anything rule out MRI?",
        help_text="For example a pacemaker or a cochlear implant that is not safe in MRI",
        choices=YES_NO,
        required=False,
    )
    contraindication = TextField(label="What rules it out?", max_length=200, required=False)
    implants = RadioField(
        label="Is there any other metal or device in the body?", choices=YES_NO, required=False
    )
    implant_details = TextField(label="Which, and where?", max_length=200, required=False)
    can_lie_flat = ThreeWayField(label="Can the person lie flat?", required=False)
    claustrophobia = ThreeWayField(label="Is the person afraid of narrow spaces?", required=False)
    weight_kg = forms.IntegerField(
        label="Weight in kilograms",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        required=False,
        min_value=1,
        max_value=400,
        error_messages={
            "invalid": "Enter a whole number of kilograms, for example 72.",
            "min_value": "Enter a weight between 1 and 400 kg.",
            "max_value": "Enter a weight between 1 and 400 kg.",
        },
    )
    infection_risk = TextField(
        label="Infection that imaging must know of", max_length=200, required=False
    )
    reveals = {
        "contraindication": ("contraindicated", "yes"),
        "implant_details": ("implants", "yes"),
    }


class CareFields(Form):
    """What the ward has done so far."""

    immobilised = RadioField(
        label="Is the person lying flat (immobilised)?", choices=YES_NO, required=False
    )
    immobilised_at = WhenField(
        label="Since when?", now=False, what="The time lying flat began", required=False
    )
    dexamethasone = RadioField(
        label="Has dexamethasone been given?", choices=YES_NO, required=False
    )
    dexamethasone_mg = forms.DecimalField(
        label="How many milligrams?",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        required=False,
        min_value=Decimal("0.5"),
        max_value=Decimal(100),
        decimal_places=1,
        error_messages={
            "invalid": "Enter the dose in milligrams, for example 16.",
            "min_value": "Enter a dose between 0.5 and 100 mg.",
            "max_value": "Enter a dose between 0.5 and 100 mg.",
            "max_decimal_places": "Enter the dose with one decimal place at most.",
        },
    )
    dexamethasone_at = WhenField(
        label="When was it given?", now=False, what="The time of the dose", required=False
    )
    stomach_protection = ThreeWayField(label="Is the stomach protected (PPI)?", required=False)
    glucose_checked = ThreeWayField(label="Has blood glucose been checked?", required=False)
    analgesia = TextField(label="Which pain relief has been given?", max_length=300, required=False)
    mri_done = RadioField(
        label="Has an MRI of the spine been done already?", choices=YES_NO, required=False
    )
    mri_performed_at = WhenField(
        label="When was the MRI done?", now=False, what="The time of the MRI"
    )
    mri_whole_spine = RadioField(
        label="Was it the whole spine?",
        choices=YES_NO,
        inline=True,
        error_messages={"required": "Say whether it was the whole spine."},
    )
    imaging_done = TextField(
        label="Which imaging was done, and what did it show?",
        help_text="Write none if none.",
        max_length=300,
        required=False,
    )
    reveals = {
        "immobilised_at": ("immobilised", "yes"),
        "dexamethasone_mg": ("dexamethasone", "yes"),
        "dexamethasone_at": ("dexamethasone", "yes"),
        "mri_performed_at": ("mri_done", "yes"),
        "mri_whole_spine": ("mri_done", "yes"),
    }


class DoneForm(SafetyFields, CareFields):
    reveals = {**SafetyFields.reveals, **CareFields.reveals}
    sections = [
        (
            "Before an MRI",
            ["contraindicated", "implants", "can_lie_flat", "claustrophobia"]
            + ["weight_kg", "infection_risk"],
        ),
        (
            "What has been done already",
            ["immobilised", "dexamethasone", "stomach_protection", "glucose_checked"]
            + ["analgesia", "mri_done", "imaging_done"],
        ),
    ]


def safety_columns(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The columns of an MriSafety row; empty when nothing was said."""
    columns: dict[str, Any] = {name: answer_of(cleaned, name) for name in SAFETY_ANSWERS}
    columns |= {name: cleaned.get(name) or "" for name in SAFETY_WORDS}
    columns["weight_kg"] = cleaned.get("weight_kg")
    return columns if _anything(columns) else {}


def care_columns(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The columns of an InitialCare row; empty when nothing was said."""
    columns: dict[str, Any] = {name: answer_of(cleaned, name) for name in CARE_ANSWERS}
    columns |= {name: cleaned.get(name) or "" for name in CARE_WORDS}
    columns |= {name: cleaned.get(name) for name in CARE_VALUES}
    return columns if _anything(columns) else {}


def _anything(columns: dict[str, Any]) -> bool:
    return any(value not in (None, "", "not_known") for value in columns.values())
