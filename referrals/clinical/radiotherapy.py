"""Radiotherapy: urgent or not, how many fractions, and for whom else (1.10.1 to 1.10.10)."""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical import treating
from referrals.clinical.facts import Facts, Haematology
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import (
    Conclusion,
    Known,
    Rule,
    all_of,
    any_of,
    fact,
    unless,
)
from referrals.clinical.steroid_facts import haematology

FERTILITY = Rule(
    "radiotherapy.fertility",
    "Explain what the cancer and its treatment mean for fertility, and ask what matters to the "
    "person. Urgent treatment does not wait for it.",
    Strength.ENSURE,
    ("1.10.1",),
)
FERTILITY_REFERRAL = Rule(
    "radiotherapy.fertility_referral",
    "Offer referral to a fertility specialist. Urgent treatment does not wait for it.",
    Strength.OFFER,
    ("1.10.1",),
)
PAINFUL = Rule(
    "radiotherapy.painful_metastases",
    "Offer one fraction of 8 Gy for the pain, even if the person is paralysed.",
    Strength.OFFER,
    ("1.10.2",),
)
ABLATIVE = Rule(
    "radiotherapy.ablative",
    "Consider stereotactic ablative body radiotherapy (SABR).",
    Strength.CONSIDER,
    ("1.10.2",),
)
STEM_CELLS = Rule(
    "radiotherapy.stem_cells",
    "Discuss radiotherapy with the haematology MDT first: it may make a stem cell harvest less "
    "likely to succeed.",
    Strength.BE_AWARE,
    ("1.10.3",),
)
URGENT = Rule(
    "radiotherapy.urgent",
    "Offer urgent radiotherapy within 24 hours, and sooner if it can be done.",
    Strength.OFFER,
    ("1.10.4",),
)
EXCEPTED = Rule(
    "radiotherapy.excepted",
    "Urgent radiotherapy need not be offered: an exception holds. Say which on the record.",
    Strength.BE_AWARE,
    ("1.10.4",),
)
SINGLE_FRACTION = Rule(
    "radiotherapy.single_fraction",
    "NG234 advises one fraction of 8 Gy, unless the risk of side effects is high.",
    Strength.ENSURE,
    ("1.10.5",),
)
MULTIPLE_FRACTIONS = Rule(
    "radiotherapy.multiple_fractions",
    "Consider several fractions: the risk of side effects from radiation is high.",
    Strength.CONSIDER,
    ("1.10.6",),
)
ASYMPTOMATIC = Rule(
    "radiotherapy.asymptomatic",
    "Consider radiotherapy although there are no symptoms.",
    Strength.CONSIDER,
    ("1.10.7",),
)
NOT_WITHOUT_SYMPTOMS = Rule(
    "radiotherapy.not_without_symptoms",
    "NG234 advises to consider radiotherapy without symptoms only for one of three reasons, and "
    "none of the three holds.",
    Strength.DO_NOT,
    ("1.10.7",),
)
POSTOPERATIVE = Rule(
    "radiotherapy.postoperative",
    "Offer radiotherapy now that the person has recovered from surgery.",
    Strength.OFFER,
    ("1.10.8",),
)
AFTER_RECOVERY = Rule(
    "radiotherapy.after_recovery",
    "Plan radiotherapy for when the person has recovered from surgery, not before.",
    Strength.OFFER,
    ("1.10.8",),
)
FURTHER = Rule(
    "radiotherapy.further",
    "Consider a further course of radiotherapy.",
    Strength.CONSIDER,
    ("1.10.9",),
)
FURTHER_PLAN = Rule(
    "radiotherapy.further_plan",
    "Before a further course is agreed, discuss benefits and risks with the person, and weigh the "
    "total biologically equivalent dose, the time since the last course, and the volume.",
    Strength.ENSURE,
    ("1.10.10",),
)
RULES = (
    FERTILITY,
    FERTILITY_REFERRAL,
    PAINFUL,
    ABLATIVE,
    STEM_CELLS,
    URGENT,
    EXCEPTED,
    SINGLE_FRACTION,
    MULTIPLE_FRACTIONS,
    ASYMPTOMATIC,
    NOT_WITHOUT_SYMPTOMS,
    POSTOPERATIVE,
    AFTER_RECOVERY,
    FURTHER,
    FURTHER_PLAN,
)

_NO = Known(Answer.NO)


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What section 1.10 says about this person, in the guideline's order."""
    if facts.concerned.answer is Answer.NO:
        return ()
    return tuple(_conclude(facts))


def _conclude(facts: Facts) -> Iterator[Conclusion]:
    now, further, before = treating.urgent(facts), treating.further(facts), treating.before(facts)
    alone = facts.metastases_without_mscc
    painful = alone if alone.answer is Answer.NO else treating.painful(facts)
    having = _having(facts, now, painful)
    yield from _if(FERTILITY, having)
    yield from _if(FERTILITY_REFERRAL, all_of(having, _fertility_matters(facts)))
    yield from _if(PAINFUL, painful)
    if painful.answer is not Answer.NO:
        either = any_of(treating.good_prognosis(facts), treating.few(facts))
        yield from _if(ABLATIVE, all_of(painful, either))
    yield from _if(STEM_CELLS, all_of(having, _haematological(facts), _harvest(facts)))
    yield from _urgent_conclusions(facts, now, having)
    if alone.answer is not Answer.NO:
        yield from _without_symptoms(facts)
    yield from _after_surgery(facts)
    yield from _if(FURTHER, further)
    yield from _if(FURTHER_PLAN, all_of(before, any_of(further, _considered(facts))))


# What has to hold, said while it is not known to.
_CONDITIONS = {
    FERTILITY.key: "radiotherapy is an option",
    FERTILITY_REFERRAL.key: "radiotherapy is an option and future fertility matters to the person",
    PAINFUL.key: "there are spinal metastases without MSCC, and pain that moving does not bring on",
    ABLATIVE.key: "metastases without MSCC hurt, and they are few or the overall prognosis is good",
    STEM_CELLS.key: "radiotherapy is an option, and a stem cell harvest for a blood cancer is too",
    URGENT.key: "MSCC is shown and surgery does not suit",
    EXCEPTED.key: "MSCC is shown and surgery does not suit",
    SINGLE_FRACTION.key: "MSCC is treated with radiotherapy",
    MULTIPLE_FRACTIONS.key: "MSCC is treated with radiotherapy at a high risk of side effects",
    ASYMPTOMATIC.key: "the metastases cause no symptoms and one of the three reasons holds",
    NOT_WITHOUT_SYMPTOMS.key: "the metastases cause no symptoms",
    POSTOPERATIVE.key: "surgery was performed, the person has recovered, and none was given since",
    AFTER_RECOVERY.key: "surgery was performed and no radiotherapy was given since",
    FURTHER.key: "symptoms came back 3 months or more after a good response",
    FURTHER_PLAN.key: "there was radiotherapy before and a further course is thought of",
}


def _if(rule: Rule, known: Known) -> Iterator[Conclusion]:
    return treating.said(rule, known, _CONDITIONS[rule.key])


# 1.10.4 to 1.10.6: MSCC.


def _urgent_conclusions(facts: Facts, now: Known, having: Known) -> Iterator[Conclusion]:
    mscc = facts.mscc_to_treat
    if mscc.answer is Answer.NO:
        return
    yield from _if(URGENT, now)
    excepted = treating.exception(facts)
    if excepted.answer is Answer.YES:
        yield from _if(EXCEPTED, all_of(mscc, treating.for_radiotherapy(facts), excepted))
    risk = treating.high_risk(facts)
    yield from _if(SINGLE_FRACTION, all_of(mscc, having, unless(risk)))
    yield from _if(MULTIPLE_FRACTIONS, all_of(mscc, having, risk))


# 1.10.1 and 1.10.3: whenever radiotherapy is an option.


def _having(facts: Facts, *offered: Known) -> Known:
    """Radiotherapy is thought of: `offered` by the guideline, or considered by somebody. What may
    still be offered keeps it open, whatever anybody considers."""
    for known in offered:
        if known.answer is Answer.YES:
            return known
    return any_of(*offered, _considered(facts))


def _considered(facts: Facts) -> Known:
    return fact(
        facts.treatment.radiotherapy_considered,
        "Radiotherapy is being considered.",
        "Is radiotherapy being considered?",
    )


def _fertility_matters(facts: Facts) -> Known:
    return fact(
        facts.treatment.fertility_matters,
        "Future fertility matters to the person.",
        "Does future fertility matter to the person?",
    )


def _haematological(facts: Facts) -> Known:
    kind = haematology(facts)
    if kind is Haematology.NOT_KNOWN:
        return Known(Answer.NOT_KNOWN, (), ("Is it, or may it be, lymphoma or myeloma?",))
    if kind is Haematology.NO:
        return _NO
    return Known(Answer.YES, (f"A haematological malignancy is {kind.value}.",))


def _harvest(facts: Facts) -> Known:
    return fact(
        facts.disease.stem_cell_harvest,
        "A stem cell harvest is being considered.",
        "Is a stem cell harvest being considered?",
    )


# 1.10.2 and 1.10.7: spinal metastases without MSCC.


def _without_symptoms(facts: Facts) -> Iterator[Conclusion]:
    treatment = facts.treatment
    silent = all_of(facts.metastases_without_mscc, treating.no_symptoms(facts))
    if silent.answer is Answer.NO:
        return
    reason = any_of(
        fact(
            treatment.in_trial,
            "It would be part of a randomised trial to prevent MSCC.",
            "Would it be part of a randomised trial to prevent MSCC?",
            "It would not be part of a randomised trial.",
        ),
        treating.few(facts),
        fact(
            treatment.impending_compression,
            "Imaging shows that a tumour in the canal threatens the cord.",
            "Does imaging show a tumour in the canal that threatens the cord?",
            "Imaging shows no threat to the cord.",
        ),
    )
    yield from _if(ASYMPTOMATIC, all_of(silent, reason))
    if reason.answer is Answer.NO:
        yield from _if(NOT_WITHOUT_SYMPTOMS, all_of(silent, unless(reason)))


# 1.10.8 to 1.10.10: after surgery, and further courses.


def _after_surgery(facts: Facts) -> Iterator[Conclusion]:
    treatment = facts.treatment
    operated = fact(
        treatment.surgery_performed,
        "Surgery has been performed.",
        "Has surgery to the spine been performed?",
    )
    recovered = fact(
        treatment.recovered_from_surgery,
        "The person has recovered from surgery.",
        "Has the person recovered from surgery?",
        "The person has not recovered from surgery.",
    )
    due = operated
    if treatment.radiotherapy_started is Answer.YES:
        due = all_of(
            operated,
            Known(Answer.NOT_KNOWN, (), ("Was the radiotherapy given after the operation?",)),
        )
    yield from _if(POSTOPERATIVE, all_of(due, recovered))
    if recovered.answer is Answer.NO:
        yield from _if(AFTER_RECOVERY, all_of(due, unless(recovered)))
