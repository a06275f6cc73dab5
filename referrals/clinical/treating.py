"""What the choice between radiotherapy and surgery turns on (1.10, 1.11), each as a `Known`.

The two exceptions of 1.10.4 except only when they are known to hold. What nobody has said leaves
urgent radiotherapy standing, with the question that could change it.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical.facts import SEVERE_PAIN, Confirmed, Facts, Prognosis
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import (
    Conclusion,
    Known,
    Rule,
    all_of,
    any_of,
    fact,
    measured,
    unless,
)

# 1.10.4: "2 weeks or longer", 1.10.9: "at least 3 months", 1.10.2: "up to 3 metastases".
PARALYSED_DAYS, MONTHS_BETWEEN_COURSES, MOST_OLIGOMETASTASES = 14, 3, 3

_NO = Known(Answer.NO)


def said(rule: Rule, known: Known, condition: str) -> Iterator[Conclusion]:
    """The rule's conclusion; while it is not known to apply, its words begin "If <condition>"."""
    text = ""
    if known.answer is Answer.NOT_KNOWN:
        own = rule.text
        text = f"If {condition}: {own if own.startswith('NG234') else own[0].lower() + own[1:]}"
    return rule.when(known, text)


# MSCC: urgent radiotherapy, and the risk of side effects.


def owed(mscc: Known, unsuitable: Known, excepted: Known) -> Known:
    """1.10.4 itself: MSCC that does not suit surgery is owed urgent radiotherapy, unless excepted.

    An exception that is not known to hold changes nothing, and its questions stay open.
    """
    base = all_of(mscc, unsuitable)
    if base.answer is Answer.NO:
        return base
    if excepted.answer is Answer.YES:
        return Known(Answer.NO, excepted.because)
    return Known(base.answer, base.because + excepted.because, base.unknown + excepted.unknown)


def paralysed_long(days: int | None, complete: Known) -> Known:
    """Complete paralysis for 2 weeks or longer; `days` counts whole days since it was complete."""
    said = f"Paralysis has been complete for {days} {'day' if days == 1 else 'days'}"
    since = measured(
        days,
        PARALYSED_DAYS,
        f"{said}.",
        "Since when has the paralysis been complete?",
        f"{said}, which is not yet 2 weeks.",
    )
    return all_of(complete, since)


def controlled_pain(controlled: Answer, severity: int | None = None) -> Known:
    """Whether analgesia controls the pain. Severe pain (`severity` of 10) beside a yes is asked
    about: neither is taken for granted."""
    if controlled is Answer.YES and severity is not None and severity >= SEVERE_PAIN:
        question = f"Pain is {severity} out of 10 and recorded as well controlled: which holds now?"
        return Known(Answer.NOT_KNOWN, (), (question,))
    return fact(
        controlled,
        "The pain is well controlled.",
        "Is the pain well controlled?",
        "The pain is not well controlled.",
    )


def excepted_by_paralysis(long: Known, controlled: Answer, severity: int | None = None) -> Known:
    """The first exception of 1.10.4: both halves, long paralysis *and* controlled pain."""
    return all_of(long, controlled_pain(controlled, severity))


def excepted_by_prognosis(prognosis: Prognosis) -> Known:
    """The second exception of 1.10.4: the overall prognosis is judged poor."""
    if prognosis is Prognosis.NOT_KNOWN:
        return Known(Answer.NOT_KNOWN, (), ("Is the overall prognosis poor?",))
    if prognosis is Prognosis.POOR:
        return Known(Answer.YES, ("The overall prognosis is judged poor.",))
    return Known(Answer.NO, (f"The overall prognosis is judged {prognosis.value}.",))


def exception(facts: Facts) -> Known:
    """Whether either exception of 1.10.4 holds for this person."""
    long = paralysed_long(facts.treatment.paralysed_days, facts.paralysed)
    return any_of(
        excepted_by_paralysis(long, facts.pain.controlled, facts.pain.severity),
        excepted_by_prognosis(facts.disease.prognosis),
    )


def urgent(facts: Facts) -> Known:
    """Whether urgent radiotherapy is to be offered to this person now (1.10.4)."""
    return owed(facts.mscc_to_treat, for_radiotherapy(facts), exception(facts))


def for_radiotherapy(facts: Facts) -> Known:
    """Surgery does not suit, and neither treatment has happened."""
    treatment = facts.treatment
    if treatment.radiotherapy_started is Answer.YES:
        return Known(Answer.NO, ("Radiotherapy has started.",))
    if treatment.surgery_performed is Answer.YES:
        return Known(Answer.NO, ("Surgery has been performed.",))
    return unless(
        fact(
            treatment.surgery_suitable,
            "Surgery suits the person.",
            "Does surgery suit the person?",
            "Surgery does not suit the person.",
        )
    )


def high_risk(facts: Facts) -> Known:
    """A high risk of side effects from radiation (1.10.6)."""
    treatment = facts.treatment
    return any_of(
        fact(
            treatment.large_field,
            "The treatment field is large.",
            "Does the disease need a large treatment field?",
            "The treatment field is not large.",
        ),
        before(facts),
        fact(
            treatment.other_side_effect_risk,
            "There is another high risk of side effects.",
            "Is there another reason for a high risk of side effects from radiation?",
        ),
    )


# Spinal metastases without MSCC: pain, few metastases, no symptoms.

_PAIN_ITEMS = ("severe_unremitting", "progressive", "straining", "night")
_AT_REST = ("severe_unremitting", "night")


def painful(facts: Facts) -> Known:
    """Spinal metastases without MSCC, and pain that is not mechanical (1.10.2)."""
    return all_of(facts.metastases_without_mscc, non_mechanical_pain(facts))


def non_mechanical_pain(facts: Facts) -> Known:
    """Spinal pain that movement does not bring on. Both kinds can be there together: pain that
    moving makes worse answers for pain at rest only when nobody has any."""
    pain, mechanical = spinal_pain(facts), facts.mechanical_pain
    if mechanical.answer is not Answer.YES:
        return all_of(pain, unless(mechanical))
    if any(facts.presentation.answer(item) is not Answer.NO for item in _AT_REST):
        return Known(Answer.NOT_KNOWN, (), ("Is there also pain that moving does not bring on?",))
    return unless(mechanical)


def spinal_pain(facts: Facts) -> Known:
    """Any spinal pain now, of any kind."""
    severity, told = facts.pain.severity, facts.presentation
    if severity is not None and severity > 0:
        return Known(Answer.YES, (f"Pain is {severity} out of 10.",))
    if any(told.answer(item) is Answer.YES for item in _PAIN_ITEMS):
        return Known(Answer.YES, ("There is back pain.",))
    if facts.mechanical_pain.answer is Answer.YES:
        return facts.mechanical_pain
    if severity == 0:
        return Known(Answer.NO, ("There is no pain.",))
    if any(told.answer(item) is Answer.NOT_KNOWN for item in _PAIN_ITEMS):
        return Known(Answer.NOT_KNOWN, (), ("Is there spinal pain, and how severe is it?",))
    return Known(Answer.NO, ("There is no pain.",))


def good_prognosis(facts: Facts) -> Known:
    """The overall prognosis is judged good: one of the two reasons for SABR (1.10.2)."""
    prognosis = facts.disease.prognosis
    if prognosis is Prognosis.NOT_KNOWN:
        return Known(Answer.NOT_KNOWN, (), ("Is the overall prognosis good?",))
    if prognosis is Prognosis.GOOD:
        return Known(Answer.YES, ("The overall prognosis is judged good.",))
    return _NO


def few(facts: Facts) -> Known:
    """Oligometastases: at most 3 separate metastases in the whole body (1.10.2, 1.10.7).

    None counted beside some that imaging showed is no count."""
    count = facts.disease.metastases
    if count == 0 and facts.confirmed in (Confirmed.MSCC, Confirmed.SPINAL_METASTASES):
        question = "No metastasis is counted, and imaging showed some: how many are there?"
        return Known(Answer.NOT_KNOWN, (), (question,))
    if count is not None:
        few = 0 < count <= MOST_OLIGOMETASTASES
        return Known(Answer.YES if few else Answer.NO, (f"Metastases in the whole body: {count}.",))
    return fact(
        facts.disease.oligometastases,
        "There are no more than 3 metastases in the whole body.",
        "Are there no more than 3 metastases in the whole body?",
        "There are more than 3 metastases in the body.",
    )


def no_symptoms(facts: Facts) -> Known:
    """Asymptomatic, unless pain or signs are on record as well: then it is asked."""
    said = fact(
        facts.treatment.asymptomatic,
        "The metastases cause no symptoms.",
        "Do the metastases cause no symptoms at all?",
    )
    if Answer.YES not in (facts.signs.answer, spinal_pain(facts).answer):
        return said
    if said.answer is not Answer.YES:
        return _NO
    return Known(
        Answer.NOT_KNOWN,
        (),
        ("The record says no symptoms, and has pain or signs: which holds now?",),
    )


# Pain that analgesia does not control, and instability: what surgery turns on.


def uncontrolled_pain(facts: Facts) -> Known:
    """Pain that analgesia does not control (1.11.6, 1.11.8, 1.11.9)."""
    return unless(controlled_pain(facts.pain.controlled, facts.pain.severity))


def unstable(facts: Facts) -> Known:
    """Spinal instability, suspected or confirmed. It stands above "likely stable"."""
    said = facts.spine.unstable
    if said is Answer.NOT_KNOWN and facts.spine.stability_likely is Answer.YES:
        said = Answer.NO
    return fact(
        said,
        "Spinal instability is suspected or confirmed.",
        "Is the spine unstable, or may it be?",
        "The spine is not thought to be unstable.",
    )


# Radiotherapy before.


def before(facts: Facts) -> Known:
    """Radiotherapy before: a reason for several fractions, and for the limits of 1.10.9."""
    return fact(
        facts.treatment.previous_radiotherapy,
        "There was radiotherapy before.",
        "Was there radiotherapy before: where, when and how much?",
        "There was no radiotherapy before.",
    )


def further(facts: Facts) -> Known:
    """A good response, and symptoms that came back 3 months or more after it (1.10.9)."""
    treatment, months = facts.treatment, facts.treatment.months_since_radiotherapy
    return all_of(
        before(facts),
        fact(
            treatment.responded_well,
            "The response to it was good.",
            "Was the response to the earlier radiotherapy good?",
        ),
        fact(
            treatment.recurrent_symptoms,
            "Symptoms have come back since.",
            "Have symptoms come back since the earlier radiotherapy?",
        ),
        measured(
            months,
            MONTHS_BETWEEN_COURSES,
            f"It ended {_months(months)} ago.",
            "When did the earlier radiotherapy end?",
        ),
    )


def _months(months: float | None) -> str:
    return f"{months:.3g} months" if months is not None else ""
