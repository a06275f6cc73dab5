"""The form of a scoring tool, made from what the tool asks (`clinical.tool_questions`)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms

from referrals.clinical.scored import level_of
from referrals.clinical.text import InputError
from referrals.clinical.tool_questions import NOT_KNOWN, QUESTIONS, Question
from referrals.clinical.tools import Tool
from referrals.domain.scores import ScoreDetails
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from referrals.forms.steps import StepForm

UNKNOWN = "not_known"
_LEVELS = {
    Tool.SINS: "One lesion at a time, for example T10; empty if not known. Counts 0 to 3 points.",
    Tool.ESCC: "The worst level, for example T8. The scale is for the cord, not the cauda equina.",
}


class LevelField(TextField):
    """A level of the spine, in one way of writing; one that nobody has is refused."""

    def to_python(self, value: str | None) -> str:
        try:
            return level_of(super().to_python(value))
        except InputError as wrong:
            raise forms.ValidationError(wrong.sentence, code=wrong.code) from wrong


class ScoreForm(StepForm):
    """`on_record` says, by field, what was filled in from the record or what it says of it.

    Sent once it is worked out and shown; sent again unchanged it is saved.
    """

    assessed_by = TextField(
        label="Who assessed?",
        help_text="The clinician, not whoever types",
        width=20,
        max_length=120,
        error_messages={"required": "Name the clinician who assessed."},
    )
    assessed_at = WhenField(label="When?", what="The time of the assessment")
    clinical_assessment = NotesField(
        label="Clinical assessment", rows=3, max_length=1000, required=False
    )

    def __init__(
        self, *args: Any, tool: Tool, on_record: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        self.tool = tool
        super().__init__(*args, **kwargs)
        for question in QUESTIONS[tool]:
            self.fields[question.key] = _field(question)
        if tool.of_a_level:
            self.fields["level"] = LevelField(
                label="Level", help_text=_LEVELS[tool], width=4, max_length=12, required=False
            )
        self._ask_for_assessment()
        for name, words in (on_record or {}).items():
            hint = self.fields[name].help_text
            self.fields[name].help_text = f"{hint} {words}".strip()
        asked = [question.key for question in QUESTIONS[tool]]
        self.sections = [
            ("", ["level", *asked] if tool.of_a_level else asked),
            ("The assessment", ["clinical_assessment", "assessed_by", "assessed_at"]),
        ]

    def _ask_for_assessment(self) -> None:
        field = self.fields["clinical_assessment"]
        if self.tool.decisive:
            field.required = True
            field.help_text = (
                "In a few words: general health, pain, and what imaging shows. A score is only "
                "used as part of it (NG234 1.9.3)."
            )
            field.error_messages["required"] = (
                "Write the clinical assessment this score belongs to (1.9.3)."
            )
        else:
            field.label = "Anything to add"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.tool is Tool.PERFORMANCE and not self.errors and not self._said(cleaned):
            self.add_error("performance_status", "Choose a performance status, or Karnofsky.")
        return cleaned

    def _said(self, cleaned: dict[str, Any]) -> list[str]:
        return [
            question.key
            for question in QUESTIONS[self.tool]
            if cleaned.get(question.key) not in (None, "", UNKNOWN)
        ]

    def details(self) -> ScoreDetails:
        said = self.cleaned_data
        return ScoreDetails(
            tool=self.tool,
            answers={q.key: said[q.key] or UNKNOWN for q in QUESTIONS[self.tool]},
            assessed_by=said["assessed_by"],
            level=said.get("level") or "",
            clinical_assessment=said["clinical_assessment"],
            assessed_at=said["assessed_at"],
            confirmed=said["confirmed"],
        )

    def was_worked_out(self) -> bool:
        """Whether what these answers come to was shown before."""
        return self.cleaned_data["seen"] == self._digest()

    def mark_worked_out(self) -> None:
        """The form is drawn again with what these answers come to."""
        self._redraw("seen", self._digest())

    def ask_to_confirm(self) -> None:
        """Something does not fit: draw the box to tick with what is worked out."""
        self._show_confirmation(True)

    def _digest(self) -> str:
        given = self.details()
        told = repr((given.tool.value, given.level, sorted(given.answers.items())))
        return hashlib.sha256(told.encode()).hexdigest()


def _field(question: Question) -> forms.Field:
    choices = [*question.options.items(), (UNKNOWN, NOT_KNOWN)]
    if question.listed:
        return forms.ChoiceField(
            label=question.label,
            help_text=question.hint,
            choices=[(UNKNOWN, NOT_KNOWN), *question.options.items()],
            widget=forms.Select,
            required=False,
        )
    return RadioField(
        label=question.label,
        help_text=question.hint,
        choices=choices,
        required=False,
        inline=set(question.options) == {"yes", "no"},
    )
