"""Every sentence the rules say about hundreds of made-up cases, for somebody to approve.
Numbers and levels within a sentence are left out: what they are is for the tests of each rule.

`python -m tests.factories.said` writes what is said now over what was approved before: read the
difference before you commit it.
"""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, get_type_hints

from referrals.clinical.advice import advice_for
from referrals.clinical.assessment import Assessment, assess
from referrals.clinical.bundle_applies import APPLIES
from referrals.clinical.case import read_case
from referrals.clinical.discharge import Leaving, still_open
from referrals.clinical.facts import Facts
from referrals.clinical.presentation import CORD_ITEMS, Answer
from tests.factories import said_typed
from tests.factories.cases import random_case

APPROVED = Path(__file__).parents[1] / "unit/clinical/approved/said.txt"
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CASES, SEED = 800, 20261121
CORD = [item.id for item in CORD_ITEMS]
_NUMBERS = re.compile(r"\b(O|[CTLS]?\d+(\.\d+)?)\b")


def said() -> str:
    """One line for each rule, part and sentence; sorted, so that a change is a line."""
    chance = Random(SEED)
    found: set[str] = set()
    for number in range(CASES):
        case = random_case(chance, share=0.2 + 0.7 * number / CASES)
        # By chance alone, hardly anybody is suspected of anything and has no sign of it.
        if number % 2:
            case["confirmed"] = "not_known"
            case["suspicion"] = ("mscc", "spinal_metastases")[number // 2 % 2]
        if number % 4 > 1:
            told = case.setdefault("presentation", {}).setdefault("findings", {})
            told.update(dict.fromkeys(CORD, "no"))
            case.pop("neurology", None)
        facts = read_case(case).facts
        found.update(_sentences(assess(facts, AT)))
        found.update(_elsewhere(facts))
        found.update(_leaving(chance))
    return "".join(f"{line}\n" for line in sorted(found))


def _sentences(found: Assessment) -> Iterator[str]:
    first = found.triage
    yield f"triage: {first.suspicion}, {first.pathway}, {' '.join(first.numbers)}"
    yield from (f"triage: because: {each.partition(': ')[0]}" for each in first.because)
    yield from (f"triage: ask: {each}" for each in first.unknown)
    for step in first.what_to_do_now:
        yield f"triage: {' '.join(step.numbers)}: {step.text.partition(': ')[0]}"
    for each in found.conclusions:
        sources = " ".join(each.numbers)
        yield f"{each.key}: {each.applies}, {each.strength}, {sources}: {_plain(each.text)}"
        yield from (f"{each.key}: because: {_plain(word)}" for word in each.because)
        yield from (f"{each.key}: ask: {_plain(word)}" for word in each.unknown)
    for question in found.questions:
        yield f"check: {question.code}, {question.field}: {_plain(question.sentence)}"


def _elsewhere(facts: Facts) -> Iterator[str]:
    """What the advice to a referrer and the care bundle make of the same facts."""
    for advice in advice_for(facts):
        yield f"advice: {advice.topic}, {advice.strength}: {_plain(advice.text)}"
    for name, applies in APPLIES.items():
        known = applies(facts)
        yield f"item {name}: {known.answer}"
        yield from (f"item {name}: because: {_plain(word)}" for word in known.because)
        yield from (f"item {name}: ask: {_plain(word)}" for word in known.unknown)


def _leaving(chance: Random) -> Iterator[str]:
    """What is still open when somebody goes home, of whom anything at all may be known."""
    choices: dict[Any, tuple[Any, ...]] = {
        bool: (True, False),
        str: ("", "said"),
        Answer: tuple(Answer),
        tuple[str, ...]: ((), ("one", "two")),
    }
    hints = get_type_hints(Leaving)
    drawn = {each.name: chance.choice(choices[hints[each.name]]) for each in fields(Leaving)}
    for item in still_open(Leaving(**drawn)):
        need = "needed" if item.required else "open"
        yield f"leaving: {item.id}, {need}, {' '.join(item.numbers)}: {item.sentence}"


def _plain(sentence: str) -> str:
    # Of a list of findings the first stands for all: every combination would be a line.
    first = sentence.split(", ")[0] if sentence.startswith("There is ") else sentence
    return _NUMBERS.sub("#", first)


if __name__ == "__main__":
    APPROVED.write_text(said())
    said_typed.APPROVED.write_text(said_typed.typed())
