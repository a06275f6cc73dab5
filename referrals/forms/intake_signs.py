"""New signs or information on a referral that is open already."""

from typing import Any

from referrals.clinical.presentation import BY_ID, CORD_ITEMS, PAIN_ITEMS, Group, Item
from referrals.domain.intake import Addition, NewSigns
from referrals.forms.base import CommandForm
from referrals.forms.fields import CallBackField, CheckField, NotesField, TextField, WhenField
from referrals.models import Note


def _choices(items: tuple[Item, ...]) -> list[tuple[str, str]]:
    return [(item.id, f"{item.label[:1].upper()}{item.label[1:]}") for item in items]


class NewSignsForm(CommandForm):
    cord = CheckField(
        label="Signs that the spinal cord may be pressed on",
        help_text="Choose what is new or worse.",
        choices=_choices(CORD_ITEMS),
        hints={item.id: item.hint for item in CORD_ITEMS if item.hint},
        required=False,
    )
    pain = CheckField(label="Pain", choices=_choices(PAIN_ITEMS), required=False)
    found_at = WhenField(
        label="When was this found?",
        help_text="The 24 hours for the MRI count from then.",
        what="The time it was found",
        error_messages={"required": "Say when this was found."},
    )
    text = NotesField(
        label="Anything else the coordinator should know",
        rows=3,
        max_length=2_000,
        required=False,
    )
    reported_by = TextField(
        label="Your name",
        width=20,
        max_length=120,
        error_messages={"required": "Enter your name."},
    )
    call_back = CallBackField(
        label="Number on which you can be called back",
        error_messages={"required": "Give a number on which you can be called back."},
    )
    sections = [
        ("What is new?", ["cord", "pain", "text"]),
        ("When, and who says so", ["found_at", "reported_by", "call_back"]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The same mark as on the ward's form: a cord sign here is an emergency at once.
        self.fields["cord"].widget.marks = {item.id: "data-mscc-cord" for item in CORD_ITEMS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (self.errors or self.items or cleaned.get("text")):
            self.add_error("cord", "Choose what is new, or write it down.")
        return cleaned

    @property
    def items(self) -> tuple[str, ...]:
        """The findings of box 1 that were chosen."""
        return (*(self.cleaned_data.get("cord") or ()), *(self.cleaned_data.get("pain") or ()))

    @property
    def cord_signs(self) -> bool:
        """Whether one of them is a sign of cord compression."""
        return any(BY_ID[item].group is Group.CORD for item in self.items)

    def new_signs(self, *, stranger: bool) -> NewSigns:
        """What the domain takes. The number of a ward that does not have the referral stands in
        the text: it must not replace the one on which that referral's own ward is called back."""
        said = self.cleaned_data
        text = said["text"]
        if stranger:
            text = f"{text}\n{self._signed()}".strip()
        return NewSigns(
            items=self.items,
            found_at=said["found_at"],
            reported_by=said["reported_by"],
            call_back="" if stranger else said["call_back"],
            text=text,
            confirmed=said["confirmed"],
        )

    def addition(self) -> Addition:
        """The same when there is no sign among it, only words."""
        said = self.cleaned_data
        text = f"{said['text']}\n{self._signed()}"
        return Addition(note=text, topic=Note.Topic.ADDED_BY_WARD, occurred_at=said["found_at"])

    def _signed(self) -> str:
        said = self.cleaned_data
        return f"Added by {said['reported_by']}, call back {said['call_back']}"
