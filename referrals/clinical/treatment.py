"""The decision to treat MSCC: when urgent radiotherapy is owed, and what excepts it (1.10.4).

Nothing here chooses a treatment. It says which recommendation the decision falls under, so that
the right clock starts and the record says why when none does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from referrals.clinical import treating
from referrals.clinical.facts import Facts
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import ALWAYS, NEVER, Known


class RadiotherapyException(StrEnum):
    """The two reasons 1.10.4 gives for not offering urgent radiotherapy."""

    PARALYSIS_AND_PAIN_CONTROLLED = "paralysis_pain_controlled"
    POOR_PROGNOSIS = "poor_prognosis"

    @property
    def label(self) -> str:
        """The reason as a form says it."""
        return _EXCEPTIONS[self]


_EXCEPTIONS = {
    RadiotherapyException.PARALYSIS_AND_PAIN_CONTROLLED: (
        "Complete paralysis for 2 weeks or longer, and pain well controlled"
    ),
    RadiotherapyException.POOR_PROGNOSIS: "The overall prognosis is poor",
}


class AgainstSurgery(StrEnum):
    """Why surgery is not planned. Time since paralysis must not be the only reason (1.11.5)."""

    HEALTH = "general_health"
    PROGNOSIS = "prognosis"
    DISEASE = "extent_of_disease"
    WISHES = "persons_wishes"
    NO_BENEFIT = "little_to_gain"
    TIME_SINCE_PARALYSIS = "time_since_paralysis"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The reason as a form says it."""
        return _AGAINST[self]


_AGAINST = {
    AgainstSurgery.HEALTH: "General health or frailty",
    AgainstSurgery.PROGNOSIS: "Prognosis",
    AgainstSurgery.DISEASE: "Extent or kind of the disease",
    AgainstSurgery.WISHES: "The person's wishes",
    AgainstSurgery.NO_BENEFIT: "Stable, and little to gain",
    AgainstSurgery.TIME_SINCE_PARALYSIS: "Time since paralysis became complete",
    AgainstSurgery.OTHER: "Another reason, said in words",
}


class UrgentRadiotherapy(StrEnum):
    """What a decision to treat means for the 24-hour radiotherapy clock (targets.toml)."""

    INDICATED = "indicated"
    EXCEPTED = "excepted"
    NOT_EXPECTED = "not_expected"


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts of a decision to treat that 1.10.4 turns on.

    `condition` is what is being treated: what imaging confirmed or, before that, what is suspected.
    `paralysed_for` is how long paralysis has been complete (None: not paralysed, or not known).
    """

    condition: Suspicion
    surgery: bool
    exception: RadiotherapyException | None = None
    exception_reason: str = ""
    paralysed_for: timedelta | None = None
    pain_controlled: Answer = Answer.NOT_KNOWN
    against_surgery: tuple[AgainstSurgery, ...] = ()


def urgent_radiotherapy(decision: Decision) -> UrgentRadiotherapy:
    """Whether urgent radiotherapy is owed within 24 hours of this decision (1.10.4).

    Not for spinal metastases without MSCC, nor when surgery is the plan (1.11.3).
    """
    mscc = _known(decision.condition is Suspicion.MSCC)
    unsuitable = _known(not decision.surgery)
    if treating.owed(mscc, unsuitable, NEVER).answer is Answer.NO:
        return UrgentRadiotherapy.NOT_EXPECTED
    excepted = _known(decision.exception is not None)
    if treating.owed(mscc, unsuitable, excepted).answer is Answer.NO:
        return UrgentRadiotherapy.EXCEPTED
    return UrgentRadiotherapy.INDICATED


def _known(holds: bool) -> Known:
    return ALWAYS if holds else NEVER


def exception_errors(decision: Decision) -> dict[str, str]:
    """What is wrong with the exception claimed, a sentence a field; empty when nothing is.

    Paralysis excepts only together with controlled pain, and from two full weeks on (1.10.4).
    """
    errors: dict[str, str] = {}
    if decision.exception is None:
        return errors
    if decision.condition is not Suspicion.MSCC or decision.surgery:
        errors["exception"] = (
            "No exception is needed: urgent radiotherapy is for MSCC that is not having surgery."
        )
        return errors
    if not decision.exception_reason.strip():
        errors["exception_reason"] = "Say why, for the person's record (1.10.4)."
    if decision.exception is RadiotherapyException.PARALYSIS_AND_PAIN_CONTROLLED:
        days = None if decision.paralysed_for is None else decision.paralysed_for.days
        long = treating.paralysed_long(days, ALWAYS)
        if long.answer is Answer.NOT_KNOWN:
            errors["paralysed_for"] = "Enter since when the paralysis has been complete."
        elif long.answer is Answer.NO:
            errors["paralysed_for"] = f"{long.because[0]} Urgent radiotherapy still applies."
        if (
            treating.excepted_by_paralysis(ALWAYS, decision.pain_controlled).answer
            is not Answer.YES
        ):
            errors["pain_controlled"] = (
                "This reason needs the pain to be well controlled as well. "
                "If it is not, urgent radiotherapy still applies."
            )
    return errors


def only_time_since_paralysis(decision: Decision) -> dict[str, str]:
    """1.11.5 as a question: time since paralysis is never the only reason against surgery."""
    against = set(decision.against_surgery)
    if decision.surgery or against != {AgainstSurgery.TIME_SINCE_PARALYSIS}:
        return {}
    return {
        "against_surgery": (
            "Time since paralysis is the only reason given against surgery, and it must not be "
            "(1.11.5). Give the other reasons, or confirm that the specialists judged so."
        )
    }


def against_the_record(decision: Decision, facts: Facts) -> dict[str, str]:
    """What the record says against the exception that is claimed, as questions; a field each.

    Only what is known contradicts. Whoever decides may know better, and confirms it.
    """
    if decision.exception is RadiotherapyException.POOR_PROGNOSIS:
        judged = treating.excepted_by_prognosis(facts.disease.prognosis)
        return _asked(radiotherapy_exception=judged)
    if decision.exception is not RadiotherapyException.PARALYSIS_AND_PAIN_CONTROLLED:
        return {}
    long = treating.paralysed_long(facts.treatment.paralysed_days, facts.paralysed)
    controlled = treating.excepted_by_paralysis(ALWAYS, facts.pain.controlled)
    return _asked(paralysed_for=long, pain_controlled=controlled)


def _asked(**known: Known) -> dict[str, str]:
    return {
        field: f"On record: {each.because[0][0].lower()}{each.because[0][1:]} Check which holds."
        for field, each in known.items()
        if each.answer is Answer.NO
    }
