"""The provisional suspicion, from facts, with the recommendation numbers that led to it.

It shows what applies and why; the coordinator decides. Two rules of this product are stricter
than a reading of NG234 alone, and each says so where it is used:

- Cord signs without a cancer diagnosis are in no recommendation. They are escalated as
  suspected MSCC: about one person in five with MSCC is not known to have cancer.
- "Not known" is never "no". The worst and the best case are both worked out; when they differ,
  somebody who can find out is told. Until two of the four main cord signs have an answer it stays
  an emergency: a "no" to tingling says nothing of the legs, and one "no" nothing of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import (
    CANCER_QUESTION,
    CORD_ITEMS,
    PAIN_ITEMS,
    Answer,
    CancerStatus,
    Item,
    Presentation,
)

_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN

# What loses the cord: the other two cord items (feeling, pain along a nerve) do not answer for it.
MAIN_SIGNS = frozenset(("limb_weakness", "gait", "bladder_bowel", "neurological_signs"))
# With fewer of them answered, nobody can be said to have looked.
LEAST_ANSWERED = 2

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
class TriageConclusion:
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
) -> TriageConclusion:
    """What the referral is provisionally suspected of, and what to do about it now.

    Source: NG234 1.3.2, 1.3.3, 1.3.5, 1.3.6, 1.5.2, 1.5.3, 1.5.6, and the two local rules above.
    `metastases_known` is whether spinal metastases were diagnosed before.
    """
    told = _heard(presentation)
    outcome = _outcome(told)
    unknown = _questions_that_matter(told, outcome)
    numbers = _numbers(told, outcome, metastases_known)
    return TriageConclusion(
        suspicion=outcome[0],
        pathway=outcome[1],
        numbers=numbers,
        because=tuple(_because(told, outcome, metastases_known)),
        unknown=unknown,
        what_to_do_now=tuple(_steps(told, outcome, unknown, numbers)),
    )


def raises_to_mscc(before: Presentation, after: Presentation) -> bool:
    """Whether newly reported findings turn a referral into suspected MSCC (1.3.2, 1.5.2).

    The 24-hour clock then starts when the signs were found, not when they were typed in.
    """
    was, now = _outcome(_heard(before))[0], _outcome(_heard(after))[0]
    return now is Suspicion.MSCC and was is not Suspicion.MSCC


class _Told(NamedTuple):
    """A presentation, read once: the findings that are there and those nobody knows."""

    cancer: CancerStatus
    cord: tuple[Item, ...]
    cord_unknown: tuple[Item, ...]
    pain: tuple[Item, ...]
    pain_unknown: tuple[Item, ...]

    @property
    def group_cord(self) -> Answer | None:
        """YES if any, NO if all are no; None when too few of the main signs were looked for."""
        answered = len(MAIN_SIGNS) - sum(item.id in MAIN_SIGNS for item in self.cord_unknown)
        if not self.cord and answered < LEAST_ANSWERED:
            return None
        return _together(self.cord, self.cord_unknown)

    @property
    def group_pain(self) -> Answer:
        return _together(self.pain, self.pain_unknown)


def _heard(told: Presentation) -> _Told:
    given = {finding.item: finding.answer for finding in told.findings}
    cord, cord_unknown = _sorted(CORD_ITEMS, given)
    pain, pain_unknown = _sorted(PAIN_ITEMS, given)
    return _Told(told.cancer, cord, cord_unknown, pain, pain_unknown)


def _sorted(
    items: tuple[Item, ...], given: dict[str, Answer]
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    there, unknown = [], []
    for item in items:
        answer = given.get(item.id, _NOT_KNOWN)
        if answer is _YES:
            there.append(item)
        elif answer is _NOT_KNOWN:
            unknown.append(item)
    return tuple(there), tuple(unknown)


def _together(there: tuple[Item, ...], unknown: tuple[Item, ...]) -> Answer:
    if there:
        return _YES
    return _NOT_KNOWN if unknown else _NO


def _outcome(told: _Told) -> Outcome:
    return _TABLE[told.cancer, told.group_cord, told.group_pain]


def _worked_out(cancer: CancerStatus, cord: Answer | None, pain: Answer) -> Outcome:
    """One line of the table: the best and the worst of what the unknown may turn out to be."""
    if cord is None:
        # Hardly anybody has looked: an emergency until somebody has.
        return GAP
    if cord is _YES:
        return _when_known(cancer, cord=True, pain=False)
    possible = [
        _when_known(each, cord=with_cord, pain=with_pain)
        for each in _possible_cancer(cancer)
        for with_cord in _possible(cord)
        for with_pain in _possible(pain)
    ]
    best, worst = min(possible, key=_urgency), max(possible, key=_urgency)
    if _urgency(worst) < _urgency(ADVICE):
        return worst  # neither case is the coordinator's
    # An emergency that is still possible is not plain advice within a day.
    return best if _urgency(best) == _urgency(worst) else UNCLEAR


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


def _possible(group: Answer) -> tuple[bool, ...]:
    if group is _NOT_KNOWN:
        return (False, True)
    return (group is _YES,)


_Row = tuple[CancerStatus, Answer | None, Answer]
# Every presentation falls on one of these lines; worked out once, read for every referral.
_TABLE: dict[_Row, Outcome] = {
    (cancer, cord, pain): _worked_out(cancer, cord, pain)
    for cancer in CancerStatus
    for cord in (*Answer, None)
    for pain in Answer
}


def _questions_that_matter(told: _Told, outcome: Outcome) -> tuple[str, ...]:
    """The open questions of which an answer would change the outcome, alone or with another of
    the same group.

    Within a group every open question has the same effect, so one line of the table each for
    yes and for no answers for all of them.
    """
    cancer, cord, pain = told.cancer, told.group_cord, told.group_pain
    questions: tuple[str, ...] = ()
    # While two unknowns each keep it unclear, neither answer alone would settle it.
    unclear = outcome == UNCLEAR
    if cancer is CancerStatus.NOT_KNOWN:
        if unclear or any(_TABLE[each, cord, pain] != outcome for each in CancerStatus):
            questions = (CANCER_QUESTION,)
    if cord is not _YES and told.cord_unknown:
        no = _NO if len(told.cord_unknown) == 1 else _NOT_KNOWN
        if _TABLE[cancer, _YES, pain] != outcome or _TABLE[cancer, no, pain] != outcome:
            questions += tuple(item.question for item in told.cord_unknown)
    if pain is _NOT_KNOWN:
        no = _NO if len(told.pain_unknown) == 1 else _NOT_KNOWN
        if unclear or _outcomes(cancer, cord, _YES, no) != {outcome}:
            questions += tuple(item.question for item in told.pain_unknown)
    return questions


def _outcomes(cancer: CancerStatus, cord: Answer | None, *pains: Answer) -> set[Outcome]:
    return {_TABLE[cancer, cord, pain] for pain in pains}


_NUMBERS: dict[Outcome, tuple[str, ...]] = {
    NOW: ("1.3.2", "1.5.2", "1.3.4"),
    GAP: (LOCAL_GAP, "1.5.2", "1.3.1"),
    ADVICE: ("1.3.3", "1.5.3", "1.3.4"),
    UNCLEAR: (LOCAL_UNKNOWN, "1.3.1", "1.3.4"),
    ONCOLOGY: ("1.3.5",),
    EXPLAIN: ("1.3.6", "1.2.4"),
}


def _numbers(told: _Told, outcome: Outcome, known: Answer) -> tuple[str, ...]:
    numbers = _NUMBERS[outcome]
    if outcome == GAP and not told.cord:
        numbers = (LOCAL_UNKNOWN, "1.5.2", "1.3.1")
    if outcome == EXPLAIN and told.cancer is not CancerStatus.PAST_OR_CURRENT:
        numbers = (LOCAL_GAP, "1.3.1", "1.2.4")
    if outcome == UNCLEAR and _pain_with_cancer(told):
        numbers = (*numbers, "1.3.3", "1.5.3")
    if _no_surveillance(told, outcome, known):
        numbers = (*numbers, "1.5.6")
    return numbers


def _pain_with_cancer(told: _Told) -> bool:
    return bool(told.pain) and told.cancer is CancerStatus.PAST_OR_CURRENT


def _no_surveillance(told: _Told, outcome: Outcome, known: Answer) -> bool:
    """Known metastases, and every cord sign answered with no (1.5.6)."""
    looked = not told.cord and not told.cord_unknown
    return known is _YES and looked and outcome in (ADVICE, EXPLAIN)


_CANCER = {
    CancerStatus.PAST_OR_CURRENT: "Past or current cancer.",
    CancerStatus.SUSPECTED: "Cancer is suspected, not diagnosed.",
    CancerStatus.NONE: "No cancer is known or suspected.",
    CancerStatus.NOT_KNOWN: "It is not known whether the person has or had cancer.",
}


def _because(told: _Told, outcome: Outcome, known: Answer) -> Iterator[str]:
    yield _CANCER[told.cancer]
    if known is _YES:
        yield "Spinal metastases were diagnosed before."
    cord, pain = told.cord, told.pain
    if cord:
        yield f"Symptoms or signs of cord compression: {_listed(item.label for item in cord)}."
    if pain:
        yield f"Pain that suggests spinal metastases: {_listed(item.label for item in pain)}."
    if outcome == GAP and not cord:
        yield "Most of the main signs of cord compression have no answer yet."
    elif outcome == GAP:
        yield (
            "NG234 has no recommendation for cord signs without a cancer diagnosis. "
            "This service treats them as suspected MSCC."
        )
    elif outcome == UNCLEAR:
        yield "What is not known could make this urgent, and not known never counts as no."
    elif not cord and not pain:
        yield "None of the findings asked about is known to be present."


_RING = "Ring the MSCC coordinator now. Do not wait for the rest of this form."
_MRI_NOW = Step(
    "MRI of the whole spine at once, at the latest within 24 hours; at the local hospital if it "
    "can be done there.",
    ("1.5.2", "1.5.5"),
)
_SPEAK = "Speak to the MSCC coordinator within 24 hours about care and the next scan."
_MRI_IN_A_WEEK = Step("MRI of the whole spine within 1 week, at the local hospital.", ("1.5.3",))
_ONCOLOGY = Step("Refer for urgent oncology assessment.", ("1.3.5",))
_NO_SURVEILLANCE = Step(
    "Metastases are already known and there are no cord signs: MRI is there to guide treatment, "
    "not only to look for early compression.",
    ("1.5.6",),
)
_CHANGES = (
    "Tell the person which changes matter (weak or numb limbs, trouble walking, bladder or bowel "
    "problems, worse pain) and whom to ring at once."
)
_IF_A_SIGN_COMES = Step(
    "If a sign of cord compression appears, ring the MSCC coordinator immediately.", ("1.3.2",)
)


def _steps(
    told: _Told, outcome: Outcome, unknown: tuple[str, ...], numbers: tuple[str, ...]
) -> Iterator[Step]:
    if outcome in (NOW, GAP):
        yield Step(_RING, ("1.3.2",) if outcome == NOW else numbers[:1])
        yield _MRI_NOW
    if unknown:
        yield Step(f"Find out now: {' '.join(unknown)}", (LOCAL_UNKNOWN, "1.3.1"))
    if outcome in (ADVICE, UNCLEAR):
        yield Step(_SPEAK, ("1.3.3" if outcome == ADVICE else LOCAL_UNKNOWN, "1.3.4"))
    if outcome == ADVICE or (outcome == UNCLEAR and _pain_with_cancer(told)):
        yield _MRI_IN_A_WEEK
    if outcome == ONCOLOGY:
        yield _ONCOLOGY
    if "1.5.6" in numbers:
        yield _NO_SURVEILLANCE
    if outcome not in (NOW, GAP):
        past = told.cancer is CancerStatus.PAST_OR_CURRENT
        yield Step(_CHANGES, ("1.3.6", "1.2.4") if past else ("1.2.4",))
        yield _IF_A_SIGN_COMES


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
