"""Fields that know what people type: text that can be stored, moments with their offset."""

from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mscc import clock
from mscc.rest.serializers import YEARS, OneOf, Strict, Whole
from referrals.clinical import identity, phone, times
from referrals.clinical import presentation as box1
from referrals.clinical.text import NOTE_LIMIT, InputError, clean_text


class Text(serializers.CharField):
    """One line of text; with `lines`, several. What cannot be stored is refused."""

    def __init__(self, *, max_length: int = NOTE_LIMIT, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        if not kwargs.get("required", True):
            kwargs.setdefault("allow_blank", True)
        super().__init__(max_length=max_length, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise ValidationError("This must be text.")
        text = self.cleaned(data)
        if not text and not self.allow_blank:
            self.fail("blank")
        return text

    def cleaned(self, data: str) -> str:
        """The text as it is stored."""
        what = "Notes" if self.max_length == NOTE_LIMIT else "This"
        try:
            return clean_text(data, self.max_length or NOTE_LIMIT, lines=self.lines, what=what)
        except InputError as wrong:
            raise ValidationError(wrong.sentence) from None


class CallBack(Text):
    """A number on which a ward answers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def cleaned(self, data: str) -> str:
        """The number in one way of writing."""
        text = super().cleaned(data)
        try:
            return phone.clean_call_back(text) if text else ""
        except InputError as wrong:
            raise ValidationError(wrong.sentence) from None


class NhsNumber(Text):
    """Ten digits whose last one checks the others."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def cleaned(self, data: str) -> str:
        """The ten digits."""
        try:
            return identity.clean_nhs_number(super().cleaned(data), allow_test=settings.DEMO)
        except InputError as wrong:
            raise ValidationError(wrong.sentence) from None


class Moment(serializers.DateTimeField):
    """A moment with its offset; in answers in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Enter a time such as 2027-03-28T01:30:00Z.")
        try:
            moment = times.parse_instant(value)
        except InputError as wrong:
            raise ValidationError(wrong.sentence) from None
        if moment.year not in YEARS:
            raise ValidationError(f"The year must be from {YEARS[0]} to {YEARS[-1]}.")
        return moment


_FINDINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        item.id: {
            "type": "object",
            "description": item.question,
            "additionalProperties": False,
            "required": ["answer"],
            "properties": {
                "answer": {"type": "string", "enum": [each.value for each in box1.Answer]},
                "onset": {
                    "type": "string",
                    "nullable": True,
                    "description": "When it began, for a yes: a day, or a time with its offset.",
                },
            },
        }
        for item in box1.ITEMS
    },
}


@extend_schema_field(_FINDINGS)
class Findings(serializers.Field):
    """The answers to box 1, item by item; what is left out is not known."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise ValidationError("This must be an object of items with their answers.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class PresentationBody(Strict):
    """Box 1 of NG234 (1.3.1)."""

    cancer = OneOf(choices=[status.value for status in box1.CancerStatus])
    findings = Findings(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            read = box1.read(attrs["cancer"], attrs.get("findings", {}))
        except box1.PresentationError as wrong:
            raise ValidationError(_nested(wrong.errors)) from None
        strange = {
            each.item: {"onset": ["Check the year."]}
            for each in read.findings
            if each.onset is not None and each.onset.year not in YEARS
        }
        if strange:
            raise ValidationError({"findings": strange})
        return {"read": read}


def _nested(errors: dict[str, str]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, sentence in errors.items():
        outer, _, inner = name.partition(".")
        if inner:
            nested.setdefault(outer, {})[inner] = [sentence]
        else:
            nested[outer] = [sentence]
    return nested


def three_way() -> OneOf:
    """yes, no or not_known."""
    return OneOf(choices=[each.value for each in box1.Answer], required=False)


def grade(low: int, high: int) -> Whole:
    """A grade on a clinical scale, null while nobody has graded it."""
    return Whole(min_value=low, max_value=high, required=False, allow_null=True)


def born(day: date) -> date:
    """A date of birth somebody alive can have; ValidationError otherwise."""
    try:
        return identity.check_birth(day, today=clock.local(clock.now()).date())
    except InputError as wrong:
        raise ValidationError(wrong.sentence) from None
