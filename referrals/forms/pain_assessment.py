"""Pain as somebody assesses it with the person (1.7.2); what 1.7.5, 1.7.9 and 1.7.13 turn on.

The two-minute form of a ward asks for severity, place and movement only.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from referrals.clinical.facts import SEVERE_PAIN
from referrals.domain.intake import Addition
from referrals.forms.adding import AddForm
from referrals.forms.fields import TextField, ThreeWayField, WhenField
from referrals.forms.intake_examined import ExaminedForm, answer_of, number_of

_WORDS = ("site", "cause", "tried", "relief", "impact")
_ASKED = (
    "on_movement",
    "controlled",
    "neuropathic",
    "opioids_do_not_help",
    "difficult_to_manage",
    "limits_life",
)


class PainForm(AddForm):
    """An assessment starts empty. What does not fit together is asked about before it is saved."""

    heading = "Pain"
    severity = deepcopy(ExaminedForm.base_fields["severity"])
    site = deepcopy(ExaminedForm.base_fields["site"])
    on_movement = deepcopy(ExaminedForm.base_fields["on_movement"])
    cause = TextField(label="What causes it, and is that worse?", max_length=300, required=False)
    neuropathic = ThreeWayField(
        label="Does it have neuropathic features?",
        help_text="Burning, shooting, electric, or with numbness",
        required=False,
    )
    relief = TextField(label="What relieves it?", max_length=300, required=False)
    tried = TextField(label="What was tried before?", max_length=300, required=False)
    controlled = ThreeWayField(label="Do the usual painkillers control it?", required=False)
    opioids_do_not_help = ThreeWayField(
        label="Were opioids tried, and do not help?", required=False
    )
    difficult_to_manage = ThreeWayField(label="Is it difficult to manage?", required=False)
    impact = TextField(label="What does it keep the person from?", max_length=300, required=False)
    limits_life = ThreeWayField(
        label="Does it limit sleep, daily life or work a great deal?", required=False
    )
    asked_at = WhenField(label="When was this asked?", what="This time")
    sections = [
        ("The pain", ["severity", "site", "on_movement", "cause", "neuropathic"]),
        (
            "Relief",
            ["relief", "tried", "controlled", "opioids_do_not_help", "difficult_to_manage"],
        ),
        ("Daily life", ["impact", "limits_life"]),
        ("", ["asked_at"]),
    ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.errors and not cleaned.get("severity") and not cleaned.get("site"):
            self.add_error("severity", "Score the pain, or say where it is.")
        if not self.errors and not cleaned.get("confirmed"):
            for name, sentence in _unlikely(cleaned):
                self.add_error(name, f"{sentence} If it is right, confirm it.")
                self._show_confirmation(True)
        return cleaned

    def details(self) -> Addition:
        said = self.cleaned_data
        row: dict[str, Any] = {"severity": number_of(said, "severity")}
        row |= {name: answer_of(said, name) for name in _ASKED}
        row |= {name: said[name] for name in _WORDS}
        return Addition(sections={"pain": row | {"occurred_at": said["asked_at"]}})


def _unlikely(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Answers that do not fit the score."""
    severity = number_of(said, "severity")
    if severity is None:
        return
    if severity >= SEVERE_PAIN and answer_of(said, "controlled") == "yes":
        yield "controlled", f"Check: pain is {severity} out of 10, and painkillers control it."
    if severity == 0:
        for name, what in (
            ("on_movement", "movement brings it on"),
            ("difficult_to_manage", "it is difficult to manage"),
            ("limits_life", "it limits daily life"),
        ):
            if answer_of(said, name) == "yes":
                yield name, f"Check: pain is 0 out of 10, and {what}."
