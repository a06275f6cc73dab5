"""What is still missing of a referral's key information, and nothing else (1.1.15)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from referrals.clinical import key_information
from referrals.clinical.presentation import CORD_ITEMS, ITEMS, PAIN_ITEMS, Answer, CancerStatus
from referrals.clinical.scales import FRAILTY, PERFORMANCE
from referrals.domain.intake import Addition, NewSigns
from referrals.forms.base import CommandForm, Form
from referrals.forms.fields import (
    YES_NO,
    BirthField,
    NhsNumberField,
    NotesField,
    RadioField,
    TextField,
    ThreeWayField,
    WhenField,
)
from referrals.forms.intake_examined import (
    mobility_field,
    number_of,
    power_field,
    scale_field,
    severity_field,
)
from referrals.forms.intake_noticed import CANCER_CHOICES, finding_field
from referrals.forms.intake_person import interpreter_needed
from referrals.models import Note

# Which fields can settle an item of the key information; the others stay away.
FIELDS: dict[str, tuple[str, ...]] = {
    "identity": ("nhs_number",),
    "date_of_birth": ("date_of_birth",),
    "cancer": ("cancer",),
    **{item.id: (item.id,) for item in CORD_ITEMS},
    "pain": tuple(item.id for item in PAIN_ITEMS),
    "pain_severity": ("severity",),
    "mobility": ("mobility",),
    "power": ("power_right_leg", "power_left_leg"),
    "sensation": ("sensation_loss", "sensory_level"),
    "perianal": ("perianal_sensation_reduced",),
    "sphincters": ("bladder_problem", "bowel_problem"),
    "performance_status": ("performance_status",),
    "frailty": ("frailty",),
    "imaging": ("imaging_done",),
    "mri_safety": ("contraindicated", "contraindication"),
    "primary": ("primary_site",),
    "stage": ("stage",),
    "haematological": ("haematological",),
    "previous_radiotherapy": ("previous_radiotherapy",),
    "language": ("language", "interpreter"),
    "needs": ("needs",),
}
_COLUMNS: dict[str, tuple[str, ...]] = {
    "cancer": ("primary_site", "stage", "haematological", "previous_radiotherapy"),
    "neurology": (
        "mobility",
        "power_right_leg",
        "power_left_leg",
        "sensation_loss",
        "sensory_level",
        "perianal_sensation_reduced",
        "bladder_problem",
        "bowel_problem",
    ),
    "pain": ("severity",),
    "fitness": ("performance_status", "frailty"),
    "mri_safety": ("contraindicated", "contraindication"),
    "care": ("imaging_done",),
}
_GRADES = ("severity", "performance_status", "frailty", "power_right_leg", "power_left_leg")
EXAMINED = _COLUMNS["neurology"][1:]


def _text(label: str, length: int, hint: str = "") -> TextField:
    return TextField(label=label, max_length=length, required=False, help_text=hint)


def _asked(label: str) -> ThreeWayField:
    return ThreeWayField(label=label, required=False)


_FINDINGS = {item.id: finding_field(item, required=False, onset="") for item in ITEMS}
Findings: type[Form] = type("Findings", (CommandForm,), {**_FINDINGS, "__module__": __name__})


class CompleteForm(Findings):  # type: ignore[valid-type,misc]
    """`missing` are the items of the key information that are not known yet."""

    nhs_number = NhsNumberField(label="NHS number", required=False, allow_test=settings.DEMO)
    date_of_birth = BirthField(
        label="Date of birth", help_text="For example 31 3 1960", required=False
    )
    cancer = RadioField(
        label=key_information.CANCER_QUESTION, choices=CANCER_CHOICES, required=False
    )
    severity = severity_field()
    mobility = mobility_field()
    power_right_leg = power_field("right_leg")
    power_left_leg = power_field("left_leg")
    sensation_loss = _asked("Is feeling lost or reduced anywhere?")
    sensory_level = _text("Down from which level?", 40, "For example T10, or the navel")
    perianal_sensation_reduced = _asked("Is feeling around the back passage reduced?")
    bladder_problem = _asked("Is there a bladder problem?")
    bowel_problem = _asked("Is there a bowel problem?")
    examined_at = WhenField(
        label="When was this examined?", what="The time of the examination", required=False
    )
    performance_status = scale_field("Performance status now (WHO)", PERFORMANCE)
    frailty = scale_field("Frailty as it was two weeks ago", FRAILTY)
    imaging_done = _text("Which imaging was done, and what did it show?", 300, "None if none.")
    contraindicated = RadioField(
        label="Does anything rule out MRI?", choices=YES_NO, required=False
    )
    contraindication = _text("What rules it out?", 200)
    primary_site = _text("Where did the cancer start?", 120, "Not known is an answer, too.")
    stage = _text("Stage of the cancer", 120)
    haematological = _asked("Is it, or may it be, lymphoma or myeloma?")
    previous_radiotherapy = _text(
        "Radiotherapy before: where, when, how much", 300, "Write none if none."
    )
    language = _text("Language", 60)
    interpreter = _asked("Is an interpreter needed?")
    needs = NotesField(
        label="Communication, adjustments, and what matters to the person",
        rows=3,
        max_length=2_000,
        required=False,
    )
    reveals = {"contraindication": ("contraindicated", "yes")}

    def __init__(self, *args: Any, missing: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = [name for item in missing for name in FIELDS.get(item, ())]
        if any(name in EXAMINED for name in wanted):
            wanted.append("examined_at")
        for name in [*self.fields]:
            if name not in (*wanted, "version", "key", "confirmed"):
                del self.fields[name]
        self.sections = list(_sections(missing))
        self.reveals = {k: v for k, v in self.reveals.items() if k in self.fields}
        if "mobility" in self.fields:
            self.fields["mobility"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.signs and not self.adds:
            self.add_error(None, "Nothing has been filled in yet. Add what you know.")
        return cleaned

    @property
    def signs(self) -> tuple[str, ...]:
        """Findings that are now known to be there: they are reported as new signs."""
        return tuple(name for name in _FINDINGS if self._answer(name) == Answer.YES)

    def new_signs(self) -> NewSigns:
        """The same for the domain; found when they are written down."""
        return NewSigns(items=self.signs, found_at=self.at)

    def addition(self) -> Addition:
        """Everything else that was filled in."""
        said = self.cleaned_data
        examined = said.get("examined_at")
        sections = self._sections_said()
        if "neurology" in sections and examined is not None:
            sections["neurology"]["occurred_at"] = examined
        return Addition(
            sections=sections,
            person=self._person(),
            note=said.get("needs") or "",
            topic=Note.Topic.NEEDS,
            cancer=self._cancer(),
            answers=dict.fromkeys(self._absent(), Answer.NO.value),
        )

    @property
    def adds(self) -> bool:
        """Whether anything but new signs was filled in."""
        said = bool(self.cleaned_data.get("needs") or self._cancer() or self._absent())
        return said or bool(self._person() or self._sections_said())

    def _answer(self, name: str) -> str:
        return str((self.cleaned_data.get(name) or {}).get("answer", ""))

    def _absent(self) -> list[str]:
        return [name for name in _FINDINGS if self._answer(name) == Answer.NO]

    def _cancer(self) -> str:
        chosen = self.cleaned_data.get("cancer") or ""
        return "" if chosen == CancerStatus.NOT_KNOWN else chosen

    def _person(self) -> dict[str, Any]:
        said = self.cleaned_data
        columns: dict[str, Any] = {
            name: said[name] for name in ("date_of_birth", "language") if said.get(name)
        }
        needed = interpreter_needed(said.get("interpreter"))
        if needed is not None:
            columns["interpreter_needed"] = needed
        if said.get("nhs_number"):
            columns |= {"nhs_number": said["nhs_number"], "nhs_number_absent_reason": ""}
        return columns

    def _sections_said(self) -> dict[str, dict[str, Any]]:
        found = {
            section: {name: value for name in names if (value := self._value(name)) is not None}
            for section, names in _COLUMNS.items()
        }
        return {section: columns for section, columns in found.items() if columns}

    def _value(self, name: str) -> Any:
        """A column's value, None when it was not filled in or is still not known."""
        if name in _GRADES:
            return number_of(self.cleaned_data, name)
        told = self.cleaned_data.get(name)
        value = told["answer"] if isinstance(told, dict) else told
        return None if value in (None, "", Answer.NOT_KNOWN.value) else value


def anchor(item: str) -> str:
    """The id of the control that settles an item, for a link to it."""
    return f"id_{FIELDS[item][0]}" if item in FIELDS else "maincontent"


def _sections(missing: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    wanted = set(missing)
    for heading in key_information.Heading:
        items = [item for item in key_information.ITEMS if item.heading is heading]
        names = [n for item in items if item.id in wanted for n in FIELDS.get(item.id, ())]
        if heading is key_information.Heading.NEUROLOGICAL_ASSESSMENT and names:
            names.append("examined_at")
        if names:
            yield heading.label, names
