"""Fields that turn what was typed into values the domain takes, with a sentence for each mistake.

Times are told by the form (`at`), never read from a clock; see `referrals.forms.base.Form`.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from referrals.clinical.identity import check_birth, clean_nhs_number
from referrals.clinical.phone import clean_call_back
from referrals.clinical.text import InputError, clean_text
from referrals.clinical.times import (
    LONDON,
    Fold,
    TimeError,
    parse_date,
    parse_local,
    parse_time,
    refuse_future,
)
from referrals.forms.widgets import DateBoxes, ThreeWayBoxes, Typed, WhenBoxes
from referrals.models.assessment import ThreeWay

T = TypeVar("T")
YES_NO = ThreeWay.choices


class ToldTheTime:
    """A field that needs to know what time it is; the form says so before it cleans."""

    at: datetime

    def told(self, at: datetime) -> None:
        self.at = at


class TextField(forms.CharField):
    """One line of text. `width` is in characters: 2, 3, 4, 5, 10, 20 or 30."""

    def __init__(
        self,
        *,
        width: int | None = None,
        inputmode: str = "",
        autocomplete: str = "off",
        max_length: int = 200,
        **kwargs: Any,
    ) -> None:
        super().__init__(max_length=max_length, strip=False, **kwargs)
        self.widget.attrs["autocomplete"] = autocomplete
        if inputmode:
            self.widget.attrs["inputmode"] = inputmode
        self.widget.nhs = {"width": width} if width else {}

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value)
        return _read(lambda: clean_text(text, self.max_length, what=_what(self)))


class NhsNumberField(TextField):
    """Ten digits with a valid check digit; `allow_test` lets numbers from 999 through (demo)."""

    def __init__(self, *, allow_test: bool = False, **kwargs: Any) -> None:
        super().__init__(width=10, inputmode="numeric", max_length=40, **kwargs)
        self.allow_test = allow_test

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value)
        return _read(lambda: clean_nhs_number(text, allow_test=self.allow_test)) if text else ""


class CallBackField(TextField):
    """A number somebody answers: UK telephone, bleep or extension, in one way of writing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width=20, max_length=60, autocomplete="tel", **kwargs)

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value)
        return _read(lambda: clean_call_back(text)) if text else ""


class NotesField(forms.CharField):
    """Text of several lines, with a count as it nears its limit."""

    def __init__(self, *, rows: int = 5, max_length: int = 10_000, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, strip=False, widget=widget, **kwargs)

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value)
        return _read(lambda: clean_text(text, self.max_length, lines=True, what=_what(self)))


class RadioField(forms.ChoiceField):
    """One of a few choices. `hints` explains some of them; `inline` is for short ones.

    `cancer` names the choices that with a cord sign make an emergency of the form.
    """

    def __init__(
        self,
        *,
        choices: Any,
        hints: dict[str, str] | None = None,
        dividers: dict[str, str] | None = None,
        cancer: Iterable[str] = (),
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("error_messages", {"required": "Choose one."})
        super().__init__(choices=choices, widget=forms.RadioSelect, **kwargs)
        self.widget.hints, self.widget.dividers = hints or {}, dividers or {}
        self.widget.marks = dict.fromkeys(cancer, "data-mscc-cancer")
        self.widget.nhs = {"inline": True} if inline else {}


class CheckField(forms.MultipleChoiceField):
    """Any of several choices."""

    def __init__(self, *, choices: Any, hints: dict[str, str] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": "Choose at least one."})
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.widget.hints = hints or {}


class DateField(forms.Field):
    """A day in three boxes; cleans to a date, or None when it was left empty and may be."""

    widget = DateBoxes
    default_error_messages = {"required": "Enter a day, a month and a year."}

    def to_python(self, value: Typed) -> date | None:
        return _read(lambda: _date(value)) if any(value.values()) else None


class BirthField(ToldTheTime, DateField):
    """A date of birth: not to come, and not longer ago than anybody lives."""

    def to_python(self, value: Typed) -> date | None:
        born = super().to_python(value)
        if born is None:
            return None
        today = self.at.astimezone(LONDON).date()
        return _read(lambda: check_birth(born, today=today))


class WhenField(ToldTheTime, forms.Field):
    """When something happened: now, or an earlier date and time in London.

    Cleans to a UTC moment, or None when it was left empty and may be. With `now` False it asks
    for a date and a time only; `future` allows a moment to come (an appointment). Asks for BST or
    GMT when the hour typed happened twice.
    """

    default_error_messages = {
        "required": "Enter the date and the time.",
        "both": "You chose ‘Now’ and also entered a time. Choose one of them.",
    }

    def __init__(
        self,
        *,
        now: bool = True,
        future: bool = False,
        other: str = "Earlier",
        what: str = "This time",
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=WhenBoxes(now=now, other=other), **kwargs)
        self.future, self.what = future, what

    def told(self, at: datetime) -> None:
        super().told(at)
        self.widget.told(at)

    def to_python(self, value: Typed) -> datetime | None:
        if self.widget.now and value["choice"] == "now":
            if value["time"]:
                raise ValidationError(self.error_messages["both"], code="both")
            return self.at
        if self.widget.now and value["choice"] != "earlier":
            return None
        if not any(value[box] for box in ("day", "month", "year", "time")):
            return None
        moment = _moment(value, self.widget)
        if not self.future:
            _read(lambda: refuse_future(moment, self.at, self.what))
        return moment


class ThreeWayField(ToldTheTime, forms.Field):
    """Yes, no or not known; under a yes, when it began (a day, and a time if that is known).

    Cleans to {"answer": "yes" | "no" | "not_known", "onset": ISO text or None}, which is how a
    finding is stored. Silence is "not_known", unless an answer is required.
    """

    default_error_messages = {
        "required": "Answer yes, no or not known.",
        "choice": "Answer yes, no or not known.",
    }

    def __init__(
        self, *, onset: str = "", cord_sign: bool = False, cancer: bool = False, **kwargs: Any
    ) -> None:
        widget = ThreeWayBoxes(onset=onset, cord_sign=cord_sign, cancer=cancer)
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Typed) -> dict[str, str | None] | None:
        answer = value["answer"]
        if not answer:
            return None if self.required else {"answer": "not_known", "onset": None}
        if answer not in dict(self.widget.choices):
            raise ValidationError(self.error_messages["choice"], code="choice")
        onset = self._onset(value) if answer == "yes" and self.widget.onset else None
        return {"answer": answer, "onset": onset}

    def _onset(self, value: Typed) -> str | None:
        if not any(value[box] for box in ("day", "month", "year", "time")):
            return None
        if value["time"]:
            moment = _moment(value, self.widget)
            _read(lambda: refuse_future(moment, self.at, "The onset"))
            return moment.isoformat()
        day = _read(lambda: _date(value))
        # A day is in the future only when none of it has begun in London.
        start = parse_local(day, parse_time("00:00"))
        _read(lambda: refuse_future(start, self.at, "The onset"))
        return day.isoformat()


def _date(value: Typed) -> date:
    return parse_date(value["day"], value["month"], value["year"])


def _moment(value: Typed, widget: WhenBoxes | ThreeWayBoxes) -> datetime:
    day = _read(lambda: _date(value))
    if not value["time"]:
        raise ValidationError("Enter the time too, for example 14:05.", code="time-missing")
    fold = Fold(value["zone"]) if value["zone"] in set(Fold) else None
    try:
        return parse_local(day, parse_time(value["time"]), fold)
    except TimeError as wrong:
        widget.ask_zone = wrong.code == "time-twice"
        raise ValidationError(wrong.sentence, code=wrong.code) from wrong


def _what(field: forms.Field) -> str:
    return str(field.label or "This")


def _read(parse: Callable[[], T]) -> T:
    """What `parse` reads, or its refusal as Django wants it."""
    try:
        return parse()
    except (TimeError, InputError) as wrong:
        raise ValidationError(wrong.sentence, code=wrong.code) from wrong
