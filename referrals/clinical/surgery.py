"""Invasive interventions: their timing, and the options with and without MSCC (1.11.1 to 1.11.9).

Whether surgery suits a person is a clinician's judgement and arrives here as a fact. While it is
not known, options stay listed with that question.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical import treating
from referrals.clinical.facts import Facts, Primary
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import Conclusion, Known, Rule, all_of, any_of, fact, unless

PLAN = Rule(
    "surgery.plan",
    "Before an intervention is offered, make a plan with the right specialists of the MSCC "
    "service, such as an oncologist and a spinal surgeon.",
    Strength.ENSURE,
    ("1.11.1",),
)
BIOPSY = Rule(
    "surgery.biopsy",
    "Carry out a radiologically guided biopsy to find the primary, which may change treatment.",
    Strength.ENSURE,
    ("1.11.2",),
)
SOON = Rule(
    "surgery.as_soon_as_possible",
    "Operate as soon as possible after signs began, when surgery is meant to stop or reverse the "
    "neurological loss.",
    Strength.OFFER,
    ("1.11.3",),
)
URGENCY = Rule(
    "surgery.urgency",
    "Judge how urgent surgery is by how fast signs began and progress.",
    Strength.ENSURE,
    ("1.11.4",),
)
NO_TIME_LIMIT = Rule(
    "surgery.no_time_limit",
    "Do not refuse surgery only because of the time since paralysis became complete.",
    Strength.DO_NOT,
    ("1.11.5",),
)
VERTEBROPLASTY = Rule(
    "surgery.vertebroplasty",
    "Consider vertebroplasty or kyphoplasty, alone or with another intervention.",
    Strength.CONSIDER,
    ("1.11.6",),
)
ABLATION = Rule(
    "surgery.ablation",
    "Consider radiofrequency ablation, alone or with another intervention.",
    Strength.CONSIDER,
    ("1.11.6",),
)
STABILISATION = Rule(
    "surgery.stabilisation",
    "Consider surgical stabilisation of the spine, alone or with another intervention.",
    Strength.CONSIDER,
    ("1.11.6",),
)
PREVENTION = Rule(
    "surgery.prevention",
    "Consider spinal surgery to prevent MSCC, alone or with another intervention.",
    Strength.CONSIDER,
    ("1.11.6",),
)
DECOMPRESSION = Rule(
    "surgery.decompression",
    "Consider surgical decompression of the spinal cord.",
    Strength.CONSIDER,
    ("1.11.7",),
)
STABILISATION_IN_MSCC = Rule(
    "surgery.stabilisation_in_mscc",
    "Consider surgical stabilisation of the spine.",
    Strength.CONSIDER,
    ("1.11.7",),
)
STABILISE = Rule(
    "surgery.stabilise_despite_deficit",
    "Offer surgical stabilisation, even if the neurological deficit is severe and may not recover.",
    Strength.OFFER,
    ("1.11.8",),
)
EXTERNAL_SUPPORT = Rule(
    "surgery.external_support",
    "Offer external support of the spine, such as a halo vest or an orthosis.",
    Strength.OFFER,
    ("1.11.9",),
)
RULES = (
    PLAN,
    BIOPSY,
    SOON,
    URGENCY,
    NO_TIME_LIMIT,
    VERTEBROPLASTY,
    ABLATION,
    STABILISATION,
    PREVENTION,
    DECOMPRESSION,
    STABILISATION_IN_MSCC,
    STABILISE,
    EXTERNAL_SUPPORT,
)
_FASTER = (
    "Signs are progressing fast: surgery is more urgent. Judge it by how fast they began and "
    "progress."
)


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What section 1.11 says about this person, in the guideline's order."""
    if facts.concerned.answer is Answer.NO:
        return ()
    return tuple(_conclude(facts))


def _conclude(facts: Facts) -> Iterator[Conclusion]:
    mscc, possible = facts.mscc_to_treat, _possible(facts)
    without = _without_mscc(facts)
    yield from _if(PLAN, _plan_to_make(facts, mscc, without, possible))
    yield from _if(BIOPSY, _biopsy(facts))
    if mscc.answer is not Answer.NO:
        yield from _timing(facts, all_of(mscc, possible))
    yield from _if(VERTEBROPLASTY, without)
    yield from _if(ABLATION, without)
    if without.answer is not Answer.NO:
        yield from _if(STABILISATION, all_of(without, possible))
        yield from _if(PREVENTION, all_of(without, possible))
    if mscc.answer is not Answer.NO:
        yield from _with_mscc(facts, mscc, possible)


_WITHOUT_MSCC = (
    "there are spinal metastases without MSCC, and the spine is or may be unstable or the pain is "
    "not controlled"
)
# What has to hold, said while it is not known to.
_CONDITIONS = {
    PLAN.key: "an intervention comes into question",
    BIOPSY.key: "the primary is not identified, it may change treatment, and there is time",
    SOON.key: "MSCC is shown, there are signs, and surgery suits",
    URGENCY.key: "MSCC is shown with signs and surgery comes into question",
    NO_TIME_LIMIT.key: "MSCC is shown and paralysis is complete",
    VERTEBROPLASTY.key: _WITHOUT_MSCC,
    ABLATION.key: _WITHOUT_MSCC,
    STABILISATION.key: _WITHOUT_MSCC,
    PREVENTION.key: _WITHOUT_MSCC,
    DECOMPRESSION.key: "MSCC is shown and an operation comes into question",
    STABILISATION_IN_MSCC.key: "MSCC is shown and an operation comes into question",
    STABILISE.key: (
        "MSCC is shown, pain on movement from an unstable spine is not controlled, and surgery "
        "suits"
    ),
    EXTERNAL_SUPPORT.key: (
        "MSCC is shown, pain on movement from an unstable spine is not controlled, and surgery "
        "does not suit"
    ),
}
_AGAIN = Known(Answer.NOT_KNOWN, (), ("Is a further operation meant?",))


def _if(rule: Rule, known: Known, text: str = "") -> Iterator[Conclusion]:
    if text and known.answer is Answer.YES:
        return rule.when(known, text)
    return treating.said(rule, known, _CONDITIONS[rule.key])


def _suitable(facts: Facts) -> Known:
    return fact(
        facts.treatment.surgery_suitable,
        "Surgery suits the person.",
        "Does surgery suit the person?",
        "Surgery does not suit the person.",
    )


def _possible(facts: Facts) -> Known:
    """Nobody has said that surgery does not suit; asked while it is not known. After an operation
    it is asked whether another is meant."""
    suitable = _suitable(facts)
    if facts.treatment.surgery_performed is Answer.YES and suitable.answer is not Answer.NO:
        return _AGAIN
    if suitable.answer is Answer.NOT_KNOWN:
        return Known(Answer.YES, (), suitable.unknown)
    return suitable


def _plan_to_make(facts: Facts, mscc: Known, without: Known, possible: Known) -> Known:
    """An intervention comes into question, and the specialists are not known to have met."""
    intervention = any_of(all_of(mscc, possible), without)
    if intervention.answer is Answer.NO:
        return intervention
    met = fact(
        facts.treatment.discussed_with_specialists,
        "A plan was made with the specialists.",
        "Was a plan made with an oncologist and a spinal surgeon?",
        "No plan was made with the specialists yet.",
    )
    if met.answer is Answer.YES:
        return unless(met)
    return intervention._replace(
        because=intervention.because + met.because, unknown=intervention.unknown + met.unknown
    )


def _biopsy(facts: Facts) -> Known:
    primary = facts.disease.primary
    if primary is Primary.UNIDENTIFIED:
        unidentified = Known(Answer.YES, ("The primary cancer is not identified.",))
    elif primary is Primary.NOT_KNOWN:
        unidentified = Known(Answer.NOT_KNOWN, (), ("Has the primary cancer been identified?",))
    else:
        unidentified = Known(Answer.NO)
    return all_of(
        unidentified,
        fact(
            facts.treatment.primary_would_change_it,
            "Knowing the primary may change treatment.",
            "Might knowing the primary change treatment?",
        ),
        unless(
            fact(
                facts.treatment.immediate_treatment_needed,
                "Treatment is needed immediately.",
                "Is treatment needed immediately?",
                "Treatment is not needed immediately.",
            )
        ),
    )


def _timing(facts: Facts, operable: Known) -> Iterator[Conclusion]:
    """MSCC with neurological signs: how soon, and what must not decide (1.11.3 to 1.11.5)."""
    if facts.treatment.surgery_performed is Answer.YES:
        return
    signs = all_of(operable, facts.signs)
    fast = fact(
        facts.treatment.rapid_progression,
        "Signs are progressing fast.",
        "How fast did signs begin, and how fast do they progress?",
        "Signs are not progressing fast.",
    )
    yield from _if(SOON, all_of(signs, _suitable(facts)))
    if signs.answer is not Answer.NO:
        judged = signs._replace(
            because=signs.because + fast.because, unknown=signs.unknown + fast.unknown
        )
        yield from _if(URGENCY, judged, _FASTER if fast.answer is Answer.YES else "")
    yield from _if(NO_TIME_LIMIT, all_of(facts.mscc_to_treat, facts.paralysed))


def _without_mscc(facts: Facts) -> Known:
    """Spinal metastases without MSCC, and instability or pain that is not controlled (1.11.6)."""
    alone = facts.metastases_without_mscc
    if alone.answer is Answer.NO:
        return alone
    reason = any_of(treating.unstable(facts), treating.uncontrolled_pain(facts))
    if facts.treatment.surgery_performed is Answer.YES:
        return all_of(alone, reason, _AGAIN)
    return all_of(alone, reason)


def _with_mscc(facts: Facts, mscc: Known, possible: Known) -> Iterator[Conclusion]:
    operable = all_of(mscc, possible)
    yield from _if(DECOMPRESSION, operable)
    yield from _if(STABILISATION_IN_MSCC, operable)
    failing = all_of(
        mscc,
        treating.unstable(facts),
        facts.mechanical_pain,
        treating.uncontrolled_pain(facts),
    )
    if failing.answer is not Answer.NO:
        suitable = _suitable(facts)
        yield from _if(STABILISE, all_of(failing, suitable, possible))
        yield from _if(EXTERNAL_SUPPORT, all_of(failing, unless(suitable)))
