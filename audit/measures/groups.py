"""The groups in which inequality is looked for (1.1.13): age, sex, ethnicity, deprivation,
language, distance and hospital. Not known is a group of its own, never left out.

A class names nobody; that few people in a class may still be told apart is dealt with where figures
are shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from audit.measures.journey import Person

NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to divide people. `classes` are in order, by key, with their words; a class that is
    not among them (a hospital) is said by whoever knows its name.
    """

    key: str
    label: str
    classes: Mapping[str, str]
    note: str = ""


def _cut(key: str, label: str, classes: Mapping[str, str], note: str = "") -> Cut:
    return Cut(key, label, MappingProxyType({**classes, NOT_KNOWN: "Not known"}), note)


_AGES = (50, 60, 70, 80)
_AGE_CLASSES = {
    "under_50": "Under 50",
    "50_59": "50 to 59",
    "60_69": "60 to 69",
    "70_79": "70 to 79",
    "80_up": "80 and older",
}
_DISTANCES = (10.0, 25.0, 50.0)
_DISTANCE_CLASSES = {
    "under_10": "Less than 10 km",
    "10_25": "10 km to less than 25 km",
    "25_50": "25 km to less than 50 km",
    "50_up": "50 km or more",
}

CUTS: Mapping[str, Cut] = MappingProxyType(
    {
        cut.key: cut
        for cut in (
            _cut("age", "Age", _AGE_CLASSES, "Whole years when referred."),
            _cut("sex", "Sex", {"female": "Female", "male": "Male", "other": "Other"}),
            _cut(
                "ethnicity",
                "Ethnicity",
                {
                    "asian": "Asian or Asian British",
                    "black": "Black, Black British, Caribbean or African",
                    "mixed": "Mixed or multiple ethnic groups",
                    "white": "White",
                    "other": "Another ethnic group",
                },
                "The five groups of the census, read from what was written down.",
            ),
            _cut(
                "deprivation",
                "Deprivation",
                {
                    "1": "Fifth 1, the most deprived",
                    "2": "Fifth 2",
                    "3": "Fifth 3",
                    "4": "Fifth 4",
                    "5": "Fifth 5, the least deprived",
                },
                "Index of Multiple Deprivation of the area of the person's postcode.",
            ),
            _cut(
                "language",
                "Language",
                {
                    "english": "English, no interpreter needed",
                    "other": "Another language, no interpreter needed",
                    "interpreter": "Interpreter needed",
                },
            ),
            _cut(
                "distance",
                "Distance from home to hospital",
                _DISTANCE_CLASSES,
                "As the crow flies, to the hospital that referred.",
            ),
            Cut("hospital", "Hospital", MappingProxyType({}), "The hospital that referred."),
        )
    }
)

_AGE_KEYS, _DISTANCE_KEYS = tuple(_AGE_CLASSES), tuple(_DISTANCE_CLASSES)


def classes(person: Person, hospital: str | int) -> dict[str, str]:
    """The class of each cut that a person falls in; `hospital` is the key of the one that referred.

    An impossible value (an age below 0, a quintile of 6) is not known.
    """
    return {
        "age": _banded(person.age, _AGES, _AGE_KEYS),
        "sex": person.sex if person.sex in CUTS["sex"].classes else NOT_KNOWN,
        "ethnicity": ethnic_group(person.ethnicity),
        "deprivation": _quintile(person.deprivation),
        "language": _language(person),
        "distance": _banded(person.distance_km, _DISTANCES, _DISTANCE_KEYS),
        "hospital": str(hospital),
    }


def _banded(value: float | None, edges: tuple[float, ...], keys: tuple[str, ...]) -> str:
    if value is None or value < 0:
        return NOT_KNOWN
    return keys[bisect_right(edges, value)]


def _quintile(quintile: int | None) -> str:
    return str(quintile) if quintile is not None and 1 <= quintile <= 5 else NOT_KNOWN


def _language(person: Person) -> str:
    if person.interpreter_needed:
        return "interpreter"
    said = person.language.strip().lower()
    if not said:
        return NOT_KNOWN
    return "english" if said in ("english", "en", "eng", "en-gb") else "other"


# The NHS's codes of ethnic category; Z and 99 are not stated.
_CODES = {
    **dict.fromkeys("abc", "white"),
    **dict.fromkeys("defg", "mixed"),
    **dict.fromkeys("hjkl", "asian"),
    **dict.fromkeys("mnp", "black"),
    "r": "asian",  # Chinese: among Asian groups since the census of 2011
    "s": "other",
}
_SIGNS = {
    "mixed": {"mixed", "multiple"},
    "asian": {"asian", "indian", "pakistani", "bangladeshi", "chinese"},
    "black": {"black", "african", "caribbean"},
    "white": {"white", "caucasian", "irish", "gypsy", "roma", "traveller"},
    "other": {"other", "arab"},
}


@lru_cache(maxsize=4096)
def ethnic_group(said: str) -> str:
    """One of the census's five groups, from words or from an NHS code; else not known.

    "British" alone is a nationality, and says nothing of it.
    """
    text = said.strip().lower()
    if len(text) <= 2:
        return _CODES.get(text[:1], NOT_KNOWN)
    words = set(re.findall(r"[a-z]+", text))
    if words & {"stated", "known", "prefer", "refused", "declined"}:
        return NOT_KNOWN
    found = [group for group, signs in _SIGNS.items() if words & signs]
    # "White and Asian" is one of the census's mixed groups.
    if "white" in words and {"asian", "black"} & set(found):
        return "mixed"
    return found[0] if found else NOT_KNOWN
