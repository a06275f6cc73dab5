"""People whom section 1.10 concerns, for the tests of radiotherapy."""

from dataclasses import replace

from referrals.clinical import radiotherapy
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Facts,
    Pain,
    Prognosis,
    Treatment,
)
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility, Neurology
from tests.unit.clinical.facts import NO, PAST, YES, presented

NOTHING = presented(PAST)
MSCC = Facts(
    Suspicion.MSCC,
    NOTHING,
    Confirmed.MSCC,
    treatment=Treatment(surgery_suitable=NO),
    disease=Disease(prognosis=Prognosis.LIMITED),
    neurology=Neurology(complete_paralysis=NO),
)
PARALYSED = replace(
    MSCC,
    neurology=Neurology(complete_paralysis=YES),
    treatment=Treatment(surgery_suitable=NO, paralysed_days=14),
    pain=Pain(controlled=YES),
)
METASTASES = Facts(Suspicion.SPINAL_METASTASES, NOTHING, Confirmed.SPINAL_METASTASES)
PAINFUL = replace(METASTASES, pain=Pain(severity=5, on_movement=NO))
SILENT = replace(
    METASTASES,
    neurology=Neurology(mobility=Mobility.UNAIDED, bladder=NO, bowel=NO, sensation=NO),
    treatment=Treatment(asymptomatic=YES, in_trial=NO, impending_compression=NO),
    disease=Disease(oligometastases=NO),
)
AGAIN = replace(
    MSCC,
    treatment=Treatment(
        previous_radiotherapy=YES,
        responded_well=YES,
        recurrent_symptoms=YES,
        months_since_radiotherapy=3,
        radiotherapy_considered=NO,
    ),
)


def found(facts, rule):
    """The conclusion of one rule, or None."""
    hits = [each for each in radiotherapy.conclude(facts) if each.key == rule.key]
    assert len(hits) <= 1
    return hits[0] if hits else None


def applies(facts, rule):
    hit = found(facts, rule)
    return hit.applies if hit else None
