"""What the forms of the pathway share: the domain's details, and facts told late.

A form that says "earlier" is shown once more before it is saved, with how its clocks would be
judged; `seen` carries which times were shown.
"""

import hashlib
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.domain.refusals import Invalid, Refused
from referrals.forms.base import CommandForm

LAST_TOLD = 1_000_000  # more facts than any referral will ever have


class StepForm(CommandForm):
    """A command of the pathway. `aliases` maps a field of the domain to the one on the screen."""

    aliases: ClassVar[dict[str, str]] = {}
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked last: what is confirmed stands above it.
        self.fields["confirmed"] = self.fields.pop("confirmed")

    def details(self) -> Any:
        """What the domain is asked for; the form has been found valid."""
        raise NotImplementedError

    def late_facts(self) -> list[Fact]:
        """The facts this form tells late, to be judged before they are saved; usually none."""
        return []

    def is_earlier(self, name: str) -> bool:
        """Whether a moment was told late, and not "now"."""
        return self.data.get(self.add_prefix(f"{name}-choice")) == "earlier"

    def earlier(self, name: str) -> datetime | None:
        """A moment that was told late; None for "now", which the domain knows itself."""
        return self.cleaned_data.get(name) if self.is_earlier(name) else None

    def fact(self, kind: MilestoneKind, at: datetime, **details: Any) -> Fact:
        """A fact as the clocks would read it: told after everything that is on record."""
        return Fact(kind, min(at, self.at), LAST_TOLD, details)

    def was_seen(self, facts: list[Fact]) -> bool:
        """Whether exactly these facts were shown with their consequences before."""
        return self.cleaned_data.get("seen") == _digest(facts)

    def mark_seen(self, facts: list[Fact]) -> None:
        """The form is drawn again with the consequences of these facts."""
        self._redraw("seen", _digest(facts))

    def refuse(self, refusal: Refused, version: int | None = None) -> None:
        if isinstance(refusal, Invalid):
            for name, shown in self.aliases.items():
                if name in refusal.errors:
                    refusal.errors[shown] = refusal.errors.pop(name)
        super().refuse(refusal, version)

    def show(self, name: str, widget: forms.Widget) -> None:
        """Draw a field that was hidden until it is needed."""
        self.fields[name].widget = widget


def _digest(facts: list[Fact]) -> str:
    told = ";".join(f"{fact.kind} {fact.occurred_at.isoformat()}" for fact in facts)
    return hashlib.sha256(told.encode()).hexdigest()


class TakeForm(StepForm):
    """Nothing to fill in: taking is one button."""

    def details(self) -> None:
        return None
