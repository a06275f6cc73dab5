"""Controls that NHS components draw: a date in three boxes, a moment, a three-way answer.

A widget's `parts(value)` turns what was typed, or an initial value, into the text of its boxes;
`component` names the macro in templates/components. Names of the boxes are `<field>-day` and so on.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from mscc import clock

Typed = dict[str, str]
_DATE = ("day", "month", "year")


class Boxes(forms.Widget):
    """A control of several boxes whose raw value is a dict of what stands in each."""

    component = ""
    boxes: tuple[str, ...] = ()
    first_id = "{id}"

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict, name: str
    ) -> Typed:
        return {box: str(data.get(f"{name}-{box}") or "").strip() for box in self.boxes}

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict, name: str
    ) -> bool:
        return not any(f"{name}-{box}" in data for box in self.boxes)

    def parts(self, value: Any) -> Typed:
        """The text of every box: what was typed, or how a stored value reads."""
        empty = dict.fromkeys(self.boxes, "")
        return empty | (value if isinstance(value, dict) else self.said(value))

    def said(self, value: Any) -> Typed:
        """How a stored value reads in the boxes."""
        return _date_parts(value) if isinstance(value, date) else {}


class DateBoxes(Boxes):
    component = "date"
    boxes = _DATE
    first_id = "{id}-day"


class WhenBoxes(Boxes):
    """Now, or another time: date, time, and which hour when the clocks went back.

    `now` False asks for date and time only (an appointment); `ask_zone` is set by the field when
    the hour typed happened twice.
    """

    component = "when"
    boxes = ("choice", *_DATE, "time", "zone")

    def __init__(self, *, now: bool = True, other: str = "Earlier") -> None:
        super().__init__()
        self.now, self.other = now, other
        self.ask_zone = False
        self.today: date | None = None
        self.first_id = "{id}" if now else "{id}-date-day"

    def told(self, at: datetime) -> None:
        """What day it is, for the boxes behind "earlier"."""
        self.today = clock.local(at).date()

    def parts(self, value: Any) -> Typed:
        typed = super().parts(value)
        # What stands behind "earlier" is not sent with "now": it is drawn as it was before.
        if self.now and typed["choice"] == "now" and not any(typed[box] for box in _DATE):
            return typed | {box: text for box, text in self.said(None).items() if box in _DATE}
        return typed

    def said(self, value: Any) -> Typed:
        if isinstance(value, datetime):
            there = clock.local(value)
            return {"choice": "earlier", **_date_parts(there), "time": f"{there:%H:%M}"}
        # Nothing yet: "now", and today's date waiting behind "earlier", so that only a time
        # has to be typed.
        return {"choice": "now", **(_date_parts(self.today) if self.today and self.now else {})}


class ThreeWayBoxes(Boxes):
    """Yes, no, not known; `onset` is the question that appears under a yes, empty for none.

    `cord_sign` and `cancer` mark the answers that together make an emergency of the form.
    """

    component = "three_way"
    boxes = ("answer", *_DATE, "time", "zone")
    choices = (("yes", "Yes"), ("no", "No"), ("not_known", "Not known"))

    def __init__(self, *, onset: str = "", cord_sign: bool = False, cancer: bool = False) -> None:
        super().__init__()
        self.onset, self.cord_sign, self.cancer = onset, cord_sign, cancer
        self.ask_zone = False

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict, name: str
    ) -> Typed:
        return super().value_from_datadict(data, files, name) | {"answer": str(data.get(name, ""))}

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict, name: str
    ) -> bool:
        return name not in data

    def parts(self, value: Any) -> Typed:
        if isinstance(value, dict) and "onset" in value:
            return dict.fromkeys(self.boxes, "") | self.said(value)
        return super().parts(value)

    def said(self, value: Any) -> Typed:
        if not isinstance(value, dict):
            return {"answer": str(value or "")}
        return {"answer": str(value.get("answer", "")), **_onset_parts(value.get("onset"))}


TypedRow = tuple[str, str]


class TaperRows(forms.Widget):
    """The steps of a taper: a day and a dose a row, some rows left empty for more.

    Its raw value is the typed text of every row; names of the boxes are `<field>-day-0` and
    `<field>-mg-0` and so on.
    """

    component = "taper"
    first_id = "{id}-day-0"
    rows = 7

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict, name: str
    ) -> list[TypedRow]:
        def typed(box: str, row: int) -> str:
            return str(data.get(f"{name}-{box}-{row}") or "").strip()

        return [(typed("day", row), typed("mg", row)) for row in range(self.rows)]

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict, name: str
    ) -> bool:
        return f"{name}-day-0" not in data

    def parts(self, value: Any) -> list[TypedRow]:
        """The text of every row: what was typed, or how stored steps read."""
        given = [row if isinstance(row, tuple) else self._said(row) for row in value or ()]
        return [*given, *[("", "")] * (self.rows - len(given))]

    def _said(self, step: Any) -> TypedRow:
        return f"{step.on:%d/%m/%Y}", f"{step.daily_mg:g}"


def _date_parts(value: date) -> Typed:
    return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}


def _onset_parts(onset: str | None) -> Typed:
    if not onset:
        return {}
    if "T" not in onset:
        return _date_parts(date.fromisoformat(onset))
    there = clock.local(datetime.fromisoformat(onset))
    return {**_date_parts(there), "time": f"{there:%H:%M}"}
