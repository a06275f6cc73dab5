"""What applies to this person before the coordinator has even rung back (1.1.16's five topics).

Shown to the referrer at once and proposed to the coordinator, who edits and gives it. It shows
what applies and why; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from referrals.clinical.library import Strength
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Neurology
from referrals.clinical.presentation import Answer, CancerStatus, Group, Presentation

# On a scale of 0 to 10, as hospitals commonly read it; NG234 gives words only.
MODERATE_PAIN, SEVERE_PAIN = 4, 7


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


class Haematology(StrEnum):
    """Whether the cancer is a lymphoma or myeloma: confirmed and suspected are advised apart."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    NO = "no"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts that the first advice turns on; everything may be unknown.

    `pain_severity` is 0 to 10. `ring` is whom to ring and how, as the referrer should read it.
    """

    suspicion: Suspicion
    presentation: Presentation
    neurology: Neurology = Neurology()
    metastases_known: Answer = Answer.NOT_KNOWN
    haematology: Haematology = Haematology.NOT_KNOWN
    pain_severity: int | None = None
    pain_on_movement: Answer = Answer.NOT_KNOWN
    dexamethasone_given: Answer = Answer.NOT_KNOWN
    mri_contraindicated: Answer = Answer.NOT_KNOWN
    ring: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that applies, how strongly, from which recommendations, and why."""

    topic: Topic
    text: str
    strength: Strength
    numbers: tuple[str, ...]
    why: str


def advice_for(situation: Situation) -> tuple[Advice, ...]:
    """What applies now, most urgent first; empty when neither MSCC nor metastases is suspected."""
    if situation.suspicion is Suspicion.NONE:
        return ()
    return (
        _contact(situation),
        *_immobilisation(situation),
        *_dexamethasone(situation),
        *_imaging(situation),
        _pain(situation),
        *_transfer(situation),
    )


def neurological_signs(situation: Situation) -> Answer:
    """Whether there is any neurological symptom or sign; not known while any is unanswered."""
    told, seen = situation.presentation, situation.neurology
    found = (
        bool(told.answered(Group.CORD, Answer.YES))
        or any(grade < 5 for grade in seen.power.values())
        or Answer.YES in (seen.bladder, seen.bowel, seen.sensation, seen.complete_paralysis)
    )
    if found:
        return Answer.YES
    return Answer.NOT_KNOWN if told.answered(Group.CORD, Answer.NOT_KNOWN) else Answer.NO


def haematology(cancer: CancerStatus, haematological: Answer) -> Haematology:
    """Confirmed or suspected, from the cancer status and whether it is lymphoma or myeloma."""
    if haematological is Answer.NO:
        return Haematology.NO
    if haematological is Answer.NOT_KNOWN:
        return Haematology.NOT_KNOWN
    if cancer is CancerStatus.PAST_OR_CURRENT:
        return Haematology.CONFIRMED
    return Haematology.SUSPECTED


def _contact(now: Situation) -> Advice:
    whom = f": {now.ring}" if now.ring else ""
    if now.suspicion is Suspicion.MSCC:
        return Advice(
            Topic.CONTACT,
            f"Ring the MSCC coordinator now{whom}. Ring again if anything gets worse.",
            Strength.ENSURE,
            ("1.3.2", "1.3.4"),
            "MSCC is suspected: this is an oncological emergency.",
        )
    return Advice(
        Topic.CONTACT,
        f"Speak to the MSCC coordinator within 24 hours{whom}. "
        "Ring at once if a cord sign appears.",
        Strength.ENSURE,
        ("1.3.3", "1.3.4"),
        "Spinal metastases are suspected.",
    )


def _immobilisation(now: Situation) -> Iterator[Advice]:
    signs = neurological_signs(now)
    if now.suspicion is Suspicion.MSCC and signs is Answer.YES:
        yield Advice(
            Topic.IMMOBILISATION,
            "Immobilise now: flat on the back, log-roll, also for any transfer.",
            Strength.ENSURE,
            ("1.4.1", "1.4.3"),
            "Neurological symptoms or signs may mean that the spine is unstable.",
        )
    elif now.suspicion is Suspicion.MSCC and signs is Answer.NOT_KNOWN:
        yield Advice(
            Topic.IMMOBILISATION,
            "Keep the person flat and log-roll until the neurology has been examined.",
            Strength.CONSIDER,
            ("1.4.1", "1.4.3"),
            "It is not known yet whether there are neurological signs.",
        )
    elif _pain_on_movement(now):
        yield Advice(
            Topic.IMMOBILISATION,
            "Consider immobilising: flat on the back or partly raised.",
            Strength.CONSIDER,
            ("1.4.2", "1.4.3"),
            "There is pain on movement; moderate or severe pain is what counts.",
        )
    else:
        return
    yield Advice(
        Topic.IMMOBILISATION,
        "If lying flat is not bearable (pain, breathing), change the position until it is.",
        Strength.ENSURE,
        ("1.4.3",),
        "This applies to anyone who is immobilised.",
    )
    yield Advice(
        Topic.STABILITY,
        "Ask an expert about spinal stability within 24 hours (physiotherapist, oncologist or "
        "spinal surgeon).",
        Strength.ENSURE,
        ("1.4.4",),
        "Nobody should lie flat longer than needed.",
    )


def _pain_on_movement(now: Situation) -> bool:
    moves = Answer.YES in (now.pain_on_movement, now.presentation.answer("mechanical"))
    # A severity nobody asked about does not rule out moderate pain.
    return moves and (now.pain_severity is None or now.pain_severity >= MODERATE_PAIN)


def _dexamethasone(now: Situation) -> Iterator[Advice]:
    first = _first_dose(now)
    yield first
    if first.strength is Strength.OFFER or now.dexamethasone_given is Answer.YES:
        yield Advice(
            Topic.DEXAMETHASONE,
            "With dexamethasone: check blood glucose and offer a proton pump inhibitor.",
            Strength.ENSURE,
            ("1.8.8",),
            "This applies to anyone on corticosteroids.",
        )


def _first_dose(now: Situation) -> Advice:
    signs = neurological_signs(now)
    given = now.dexamethasone_given is Answer.YES
    if now.haematology is Haematology.CONFIRMED:
        return _haematological(now, signs, given)
    if now.haematology is Haematology.SUSPECTED:
        return _steroid(
            "Ask haematology now"
            + (" about the next dose." if given else ", before the first dose of steroid.")
            + (" With neurological signs 16 mg must not wait long." if signs is Answer.YES else ""),
            Strength.ENSURE,
            ("1.8.6", "1.8.1") if signs is Answer.YES else ("1.8.6",),
            "Lymphoma or myeloma is suspected, and a steroid can hide it.",
        )
    if signs is Answer.YES:
        return _with_signs(now, given)
    if signs is Answer.NOT_KNOWN:
        return _steroid(
            "Examine first: dexamethasone 16 mg is for neurological symptoms or signs.",
            Strength.BE_AWARE,
            ("1.8.1", "1.8.7"),
            "It is not known yet whether there are neurological signs.",
        )
    if now.pain_severity is not None and now.pain_severity >= SEVERE_PAIN:
        return _steroid(
            "A steroid may be considered. Ask the coordinator.",
            Strength.CONSIDER,
            ("1.8.3",),
            "There are no neurological signs, but the pain is severe.",
        )
    return _steroid(
        "Dexamethasone was given: ask the coordinator whether to stop it."
        if given
        else "No dexamethasone as a routine.",
        Strength.DO_NOT,
        ("1.8.7",),
        "There are no neurological symptoms or signs.",
    )


def _haematological(now: Situation, signs: Answer, given: bool) -> Advice:
    why = "The cancer is a confirmed haematological malignancy"
    if given:
        text = "The first dose was given: ask the haematology team what follows."
        return _steroid(text, Strength.OFFER, ("1.8.5",), f"{why}.")
    if Answer.YES in (signs, now.metastases_known):
        return _steroid(
            "Offer dexamethasone 16 mg now (by mouth or equivalent), then ask the haematology "
            "team what follows.",
            Strength.OFFER,
            ("1.8.5", "1.8.1") if signs is Answer.YES else ("1.8.5",),
            f"{why}.",
        )
    return _steroid(
        "Ask the haematology team now whether to start dexamethasone 16 mg before the scan.",
        Strength.CONSIDER,
        ("1.8.5", "1.8.3"),
        f"{why}, and its spread to the spine is not yet shown.",
    )


def _with_signs(now: Situation, given: bool) -> Advice:
    if given:
        return _steroid(
            "Continue dexamethasone 16 mg a day until surgery or radiotherapy.",
            Strength.OFFER,
            ("1.8.1",),
            "There are neurological symptoms or signs, and the first dose was given.",
        )
    if now.haematology is Haematology.NOT_KNOWN:
        return _steroid(
            "Offer dexamethasone 16 mg now (by mouth or equivalent), unless lymphoma or myeloma is "
            "suspected: then ask haematology first.",
            Strength.OFFER,
            ("1.8.1", "1.8.6"),
            "There are neurological symptoms or signs.",
        )
    return _steroid(
        "Offer dexamethasone 16 mg now (by mouth or equivalent), then 16 mg a day until surgery or "
        "radiotherapy.",
        Strength.OFFER,
        ("1.8.1",),
        "There are neurological symptoms or signs.",
    )


def _steroid(text: str, strength: Strength, numbers: tuple[str, ...], why: str) -> Advice:
    return Advice(Topic.DEXAMETHASONE, text, strength, numbers, why)


def _imaging(now: Situation) -> Iterator[Advice]:
    mscc = now.suspicion is Suspicion.MSCC
    soon = "as soon as possible, always within 24 hours" if mscc else "within 1 week"
    number = "1.5.2" if mscc else "1.5.3"
    if now.mri_contraindicated is Answer.YES:
        yield Advice(
            Topic.STABILITY,
            f"CT of the whole spine {soon}.",
            Strength.ENSURE,
            ("1.5.7", number),
            "MRI is contraindicated.",
        )
    else:
        yield Advice(
            Topic.STABILITY,
            f"MRI of the whole spine {soon}, at the local hospital. Ask now what rules MRI out.",
            Strength.OFFER,
            (number, "1.5.5"),
            "MSCC is suspected." if mscc else "Spinal metastases are suspected.",
        )
    yield Advice(
        Topic.STABILITY,
        "No plain X-ray: it neither finds this nor rules it out.",
        Strength.DO_NOT,
        ("1.5.9",),
        "It would only cost time.",
    )


def _pain(now: Situation) -> Advice:
    severe = now.pain_severity is not None and now.pain_severity >= SEVERE_PAIN
    return Advice(
        Topic.PAIN,
        "Relieve the pain now, and go on while waiting for scans and treatment.",
        Strength.ENSURE,
        ("1.7.1",),
        f"Pain is {now.pain_severity} out of 10." if severe else "This applies to everyone.",
    )


def _transfer(now: Situation) -> Iterator[Advice]:
    if now.suspicion is not Suspicion.MSCC:
        return
    yield Advice(
        Topic.TRANSFER,
        "No transfer only for MRI, unless it cannot be done locally. Tell whoever transports the "
        "person that the spine may be unstable.",
        Strength.ENSURE,
        ("1.5.2", "1.4.1"),
        "MSCC is suspected.",
    )
