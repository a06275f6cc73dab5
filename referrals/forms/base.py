"""What every form of the product shares: the time it was sent, and how a refusal is shown.

A form may declare, for templates/components/form.html:
`sections`  [(heading, [field names])], the order in groups
`reveals`   {child: (field, value)}, a field that appears under one choice of another
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from referrals.domain.refusals import Conflict, Invalid, NeedsConfirmation, Refused
from referrals.forms.fields import ToldTheTime


class Form(forms.Form):
    """A form that is told the time (`at`, aware) and can show what the domain refused."""

    sections: ClassVar[list[tuple[str, list[str]]]] = []
    reveals: ClassVar[dict[str, tuple[str, str]]] = {}
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, at: datetime, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.at = at
        self.conflict: Conflict | None = None
        self.status = 200
        for field in self.fields.values():
            _say_what_is_missing(field)
            if isinstance(field, ToldTheTime):
                field.told(at)

    def is_valid(self) -> bool:
        fine = super().is_valid()
        if self.is_bound and not fine:
            self.status = 422
        return fine

    def _clean_fields(self) -> None:
        super()._clean_fields()
        for child, (name, value) in self.reveals.items():
            self._forget(child, name, value)

    def _forget(self, child: str, name: str, value: str) -> None:
        """Drop a field whose choice was not taken: it was not on the screen."""
        chosen = self.cleaned_data.get(name)
        if value != chosen and not (isinstance(chosen, list) and value in chosen):
            self._errors.pop(child, None)
            self.cleaned_data[child] = None

    def refuse(self, refusal: Refused) -> None:
        """Show what the domain refused: beside its fields, or as a conflict above the form.

        Sets `status`, the HTTP status to answer with. What was typed stays.
        """
        self.status = refusal.status
        if isinstance(refusal, Conflict):
            self.conflict = refusal
        elif isinstance(refusal, Invalid):
            for name, sentence in refusal.errors.items():
                self.add_error(name if name in self.fields else None, sentence)
        else:
            self.add_error(None, refusal.sentence)


# "Enter who decided." reads well, "Enter what do you want to know." does not.
_ASKS = frozenset(
    ("are", "can", "did", "do", "does", "has", "have", "how", "is", "should", "was", "were")
    + ("when", "why", "will")
)


def _say_what_is_missing(field: forms.Field) -> None:
    """ "Enter the given name." where Django would only say that a field is required."""
    label = str(field.label or "")
    if field.error_messages["required"] == forms.Field.default_error_messages["required"] and label:
        said = label[0].lower() + label[1:]
        asks = label.endswith("?") and not _ASKS.isdisjoint(said.split()[:3])
        field.error_messages["required"] = (
            f"Answer: {said}" if asks else f"Enter {said.rstrip('?')}."
        )


class CommandForm(Form):
    """A form that changes a referral: it carries the version it was drawn from and a key.

    The key makes a double submission one change; the version tells when somebody was faster.
    `confirmed` is drawn only once the domain asks for it (`NeedsConfirmation`).
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(required=False, label="I have checked this, and it is right")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        version: int | None = None,
        **kwargs: Any,
    ):
        given = {"version": version, "key": uuid.uuid4()} | (kwargs.pop("initial", None) or {})
        super().__init__(data, at=at, initial=given, **kwargs)
        self._show_confirmation(bool(data and data.get(self.add_prefix("confirmed"))))

    def _show_confirmation(self, shown: bool) -> None:
        field = self.fields["confirmed"]
        field.widget = forms.CheckboxInput() if shown else forms.HiddenInput()

    def refuse(self, refusal: Refused, version: int | None = None) -> None:
        """As `Form.refuse`; `version` is the referral's now, so that saving again can succeed."""
        super().refuse(refusal)
        if isinstance(refusal, NeedsConfirmation):
            self._show_confirmation(True)
        if isinstance(refusal, Conflict) and version is not None:
            self._redraw("version", version)

    def new_key(self) -> None:
        """A key of its own for the form that is drawn again: what is sent next is new."""
        self._redraw("key", uuid.uuid4())

    def _redraw(self, name: str, value: object) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = str(value)
