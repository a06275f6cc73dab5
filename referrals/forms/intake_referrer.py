"""Who refers, and how they are called back."""

from referrals.forms.base import Form
from referrals.forms.fields import YES_NO, CallBackField, RadioField, TextField


class ReferrerForm(Form):
    name = TextField(
        label="Your name",
        width=20,
        max_length=120,
        autocomplete="name",
        error_messages={"required": "Enter your name."},
    )
    role = TextField(
        label="Your role", width=20, max_length=120, required=False, help_text="For example: nurse"
    )
    call_back = CallBackField(
        label="Number on which you can be called back",
        help_text="A telephone, bleep or extension that somebody answers now",
        error_messages={"required": "Give a number on which you can be called back."},
    )
    responsible_consultant = TextField(
        label="Responsible consultant", width=20, max_length=120, required=False
    )
    consultant_aware = RadioField(
        label="Does the consultant know of this referral?",
        choices=YES_NO,
        required=False,
        inline=True,
    )


def aware(answer: str | None) -> bool | None:
    """The answer as the referral's column: None while nobody knows."""
    return {"yes": True, "no": False}.get(answer or "")
