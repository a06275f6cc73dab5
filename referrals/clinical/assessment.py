"""Everything the library says about one person: triage, every topic, and what does not fit.

Each topic is a module of its own and knows only its own facts. Here is their order, which is the
order of a morning: what got worse, lying flat, the scan, pain, treatment, care, going home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from referrals.clinical import (
    consistency,
    deterioration,
    discharge,
    imaging,
    immobilisation,
    mobilisation,
    pain,
    prognosis,
    radiotherapy,
    scales,
    stability,
    steroids,
    support,
    surgery,
    thromboprophylaxis,
    triage,
)
from referrals.clinical.facts import Facts
from referrals.clinical.library import HERE
from referrals.clinical.neurology import Contradiction
from referrals.clinical.reasoning import Conclusion, Rule
from referrals.clinical.triage import TriageConclusion

TOPICS = (
    deterioration,
    immobilisation,
    imaging,
    stability,
    pain,
    steroids,
    scales,
    prognosis,
    surgery,
    radiotherapy,
    mobilisation,
    thromboprophylaxis,
    support,
    discharge,
)
RULES: Mapping[str, Rule] = {rule.key: rule for topic in TOPICS for rule in topic.RULES}

_CONCLUDE: tuple[Callable[[Facts], tuple[Conclusion, ...]], ...] = tuple(
    topic.conclude for topic in TOPICS
)


class Assessment(NamedTuple):
    """What applies to one person, topic after topic in a fixed order: the first word of a key is
    its topic. `questions` are facts that contradict each other; somebody who was there has to say
    which holds."""

    triage: TriageConclusion
    conclusions: tuple[Conclusion, ...]
    questions: tuple[Contradiction, ...]


def assess(facts: Facts, at: datetime) -> Assessment:
    """Everything that applies, or would if an open question were answered that way.

    `at` is the moment the facts are told for, an aware time. Nothing is decided here.
    """
    return Assessment(
        triage=triage.conclude(facts.presentation, metastases_known=facts.disease.metastases_known),
        conclusions=tuple(each for conclude in _CONCLUDE for each in conclude(facts)),
        questions=consistency.contradictions(facts, at),
    )


def to_dict(found: Assessment) -> dict[str, Any]:
    """The same as values that JSON has; the conclusions come last."""
    first = found.triage
    return {
        "triage": {
            "suspicion": first.suspicion,
            "pathway": first.pathway,
            "urgency": first.urgency,
            "numbers": first.numbers,
            "because": first.because,
            "unknown": first.unknown,
            "what_to_do_now": [
                {"text": step.text, "numbers": step.numbers} for step in first.what_to_do_now
            ],
        },
        "questions": [
            {"code": each.code, "field": each.field, "sentence": each.sentence}
            for each in found.questions
        ],
        "conclusions": [each._asdict() for each in found.conclusions],
    }


@cache
def version() -> str:
    """A label of the rules and tables: the same label, the same conclusions from the same facts."""
    digest = sha256()
    for path in sorted(HERE.iterdir()):
        if path.suffix in (".py", ".toml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
