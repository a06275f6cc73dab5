"""One step of graded sitting: what was done, what was measured, what followed (1.6.1 to 1.6.4)."""

from django import forms

from referrals.clinical.mobilisation import Measured, Step
from referrals.clinical.presentation import Answer
from referrals.domain.mobilisation import LIMITS, SittingDetails
from referrals.forms.fields import NotesField, RadioField, TextField, ThreeWayField, WhenField
from referrals.forms.steps import StepForm

_NUMBERS = {
    "lying_systolic": ("Lying: upper (systolic)", "mmHg"),
    "lying_diastolic": ("Lying: lower (diastolic)", "mmHg"),
    "upright_systolic": ("Upright: upper (systolic)", "mmHg, as soon as the person is upright"),
    "upright_diastolic": ("Upright: lower (diastolic)", "mmHg"),
    "pain_before": ("Pain before the step", "0 to 10"),
    "pain_after": ("Pain during or after the step", "0 to 10"),
}


def _number(name: str) -> forms.IntegerField:
    label, unit = _NUMBERS[name]
    field = forms.IntegerField(
        label=label,
        help_text=unit,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Enter a whole number, or leave it empty."},
    )
    field.widget.nhs = {"width": 3}
    return field


class SittingForm(StepForm):
    """An empty box is not known: then the step is judged as not enough known, never as fine."""

    step = RadioField(
        label="Which step?",
        choices=[(each.value, f"{each.label[0].upper()}{each.label[1:]}") for each in Step],
    )
    lying_systolic = _number("lying_systolic")
    lying_diastolic = _number("lying_diastolic")
    upright_systolic = _number("upright_systolic")
    upright_diastolic = _number("upright_diastolic")
    dizzy = ThreeWayField(label="Dizzy or faint upright?", required=False)
    pain_before = _number("pain_before")
    pain_after = _number("pain_after")
    neurology_worse = ThreeWayField(
        label="Is the neurology worse than before the step?",
        help_text="Power, feeling, bladder and bowel, pain that shoots along a nerve",
        required=False,
    )
    done = TextField(
        label="What was done about it?",
        help_text="For example: laid back to 30 degrees, physiotherapist rung",
        max_length=300,
        required=False,
    )
    note = NotesField(label="Anything else?", rows=2, required=False)
    happened_at = WhenField(label="When was it?", what="The time of the step")
    sections = [
        ("The step", ["step", "happened_at"]),
        (
            "Blood pressure",
            ["lying_systolic", "lying_diastolic", "upright_systolic", "upright_diastolic", "dizzy"],
        ),
        ("Pain and neurology", ["pain_before", "pain_after", "neurology_worse"]),
        ("What followed", ["done", "note"]),
    ]
    aliases = {"at": "happened_at"}

    def details(self) -> SittingDetails:
        said = self.cleaned_data
        return SittingDetails(
            seen=self.measured(),
            done=said["done"] or "",
            note=said["note"] or "",
            at=self.earlier("happened_at"),
            confirmed=said["confirmed"],
        )

    def measured(self) -> Measured:
        """What was typed, as the rules judge it."""
        said = self.cleaned_data
        return Measured(
            step=Step(said["step"]),
            **{name: said[name] for name in LIMITS},
            dizzy=Answer(said["dizzy"]["answer"]),
            neurology_worse=Answer(said["neurology_worse"]["answer"]),
        )
