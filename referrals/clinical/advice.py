"""The first advice to the referrer (1.1.16): what the rules conclude, arranged by topic.

No clinical rule is written here except whom to ring. The conclusions on immobilisation,
dexamethasone, imaging, pain and transfer are put in order, cut down to what a ward needs now, and
shown to the referrer at once; the coordinator is offered the same, edits it and gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from referrals.clinical import deterioration, imaging, immobilisation, mobilisation, pain, steroids
from referrals.clinical.facts import Facts, Haematology
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer, CancerStatus
from referrals.clinical.reasoning import Conclusion, Known, Rule

# More than this on one topic is not read out on the telephone.
LINES_A_TOPIC = 3


class Topic(StrEnum):
    """1.1.16's five topics, and before them whom to ring."""

    CONTACT = "contact"
    IMMOBILISATION = "immobilisation"
    DEXAMETHASONE = "dexamethasone"
    STABILITY = "stability"
    PAIN = "pain"
    TRANSFER = "transfer"

    @property
    def label(self) -> str:
        """The topic as a screen says it."""
        return _LABELS[self]


_LABELS = {
    Topic.CONTACT: "Who to ring",
    Topic.IMMOBILISATION: "Immobilisation",
    Topic.DEXAMETHASONE: "Dexamethasone",
    Topic.STABILITY: "Imaging and spinal stability",
    Topic.PAIN: "Pain",
    Topic.TRANSFER: "Referral and transfer",
}

RING_NOW = Rule(
    "advice.ring_now",
    "Ring the MSCC coordinator now. Ring again if anything gets worse.",
    Strength.ENSURE,
    ("1.3.2", "1.3.4"),
)
SPEAK_WITHIN_A_DAY = Rule(
    "advice.speak_within_a_day",
    "Speak to the MSCC coordinator within 24 hours. Ring at once if a cord sign appears.",
    Strength.ENSURE,
    ("1.3.3", "1.3.4"),
)
RULES = (RING_NOW, SPEAK_WITHIN_A_DAY)


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that applies, how strongly, from which sources, why, and what to ask besides."""

    topic: Topic
    text: str
    strength: Strength
    numbers: tuple[str, ...]
    why: str
    ask: tuple[str, ...] = ()


def advice_for(facts: Facts, ring: str = "") -> tuple[Advice, ...]:
    """What applies now, most urgent first; `ring` is whom to ring and how, as it is read out.

    Empty when neither MSCC nor metastases is suspected and nothing that was begun has to end.
    """
    lying, scans = immobilisation.conclude(facts), imaging.conclude(facts)
    return (
        *_arranged(Topic.CONTACT, _contact(facts, ring)),
        *_arranged(Topic.IMMOBILISATION, _immobilisation(facts, lying)),
        *_arranged(Topic.DEXAMETHASONE, steroids.initial(facts)),
        *_arranged(Topic.STABILITY, _stability(facts, lying, scans)),
        *_arranged(Topic.PAIN, _those(_PAIN, pain.conclude(facts))),
        *_arranged(Topic.TRANSFER, _transfer(facts, lying, scans)),
    )


def haematology(cancer: CancerStatus, haematological: Answer) -> Haematology:
    """Confirmed or suspected, from the cancer status and whether it is lymphoma or myeloma."""
    if haematological is Answer.NO:
        return Haematology.NO
    if haematological is Answer.NOT_KNOWN:
        return Haematology.NOT_KNOWN
    if cancer is CancerStatus.PAST_OR_CURRENT:
        return Haematology.CONFIRMED
    return Haematology.SUSPECTED


def _arranged(topic: Topic, found: Iterable[Conclusion]) -> Iterator[Advice]:
    for each in tuple(found)[:LINES_A_TOPIC]:
        yield Advice(topic, each.text, each.strength, each.numbers, _why(each), each.unknown)


def _why(found: Conclusion) -> str:
    if found.because:
        return " ".join(found.because)
    return f"Not known yet: {' '.join(found.unknown[:2])}" if found.unknown else _EVERYONE


_EVERYONE = "This applies to everyone."


def _contact(facts: Facts, ring: str) -> Iterator[Conclusion]:
    whom = f": {ring}" if ring else ""
    worse = [each for each in deterioration.conclude(facts) if each.applies is Answer.YES]
    emergency = facts.mscc if facts.mscc.answer is Answer.YES else facts.signs
    if emergency.answer is Answer.YES or worse:
        because = sum((each.because for each in worse), () if worse else emergency.because)
        yield from RING_NOW.when(
            Known(Answer.YES, (*because, "This is an oncological emergency.")),
            RING_NOW.text.replace(" now.", f" now{whom}."),
        )
    else:
        yield from SPEAK_WITHIN_A_DAY.when(
            facts.concerned, SPEAK_WITHIN_A_DAY.text.replace(" hours.", f" hours{whom}.")
        )


_STABILITY = (
    imaging.MRI_24H,
    imaging.CT_24H,
    imaging.MRI_1W,
    imaging.CT_1W,
    imaging.NO_SURVEILLANCE,
    imaging.NOT_OVERNIGHT,
)
_PAIN = (pain.RELIEF, pain.REFER, pain.ASSESS)


def _those(
    rules: tuple[Rule, ...], found: Iterable[Conclusion], *, open_too: bool = False
) -> Iterator[Conclusion]:
    """The conclusions of these rules, in the order of the rules; those that only may apply are
    left to the person's page unless `open_too`."""
    by_key: Mapping[str, Conclusion] = {each.key: each for each in found}
    for rule in rules:
        one = by_key.get(rule.key)
        if one is not None and (open_too or one.applies is Answer.YES):
            yield one


def _immobilisation(facts: Facts, lying: tuple[Conclusion, ...]) -> Iterator[Conclusion]:
    begun = tuple(_those((immobilisation.END,), lying))
    chosen = begun or tuple(_reasons(facts, lying))
    yield from chosen
    if chosen and not begun:
        yield from _those((immobilisation.POSITION,), lying, open_too=True)
    yield from _those((mobilisation.STOP, mobilisation.START), mobilisation.conclude(facts))


def _reasons(facts: Facts, lying: tuple[Conclusion, ...]) -> Iterator[Conclusion]:
    """Why to lie flat, or that it goes on. What is not known counts where it would be an
    emergency, or where only the severity of a pain on movement is missing."""
    mscc, moving = (
        known.answer is Answer.YES for known in (facts.mscc_or_signs, facts.mechanical_pain)
    )
    found = tuple(_those((immobilisation.START,), lying, open_too=mscc))
    found = found or tuple(_those((immobilisation.CONSIDER,), lying, open_too=moving))
    yield from found or _those((immobilisation.UNSTABLE, immobilisation.SUPINE), lying)


def _stability(
    facts: Facts, lying: tuple[Conclusion, ...], scans: tuple[Conclusion, ...]
) -> Iterator[Conclusion]:
    yield from _those(_STABILITY, scans)
    if any(_reasons(facts, lying)):
        yield from _those((immobilisation.EXPERT_ADVICE,), lying, open_too=True)
    yield from _those((imaging.NO_XRAY,), scans)


def _transfer(
    facts: Facts, lying: tuple[Conclusion, ...], scans: tuple[Conclusion, ...]
) -> Iterator[Conclusion]:
    yield from _those((imaging.TRANSFER, imaging.NO_TRANSFER), scans)
    open_too = facts.mscc_or_signs.answer is Answer.YES
    yield from _those((immobilisation.TRANSPORT,), lying, open_too=open_too)
