"""Serializers and fields that take what they say and nothing that merely could be turned into it.

"1" is not 1, 1 is not true, and a field nobody has heard of is a mistake, not a wish.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

# Of people alive, and of what they may be booked for.
YEARS = range(1890, 2101)


class Strict(serializers.Serializer):
    """A body: every field it does not name is refused."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise ValidationError({"non_field_errors": ["This must be an object, like {}."]})
        unknown = [name for name in data if name not in self.fields]
        errors: dict[Any, Any] = {name: ["There is no field of this name."] for name in unknown}
        try:
            found: dict[str, Any] = super().to_internal_value(data)
        except ValidationError as wrong:
            errors |= wrong.detail
        if errors:
            raise ValidationError(errors)
        return found


class Shown(serializers.Serializer):
    """An answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("read_only", True)
        super().__init__(*args, **kwargs)


class Whole(serializers.IntegerField):
    """A JSON number without a fraction."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise ValidationError("This must be a whole number.")
        return data


class Real(serializers.FloatField):
    """A JSON number."""

    def to_internal_value(self, data: Any) -> float:
        if type(data) not in (int, float):
            raise ValidationError("This must be a number.")
        return float(data)


class Flag(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            raise ValidationError("This must be true or false.")
        return data


class OneOf(serializers.ChoiceField):
    """One of some words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            allowed = ", ".join(str(choice) for choice in self.choices if choice)
            raise ValidationError(f"This must be one of: {allowed}.")
        return data


class Ident(serializers.UUIDField):
    """A UUID as we write it."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        try:
            if isinstance(data, str) and len(data) == 36:
                return uuid.UUID(data)
        except ValueError:
            pass
        raise ValidationError("This must be a UUID.")


class Day(serializers.DateField):
    """A calendar day: 2026-11-21."""

    def to_internal_value(self, value: Any) -> date:
        try:
            if isinstance(value, str) and len(value) == 10:
                day = date.fromisoformat(value)
                if day.year in YEARS:
                    return day
        except ValueError:
            pass
        raise ValidationError("Enter a day such as 2026-11-21.")


class Instant(serializers.DateTimeField):
    """A moment in an answer, always in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)
