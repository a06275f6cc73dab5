"""What the rules on dexamethasone turn on: whether it is taken, whether treatment has begun, and
whether the cancer is, or may be, a lymphoma or myeloma.
"""

from __future__ import annotations

from referrals.clinical.facts import Facts, Haematology, Primary
from referrals.clinical.presentation import Answer, CancerStatus
from referrals.clinical.reasoning import Known, any_of, fact

_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN
_GIVEN_QUESTION = "Has dexamethasone been given?"


def taking(facts: Facts) -> Known:
    """Whether dexamethasone is being taken. One that was given, or has a daily dose, is taken
    until somebody says that it was stopped: a course that runs on unseen is the danger."""
    now = facts.steroids
    begun = now.given is _YES or bool(now.daily_mg)
    if now.running is _YES or (now.running is _NOT_KNOWN and begun):
        dose = f" {now.daily_mg:g} mg a day" if now.daily_mg else ""
        return Known(_YES, (f"Dexamethasone{dose} is being taken.",))
    if now.running is _NO or now.given is _NO:
        return Known(_NO, ("No dexamethasone is being taken.",))
    return Known(_NOT_KNOWN, (), (_GIVEN_QUESTION,))


def treated(facts: Facts) -> Known:
    """Whether surgery is done or radiotherapy has begun: from then on the dose comes down."""
    return any_of(
        fact(
            facts.treatment.surgery_performed,
            "Surgery has been performed.",
            "Has surgery been performed?",
        ),
        fact(
            facts.treatment.radiotherapy_started,
            "Radiotherapy has started.",
            "Has radiotherapy started?",
        ),
    )


def haematology(facts: Facts) -> Haematology:
    """Confirmed or suspected lymphoma or myeloma; a primary recorded as one of them counts."""
    said = facts.disease.haematology
    if said in (Haematology.CONFIRMED, Haematology.SUSPECTED):
        return said
    if facts.disease.primary in (Primary.LYMPHOMA, Primary.MYELOMA):
        diagnosed = facts.presentation.cancer is CancerStatus.PAST_OR_CURRENT
        return Haematology.CONFIRMED if diagnosed else Haematology.SUSPECTED
    return said


def spread_shown(facts: Facts) -> Known:
    """Whether the spine is known to be involved: by imaging now, or known before."""
    if facts.mscc_confirmed.answer is _YES or facts.metastases_without_mscc.answer is _YES:
        return Known(_YES, ("Imaging shows disease in the spine.",))
    return fact(
        facts.disease.metastases_known,
        "Spinal metastases are known.",
        "Are spinal metastases known, or shown by a scan?",
    )
