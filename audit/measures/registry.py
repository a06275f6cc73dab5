"""Every measure there is, by number and by key, and one journey judged by all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from audit.measures import (
    care,
    case_mix,
    given,
    outcomes,
    quality_standard,
    scans,
    steroids,
    targets,
    timeliness,
)
from audit.measures.journey import JourneyFacts
from audit.measures.measure import Measure
from audit.measures.story import OnStory, Story
from audit.measures.verdict import Verdict, not_applicable

# In the order of dashboard and report.
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        quality_standard.SECTION: "NICE quality standard QS56",
        targets.SECTION: "Targets with a clock",
        scans.SECTION: "Scans",
        timeliness.SECTION: "Contact, opinions and treatment",
        given.SECTION: "Care",
        outcomes.SECTION: "Outcomes",
        case_mix.SECTION: "Case mix",
        case_mix.SAFETY: "Missed targets and incidents",
    }
)

ALL: tuple[Measure, ...] = tuple(
    sorted(
        (
            *quality_standard.MEASURES,
            *targets.MEASURES,
            *scans.MEASURES,
            *timeliness.MEASURES,
            *steroids.MEASURES,
            *care.MEASURES,
            *outcomes.MEASURES,
            *case_mix.MEASURES,
        ),
        key=lambda measure: measure.number,
    )
)

_BY_KEY = {measure.key: measure for measure in ALL}
_BY_NUMBER = {measure.number: measure for measure in ALL}
_SIZE = max(_BY_NUMBER) + 1
_UNUSED = not_applicable("no measure has this number")


def by_key(key: str) -> Measure:
    """The measure with this key; KeyError when there is none."""
    return _BY_KEY[key]


@cache
def definitions() -> str:
    """16 hex digits that change whenever a measure is added, withdrawn, or counts otherwise, also
    when a local target is set to another time."""
    said = "\n".join(f"{each.number} {each.key} {each.version} {each.target_s}" for each in ALL)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def judge_all(facts: JourneyFacts) -> tuple[Verdict, ...]:
    """The verdict of every measure on one journey, at the place of its number.

    Place 0 is of no measure. ValueError when a time has no zone.
    """
    story = Story(facts)
    return (_UNUSED, *[tell(story) for tell in _TELLS])


def _untold(_: Story) -> Verdict:
    return _UNUSED


def _tell(number: int) -> OnStory:
    measure = _BY_NUMBER.get(number)
    if measure is None:
        return OnStory(_untold)
    if not isinstance(measure.judge, OnStory):
        raise TypeError(f"The measure {measure.key} does not judge a story: wrap it in OnStory.")
    return measure.judge


_TELLS = tuple(_tell(number).tell for number in range(1, _SIZE))
