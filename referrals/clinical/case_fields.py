"""What one field of a case file may hold: each kind reads its value and describes itself.

A kind reads to a value, or raises CaseError with a sentence for every path that is wrong, so that
whoever wrote the file hears of everything at once. The JSON Schema is made from the same kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from referrals.clinical.presentation import (
    BY_ID,
    Answer,
    CancerStatus,
    Presentation,
    PresentationError,
)
from referrals.clinical.presentation import read as read_presentation
from referrals.clinical.scored import level_of
from referrals.clinical.text import InputError, clean_text

OR_NOT = "or leave it out."
_NONE: Mapping[str, StrEnum] = {}
NO_SUCH = "There is no such field here."
# A time is compared in London and in UTC: at either end of the calendar that would not be a date.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
_YEARS = f"Give a time in the years {EARLIEST_YEAR} to {LATEST_YEAR}, {OR_NOT}"


class CaseError(ValueError):
    """A case that cannot be read: `errors` maps each path ("pain.severity") to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {errors[path]}" for path in errors))
        self.errors = dict(errors)


def wrong(sentence: str) -> CaseError:
    """What is wrong with the value itself; whoever knows its path puts it in front."""
    return CaseError({"": sentence})


def join(path: str, rest: str) -> str:
    """ "pain" and "severity" as "pain.severity"; a place in a list as "lesions[0]"."""
    return f"{path}{rest}" if not rest or rest.startswith("[") else f"{path}.{rest}"


class Kind(Protocol):
    """One kind of field."""

    def read(self, value: Any) -> Any:
        """The value as the rules take it, or CaseError."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""


class Choice:
    """One word of an enum."""

    def __init__(self, of: type[StrEnum]) -> None:
        self.words = {each.value: each for each in of}

    def read(self, value: Any) -> StrEnum:
        """The member called `value`."""
        try:
            return self.words[value]
        except (KeyError, TypeError):
            raise wrong(f"Say {', '.join(self.words)}, {OR_NOT}") from None

    def schema(self) -> dict[str, Any]:
        """Its words."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a range, both ends included; `step` is what it must be a multiple of."""

    whole: bool
    least: int
    most: int
    step: int = 1

    def read(self, value: Any) -> int | float:
        """The number; 7.0 is the whole number 7."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong(self._sentence())
        # A NaN is in no range.
        if not self.least <= value <= self.most or (self.whole and value % self.step):
            raise wrong(self._sentence())
        return int(value) if self.whole else float(value)

    def _sentence(self) -> str:
        what = "a whole number" if self.whole else "a number"
        tens = f" in steps of {self.step}" if self.step > 1 else ""
        return f"Give {what} from {self.least} to {self.most}{tens}, {OR_NOT}"

    def schema(self) -> dict[str, Any]:
        """Its type and limits."""
        kind = {"type": "integer" if self.whole else "number"}
        steps = {"multipleOf": self.step} if self.step > 1 else {}
        return {**kind, "minimum": self.least, "maximum": self.most, **steps}


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `most` counts characters."""

    most: int

    def read(self, value: Any) -> str:
        """The text as it is stored."""
        if not isinstance(value, str):
            raise wrong(f"Give text of up to {self.most} characters, {OR_NOT}")
        try:
            return clean_text(value, self.most)
        except InputError as error:
            raise wrong(error.sentence) from None

    def schema(self) -> dict[str, Any]:
        """Its length."""
        return {"type": "string", "maxLength": self.most}


class Level(Text):
    """One level of the spine, read as the scores take it."""

    def read(self, value: Any) -> str:
        """The level as it is stored: "T10" from "th 10"."""
        try:
            return level_of(super().read(value))
        except InputError as error:
            raise wrong(error.sentence) from None


def _in_our_time(moment: date) -> bool:
    return EARLIEST_YEAR <= moment.year <= LATEST_YEAR


class Moment:
    """A time with its offset, in the years that a person can live in."""

    def read(self, value: Any) -> datetime:
        """An aware time."""
        try:
            moment = datetime.fromisoformat(value)
        except (ValueError, TypeError):
            raise wrong(f"Give a time such as 2026-11-21T09:30:00Z, {OR_NOT}") from None
        if moment.tzinfo is None:
            raise wrong("Time must include an offset, e.g. 2027-03-28T01:30:00Z.")
        if not _in_our_time(moment):
            raise wrong(_YEARS)
        return moment

    def schema(self) -> dict[str, Any]:
        """RFC 3339."""
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of the same kind, as a tuple."""

    of: Kind
    most: int

    def read(self, value: Any) -> tuple[Any, ...]:
        """Every entry, or what is wrong with each."""
        if not isinstance(value, list) or len(value) > self.most:
            raise wrong(f"Give a list of up to {self.most}, {OR_NOT}")
        read: list[Any] = []
        errors: dict[str, str] = {}
        for place, each in enumerate(value):
            try:
                read.append(self.of.read(each))
            except CaseError as error:
                errors |= {join(f"[{place}]", path): error.errors[path] for path in error.errors}
        if errors:
            raise CaseError(errors)
        return tuple(read)

    def schema(self) -> dict[str, Any]:
        """That of its entries."""
        return {"type": "array", "maxItems": self.most, "items": self.of.schema()}


@dataclass(frozen=True)
class Group:
    """An object of named fields, none of which is required; `make` builds what it stands for."""

    fields: Mapping[str, Kind]
    make: Callable[..., Any]
    says: Mapping[str, str]

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, StrEnum]]:
        """The words of every field that is a choice."""
        choices = self.fields.items()
        return {name: kind.words for name, kind in choices if isinstance(kind, Choice)}

    def read(self, value: Any) -> Any:
        """What `make` makes of the fields, or everything that is wrong with any of them."""
        if not isinstance(value, dict):
            raise wrong("Give an object with named fields, or leave it out.")
        read: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, given in value.items():
            if type(given) is str and given in (words := self.words.get(name, _NONE)):
                # Nearly every field is one word of a few: the short way for those.
                read[name] = words[given]
                continue
            kind = self.fields.get(name)
            if kind is None:
                errors[_shown(name)] = self._no_such(name)
                continue
            try:
                read[name] = kind.read(given)
            except CaseError as error:
                errors |= {join(name, path): error.errors[path] for path in error.errors}
        if errors:
            raise CaseError(errors)
        return self.make(**read)

    def _no_such(self, name: str) -> str:
        near = get_close_matches(name, self.fields, n=1)
        return f"There is no such field. Did you mean {near[0]}?" if near else NO_SUCH

    def schema(self) -> dict[str, Any]:
        """Every field with its description; nothing else is allowed."""
        described = {
            name: {"description": self.says[name], **kind.schema()}
            for name, kind in self.fields.items()
        }
        return {"type": "object", "additionalProperties": False, "properties": described}


class Noticed:
    """A presentation: the cancer and the answers to box 1, each a word or an object with onset."""

    def read(self, value: Any) -> Presentation:
        """The presentation; what is not answered is not known."""
        if not isinstance(value, dict):
            raise wrong("Give an object with cancer and findings, or leave it out.")
        strange = {
            _shown(name): "There is no such field here." for name in value if name not in _TOLD
        }
        findings = value.get("findings", {})
        if isinstance(findings, dict):
            findings = {
                item: {"answer": given} if isinstance(given, str) else given
                for item, given in findings.items()
            }
        try:
            read = read_presentation(value.get("cancer", CancerStatus.NOT_KNOWN), findings)
        except PresentationError as error:
            shown = {_shown(path): sentence for path, sentence in error.errors.items()}
            raise CaseError(shown | strange) from None
        far = {
            f"findings.{each.item}": _YEARS
            for each in read.findings
            if each.onset is not None and not _in_our_time(each.onset)
        }
        if strange or far:
            raise CaseError(far | strange)
        return read

    def schema(self) -> dict[str, Any]:
        """Cancer, and box 1 by item."""
        answer = {"enum": list(Answer)}
        onset = {
            "type": "string",
            "description": "When it began: a day, or a time with its offset. Only with yes.",
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
        }
        told = {
            "type": "object",
            "required": ["answer"],
            "additionalProperties": False,
            "properties": {"answer": answer, "onset": onset},
        }
        items = {
            item.id: {"description": item.question, "anyOf": [answer, told]}
            for item in BY_ID.values()
        }
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "cancer": {"description": _CANCER, "enum": list(CancerStatus)},
                "findings": {
                    "description": "The findings of box 1. One that is left out is not known.",
                    "type": "object",
                    "additionalProperties": False,
                    "properties": items,
                },
            },
        }


_TOLD = ("cancer", "findings")
_CANCER = "Whether cancer was diagnosed, is only suspected, or neither."


def _shown(name: str) -> str:
    """A name somebody else chose, so that it cannot move a terminal's cursor."""
    return name[:60].encode("unicode_escape").decode()
