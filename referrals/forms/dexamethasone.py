"""What became of dexamethasone: started, changed, given a taper, stopped (1.8.1 to 1.8.8)."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from referrals.clinical.course import Kind, Step
from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.clinical.times import TimeError, parse_date
from referrals.domain.dexamethasone import CourseEntry, TakeBack
from referrals.domain.refusals import Refused
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from referrals.forms.steps import StepForm
from referrals.forms.widgets import TaperRows, TypedRow

KINDS = [
    (Kind.START.value, "It was started"),
    (Kind.CHANGE.value, "The dose was changed"),
    (Kind.PLAN.value, "A taper is planned"),
    (Kind.STOP.value, "It was stopped"),
]
ROUTES = [("By mouth", "By mouth"), ("By injection", "By injection, equivalent dose")]
AGAIN, NEVER = "again", "never"
_MILESTONES = {
    Kind.START: MilestoneKind.DEXAMETHASONE_STARTED,
    Kind.STOP: MilestoneKind.DEXAMETHASONE_STOPPED,
}


def dose_of(typed: str) -> Decimal:
    """Milligrams a day as people write them: 16, 1.5, 16 mg. ValidationError for anything else."""
    found = re.fullmatch(r"\s*([0-9]{1,4}(?:[.,][0-9])?)\s*(?:mg)?\s*", typed, re.IGNORECASE)
    if found is None:
        raise ValidationError("Enter milligrams a day, for example 16 or 1.5.", code="dose")
    return Decimal(found[1].replace(",", "."))


class DoseField(TextField):
    """The dose of a whole day in mg; cleans to a Decimal, or None when it may be empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width=5, inputmode="decimal", max_length=20, **kwargs)

    def clean(self, value: str | None) -> Any:
        text = super().clean(value)
        return dose_of(text) if text.strip() else None


class TaperField(forms.Field):
    """Days and doses, one row each; cleans to steps in the order of the rows. Empty rows do not
    count; a row with one half only is a mistake."""

    widget = TaperRows

    def to_python(self, value: list[TypedRow]) -> tuple[Step, ...]:
        steps = []
        for number, (day, dose) in enumerate(value, start=1):
            if day or dose:
                steps.append(self._step(number, day, dose))
        return tuple(steps)

    def _step(self, number: int, day: str, dose: str) -> Step:
        if not day or not dose:
            raise ValidationError(f"Step {number}: enter the day and the dose.", code="row")
        try:
            return Step(_day(day), float(dose_of(dose)))
        except ValidationError as wrong:
            raise ValidationError(f"Step {number}: {wrong.message}", code="row") from wrong


def _day(typed: str) -> date:
    """A day as it is written in this country: 24/11/2026, 24.11.2026 or 24 11 2026."""
    boxes = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", typed)
    if boxes is None:
        raise ValidationError("Enter a day such as 24/11/2026.", code="day")
    try:
        return parse_date(*boxes.groups())
    except TimeError as wrong:
        raise ValidationError(wrong.sentence, code=wrong.code) from wrong


class DexamethasoneForm(StepForm):
    kind = RadioField(
        label="What happened?",
        choices=KINDS,
        error_messages={"required": "Choose what happened."},
    )
    start_mg = DoseField(
        label="Dose a day in mg",
        help_text="NG234 1.8.1: 16 mg with neurological symptoms or signs.",
        required=False,
    )
    route = RadioField(label="How is it given?", choices=ROUTES, inline=True, required=False)
    change_mg = DoseField(label="New dose a day in mg", required=False)
    taper = TaperField(
        label="The taper",
        help_text="From each day on, the dose of a whole day. 0 mg is the day on which it stops. "
        "Proposed over 6 days: change what does not suit this person.",
        required=False,
    )
    reason = NotesField(
        label="Why?",
        help_text="For example surgery done, neurology worse, high blood sugar",
        rows=2,
        max_length=300,
        required=False,
    )
    decided_by = TextField(
        label="Who decided, if not you?", width=20, max_length=120, required=False
    )
    happened_at = WhenField(label="When was it?", what="This time")
    reveals = {
        "start_mg": ("kind", Kind.START.value),
        "route": ("kind", Kind.START.value),
        "change_mg": ("kind", Kind.CHANGE.value),
        "taper": ("kind", Kind.PLAN.value),
    }
    sections = [("", ["kind", "reason", "decided_by", "happened_at"])]
    aliases = {"at": "happened_at"}

    def details(self) -> CourseEntry:
        said = self.cleaned_data
        return CourseEntry(
            kind=Kind(said["kind"]),
            at=self.earlier("happened_at"),
            daily_mg=said["start_mg"] or said["change_mg"],
            route=said["route"] or "",
            taper=said["taper"] or (),
            reason=said["reason"],
            confirmed=said["confirmed"],
        )

    def refuse(self, refusal: Refused, version: int | None = None) -> None:
        changed = self.cleaned_data.get("kind") == Kind.CHANGE
        dose = {"daily_mg": "change_mg" if changed else "start_mg"}
        self.aliases = self.aliases | dose  # type: ignore[misc]
        super().refuse(refusal, version)

    def late_facts(self) -> list[Fact]:
        at = self.earlier("happened_at")
        kind = _MILESTONES.get(Kind(self.cleaned_data["kind"]))
        return [self.fact(kind, at)] if at and kind else []


class TakeBackForm(StepForm):
    """That an entry was wrong, and whether the right one is entered next."""

    reason = NotesField(
        label="What was wrong with it?",
        rows=2,
        max_length=300,
        error_messages={"required": "Say what was wrong with it."},
    )
    then = RadioField(
        label="What is right?",
        choices=[
            (AGAIN, "I enter it again, as it should be"),
            (NEVER, "Nothing of it: it did not happen"),
        ],
        error_messages={"required": "Say what is right."},
    )

    def details_of(self, entry_id: UUID) -> TakeBack:
        """What the domain is asked for."""
        return TakeBack(entry_id, self.cleaned_data["reason"])

    @property
    def again(self) -> bool:
        """Whether the right one is entered next."""
        return bool(self.cleaned_data["then"] == AGAIN)
