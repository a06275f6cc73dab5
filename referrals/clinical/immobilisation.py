"""Lying flat: who must, who may, how, and how soon an expert ends it (1.4.1 to 1.4.4).

Two local rules fill what NG234 leaves open: an unstable spine without signs and without pain, and
a person who still lies flat after imaging has ruled everything out.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical import stability
from referrals.clinical.facts import MODERATE_PAIN, Facts
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import (
    LOCAL,
    Conclusion,
    Known,
    Rule,
    all_of,
    any_of,
    fact,
    measured,
    unless,
)
from referrals.clinical.stability import STABLE_QUESTION

START = Rule(
    "immobilisation.start",
    "Immobilise now: flat on the back, log-roll, also for any transfer.",
    Strength.ENSURE,
    ("1.4.1", "1.4.3"),
)
UNTIL_EXAMINED = "Keep the person flat and log-roll until the neurology has been examined."
UNTIL_SAT_UP = (
    "Until the person sits up: nurse them on the back, flat or partly raised, so that the spine "
    "bears little weight."
)
IF_NEWER = "If the signs are newer than the scan: immobilise now, flat on the back, log-roll."
TRANSPORT = Rule(
    "immobilisation.transport",
    "Tell whoever moves or transports the person that the spine may be unstable.",
    Strength.ENSURE,
    ("1.4.1",),
)
CONSIDER = Rule(
    "immobilisation.consider",
    "Consider immobilising: flat on the back or partly raised.",
    Strength.CONSIDER,
    ("1.4.2", "1.4.3"),
)
UNSTABLE = Rule(
    "immobilisation.unstable",
    "Consider immobilising until an expert has judged the stability of the spine.",
    Strength.CONSIDER,
    (f"{LOCAL}NG234 asks for signs or pain; an unstable spine may have neither", "1.4.4"),
)
SUPINE = Rule(
    "immobilisation.supine",
    "Nurse the person on the back, flat or partly raised, so that the spine bears little weight.",
    Strength.ENSURE,
    ("1.4.3",),
)
POSITION = Rule(
    "immobilisation.position",
    "If lying flat is not bearable (pain, breathing), change the position until it is.",
    Strength.ENSURE,
    ("1.4.3",),
)
EXPERT_ADVICE = Rule(
    "immobilisation.expert_advice",
    "Ask an expert about spinal stability within 24 hours (physiotherapist, oncologist or "
    "spinal surgeon).",
    Strength.ENSURE,
    ("1.4.4",),
)
ASSESS_STABILITY = Rule(
    "immobilisation.assess_stability",
    "Begin to assess the stability of the spine, so that nobody lies flat longer than needed.",
    Strength.ENSURE,
    ("1.4.4",),
)
END = Rule(
    "immobilisation.end",
    "Ask whether anything else keeps the person flat; if not, end the immobilisation.",
    Strength.ENSURE,
    (f"{LOCAL}no reason to lie flat is left", "1.4.4"),
)
RULES = (
    *(START, TRANSPORT, CONSIDER, UNSTABLE, SUPINE, POSITION),
    *(EXPERT_ADVICE, ASSESS_STABILITY, END),
)

LYING_QUESTION = "Is the person immobilised?"
EXPERT_QUESTION = "Has an expert been asked about the stability of the spine?"
UNSTABLE_QUESTION = "Is the spine suspected or known to be unstable?"
SIT_UP_QUESTION = "Is the person to sit up now?"
KEPT_FLAT_QUESTION = "Does the pain on movement still keep the person flat?"
SEVERITY_QUESTION = "How severe is the pain, from 0 to 10?"


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """Who is immobilised, how they are nursed, and whom to ask (1.4.1 to 1.4.4)."""
    lying = fact(facts.spine.immobilised, "The person lies flat.", LYING_QUESTION)
    if facts.concerned.answer is not Answer.NO:
        return tuple(_conclude(facts))
    if not facts.scan_may_be_old:
        return tuple(END.when(lying))
    must = signs_of_instability(facts)
    return (
        *START.when(must, _start_words(facts, must)),
        *TRANSPORT.when(must),
        *END.when(all_of(lying, facts.mscc_or_signs)),
    )


def _conclude(facts: Facts) -> Iterator[Conclusion]:
    must = signs_of_instability(facts)
    yield from START.when(must, _start_words(facts, must))
    yield from TRANSPORT.when(must)
    may = Known(Answer.NO)
    if must.answer is not Answer.YES:
        painful, unstable = moderate_pain_on_movement(facts), _unstable(facts)
        yield from CONSIDER.when(painful)
        if painful.answer is not Answer.YES and must.answer is Answer.NO:
            yield from UNSTABLE.when(unstable)
        may = any_of(painful, unstable)
    yield from _nursing(facts, _lies_flat(facts, must, may))


def _start_words(facts: Facts, must: Known) -> str:
    if must.answer is Answer.YES:
        return ""
    return UNTIL_EXAMINED if facts.signs.answer is Answer.NOT_KNOWN else IF_NEWER


def _nursing(facts: Facts, flat: Known) -> Iterator[Conclusion]:
    """How somebody who lies flat is nursed. What nobody has said was done counts as not done."""
    spine, bears_it = facts.spine, _bears_lying_flat(facts)
    if bears_it.answer is not Answer.NO:
        known = flat._replace(unknown=flat.unknown + bears_it.unknown)
        if may_sit_up(facts).answer is Answer.YES:
            # Both could not be done: lying flat gives way to graded sitting.
            known = all_of(known, Known(Answer.NOT_KNOWN, (), (SIT_UP_QUESTION,)))
            yield from SUPINE.when(known, UNTIL_SAT_UP)
        else:
            yield from SUPINE.when(known)
    yield from POSITION.when(all_of(flat, unless(bears_it)))
    if spine.expert_advice_sought is not Answer.YES:
        asked = fact(spine.expert_advice_sought, "", EXPERT_QUESTION)
        yield from EXPERT_ADVICE.when(flat._replace(unknown=flat.unknown + asked.unknown))
    # Either answer ends the question; only "nobody has judged it" leaves it open.
    if Answer.YES not in (spine.unstable, spine.stability_likely):
        yield from ASSESS_STABILITY.when(flat)


def signs_of_instability(facts: Facts) -> Known:
    """MSCC with neurological symptoms or signs, unless the spine was judged stable (1.4.1).

    Any sign counts while nobody has judged the spine: which signs suggest instability is a
    judgement that cannot be made from a list.
    """
    judged_stable = any_of(
        fact(facts.spine.stability_likely, "The spine is likely to be stable.", STABLE_QUESTION),
        unless(fact(facts.spine.unstable, "The spine may be unstable.", UNSTABLE_QUESTION)),
    )
    if judged_stable.answer is Answer.YES and facts.spine.unstable is not Answer.YES:
        return Known(Answer.NO, judged_stable.because)
    return all_of(facts.mscc_or_signs, facts.signs)


def moderate_pain_on_movement(facts: Facts) -> Known:
    """Moderate or severe pain that movement brings on (1.4.2); the numbers are the product's."""
    severity = facts.pain.severity
    words = f"Pain is {severity} out of 10."
    if severity is None and facts.severe_pain.answer is Answer.YES:
        return all_of(facts.mechanical_pain, facts.severe_pain)
    return all_of(
        facts.mechanical_pain, measured(severity, MODERATE_PAIN, words, SEVERITY_QUESTION, words)
    )


def may_sit_up(facts: Facts) -> Known:
    """Whether graded sitting is due: a spine that is likely stable (1.6.1), and no pain on
    movement that is a reason to lie flat (1.4.2). Both at once are asked about."""
    ready, painful = stability.likely(facts), moderate_pain_on_movement(facts)
    if ready.answer is painful.answer is Answer.YES:
        because = ready.because + painful.because
        return Known(Answer.NOT_KNOWN, because, (KEPT_FLAT_QUESTION,))
    return ready


def reasons_to_lie_flat(facts: Facts) -> Known:
    """Whether anything says that the person lies flat now: signs, pain on movement, or that they
    do already."""
    lying = fact(facts.spine.immobilised, "The person lies flat.", LYING_QUESTION)
    return any_of(signs_of_instability(facts), moderate_pain_on_movement(facts), lying)


def _unstable(facts: Facts) -> Known:
    return fact(facts.spine.unstable, "The spine is, or may be, unstable.", UNSTABLE_QUESTION)


def _bears_lying_flat(facts: Facts) -> Known:
    return fact(
        facts.spine.tolerates_supine,
        "The person bears lying flat.",
        "Can the person bear lying flat?",
        "The person cannot bear lying flat.",
    )


def _lies_flat(facts: Facts, must: Known, may: Known) -> Known:
    """Lying flat now or about to; what is only considered leaves the question open."""
    lying = fact(facts.spine.immobilised, "The person lies flat.", LYING_QUESTION)
    if lying.answer is Answer.YES:
        return lying
    if must.answer is Answer.YES:
        return must
    open_ones = (*lying.unknown, *must.unknown)
    if may.answer is not Answer.NO:
        open_ones += ("Will the person be immobilised?",)
    return Known(Answer.NOT_KNOWN, may.because, open_ones) if open_ones else lying
