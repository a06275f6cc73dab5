"""What cannot all be true at once among the facts of one person: a question, never a refusal.

The questions about one examination are in `neurology.contradictions`; here are those between
groups of facts. Either answer may be the right one, so nothing is corrected and nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter

from referrals.clinical import neurology, scales, stability
from referrals.clinical.facts import PALSY, SEVERE_PAIN, Confirmed, Facts, Haematology, Primary
from referrals.clinical.neurology import Contradiction, Mobility
from referrals.clinical.presentation import Answer, CancerStatus
from referrals.clinical.scored import Escc, Extraspinal, Vertebral
from referrals.clinical.treating import MOST_OLIGOMETASTASES

_YES, _NO = Answer.YES, Answer.NO
_NO_PRIMARY = (Primary.NOT_KNOWN, Primary.UNIDENTIFIED)
_BLOOD = (Primary.LYMPHOMA, Primary.MYELOMA)
# How many metastases an answer of the Tokuhashi score stands for at the least.
_LEAST_VERTEBRAL = {
    Vertebral.ONE: 1,
    Vertebral.TWO: 2,
    Vertebral.MANY: 3,
    Vertebral.UNKNOWN: 0,
}
_LEAST_EXTRASPINAL = {
    Extraspinal.NONE: 0,
    Extraspinal.FEW: 1,
    Extraspinal.MANY: 3,
    Extraspinal.UNKNOWN: 0,
}
_WALKS = (Mobility.UNAIDED, Mobility.WITH_AID, Mobility.WITH_HELP)

# Back pain that a 0 out of 10 cannot be told beside.
_PAINFUL = ("severe_unremitting", "progressive", "night")

# A yes that cannot be while the other is no: (code, the yes, the no, what to ask).
_PAIRS = tuple(
    (code, field, attrgetter(field), attrgetter(other), sentence)
    for code, field, other, sentence in (
        (
            "taper-before-start",
            "steroids.planned_taper",
            "steroids.given",
            "a taper is planned, and dexamethasone was never given.",
        ),
        (
            "running-before-start",
            "steroids.running",
            "steroids.given",
            "dexamethasone is being taken, and was never given.",
        ),
        (
            "worse-on-no-reduction",
            "steroids.worse_on_reduction",
            "steroids.given",
            "a reduction made things worse, and dexamethasone was never given.",
        ),
        (
            "more-after-no-ct",
            "scans.more_needed_after_ct",
            "scans.ct_done",
            "more imaging is needed after a CT, and no CT was done.",
        ),
        (
            "recovered-from-no-surgery",
            "treatment.recovered_from_surgery",
            "treatment.surgery_performed",
            "the person has recovered from surgery, and none was performed.",
        ),
        (
            "response-to-no-radiotherapy",
            "treatment.responded_well",
            "treatment.previous_radiotherapy",
            "earlier radiotherapy worked well, and there was none.",
        ),
        (
            "plan-without-assessment",
            "pain.plan_agreed",
            "pain.assessed",
            "a pain plan was agreed, and the pain was never assessed.",
        ),
    )
)
# Two that cannot both be yes: (code, one, the other, what to ask).
_BOTH = tuple(
    (code, field, attrgetter(field), attrgetter(other), sentence)
    for code, field, other, sentence in (
        (
            "unstable-and-stable",
            "spine.stability_likely",
            "spine.unstable",
            "the spine is said to be unstable, and to be likely to be stable.",
        ),
        (
            "lying-and-mobilising",
            "spine.mobilising",
            "spine.immobilised",
            "the person is said to lie flat, and to be getting up.",
        ),
        (
            "unstable-and-mobilising",
            "spine.mobilising",
            "spine.unstable",
            "the spine is said to be unstable, and the person to be getting up.",
        ),
        (
            "conservative-and-radiotherapy",
            "treatment.conservative",
            "treatment.radiotherapy_started",
            "it was decided to give no radiotherapy, and it has started.",
        ),
    )
)


def contradictions(facts: Facts, at: datetime) -> tuple[Contradiction, ...]:
    """Everything that does not fit together, each as a question about one field.

    `at` is the moment the facts are told for, an aware time: no onset can lie after it.
    """
    return tuple(_ask(facts, at))


def _ask(facts: Facts, at: datetime) -> Iterator[Contradiction]:
    yield from neurology.contradictions(
        facts.presentation,
        facts.neurology,
        at=at,
        metastases_known=facts.disease.metastases_known,
    )
    yield from scales.contradictions(facts.scored, facts.neurology)
    for code, field, one, other, sentence in _PAIRS:
        if one(facts) is _YES and other(facts) is _NO:
            yield Contradiction(code, field, f"Check this: {sentence}")
    for code, field, one, other, sentence in _BOTH:
        if one(facts) is _YES and other(facts) is _YES:
            yield Contradiction(code, field, f"Check this: {sentence}")
    yield from _cancer(facts)
    yield from _signs_and_pain(facts)
    yield from _imaging(facts)
    yield from _scored(facts)
    yield from _treatment(facts)


def _cancer(facts: Facts) -> Iterator[Contradiction]:
    disease, told = facts.disease, facts.presentation.cancer
    if told is CancerStatus.NONE:
        if disease.primary not in _NO_PRIMARY:
            yield Contradiction(
                "primary-no-cancer",
                "disease.primary",
                "Check cancer: you said there is none, and a primary tumour is named.",
            )
        if facts.confirmed in (Confirmed.MSCC, Confirmed.SPINAL_METASTASES):
            yield Contradiction(
                "confirmed-no-cancer",
                "confirmed",
                "Check cancer: you said there is none, and imaging has confirmed its spread.",
            )
    if disease.primary in _BLOOD and disease.haematology is Haematology.NO:
        yield Contradiction(
            "blood-and-not",
            "disease.haematology",
            f"Check this: the primary is a {disease.primary.value}, and you said that it is no "
            "lymphoma or myeloma.",
        )
    solid = disease.primary not in (*_NO_PRIMARY, *_BLOOD, Primary.OTHER)
    if solid and disease.haematology is Haematology.CONFIRMED:
        yield Contradiction(
            "blood-and-solid",
            "disease.haematology",
            f"Check this: lymphoma or myeloma is confirmed, and the primary is "
            f"{disease.primary.value}.",
        )
    yield from _counted(facts)


def _counted(facts: Facts) -> Iterator[Contradiction]:
    """How many metastases, against what else is said about their number."""
    disease, count = facts.disease, facts.disease.metastases
    if count is None:
        return
    shown = facts.confirmed in (Confirmed.MSCC, Confirmed.SPINAL_METASTASES)
    if count == 0 and (shown or disease.metastases_known is _YES):
        yield Contradiction(
            "metastases-none-counted",
            "disease.metastases",
            "Check this: spinal metastases are known, and none is counted.",
        )
    if count > MOST_OLIGOMETASTASES and disease.oligometastases is _YES:
        yield Contradiction(
            "metastases-many-and-few",
            "disease.oligometastases",
            f"Check this: there are said to be no more than {MOST_OLIGOMETASTASES} metastases, "
            f"and {count} are counted.",
        )
    told = _LEAST_VERTEBRAL[facts.scored.vertebral] + _LEAST_EXTRASPINAL[facts.scored.extraspinal]
    if told > count:
        yield Contradiction(
            "metastases-scored-and-counted",
            "disease.metastases",
            f"Check this: {count} metastases are counted in the whole body, and the score names "
            f"at least {told} in bone.",
        )


def _signs_and_pain(facts: Facts) -> Iterator[Contradiction]:
    days = facts.treatment.paralysed_days
    if days is not None and facts.neurology.complete_paralysis is _NO:
        yield Contradiction(
            "paralysed-days-not-paralysed",
            "treatment.paralysed_days",
            f"Check paralysis: it is said to have been complete for {days} days, and not to be.",
        )
    elif days is not None and facts.neurology.mobility in _WALKS:
        yield Contradiction(
            "paralysed-days-walks",
            "treatment.paralysed_days",
            f"Check mobility: the person {facts.neurology.mobility.label}, and paralysis is said "
            f"to have been complete for {days} days.",
        )
    if facts.presentation.answer("limb_weakness") is _NO and (
        days is not None or facts.scored.frankel in PALSY
    ):
        yield Contradiction(
            "limb-weakness-no-but-graded",
            "limb_weakness",
            "Check weakness of an arm or leg: you said no, and paralysis or a palsy is recorded.",
        )
    if facts.treatment.asymptomatic is _YES and facts.signs.answer is _YES:
        yield Contradiction(
            "asymptomatic-with-signs",
            "treatment.asymptomatic",
            "Check this: the person is said to have no symptoms, and has neurological ones.",
        )
    if facts.pain.severity == 0 and _YES in (
        facts.pain.on_movement,
        *(facts.presentation.answer(item) for item in _PAINFUL),
    ):
        yield Contradiction(
            "no-pain-and-pain",
            "pain.severity",
            "Check pain: it is 0 out of 10, and you described pain.",
        )
    severity = facts.pain.severity
    if severity is not None and severity >= SEVERE_PAIN and facts.pain.controlled is _YES:
        yield Contradiction(
            "severe-and-controlled",
            "pain.controlled",
            f"Check pain: it is {severity} out of 10, and said to be well controlled.",
        )
    if {facts.pain.on_movement, facts.presentation.answer("mechanical")} == {_YES, _NO}:
        yield Contradiction(
            "movement-yes-and-no",
            "pain.on_movement",
            "Check pain: moving makes it worse in one answer, and not in the other.",
        )


def _imaging(facts: Facts) -> Iterator[Contradiction]:
    scans = facts.scans
    if facts.confirmed is not Confirmed.NOT_KNOWN and scans.reported is _NO:
        yield Contradiction(
            "shown-not-reported",
            "confirmed",
            "Check this: you said what imaging showed, and that no report is there yet.",
        )
    if scans.reported is _YES and scans.whole_spine_done is _NO and scans.ct_done is _NO:
        yield Contradiction(
            "reported-not-done",
            "scans.reported",
            "Check this: a scan is reported, and none was done.",
        )


def _scored(facts: Facts) -> Iterator[Contradiction]:
    """What a score stands for, against what imaging and assessment are said to show."""
    excluded = facts.confirmed in (Confirmed.SPINAL_METASTASES, Confirmed.RULED_OUT)
    if excluded and facts.scored.escc in (Escc.TWO, Escc.THREE):
        yield Contradiction(
            "escc-no-compression",
            "confirmed",
            f"Check this: imaging is said to show no cord compression, and ESCC "
            f"{facts.scored.escc} means that the cord is compressed.",
        )
    unstable = stability.scored_unstable(facts.scored.lesions)
    if unstable and facts.spine.stability_likely is _YES:
        yield Contradiction(
            "sins-and-stable",
            "spine.stability_likely",
            f"Check this: the spine is said to be likely to be stable. {unstable[0]}",
        )


def _treatment(facts: Facts) -> Iterator[Contradiction]:
    treatment, steroids = facts.treatment, facts.steroids
    running = (treatment.radiotherapy_started, steroids.running)
    if facts.ruled_out and _YES in running:
        yield Contradiction(
            "ruled-out-treated",
            "confirmed",
            "Check this: spinal metastases and MSCC are ruled out, and treatment is running.",
        )
    if steroids.daily_mg and steroids.running is _NO:
        yield Contradiction(
            "stopped-with-dose",
            "steroids.daily_mg",
            f"Check dexamethasone: it is not being taken, and the dose is {steroids.daily_mg:g} mg "
            "a day.",
        )
    months = treatment.months_since_radiotherapy
    if months is not None and treatment.previous_radiotherapy is _NO:
        yield Contradiction(
            "months-since-none",
            "treatment.months_since_radiotherapy",
            f"Check radiotherapy: there was none, and it ended {months:g} months ago.",
        )
