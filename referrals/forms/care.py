"""The care bundle as a form: what became of each item, in one go."""

from typing import Any

from django import forms

from referrals.clinical import bundle
from referrals.domain.care import CareGiven, Told
from referrals.forms.fields import RadioField, TextField, WhenField
from referrals.forms.steps import StepForm
from referrals.models import CareEntry

NO_CHANGE = ("", "No change")


class CareForm(StepForm):
    """Every item is there, whether it applies now or not: an item nobody expected can be told."""

    given_at = WhenField(label="When was this?", what="The time of the care", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        confirmed = self.fields.pop("confirmed")
        for item in bundle.all_items():
            self.fields[f"{item.key}_status"] = RadioField(
                label=item.label,
                help_text=item.text,
                choices=[NO_CHANGE, *CareEntry.Status.choices],
                inline=True,
                required=False,
            )
            self.fields[f"{item.key}_reason"] = TextField(
                label="Reason, or a remark", max_length=300, required=False
            )
            self.initial.setdefault(f"{item.key}_status", "")
        self.fields["confirmed"] = confirmed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for item in bundle.all_items():
            status, reason = f"{item.key}_status", cleaned.get(f"{item.key}_reason")
            if reason and cleaned.get(status) == "":
                self.add_error(
                    status, f"{item.label}: say what became of it, or take the reason out."
                )
        if not self.errors and not self._told():
            raise forms.ValidationError("Say what became of at least one item.")
        return cleaned

    def _told(self) -> tuple[Told, ...]:
        said = self.cleaned_data
        return tuple(
            Told(item.key, said[f"{item.key}_status"], said[f"{item.key}_reason"])
            for item in bundle.all_items()
            if said.get(f"{item.key}_status")
        )

    def details(self) -> CareGiven:
        return CareGiven(
            self._told(),
            given_at=self.earlier("given_at"),
            confirmed=self.cleaned_data["confirmed"],
        )
