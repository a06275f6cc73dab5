"""A case file: the facts of one person as JSON, so that anyone can put a case through the rules.

The fields are those of `Facts`, with the same words. What is left out is not known; what is not
known to this product is refused with its path. case.toml says what each field means and how large
a number may be.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from referrals.clinical import triage
from referrals.clinical.case_fields import (
    Choice,
    Group,
    Kind,
    Level,
    Many,
    Moment,
    Noticed,
    Number,
    Text,
)
from referrals.clinical.facts import Facts
from referrals.clinical.library import HERE
from referrals.clinical.neurology import LIMBS
from referrals.clinical.presentation import CancerStatus, Presentation

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_LEVELS = ("level", "escc_level")
NOTHING_TOLD = Presentation(CancerStatus.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it was read. `label` is the writer's own name for it; `at` the moment the facts
    are told for, None when nobody said."""

    facts: Facts
    label: str = ""
    at: datetime | None = None


def read_case(data: Any) -> Case:
    """The case that a JSON value describes. CaseError names every path that is wrong.

    A suspicion that is left out is the one triage concludes from the presentation.
    """
    case: Case = _case().read(data)
    return case


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a case file."""
    return {
        "$schema": SCHEMA,
        "title": "A case for the clinical rules",
        "description": _words()["case"]["says"],
        **_case().schema(),
    }


def _make(case: str = "", at: datetime | None = None, **told: Any) -> Case:
    presentation = told.setdefault("presentation", NOTHING_TOLD)
    if "suspicion" not in told:
        told["suspicion"] = triage.conclude(presentation).suspicion
    return Case(Facts(**told), case, at)


@cache
def _case() -> Group:
    facts = _group(Facts, "case")
    own: dict[str, Kind] = {"case": Text(60), "at": Moment()}
    return Group({**own, **facts.fields}, _make, facts.says)


def _group(of: Any, section: str) -> Group:
    """A dataclass as a group, with the words of one section of case.toml."""
    words, hints = _words()[section], get_type_hints(of)
    said = {name: _said(words[name]) for name in words}
    return Group(
        {each.name: _kind(hints[each.name], each.name, words) for each in fields(of)},
        of,
        said,
    )


def _kind(hint: Any, name: str, words: Mapping[str, Any]) -> Kind:
    hint = next((each for each in get_args(hint) if NoneType in get_args(hint)), hint)
    if hint is Presentation:
        return Noticed()
    if name == "power":
        limbs: dict[str, Kind] = dict.fromkeys(LIMBS, Number(whole=True, least=0, most=5))
        return Group(limbs, dict, _words()["power"])
    if get_origin(hint) is tuple:
        return Many(_group(get_args(hint)[0], name), words[name]["most"])
    if is_dataclass(hint):
        return _group(hint, name.removesuffix("_before"))
    if issubclass(hint, StrEnum):
        return Choice(hint)
    limits = {key: value for key, value in words[name].items() if key != "says"}
    if name in _LEVELS:
        return Level(**limits)
    return Text(**limits) if hint is str else Number(whole=hint is int, **limits)


def _said(words: str | Mapping[str, Any]) -> str:
    return words if isinstance(words, str) else str(words["says"])


@cache
def _words() -> dict[str, Any]:
    with (HERE / "case.toml").open("rb") as file:
        return tomllib.load(file)
