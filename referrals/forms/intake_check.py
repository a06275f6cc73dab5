"""The last page: what does not fit together is asked about, never refused."""

from typing import Any

from django import forms

from referrals.clinical.neurology import Contradiction
from referrals.forms.base import Form
from referrals.forms.fields import TextField
from referrals.forms.intake import LONG_AGO


class CheckForm(Form):
    """`asked` are the questions that need a yes each: one tick must not answer for another.

    One about a time long past needs a reason, too.
    """

    late_reason = TextField(
        label="Why was it not referred earlier?",
        help_text="The coordinator reads this. It holds nothing up.",
        max_length=300,
        error_messages={"required": "Say why it was not referred earlier."},
    )

    def __init__(self, *args: Any, asked: list[Contradiction], **kwargs: Any) -> None:
        self.asked = asked
        super().__init__(*args, **kwargs)
        ticks = {f"right-{question.code}": _tick(question) for question in asked}
        self.fields = ticks | self.fields
        if LONG_AGO not in {question.code for question in asked}:
            del self.fields["late_reason"]

    def confirmation(self) -> str:
        """What the ward was asked about and said is right, for whoever reads the referral."""
        if not self.asked:
            return ""
        lines = [f"Checked by the ward: {question.sentence}" for question in self.asked]
        if reason := self.cleaned_data.get("late_reason"):
            lines.append(f"Not referred earlier because: {reason}")
        return "\n".join(lines)


def _tick(question: Contradiction) -> forms.BooleanField:
    unread = {"required": f"Change the answer, or tick that it is right. {question.sentence}"}
    return forms.BooleanField(label=question.sentence, error_messages=unread)
