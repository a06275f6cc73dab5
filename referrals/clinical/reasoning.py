"""Reasoning in which "not known" is a value: what a rule concludes, from which facts, and what
is still open.

A `Known` is a three-way answer together with the words of the facts behind it and the questions
still open. `all_of` and `any_of` combine them so that what is not known never becomes a no: a
rule whose condition is not known still concludes, marked as such, with what to find out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer

# Where a conclusion comes from when it is not NG234 itself.
SUMMARY = "summary: "  # the management summary of September 2023
LOCAL = "local: "  # a rule of this product, to be agreed by the service

# How many conclusions a rule keeps ready.
MOST_KEPT = 256

_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN


class Known(NamedTuple):
    """An answer, the facts that led to it in words, and the questions that could change it."""

    answer: Answer
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


ALWAYS = Known(_YES)
NEVER = Known(_NO)


def fact(answer: Answer, yes: str, question: str, no: str = "") -> Known:
    """One fact: `yes` and `no` say it as a sentence, `question` asks for it while it is unknown."""
    if answer is _YES:
        return Known(_YES, (yes,))
    if answer is _NO:
        return Known(_NO, (no,) if no else ())
    return Known(_NOT_KNOWN, (), (question,))


def measured(value: float | None, least: float, yes: str, question: str, no: str = "") -> Known:
    """Whether `value` is at least `least`; None is not known. Same words as `fact`."""
    if value is None:
        return Known(_NOT_KNOWN, (), (question,))
    if value >= least:
        return Known(_YES, (yes,))
    return Known(_NO, (no,) if no else ())


def all_of(*parts: Known) -> Known:
    """YES when every part is; NO when any is; otherwise not known. Open questions are kept."""
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    together = _YES
    for part in parts:
        answer, why, questions = part
        if answer is _NO:
            return part
        if answer is _NOT_KNOWN:
            together = _NOT_KNOWN
        because += why
        unknown += questions
    return Known(together, because, unknown)


def any_of(*parts: Known) -> Known:
    """YES when any part is; NO when every one is; otherwise not known, with the open questions."""
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    found = False
    for part in parts:
        if part.answer is _YES:
            found = True
            because += part.because
        unknown += part.unknown
    if found:
        return Known(_YES, because)
    if unknown:
        return Known(_NOT_KNOWN, (), unknown)
    return Known(_NO, sum((part.because for part in parts), ()))


def unless(part: Known) -> Known:
    """The opposite: YES becomes NO and back; what is not known stays so."""
    if part.answer is _NOT_KNOWN:
        return part
    return Known(_NO if part.answer is _YES else _YES, part.because)


class Conclusion(NamedTuple):
    """What applies to a person: how strongly, from which sources, why, and what is still open.

    `key` is the rule's name and stays the same between versions. `numbers` are recommendations of
    NG234, or sources that begin with `SUMMARY` or `LOCAL`. `applies` is YES, or NOT_KNOWN when it
    applies only if what is unknown turns out that way. `unknown` are questions whose answer could
    change the conclusion.
    """

    key: str
    text: str
    strength: Strength
    numbers: tuple[str, ...]
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    applies: Answer = Answer.YES


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may apply; `key` is "<module>.<name>" and is what the library points at."""

    key: str
    text: str
    strength: Strength
    numbers: tuple[str, ...]
    # The same reasons come again and again, and a conclusion never changes: each is made once.
    _made: dict[tuple[Known, str], Conclusion] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def when(self, known: Known, text: str = "") -> Iterator[Conclusion]:
        """The conclusion if `known` is YES or not known; nothing if it is NO.

        `text` replaces the rule's own words where they depend on the facts.
        """
        if known.answer is _NO:
            return iter(())
        found = self._made.get((known, text))
        if found is None:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            found = self._made[known, text] = Conclusion(
                self.key,
                text or self.text,
                self.strength,
                self.numbers,
                tuple(dict.fromkeys(known.because)),
                tuple(dict.fromkeys(known.unknown)),
                known.answer,
            )
        return iter((found,))
