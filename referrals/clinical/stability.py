"""The Spinal Instability Neoplastic Score (SINS), lesion by lesion (NG234 1.9.1, 1.9.3, 1.4.4).

Levels are never added up: a spine with three lesions has three scores. A score supports the
clinical assessment and never decides alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical.facts import Facts
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import LOCAL, Conclusion, Known, Rule, fact
from referrals.clinical.scored import Lesion
from referrals.clinical.scores import Total, table

TABLE = table("sins")
# From this total on the authors advise a surgical consultation.
CONSULT = 7
UNSTABLE = 13
_SOURCE = f"{LOCAL}{TABLE.version}, as published"

CONSIDER = Rule(
    "stability.consider",
    "Consider a validated stability score such as SINS for each lesion, beside the clinical "
    "assessment.",
    Strength.CONSIDER,
    ("1.9.1", "1.9.3", "1.4.4"),
)
CONSULTATION = Rule(
    "stability.surgical_consultation",
    "SINS is 7 or more: ask a spinal surgeon about stability.",
    Strength.CONSIDER,
    ("1.9.1", "1.4.4", _SOURCE),
)
UNSTABLE_SPINE = Rule(
    "stability.unstable",
    "SINS is 13 or more, which stands for an unstable spine: ask a spinal surgeon now, and keep "
    "the spine protected until they have advised.",
    Strength.CONSIDER,
    ("1.9.1", "1.4.4", _SOURCE),
)
INCOMPLETE = Rule(
    "stability.incomplete",
    "A component of SINS is not known, so there is no total: find it out.",
    Strength.CONSIDER,
    ("1.9.1", _SOURCE),
)
SUPPORTS = Rule(
    "stability.supports",
    "Use SINS only as part of a full clinical assessment (general health, pain, imaging), and in "
    "the talk with the person and family. A score never decides alone.",
    Strength.ENSURE,
    ("1.9.3",),
)
RULES = (CONSIDER, CONSULTATION, UNSTABLE_SPINE, INCOMPLETE, SUPPORTS)


STABLE_QUESTION = "Does assessment with imaging suggest that the spine is stable?"


def sins(lesion: Lesion) -> Total:
    """SINS of one lesion, 0 to 18, or the range it must lie in while something is not known.

    Source: Fisher and others 2010. 0 to 6 stable, 7 to 12 potentially unstable, 13 to 18
    unstable; from 7 on a surgical consultation.
    """
    return TABLE.add_up(answers_of(lesion))


def answers_of(lesion: Lesion) -> dict[str, str]:
    """The six answers, as the table and a stored score name them."""
    return {
        "location": lesion.location.value,
        "pain": lesion.pain.value,
        "bone": lesion.bone.value,
        "alignment": lesion.alignment.value,
        "collapse": lesion.collapse.value,
        "posterior": lesion.posterior.value,
    }


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What the scored lesions say, or that a score is worth considering while there is none."""
    lesions = facts.scored.lesions
    if not lesions:
        return tuple(CONSIDER.when(facts.concerned))
    return tuple(_of(lesions))


def _of(lesions: tuple[Lesion, ...]) -> Iterator[Conclusion]:
    totals = [(_place(lesion), sins(lesion)) for lesion in lesions]
    yield from CONSULTATION.when(_at_least(CONSULT, totals))
    yield from UNSTABLE_SPINE.when(_at_least(UNSTABLE, totals))
    incomplete = [
        Known(Answer.YES, (f"SINS {place} is {total.number}: {total.band}.",), total.questions)
        for place, total in totals
        if not total.complete
    ]
    # Two lesions at one place, of which the same is not known, are told apart by nobody.
    for known in dict.fromkeys(incomplete):
        yield from INCOMPLETE.when(known)
    yield from SUPPORTS.when(
        Known(Answer.YES, tuple(f"SINS {place} is {total.number}." for place, total in totals))
    )


def _at_least(cut: int, totals: list[tuple[str, Total]]) -> Known:
    """Whether any one lesion reaches `cut`; not known while one still could."""
    reached = tuple(
        f"SINS {place} is {total.number}: {total.band}."
        for place, total in totals
        if total.low >= cut
    )
    if reached:
        return Known(Answer.YES, reached)
    open_ones = [(place, total) for place, total in totals if total.high >= cut]
    if not open_ones:
        return Known(Answer.NO)
    return Known(
        Answer.NOT_KNOWN,
        tuple(f"SINS {place} is {total.number}: {total.band}." for place, total in open_ones),
        tuple(question for _, total in open_ones for question in total.questions),
    )


def scored_unstable(lesions: tuple[Lesion, ...]) -> tuple[str, ...]:
    """Each lesion whose SINS is `UNSTABLE` or more whatever is still open, in words."""
    reached = _at_least(UNSTABLE, [(_place(lesion), sins(lesion)) for lesion in lesions])
    return reached.because if reached.answer is Answer.YES else ()


def likely(facts: Facts) -> Known:
    """Whether assessment with imaging suggests a stable spine (1.6.1). What stands against it, an
    instability on record or a SINS of `UNSTABLE` or more, is asked about."""
    said = facts.spine.stability_likely
    if said is Answer.YES and facts.spine.unstable is Answer.YES:
        question = "The spine is recorded as stable and as unstable: which of the two holds?"
        return Known(Answer.NOT_KNOWN, (), (question,))
    if said is Answer.YES and (scored := scored_unstable(facts.scored.lesions)):
        question = "A SINS of 13 or more stands against a stable spine: which of the two holds?"
        return Known(Answer.NOT_KNOWN, scored, (question,))
    return fact(said, "The spine is likely to be stable.", STABLE_QUESTION)


def _place(lesion: Lesion) -> str:
    return f"at {lesion.level}" if lesion.level else "at a level not known"
