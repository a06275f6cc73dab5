"""What is asked before a file leaves the product."""

from typing import Any, ClassVar

from django import forms

from audit.domain.exporting import REASON_LEAST, REASON_MOST
from referrals.forms.base import Form
from referrals.forms.fields import TextField

FIGURES, JOURNEYS, IDENTIFIED = "figures", "journeys", "identified"
_WHAT = {
    FIGURES: "Figures: every measure, for the place and the places in it",
    JOURNEYS: "Journeys, one a row, with nothing that names a person",
    IDENTIFIED: "Journeys with our reference, NHS number, time received and age",
}
_FORMATS = (
    ("csv", "CSV, for any program"),
    ("xlsx", "XLSX, for a spreadsheet; with an explanation of its columns"),
    ("parquet", "Parquet, for analysis; types and missing values are kept"),
)


class ExportForm(Form):
    """`rows` says whether this person may take journeys of the place."""

    what = forms.ChoiceField(label="What is in the file", widget=forms.RadioSelect)
    reason = TextField(
        label="Why people have to be identified",
        help_text="It is kept on the trail with your name. No name of a patient.",
        max_length=REASON_MOST,
        required=False,
    )
    format = forms.ChoiceField(label="Format", choices=_FORMATS, widget=forms.RadioSelect)
    reveals: ClassVar[dict[str, tuple[str, str]]] = {"reason": ("what", IDENTIFIED)}

    def __init__(self, *args: Any, rows: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = _WHAT.items() if rows else [(FIGURES, _WHAT[FIGURES])]
        self.fields["what"].choices = list(offered)
        self.fields["what"].error_messages["invalid_choice"] = "Choose one of these."

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("what") == IDENTIFIED and "reason" not in self.errors:
            if len((said.get("reason") or "").strip()) < REASON_LEAST:
                self.add_error("reason", "Say why, in a sentence.")
        return said
