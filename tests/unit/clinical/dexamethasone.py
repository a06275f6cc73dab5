"""Somebody on dexamethasone, or about to be, for the tests of the rules on steroids."""

from referrals.clinical import steroids
from referrals.clinical.facts import (
    Disease,
    Facts,
    Haematology,
    Steroids,
    Treatment,
)
from referrals.clinical.milestones import Suspicion
from referrals.clinical.neurology import Mobility, Neurology
from tests.unit.clinical.facts import CORD, NO, PAST, YES, presented

MSCC, METASTASES = Suspicion.MSCC, Suspicion.SPINAL_METASTASES
SIGNS = presented(PAST, "limb_weakness")
NO_SIGNS = presented(PAST, "night")
UNEXAMINED = presented(PAST, "night", unknown=CORD)
SOLID = Disease(haematology=Haematology.NO)
RUNNING = Steroids(given=YES, running=YES, daily_mg=16, part_of_radiotherapy=NO)
WAITING = Treatment(surgery_performed=NO, radiotherapy_started=NO, conservative=NO)


def facts(presentation=SIGNS, suspicion=MSCC, **more):
    return Facts(suspicion, presentation, **{"disease": SOLID} | more)


def applies(found, answer=YES):
    return [each.key.removeprefix("steroids.") for each in found if each.applies is answer]


def concluded(presentation=SIGNS, **more):
    return steroids.conclude(facts(presentation, **more))


def text_of(found, name):
    (line,) = [each for each in found if each.key == f"steroids.{name}"]
    return line.text


WORSE = {
    "neurology_before": Neurology(Mobility.UNAIDED, power={"left_leg": 5}),
    "neurology": Neurology(Mobility.WITH_HELP, power={"left_leg": 4}),
}
