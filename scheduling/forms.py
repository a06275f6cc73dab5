"""Forms of the coordinator's work."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from mscc.people.models import Assignment
from mscc.people.roles import ROLES
from referrals.forms.base import Form
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from scheduling.models import BreachRecord, Handover


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


class HandoverForm(Form):
    """A note for everything, and one for each open referral; drawn from a version of the row."""

    note = NotesField(
        label="For the next one",
        required=False,
        max_length=2000,
        rows=4,
        help_text="What does not belong to one referral: a scanner that is down, who is expected.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        handover: Handover,
        references: Iterable[str],
    ):
        given: dict[str, Any] = {"note": handover.note, "version": handover.version}
        given |= {f"note_{ref}": text for ref, text in handover.notes.items()}
        super().__init__(data, at=at, initial=given)
        self.references = list(references)
        # Notes on referrals that are no longer on the list stay where they are.
        self.kept = {
            ref: text for ref, text in handover.notes.items() if ref not in self.references
        }
        for ref in self.references:
            self.fields[f"note_{ref}"] = NotesField(
                label=f"Note on {ref}", required=False, max_length=500, rows=2
            )

    @property
    def notes(self) -> dict[str, str]:
        """What was written about each referral; the form has been found valid."""
        return {ref: self.cleaned_data[f"note_{ref}"] or "" for ref in self.references}

    def redraw_version(self, version: int) -> None:
        """After a conflict: saving again puts this text in place of the other."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class DowntimeForm(Form):
    """From when until when the service may be away, and why, in London's time."""

    starts_at = WhenField(label="Starts", now=False, future=True)
    ends_at = WhenField(label="Ends", now=False, future=True)
    reason = forms.CharField(
        label="Why, in words that everybody may read",
        max_length=200,
        help_text="For example: a new version of the database. Nothing about a patient.",
        error_messages={"required": "Say why, in a few words that everybody may read."},
    )


class BreachForm(Form):
    """Why a target was missed, who follows it up, and whether it is an incident (1.1.12)."""

    reason = RadioField(label="Why was it missed?", choices=BreachRecord.Reason.choices)
    words = NotesField(
        label="In your own words",
        help_text="What happened and what would have helped. No name of the person.",
        rows=3,
        max_length=2000,
        required=False,
    )
    owner = TextField(label="Who follows it up?", width=20, max_length=120)
    incident = RadioField(
        label="Is it an incident to be reported?",
        choices=[("yes", "Yes"), ("no", "No")],
        inline=True,
    )
    incident_number = TextField(
        label="Its number in your incident system, if it has one",
        width=10,
        max_length=40,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    reveals: ClassVar[dict[str, tuple[str, str]]] = {"incident_number": ("incident", "yes")}
