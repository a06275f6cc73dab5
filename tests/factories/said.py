"""Every sentence the rules say about hundreds of made-up cases, for somebody to approve.
Numbers and levels within a sentence are left out: what they are is for the tests of each rule.

`python -m tests.factories.said` writes what is said now over what was approved before: read the
difference before you commit it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from referrals.clinical.assessment import Assessment, assess
from referrals.clinical.case import read_case
from referrals.clinical.presentation import CORD_ITEMS
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
        found.update(_sentences(assess(read_case(case).facts, AT)))
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


def _plain(sentence: str) -> str:
    return _NUMBERS.sub("#", sentence)


if __name__ == "__main__":
    APPROVED.write_text(said())
