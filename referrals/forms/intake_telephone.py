"""A call keyed in while it is had: the minimum that safety needs, and nothing else."""

from typing import Any

from referrals.clinical.presentation import CORD_ITEMS, PAIN_ITEMS, Presentation
from referrals.domain.intake import Intake, Person, Referrer
from referrals.forms.base import CommandForm, Form
from referrals.forms.fields import BirthField, CallBackField, CheckField, TextField, WhenField
from referrals.forms.intake_examined import mobility_field
from referrals.forms.intake_noticed import cancer_field, finding_field
from referrals.forms.intake_person import NumberFields, PlaceFields
from referrals.models.referral import Route

_CORD = {item.id: finding_field(item, required=True, onset="") for item in CORD_ITEMS}
CordSigns: type[Form] = type("CordSigns", (CommandForm,), {**_CORD, "__module__": __name__})


class TelephoneForm(NumberFields, PlaceFields, CordSigns):  # type: ignore[valid-type,misc]
    family_name = TextField(
        label="Family name",
        width=20,
        max_length=100,
        error_messages={"required": "Enter the person's name."},
    )
    given_name = TextField(label="Given name", width=20, max_length=100, required=False)
    date_of_birth = BirthField(label="Date of birth", required=False)
    caller = TextField(
        label="Who is calling?",
        width=20,
        max_length=120,
        error_messages={"required": "Enter the caller's name."},
    )
    caller_role = TextField(label="Their role", width=20, max_length=120, required=False)
    call_back = CallBackField(
        label="Number to call them back",
        error_messages={"required": "Give a number on which the caller can be called back."},
    )
    cancer = cancer_field()
    pain = CheckField(
        label="Which of these pains?",
        help_text="What is not ticked counts as not known.",
        choices=[(item.id, f"{item.label[:1].upper()}{item.label[1:]}") for item in PAIN_ITEMS],
        required=False,
    )
    mobility = mobility_field()
    suspected_at = WhenField(
        label="When was this first suspected?",
        what="The time it was suspected",
        error_messages={"required": "Say when this was first suspected."},
    )
    second_reason = TextField(
        label="If the person has an open referral: why is a second one needed?",
        max_length=300,
        required=False,
    )
    reveals = {**NumberFields.reveals, **PlaceFields.reveals}
    sections = [
        ("The person", ["nhs_number", "no_number", "family_name", "given_name", "date_of_birth"]),
        ("Where, and who calls", ["where", "hospital", "place_note"]),
        ("", ["caller", "caller_role", "call_back"]),
        ("What has been noticed", ["cancer", *_CORD, "pain", "mobility", "suspected_at"]),
        ("", ["second_reason"]),
    ]

    def presentation(self) -> Presentation:
        """What was said on the telephone, as facts."""
        said = self.cleaned_data
        findings: dict[str, Any] = {name: said[name] for name in _CORD if said.get(name)}
        findings |= {name: {"answer": "yes"} for name in said.get("pain") or ()}
        return Presentation.from_dict({"cancer": said["cancer"], "findings": findings})

    def intake(self) -> Intake:
        """What the domain takes; a coordinator who keys a call has the referral already."""
        said = self.cleaned_data
        # "Now" is the moment of the command itself, so that a form sent twice is the same one.
        earlier = said["suspected_at"] if said["suspected_at"] != self.at else None
        return Intake(
            **self.place(),  # type: ignore[arg-type]
            place_note=said["place_note"],
            person=Person(
                given_name=said["given_name"],
                family_name=said["family_name"],
                date_of_birth=said["date_of_birth"],
                nhs_number=said["nhs_number"] or None,
                nhs_number_absent_reason=said["absent_reason"] or "",
            ),
            referrer=Referrer(
                name=said["caller"], role=said["caller_role"], call_back=said["call_back"]
            ),
            presentation=self.presentation(),
            suspected_at=earlier,
            suspected_at_confirmed=said["confirmed"],
            sections={"neurology": {"mobility": said["mobility"]}},
            route=Route.TELEPHONE,
            taken=True,
            second_referral_reason=said["second_reason"],
        )
