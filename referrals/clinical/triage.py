"""The provisional suspicion, from facts, with the recommendation numbers that led to it.

It shows what applies and why; the coordinator decides. Two rules of this product are stricter
than a reading of NG234 alone, and each says so where it is used:

- Cord signs without a cancer diagnosis are in no recommendation. They are escalated as
  suspected MSCC: about one person in five with MSCC is not known to have cancer.
- "Not known" is never "no". The worst and the best case are both worked out; when they differ,
  somebody who can find out is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import (
    CANCER_QUESTION,
    CORD_ITEMS,
    Answer,
    CancerStatus,
    Group,
    Presentation,
)

LOCAL_GAP = "local: gap in NG234"
LOCAL_UNKNOWN = "local: not known is not no"


class Pathway(StrEnum):
    """What happens next."""

    CONTACT_COORDINATOR_NOW = "contact_coordinator_now"
    ADVICE_24H = "advice_24h"
    URGENT_ONCOLOGY = "urgent_oncology"
    SAFETY_NET = "safety_net"
    ESCALATE_UNCLEAR = "escalate_unclear"

    @property
    def label(self) -> str:
        """As a screen says it."""
        return _LABELS[self]


_LABELS = {
    Pathway.CONTACT_COORDINATOR_NOW: "Ring the MSCC coordinator now",
    Pathway.ADVICE_24H: "Advice from the coordinator within 24 hours",
    Pathway.URGENT_ONCOLOGY: "Refer for urgent oncology assessment",
    Pathway.SAFETY_NET: "Explain what to look out for",
    Pathway.ESCALATE_UNCLEAR: "The coordinator must look at this: it is not clear",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with the recommendations (or the local rule) it comes from."""

    text: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the facts point to. `because` and `unknown` are words for a screen: the facts that
    led there, and the questions whose answer could still change it."""

    suspicion: Suspicion
    pathway: Pathway
    numbers: tuple[str, ...]
    because: tuple[str, ...]
    unknown: tuple[str, ...]
    what_to_do_now: tuple[Step, ...]

    @property
    def emergency(self) -> bool:
        """True when somebody must ring now."""
        return self.suspicion is Suspicion.MSCC

    @property
    def urgency(self) -> int:
        """0 explain, 1 urgent oncology, 2 the coordinator within 24 hours, 3 now."""
        return _urgency((self.suspicion, self.pathway))


Outcome = tuple[Suspicion, Pathway]
NOW: Outcome = (Suspicion.MSCC, Pathway.CONTACT_COORDINATOR_NOW)
GAP: Outcome = (Suspicion.MSCC, Pathway.ESCALATE_UNCLEAR)
ADVICE: Outcome = (Suspicion.SPINAL_METASTASES, Pathway.ADVICE_24H)
# The coordinator's 24-hour clock runs until the missing answer is found.
UNCLEAR: Outcome = (Suspicion.SPINAL_METASTASES, Pathway.ESCALATE_UNCLEAR)
ONCOLOGY: Outcome = (Suspicion.NONE, Pathway.URGENT_ONCOLOGY)
EXPLAIN: Outcome = (Suspicion.NONE, Pathway.SAFETY_NET)


def conclude(
    presentation: Presentation, *, metastases_known: Answer = Answer.NOT_KNOWN
) -> Conclusion:
    """What the referral is provisionally suspected of, and what to do about it now.

    Source: NG234 1.3.2, 1.3.3, 1.3.5, 1.3.6, 1.5.2, 1.5.3, 1.5.6, and the two local rules above.
    `metastases_known` is whether spinal metastases were diagnosed before.
    """
    outcome = _outcome(presentation)
    unknown = tuple(_questions_that_matter(presentation, outcome))
    return Conclusion(
        suspicion=outcome[0],
        pathway=outcome[1],
        numbers=_numbers(presentation, outcome, metastases_known),
        because=tuple(_because(presentation, outcome, metastases_known)),
        unknown=unknown,
        what_to_do_now=tuple(_steps(presentation, outcome, unknown, metastases_known)),
    )


def raises_to_mscc(before: Presentation, after: Presentation) -> bool:
    """Whether newly reported findings turn a referral into suspected MSCC (1.3.2, 1.5.2).

    The 24-hour clock then starts when the signs were found, not when they were typed in.
    """
    was, now = _outcome(before)[0], _outcome(after)[0]
    return now is Suspicion.MSCC and was is not Suspicion.MSCC


def _outcome(told: Presentation) -> Outcome:
    if told.answered(Group.CORD, Answer.YES):
        return _when_known(told.cancer, cord=True, pain=False)
    if len(told.answered(Group.CORD, Answer.NOT_KNOWN)) == len(CORD_ITEMS):
        # Nobody has looked at all: an emergency until somebody has.
        return GAP
    possible = [
        _when_known(cancer, cord=cord, pain=pain)
        for cancer, cord, pain in product(
            _possible_cancer(told.cancer),
            _possible(told, Group.CORD),
            _possible(told, Group.PAIN),
        )
    ]
    best, worst = min(possible, key=_urgency), max(possible, key=_urgency)
    if _urgency(best) >= _urgency(ADVICE) or _urgency(worst) < _urgency(ADVICE):
        # Either the coordinator hears of it anyway, or neither case is the coordinator's.
        return best if _urgency(best) >= _urgency(ADVICE) else worst
    return UNCLEAR


def _when_known(cancer: CancerStatus, *, cord: bool, pain: bool) -> Outcome:
    """The table of 1.3.2 to 1.3.6, with the gap filled."""
    diagnosed = cancer is CancerStatus.PAST_OR_CURRENT
    if cord:
        return NOW if diagnosed else GAP
    if pain and diagnosed:
        return ADVICE
    if pain and cancer is CancerStatus.SUSPECTED:
        return ONCOLOGY
    return EXPLAIN


def _urgency(outcome: Outcome) -> int:
    suspicion, pathway = outcome
    if suspicion is not Suspicion.NONE:
        return 3 if suspicion is Suspicion.MSCC else 2
    return 1 if pathway is Pathway.URGENT_ONCOLOGY else 0


def _possible_cancer(cancer: CancerStatus) -> tuple[CancerStatus, ...]:
    if cancer is not CancerStatus.NOT_KNOWN:
        return (cancer,)
    return (CancerStatus.PAST_OR_CURRENT, CancerStatus.SUSPECTED, CancerStatus.NONE)


def _possible(told: Presentation, group: Group) -> tuple[bool, ...]:
    if told.answered(group, Answer.YES):
        return (True,)
    return (False, True) if told.answered(group, Answer.NOT_KNOWN) else (False,)


def _questions_that_matter(told: Presentation, outcome: Outcome) -> Iterator[str]:
    """The open questions of which at least one answer, alone, would change the outcome."""
    if told.cancer is CancerStatus.NOT_KNOWN:
        if any(_outcome(replace(told, cancer=each)) != outcome for each in CancerStatus):
            yield CANCER_QUESTION
    for group in (Group.CORD, Group.PAIN):
        for item in told.answered(group, Answer.NOT_KNOWN):
            answers = (told.with_answer(item.id, each) for each in (Answer.YES, Answer.NO))
            if any(_outcome(each) != outcome for each in answers):
                yield item.question


def _numbers(told: Presentation, outcome: Outcome, known: Answer) -> tuple[str, ...]:
    numbers = {
        NOW: ("1.3.2", "1.5.2", "1.3.4"),
        GAP: (LOCAL_GAP, "1.5.2", "1.3.1"),
        ADVICE: ("1.3.3", "1.5.3", "1.3.4"),
        UNCLEAR: (LOCAL_UNKNOWN, "1.3.1", "1.3.4"),
        ONCOLOGY: ("1.3.5",),
        EXPLAIN: ("1.3.6", "1.2.4"),
    }[outcome]
    if outcome == GAP and not told.answered(Group.CORD, Answer.YES):
        numbers = (LOCAL_UNKNOWN, "1.5.2", "1.3.1")
    if outcome == EXPLAIN and told.cancer is not CancerStatus.PAST_OR_CURRENT:
        numbers = (LOCAL_GAP, "1.3.1", "1.2.4")
    if _no_surveillance(told, outcome, known):
        numbers = (*numbers, "1.5.6")
    return numbers


def _no_surveillance(told: Presentation, outcome: Outcome, known: Answer) -> bool:
    """Known metastases, and every cord sign answered with no (1.5.6)."""
    looked = len(told.answered(Group.CORD, Answer.NO)) == len(CORD_ITEMS)
    return known is Answer.YES and looked and outcome in (ADVICE, EXPLAIN)


def _because(told: Presentation, outcome: Outcome, known: Answer) -> Iterator[str]:
    yield {
        CancerStatus.PAST_OR_CURRENT: "Past or current cancer.",
        CancerStatus.SUSPECTED: "Cancer is suspected, not diagnosed.",
        CancerStatus.NONE: "No cancer is known or suspected.",
        CancerStatus.NOT_KNOWN: "It is not known whether the person has or had cancer.",
    }[told.cancer]
    if known is Answer.YES:
        yield "Spinal metastases were diagnosed before."
    cord, pain = (told.answered(group, Answer.YES) for group in (Group.CORD, Group.PAIN))
    if cord:
        yield f"Symptoms or signs of cord compression: {_listed(item.label for item in cord)}."
    if pain:
        yield f"Pain that suggests spinal metastases: {_listed(item.label for item in pain)}."
    if outcome == GAP and not cord:
        yield "Nobody has yet been able to answer for any sign of cord compression."
    elif outcome == GAP:
        yield (
            "NG234 has no recommendation for cord signs without a cancer diagnosis. "
            "This service treats them as suspected MSCC."
        )
    elif outcome == UNCLEAR:
        yield "What is not known could make this urgent, and not known never counts as no."
    elif not cord and not pain:
        yield "None of the findings asked about is known to be present."


def _steps(
    told: Presentation, outcome: Outcome, unknown: tuple[str, ...], known: Answer
) -> Iterator[Step]:
    if outcome in (NOW, GAP):
        yield Step(
            "Ring the MSCC coordinator now. Do not wait for the rest of this form.",
            ("1.3.2",) if outcome == NOW else _numbers(told, outcome, known)[:1],
        )
        yield Step(
            "MRI of the whole spine as soon as possible and always within 24 hours, at the "
            "local hospital if it can be done there.",
            ("1.5.2", "1.5.5"),
        )
    if unknown:
        yield Step(f"Find out now: {' '.join(unknown)}", (LOCAL_UNKNOWN, "1.3.1"))
    if outcome in (ADVICE, UNCLEAR):
        yield Step(
            "Speak to the MSCC coordinator within 24 hours about care and the next scan.",
            ("1.3.3", "1.3.4") if outcome == ADVICE else (LOCAL_UNKNOWN, "1.3.4"),
        )
    if outcome == ADVICE:
        yield Step("MRI of the whole spine within 1 week, at the local hospital.", ("1.5.3",))
    if outcome == ONCOLOGY:
        yield Step("Refer for urgent oncology assessment today.", ("1.3.5",))
    if _no_surveillance(told, outcome, known):
        yield Step(
            "Metastases are already known and there are no cord signs: MRI is there to guide "
            "treatment, not only to look for early compression.",
            ("1.5.6",),
        )
    if outcome not in (NOW, GAP):
        yield Step(
            "Tell the person which changes matter (weak or numb limbs, trouble walking, bladder "
            "or bowel problems, worse pain) and whom to ring at once.",
            ("1.3.6", "1.2.4") if told.cancer is CancerStatus.PAST_OR_CURRENT else ("1.2.4",),
        )
        yield Step(
            "If a sign of cord compression appears, ring the MSCC coordinator immediately.",
            ("1.3.2",),
        )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
