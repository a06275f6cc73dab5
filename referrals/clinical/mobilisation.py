"""Getting up again: graded sitting, what stops it, and what to do then (1.6.1 to 1.6.6).

NG234 speaks of orthostatic hypotension and of a significant increase in pain without giving
numbers; those used here are a common definition and a local one, and each conclusion says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from referrals.clinical import immobilisation, treating
from referrals.clinical.facts import SEVERE_PAIN, Facts
from referrals.clinical.library import Strength
from referrals.clinical.neurology import Mobility, deteriorated
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import (
    ALWAYS,
    LOCAL,
    Conclusion,
    Known,
    Rule,
    all_of,
    any_of,
    fact,
    unless,
)
from referrals.clinical.stability import STABLE_QUESTION

# A fall on sitting or standing up, in mmHg: the common definition of orthostatic hypotension.
SYSTOLIC_FALL, DIASTOLIC_FALL = 20, 10
HYPOTENSION = f"{LOCAL}a fall of {SYSTOLIC_FALL} systolic or {DIASTOLIC_FALL} diastolic, in mmHg"
# Points of 0 to 10. Near the top there is no room for two, so any rise to severe pain counts.
SIGNIFICANT_RISE = 2
MORE_PAIN = f"{LOCAL}a rise of {SIGNIFICANT_RISE} points, or any rise to {SEVERE_PAIN} or more"
DIZZY = f"{LOCAL}dizziness counts until blood pressure shows otherwise"

START = Rule(
    "mobilisation.start",
    "Test the stability of the spine by graded sitting, then by weight bearing.",
    Strength.ENSURE,
    ("1.6.1",),
)
MONITOR = Rule(
    "mobilisation.monitor",
    "Watch neurology and pain continuously while the person is being mobilised.",
    Strength.ENSURE,
    ("1.6.2",),
)
GO_ON = Rule(
    "mobilisation.go_on",
    "Go on to sitting without support, transfers and walking.",
    Strength.ENSURE,
    ("1.6.3",),
)
STOP = Rule(
    "mobilisation.stop_and_reassess",
    "Stop. Return the person to a position in which this reverses, and reassess the stability of "
    "the spine.",
    Strength.ENSURE,
    ("1.6.4",),
)
LIE_BACK = Rule(
    "mobilisation.lie_back",
    "Stop. Lie the person back until this settles, find out why, and measure again before "
    "going on.",
    Strength.ENSURE,
    ("1.6.3",),
)
MEASURE = Rule(
    "mobilisation.measure",
    "Do not go on yet: measure what is missing.",
    Strength.ENSURE,
    ("1.6.3", "1.6.2"),
)
WITHOUT_TREATMENT = Rule(
    "mobilisation.without_treatment",
    "Mobilise as far as possible, although the cancer itself will not be treated.",
    Strength.ENSURE,
    ("1.6.5",),
)
ORTHOSES = Rule(
    "mobilisation.orthoses",
    "Ask a specialist (for example a physiotherapist) whether an orthosis would help mobility or "
    "keep the limbs moving.",
    Strength.ENSURE,
    ("1.6.6",),
)
RULES = (START, MONITOR, GO_ON, STOP, LIE_BACK, MEASURE, WITHOUT_TREATMENT, ORTHOSES)

MOBILISING_QUESTION = "Is the person being sat up or mobilised?"
_PRESSURE_QUESTION = "What is the blood pressure lying and upright?"
_PAIN_QUESTION = "What is the pain before and after the step, from 0 to 10?"
_NEUROLOGY_QUESTION = "Is the neurology worse than before the step?"
_DIZZY_QUESTION = "Is the person dizzy or faint upright?"
_EACH_STEP = (_PRESSURE_QUESTION, _PAIN_QUESTION, _NEUROLOGY_QUESTION)


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """When to begin, what to watch, and who is mobilised all the same (1.6.1 to 1.6.6)."""
    if facts.concerned.answer is Answer.NO:
        return ()
    return tuple(_conclude(facts))


def _conclude(facts: Facts) -> Iterator[Conclusion]:
    begun = fact(facts.spine.mobilising, "The person is being mobilised.", MOBILISING_QUESTION)
    ready = immobilisation.may_sit_up(facts)
    if begun.answer is not Answer.YES:
        # Nobody said that it has begun: it is due, and only a yes would end that.
        known = ready._replace(unknown=ready.unknown + begun.unknown)
        kept = immobilisation.KEPT_FLAT_QUESTION in ready.unknown
        yield from treating.said(START, known, _NOT_KEPT if kept else _CONDITIONS[START.key])
    watched = any_of(begun, ready)
    # Whoever is up already, on a spine that nobody has judged, is asked about.
    yield from _if(MONITOR, watched._replace(unknown=watched.unknown or ready.unknown))
    if begun.answer is not Answer.NO:
        yield from _while_mobilising(facts, begun)
    yield from _without_treatment(facts, ready)
    yield from _if(ORTHOSES, any_of(begun, _moves_badly(facts)))


# What has to hold, said while it is not known to.
_CONDITIONS = {
    START.key: "assessment with imaging suggests a stable spine",
    MONITOR.key: "the person is being mobilised",
    GO_ON.key: "the person is being mobilised, without a fall in blood pressure, a significant "
    "increase in pain or worse neurology",
    STOP.key: "the person is being mobilised",
    WITHOUT_TREATMENT.key: "neither surgery, radiotherapy nor another treatment will be given",
    ORTHOSES.key: "the person is being mobilised, or a limb is weak or walking is hard",
}


_NOT_KEPT = "the pain on movement no longer keeps the person flat"
_SPINE_ALLOWS = "the spine is judged stable enough"


def _if(rule: Rule, known: Known) -> Iterator[Conclusion]:
    return treating.said(rule, known, _CONDITIONS[rule.key])


def _while_mobilising(facts: Facts, begun: Known) -> Iterator[Conclusion]:
    before = facts.neurology_before
    if before is not None and (worse := deteriorated(before, facts.neurology)):
        yield from _if(STOP, all_of(begun, Known(Answer.YES, worse)))
    else:
        # Facts about a person hold no measurements of a step: `judge` has those.
        yield from _if(GO_ON, all_of(begun, Known(Answer.NOT_KNOWN, (), _EACH_STEP)))


def _without_treatment(facts: Facts, ready: Known) -> Iterator[Conclusion]:
    """1.6.5. Where anything says to lie flat, and the spine is not judged stable, it waits."""
    untreated = _no_treatment(facts)
    if untreated.answer is Answer.YES and ready.answer is not Answer.YES:
        flat = immobilisation.reasons_to_lie_flat(facts)
        if flat.answer is Answer.YES:
            asked = ready.unknown or (STABLE_QUESTION,)
            waits = Known(Answer.NOT_KNOWN, untreated.because + flat.because, asked)
            yield from treating.said(WITHOUT_TREATMENT, waits, _SPINE_ALLOWS)
            return
    yield from _if(WITHOUT_TREATMENT, untreated)


def _no_treatment(facts: Facts) -> Known:
    suits, other = facts.treatment, facts.disease.other_treatment
    return all_of(
        facts.mscc,
        unless(fact(suits.surgery_suitable, "", "Is surgery suitable?", "Not for surgery.")),
        unless(
            fact(
                suits.radiotherapy_considered,
                "",
                "Is radiotherapy considered?",
                "Not for radiotherapy.",
            )
        ),
        unless(fact(other, "", "Is other cancer treatment possible?", "No other treatment.")),
    )


def _moves_badly(facts: Facts) -> Known:
    seen = facts.neurology
    if any(grade < 5 for grade in seen.power.values()) or seen.complete_paralysis is Answer.YES:
        return Known(Answer.YES, ("An arm or a leg is weak.",))
    if facts.presentation.answer("limb_weakness") is Answer.YES:
        return Known(Answer.YES, ("An arm or a leg is weak.",))
    if seen.mobility is Mobility.NOT_KNOWN:
        return Known(Answer.NOT_KNOWN, (), ("How does the person walk?",))
    if seen.mobility is Mobility.UNAIDED:
        return Known(Answer.NO)
    return Known(Answer.YES, (f"The person {seen.mobility.label}.",))


class Step(StrEnum):
    """The steps of graded sitting and weight bearing, in order. The grading is local: NG234 names
    graded sitting, weight bearing, then unsupported sitting, transfers and mobilisation."""

    RAISED_30 = "raised_30"
    RAISED_60 = "raised_60"
    SITTING = "sitting"
    STANDING = "standing"
    UNSUPPORTED = "unsupported"
    TRANSFERS = "transfers"
    WALKING = "walking"

    @property
    def label(self) -> str:
        """As a screen says it."""
        return _STEPS[self]

    @property
    def following(self) -> Step | None:
        """The next step; None after the last."""
        order = tuple(Step)
        place = order.index(self) + 1
        return order[place] if place < len(order) else None


_STEPS: Mapping[Step, str] = {
    Step.RAISED_30: "head of the bed raised 30 degrees",
    Step.RAISED_60: "head of the bed raised 60 degrees",
    Step.SITTING: "sitting with support",
    Step.STANDING: "standing, bearing weight",
    Step.UNSUPPORTED: "sitting without support",
    Step.TRANSFERS: "transfer from bed to chair",
    Step.WALKING: "walking",
}


class Outcome(StrEnum):
    """What one step amounts to."""

    GO_ON = "go_on"
    STOP = "stop_and_reassess"
    LIE_BACK = "lie_back"
    NOT_ENOUGH = "not_enough_known"

    @property
    def label(self) -> str:
        """As a screen says it."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.GO_ON: "Go on",
    Outcome.STOP: "Stop and reassess the stability of the spine",
    Outcome.LIE_BACK: "Stop and lie the person back",
    Outcome.NOT_ENOUGH: "Not enough is known to go on",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One step and what was found: blood pressure in mmHg, pain 0 to 10, None and NOT_KNOWN for
    what nobody measured. `neurology_worse` is against the moment before the step."""

    step: Step
    lying_systolic: int | None = None
    lying_diastolic: int | None = None
    upright_systolic: int | None = None
    upright_diastolic: int | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    dizzy: Answer = Answer.NOT_KNOWN
    neurology_worse: Answer = Answer.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Judged:
    """What a step amounts to, and the conclusion with its reasons and what to measure."""

    outcome: Outcome
    conclusion: Conclusion


def judge(step: Measured) -> Judged:
    """Go on, stop and reassess, lie back, or measure first (1.6.3, 1.6.4).

    Pain and neurology stop the step and question the spine; a fall in blood pressure stops it
    without that. One reason to stop is enough, whatever else is not known.
    """
    spine = any_of(_neurology(step), more_pain(step))
    pressure = hypotension(step)
    if spine.answer is Answer.YES:
        because = any_of(spine, pressure).because
        return Judged(Outcome.STOP, _one(STOP, Known(Answer.YES, because), (MORE_PAIN,)))
    if pressure.answer is Answer.YES:
        words = Known(Answer.YES, pressure.because, spine.unknown)
        return Judged(Outcome.LIE_BACK, _one(LIE_BACK, words, (HYPOTENSION, DIZZY)))
    if missing := (*pressure.unknown, *spine.unknown):
        return Judged(Outcome.NOT_ENOUGH, _one(MEASURE, ALWAYS._replace(unknown=missing)))
    fine = Known(
        Answer.YES,
        ("No fall in blood pressure, no significant increase in pain, no worse neurology.",),
    )
    return Judged(Outcome.GO_ON, _one(GO_ON, fine, (HYPOTENSION, MORE_PAIN), _next(step.step)))


def hypotension(step: Measured) -> Known:
    """Whether there is evidence of orthostatic hypotension (1.6.3), as defined in HYPOTENSION."""
    systolic = _fall(step.lying_systolic, step.upright_systolic, SYSTOLIC_FALL, "Systolic")
    diastolic = _fall(step.lying_diastolic, step.upright_diastolic, DIASTOLIC_FALL, "Diastolic")
    dizzy = fact(step.dizzy, "The person is dizzy or faint upright.", _DIZZY_QUESTION)
    found = any_of(systolic, diastolic, dizzy)
    # Both pressures measured without a fall answer the question; nobody need ask about dizziness.
    if found.answer is Answer.NOT_KNOWN and systolic.answer is diastolic.answer is Answer.NO:
        return Known(Answer.NO)
    return found


def more_pain(step: Measured) -> Known:
    """Whether pain rose significantly (1.6.4), as defined in MORE_PAIN."""
    before, after = step.pain_before, step.pain_after
    if before is None or after is None:
        return Known(Answer.NOT_KNOWN, (), (_PAIN_QUESTION,))
    if after - before >= SIGNIFICANT_RISE or after > before and after >= SEVERE_PAIN:
        return Known(Answer.YES, (f"Pain rose from {before} to {after} out of 10.",))
    return Known(Answer.NO)


def _neurology(step: Measured) -> Known:
    return fact(step.neurology_worse, "Neurological symptoms are worse.", _NEUROLOGY_QUESTION)


def _fall(lying: int | None, upright: int | None, least: int, name: str) -> Known:
    if lying is None or upright is None:
        return Known(Answer.NOT_KNOWN, (), (_PRESSURE_QUESTION,))
    if lying - upright >= least:
        return Known(Answer.YES, (f"{name} blood pressure fell from {lying} to {upright} mmHg.",))
    return Known(Answer.NO)


def _next(step: Step) -> str:
    following = step.following
    if following is None:
        return "Go on as the person can: every step has been done."
    return f"Go on to the next step: {following.label}."


def _one(rule: Rule, known: Known, local: tuple[str, ...] = (), text: str = "") -> Conclusion:
    """The one conclusion of a step; the local numbers it leans on stand with NG234's."""
    return Conclusion(
        rule.key,
        text or rule.text,
        rule.strength,
        (*rule.numbers, *local),
        known.because,
        tuple(dict.fromkeys(known.unknown)),
    )
