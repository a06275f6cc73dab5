"""What was typed on a page: how it is kept, and how it reads on the page that checks it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict

from mscc import clock
from referrals.clinical.identity import format_nhs
from referrals.clinical.times import TimeError, parse_local, said_day
from referrals.forms.base import Form
from referrals.forms.fields import CheckField, NhsNumberField, ThreeWayField, WhenField

Typed = dict[str, list[str]]


def typed_in(form: Form, post: QueryDict) -> Typed:
    """The boxes of this form as they were typed, and nothing else that was sent.

    "Now" is written down as the time it was then: a draft is read again later.
    """
    typed: Typed = {}
    for name, field in form.fields.items():
        own = {key: post.getlist(key) for key in post if key == name or key.startswith(f"{name}-")}
        if isinstance(field, WhenField) and own.get(f"{name}-choice") == ["now"]:
            own |= _settled(name, field, own, form.at)
        typed |= own
    return typed


def _settled(name: str, field: WhenField, own: Typed, at: datetime) -> Typed:
    if any(own.get(f"{name}-time", [])):
        return {}  # "now" and a time: the form asks which of the two
    boxes = {f"{name}-{box}": [text] for box, text in field.widget.said(at).items()}
    there = clock.local(at)
    try:
        parse_local(there.date(), there.time())
    except TimeError:
        # The hour that happens twice: the offset of this moment says which one it is.
        boxes[f"{name}-zone"] = ["bst" if there.utcoffset() else "gmt"]
    return boxes


def said(form: Form) -> Iterator[tuple[str, str]]:
    """(question, answer) for each field of a valid form that was answered, in the form's order."""
    form.is_valid()
    inside = [name for names in (names for _, names in form.sections) for name in names]
    order = sorted(form.fields, key=lambda name: _place(name, form, inside))
    for name in order:
        value = form.cleaned_data.get(name)
        if value not in (None, "", [], ()):
            yield str(form.fields[name].label), _in_words(form.fields[name], value)


def _place(name: str, form: Form, inside: list[str]) -> tuple[int, int]:
    above = form.reveals.get(name, (name, ""))[0]
    where = inside.index(above) if above in inside else len(inside)
    return where, int(name != above)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, ThreeWayField):
        return _finding(field, value)
    if isinstance(field, NhsNumberField):
        return format_nhs(value)
    if isinstance(field, CheckField):
        return ", ".join(str(dict(field.choices)[each]) for each in value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if isinstance(value, datetime):
        return _moment(value)
    return said_day(value) if isinstance(value, date) else str(value)


def _finding(field: ThreeWayField, value: dict[str, str | None]) -> str:
    answer = dict(field.widget.choices)[value["answer"]]
    onset = value.get("onset")
    if not onset:
        return answer
    began = _moment(datetime.fromisoformat(onset)) if "T" in onset else said_day(_day(onset))
    return f"{answer}, since {began}"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _moment(moment: datetime) -> str:
    there = clock.local(moment)
    return f"{said_day(there.date())}, {there:%H:%M %Z}"
