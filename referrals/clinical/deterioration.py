"""What got worse between two looks at a person, so that the coordinator hears of it at once.

NG234 treats cord signs in a person with cancer as an emergency whenever they come (1.3.2) and
asks that worsening is acted on (1.2.4, 1.3.6). Comparing two assessments is how this product
notices; what was known before and is not known now is asked about, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical.facts import Confirmed, Facts
from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import LIMBS, Mobility, Neurology, deteriorated
from referrals.clinical.presentation import CORD_ITEMS, Answer, Presentation
from referrals.clinical.reasoning import LOCAL, Conclusion, Known, Rule

WORSE = Rule(
    "deterioration.neurology",
    "The neurology is worse than at the last examination: the MSCC coordinator has to know at "
    "once.",
    Strength.ENSURE,
    ("1.3.2", "1.2.4"),
)
NEW_SIGNS = Rule(
    "deterioration.new_signs",
    "There are cord signs that were not there before: the MSCC coordinator has to know at once.",
    Strength.ENSURE,
    ("1.3.2", "1.2.4"),
)
NOT_JUDGED = Rule(
    "deterioration.not_judged",
    "Judge the suspicion again at once: cord signs make it suspected MSCC until a scan is read.",
    Strength.ENSURE,
    ("1.3.2", "1.5.2", f"{LOCAL}signs outweigh an earlier judgement"),
)
RULES = (WORSE, NEW_SIGNS, NOT_JUDGED)

_PROBLEMS = {
    "bladder": "Is there a bladder problem now?",
    "bowel": "Is there a bowel problem now?",
    "sensation": "Is there loss of feeling now?",
    "complete_paralysis": "Is there complete paralysis now?",
}

_IS_NEW = {
    "bladder": "Is the bladder problem new?",
    "bowel": "Is the bowel problem new?",
}


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What is worse, or new, or not yet judged. It applies whatever is suspected or was ruled
    out: a scan shows one day, and the person may be worse on the next."""
    return tuple(_conclude(facts))


def _conclude(facts: Facts) -> Iterator[Conclusion]:
    if facts.neurology_before is not None:
        yield from WORSE.when(worse(facts.neurology_before, facts.neurology))
    if facts.presentation_before is not None:
        yield from NEW_SIGNS.when(newly_found(facts.presentation_before, facts.presentation))
    if facts.confirmed is Confirmed.NOT_KNOWN:
        if facts.suspicion is not Suspicion.MSCC:
            yield from NOT_JUDGED.when(facts.signs)
    elif facts.scan_may_be_old:
        yield from NOT_JUDGED.when(facts.mscc_or_signs)


def worse(before: Neurology, after: Neurology) -> Known:
    """Whether the later examination is worse; not known while something that was normal, or
    better than the worst, has not been looked at again, or a problem nobody had asked about
    before may be new."""
    if found := deteriorated(before, after):
        return Known(Answer.YES, found)
    questions = tuple(_not_looked_at(before, after))
    return Known(Answer.NOT_KNOWN, (), questions) if questions else Known(Answer.NO)


def _not_looked_at(before: Neurology, after: Neurology) -> Iterator[str]:
    could_fall = before.mobility not in (Mobility.NOT_KNOWN, Mobility.CANNOT_WALK)
    if could_fall and after.mobility is Mobility.NOT_KNOWN:
        yield f"How does the person walk now? Before: {before.mobility.label}."
    for limb, name in LIMBS.items():
        if before.power.get(limb) and limb not in after.power:
            yield f"What is the power of the {name} now? Before: {before.power[limb]}."
    if before.has_sensory_level and not after.has_sensory_level:
        if after.sensation is not Answer.NO:
            yield f"What is the sensory level now? Before: {before.sensory_level}."
    for attribute, question in _IS_NEW.items():
        if getattr(before, attribute) is Answer.NOT_KNOWN:
            if getattr(after, attribute) is Answer.YES:
                yield question
    for attribute, question in _PROBLEMS.items():
        if getattr(before, attribute) is Answer.NO:
            if getattr(after, attribute) is Answer.NOT_KNOWN:
                yield question


def newly_found(before: Presentation, after: Presentation) -> Known:
    """Cord signs of box 1 that are there now and were not there before, or had not been asked
    about; not known while a sign that was absent has not been asked about again."""
    was = {each.item: each.answer for each in before.findings}
    now = {each.item: each.answer for each in after.findings}
    found, questions = [], []
    for item in CORD_ITEMS:
        earlier = was.get(item.id, Answer.NOT_KNOWN)
        answer = now.get(item.id, Answer.NOT_KNOWN)
        if answer is Answer.YES and earlier is not Answer.YES:
            found.append(f"There is {item.label}.")
        elif answer is Answer.NOT_KNOWN and earlier is Answer.NO:
            questions.append(item.question)
    if found:
        return Known(Answer.YES, tuple(found))
    return Known(Answer.NOT_KNOWN, (), tuple(questions)) if questions else Known(Answer.NO)
