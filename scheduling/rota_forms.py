"""Forms of the rota: patterns, somebody in another's place, swaps, files."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from mscc.people.models import Assignment
from referrals.clinical.times import TimeError, parse_time
from referrals.forms.base import Form
from referrals.forms.fields import CheckField, DateField, TextField, WhenField
from scheduling.timekeeping.pattern import Line, Pattern

PEOPLE, LINES = 6, 4
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EACH = (
    (1, "Every week everybody moves on to the next place"),
    (2, "Every 2 weeks"),
    (4, "Every 4 weeks"),
    (0, "Nobody moves: the same people always"),
)


class TimeOfDay(TextField):
    """A time on the 24-hour clock in London; what the clocks do is the pattern's matter."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        try:
            return parse_time(said)
        except TimeError as error:
            raise ValidationError(error.sentence) from error


def _time(label: str) -> TimeOfDay:
    return TimeOfDay(label=label, required=False, max_length=5, width=5)


class PatternForm(Form):
    """Turns that repeat, who works them by turns, and from which day to which."""

    first_day = DateField(label="First day")
    last_day = DateField(label="Last day")
    weeks_each = forms.TypedChoiceField(label="How people take turns", coerce=int, choices=_EACH)
    sections: ClassVar[list[tuple[str, list[str]]]] = [
        ("From when until when", ["first_day", "last_day"]),
        ("People, in their order", [f"person_{n}" for n in range(PEOPLE)] + ["weeks_each"]),
        *(
            (f"Turn {n + 1}", [f"days_{n}", f"starts_{n}", f"ends_{n}", f"who_{n}"])
            for n in range(LINES)
        ),
    ]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        holders: Iterable[Assignment],
        **kwargs: Any,
    ):
        people = [("", "Nobody"), *((held.user_id, held.user.name) for held in holders)]
        places = [(n, f"Person {n + 1}") for n in range(PEOPLE)]
        self.base_fields = self.base_fields | dict(_person(n, people) for n in range(PEOPLE))
        for n in range(LINES):
            self.base_fields |= dict(_line(n, places))
        super().__init__(data, at=at, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for n in range(LINES):
            said = [given.get(f"{name}_{n}") for name in ("days", "starts", "ends")]
            if any(said) and not said[0]:
                self.add_error(f"days_{n}", "Choose the days of this turn.")
            for name, value in zip(("starts", "ends"), said[1:], strict=True):
                if any(said) and value is None and f"{name}_{n}" not in self.errors:
                    self.add_error(f"{name}_{n}", "Enter a time, for example 08:00.")
        return given

    @property
    def pattern(self) -> Pattern:
        """What was typed; the form has been found valid."""
        given = self.cleaned_data
        people = [given[f"person_{n}"] for n in range(PEOPLE)]
        return Pattern(
            tuple(self._lines()),
            tuple(person for person in people if person),
            given["first_day"],
            given["last_day"],
            given["weeks_each"],
        )

    def _lines(self) -> Iterator[Line]:
        given = self.cleaned_data
        for n in range(LINES):
            if days := given[f"days_{n}"]:
                starts, ends = given[f"starts_{n}"], given[f"ends_{n}"]
                yield Line(frozenset(map(int, days)), starts, ends, given[f"who_{n}"])


def _person(n: int, people: list[tuple[Any, str]]) -> tuple[str, forms.Field]:
    return f"person_{n}", forms.TypedChoiceField(
        label=f"Person {n + 1}", choices=people, coerce=int, empty_value=None, required=False
    )


def _line(n: int, places: list[tuple[int, str]]) -> Iterator[tuple[str, forms.Field]]:
    days = [(str(number), name) for number, name in enumerate(_DAYS)]
    yield f"days_{n}", CheckField(label="Begins on", choices=days, required=False)
    yield f"starts_{n}", _time("From")
    yield f"ends_{n}", _time("Until")
    yield (
        f"who_{n}",
        forms.TypedChoiceField(
            label="In the first week worked by", choices=places, coerce=int, initial=min(n, 5)
        ),
    )


class OverrideForm(Form):
    """Somebody on duty instead of whoever is on the plan, for a time."""

    who = forms.TypedChoiceField(label="Who instead", coerce=int)
    starts_at = WhenField(label="From", now=False, future=True)
    ends_at = WhenField(label="Until", now=False, future=True)
    note = TextField(label="Why (optional)", required=False, max_length=120)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        holders: Iterable[Assignment],
        **kwargs: Any,
    ):
        super().__init__(data, at=at, **kwargs)
        self.holders = {held.pk: held for held in holders}
        _choose(self.fields["who"], self.holders)


class SwapForm(Form):
    """Which colleague is asked to take a turn."""

    asked = forms.TypedChoiceField(label="Ask whom", coerce=int)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        colleagues: Iterable[Assignment],
        **kwargs: Any,
    ):
        super().__init__(data, at=at, **kwargs)
        self.colleagues = {held.pk: held for held in colleagues}
        _choose(self.fields["asked"], self.colleagues)


class RotaFileForm(Form):
    """A rota in a CSV file."""

    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,
        error_messages={"required": "Choose a file.", "invalid": "Choose a file."},
    )


def _choose(field: forms.Field, held: Mapping[int, Assignment]) -> None:
    choices = [(pk, each.user.name) for pk, each in held.items()]
    field.choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]
    field.error_messages["required"] = field.error_messages["invalid_choice"] = "Choose who."
