"""Forms of the coordinator's work."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms

from mscc.people.models import Assignment
from mscc.people.roles import ROLES
from referrals.forms.base import Form
from referrals.forms.fields import WhenField


class ShiftForm(Form):
    """Who is on duty from when until when, in London's time; the hour that comes twice is asked."""

    who = forms.TypedChoiceField(
        label="Who, and for which role",
        coerce=int,
        error_messages={"required": "Choose who.", "invalid_choice": "Choose who."},
    )
    starts_at = WhenField(label="Starts", now=False, future=True)
    ends_at = WhenField(label="Ends", now=False, future=True)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        holders: Iterable[Assignment],
        **kwargs: Any,
    ):
        super().__init__(data, at=at, **kwargs)
        self.holders = {held.pk: held for held in holders}
        choices = [(pk, holder_words(held)) for pk, held in self.holders.items()]
        self.fields["who"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]

    @property
    def holder(self) -> Assignment:
        """The role, the person and the place that were chosen; the form has been found valid."""
        return self.holders[self.cleaned_data["who"]]


def holder_words(held: Assignment) -> str:
    """ "MSCC coordinator: Ada Example, Example Alliance" """
    role = ROLES[held.role].label
    if held.specialty:
        role = f"{role}, {held.get_specialty_display().lower()}"
    return f"{role}: {held.user.name}, {held.organisation.name}"
