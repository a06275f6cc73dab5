"""What each scoring tool asks, in words and points: the one source of its form, and of how a
stored score is read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from referrals.clinical import prognosis, scales, stability
from referrals.clinical.facts import Primary
from referrals.clinical.scored import location_of
from referrals.clinical.scores import UNKNOWN, Component, Points, Table
from referrals.clinical.tools import Answers, Tool, told

NOT_KNOWN = "Not known"
_THREE_WAY = {"yes": "Yes", "no": "No"}


class Question(NamedTuple):
    """One question of a tool. `options` are all answers but "not known", which always exists;
    `listed` ones are many and short enough for a list to choose from."""

    key: str
    label: str
    options: Mapping[str, str]
    hint: str = ""
    listed: bool = False


def _points(worth: Points) -> str:
    if worth.low != worth.high:
        return f"{worth.low} or {worth.high} points, to be settled"
    return "1 point" if worth.low == 1 else f"{worth.low} points"


def _component(table: Table, key: str) -> Component:
    return next(each for each in table.components if each.key == key)


def _asked(table: Table, key: str, *, listed: bool = False, hint: str = "") -> Question:
    component = _component(table, key)
    options = {
        value: f"{worth.words} ({_points(worth)})" for value, worth in component.options.items()
    }
    return Question(key, component.label, options, hint, listed)


_KARNOFSKY = Question(
    "karnofsky",
    "Karnofsky",
    {str(value): f"{value}: {words}" for value, words in scales.KARNOFSKY.items()},
    listed=True,
)
_PERFORMANCE = Question(
    "performance_status",
    "Performance status (WHO/ECOG)",
    {str(value): f"{value}: {words}" for value, words in scales.PERFORMANCE.items()},
)
_FRANKEL = Question(
    "frankel",
    "Frankel grade",
    {grade.value: f"{grade}: {words}" for grade, words in scales.FRANKEL.items()},
)
_PALSY = _component(prognosis.TABLE, "palsy")

QUESTIONS: Mapping[Tool, tuple[Question, ...]] = {
    Tool.SINS: tuple(
        _asked(stability.TABLE, each.key)
        for each in stability.TABLE.components
        if each.key != "location"
    ),
    Tool.TOKUHASHI: (
        _KARNOFSKY._replace(
            label="General condition: Karnofsky",
            hint="10 to 40: 0 points. 50 to 70: 1 point. 80 to 100: 2 points.",
        ),
        _PERFORMANCE._replace(
            label="Or, while Karnofsky is not known: performance status",
            hint="Performance status 1 is Karnofsky 70 or 80, and leaves a point open.",
            listed=True,
        ),
        *(_asked(prognosis.TABLE, key) for key in ("extraspinal", "vertebral", "organs")),
        _asked(prognosis.TABLE, "primary", listed=True),
        _FRANKEL._replace(
            label=_PALSY.label,
            options={
                grade: f"{words} ({_points(_PALSY.options[grade])})"
                for grade, words in _FRANKEL.options.items()
            },
        ),
    ),
    Tool.PERFORMANCE: (_PERFORMANCE, _KARNOFSKY),
    Tool.FRANKEL: (_FRANKEL,),
    Tool.AIS: (
        Question("normal", "Are feeling and power normal throughout?", _THREE_WAY),
        Question("earlier_deficit", "Was there a neurological deficit earlier?", _THREE_WAY),
        Question(
            "sacral",
            "At S4 to S5, is anything preserved?",
            _THREE_WAY,
            "Any feeling, deep anal pressure or voluntary contraction. If nobody examined it, it "
            "is not known.",
        ),
        Question("motor", "Is any power preserved below the level?", _THREE_WAY),
        Question(
            "half",
            "Are at least half of the key muscles below the level grade 3 or more?",
            _THREE_WAY,
        ),
    ),
    Tool.ESCC: (
        Question(
            "escc",
            "Epidural compression of the cord",
            {grade.value: f"{grade}: {words}" for grade, words in scales.ESCC.items()},
        ),
        Question("axial_t2", "Was it read on axial T2 at the worst level?", _THREE_WAY),
    ),
    Tool.FRAILTY: (
        Question(
            "frailty",
            "Clinical Frailty Scale",
            {str(value): f"{value}: {words}" for value, words in scales.FRAILTY.items()},
        ),
        Question(
            "before_illness",
            "Is this how the person was two weeks before this illness?",
            _THREE_WAY,
            "A weak spinal cord makes anybody look frail.",
        ),
    ),
}


def read_back(tool: Tool, level: str, answers: Answers) -> Iterator[tuple[str, str]]:
    """A stored score's questions and answers, as they were asked."""
    if tool is Tool.SINS:
        location = _component(stability.TABLE, "location")
        worth = location.worth(location_of(level))
        known = f"{worth.words} ({_points(worth)})" if level else NOT_KNOWN
        yield location.label, known
    if tool is Tool.TOKUHASHI:
        yield "General condition", _general(answers)
    for question in QUESTIONS[tool]:
        given = answers.get(question.key) or UNKNOWN
        if tool is not Tool.TOKUHASHI or question.key not in _GENERAL:
            yield question.label, question.options.get(given, NOT_KNOWN)


_GENERAL = {"karnofsky": "Karnofsky", "performance_status": "Performance status"}


def _general(answers: Answers) -> str:
    """Which of the two scales was read for the general condition, and its points."""
    asked = prognosis.asked_of(told(Tool.TOKUHASHI, "", answers), Primary.NOT_KNOWN)
    answer = prognosis.answers_of(asked)["general"]
    worth = _component(prognosis.TABLE, "general").worth(answer)
    for key, scale in _GENERAL.items():
        if answers.get(key) not in (None, "", UNKNOWN):
            return f"{scale} {answers[key]} ({_points(worth)})"
    return NOT_KNOWN
