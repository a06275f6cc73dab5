"""Who the person is: the NHS number first and alone, then the rest."""

from typing import Any

from django import forms
from django.conf import settings

from mscc.people.models import Organisation
from referrals.forms.base import Form
from referrals.forms.fields import (
    BirthField,
    CheckField,
    NhsNumberField,
    NotesField,
    RadioField,
    TextField,
    ThreeWayField,
)
from referrals.models.patient import Sex

ELSEWHERE = "elsewhere"
NO_NUMBER = "none"


class NumberFields(Form):
    """An NHS number, or the reason why there is none."""

    nhs_number = NhsNumberField(
        label="NHS number",
        help_text="10 digits, for example 485 777 3456. It is on the wristband and the notes.",
        required=False,
        allow_test=settings.DEMO,
    )
    no_number = CheckField(
        label="If you do not have it",
        choices=[(NO_NUMBER, "I cannot get the NHS number now")],
        required=False,
    )
    absent_reason = TextField(
        label="Why is there no NHS number?",
        help_text="For example: not registered, visiting from abroad, cannot be identified yet.",
        max_length=200,
        error_messages={"required": "Say why there is no NHS number."},
    )
    reveals = {"absent_reason": ("no_number", NO_NUMBER)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        number, none = cleaned.get("nhs_number"), bool(cleaned.get("no_number"))
        if number and none:
            self.add_error("nhs_number", "You entered a number and said that there is none.")
        if "nhs_number" not in self.errors and not number and not none:
            self.add_error("nhs_number", "Enter an NHS number, or say why there is none.")
        return cleaned


class NhsNumberForm(NumberFields):
    """The first page: nothing else is typed before an open referral has been looked for."""


class SecondReferralForm(Form):
    """Why one more referral is needed, although one is open."""

    reason = TextField(
        label="Why does this need a second referral?",
        help_text="For example: the open one is about another illness.",
        max_length=300,
        error_messages={"required": "Say why a second referral is needed."},
    )


class PlaceFields(Form):
    """Where the person is: one's own ward in one tap, or anywhere in the alliance.

    `own` are the wards and hospitals of whoever refers, `hospitals` all there are to choose from.
    """

    where = RadioField(
        label="Where is the person now?",
        choices=[],
        error_messages={"required": "Say where the person is."},
    )
    hospital = forms.ChoiceField(
        label="Hospital",
        choices=[],
        error_messages={"required": "Say which hospital the person is in."},
    )
    place_note = TextField(
        label="Ward, bay or bed",
        help_text="As you would say it on the telephone",
        required=False,
        max_length=120,
    )
    reveals = {"hospital": ("where", ELSEWHERE)}

    def __init__(
        self, *args: Any, own: list[Organisation], hospitals: list[Organisation], **kwargs: Any
    ) -> None:
        self.own = {str(place.pk): place for place in own}
        super().__init__(*args, **kwargs)
        self.fields["hospital"].choices = [
            ("", "Choose a hospital"),
            *((str(place.pk), place.name) for place in hospitals),
        ]
        if own:
            self.fields["where"].choices = [
                *((key, _named(place)) for key, place in self.own.items()),
                (ELSEWHERE, "Somewhere else"),
            ]
        else:
            del self.fields["where"]
            self.reveals = {k: v for k, v in self.reveals.items() if k != "hospital"}

    def place(self) -> dict[str, int | None]:
        """`hospital_id` and `ward_id` as chosen; nothing while that is not known."""
        where = self.cleaned_data.get("where")
        if where in self.own:
            chosen = self.own[where]
            if chosen.kind == "ward":
                return {"hospital_id": chosen.hospital_id, "ward_id": chosen.pk}
            return {"hospital_id": chosen.pk, "ward_id": None}
        if hospital := self.cleaned_data.get("hospital"):
            return {"hospital_id": int(hospital), "ward_id": None}
        return {}


class PersonForm(PlaceFields):
    given_name = TextField(label="Given name", width=20, max_length=100, required=False)
    family_name = TextField(
        label="Family name",
        width=20,
        max_length=100,
        help_text="If nobody knows it, write what you call the person, for example Unknown Male.",
        error_messages={"required": "Enter the person's name."},
    )
    date_of_birth = BirthField(
        label="Date of birth", help_text="For example 31 3 1960", required=False
    )
    sex = RadioField(label="Sex", choices=Sex.choices, required=False, inline=True)
    allergies = TextField(
        label="Allergies",
        help_text="Write none if there are none.",
        required=False,
        max_length=300,
    )
    language = TextField(label="Language", width=20, max_length=60, required=False)
    interpreter = ThreeWayField(label="Is an interpreter needed?", required=False)
    communication_needs = NotesField(
        label="Hearing, sight, memory, and what matters to the person",
        rows=2,
        max_length=300,
        required=False,
    )
    sections = [
        ("", ["family_name", "given_name", "date_of_birth", "sex"]),
        ("Where", ["where", "hospital", "place_note"]),
        ("Needs", ["allergies", "language", "interpreter", "communication_needs"]),
    ]


def interpreter_needed(answer: dict[str, Any] | None) -> bool | None:
    """The three-way answer as the patient's column: None while nobody knows."""
    return {"yes": True, "no": False}.get((answer or {}).get("answer", ""))


def _named(place: Organisation) -> str:
    if place.kind == "ward" and place.hospital is not None:
        return f"{place.name}, {place.hospital.name}"
    return place.name
