"""What the made-up team does for its made-up people: care, scores, plans, and going home."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from referrals.clinical.course import Kind, Step
from referrals.clinical.mobilisation import Measured
from referrals.clinical.mobilisation import Step as Sat
from referrals.clinical.presentation import Answer
from referrals.clinical.tools import Tool
from referrals.domain.care import CareGiven
from referrals.domain.care import Told as Item
from referrals.domain.care_plan import PlanDetails
from referrals.domain.dexamethasone import CourseEntry
from referrals.domain.discharge_plan import Arranged, Planned
from referrals.domain.intake import Addition
from referrals.domain.mobilisation import SittingDetails
from referrals.domain.pain import PlanEntry
from referrals.domain.scores import ScoreDetails
from referrals.models import CareEntry

_GIVEN, _DECLINED, _NOT_APPLICABLE = (
    CareEntry.Status.GIVEN.value,
    CareEntry.Status.DECLINED.value,
    CareEntry.Status.NOT_APPLICABLE.value,
)


def first_hours(rng: random.Random) -> CareGiven:
    """What a ward manages at once; something is usually still to do."""
    told = [
        Item("stomach_protection", _GIVEN),
        Item("glucose", _GIVEN),
        Item("analgesia", _GIVEN),
        Item("contact", _GIVEN),
        Item("vte_assessment", _GIVEN),
        Item("skin", _GIVEN),
        Item("reasons", _GIVEN),
        Item("information", _GIVEN),
    ]
    # The made-up ward is sure of what it did, also where nobody has said that it applies.
    return CareGiven(tuple(rng.sample(told, rng.randint(3, len(told)))), confirmed=True)


def later(rng: random.Random) -> CareGiven:
    """What follows within days, with a choice of the person's own."""
    needs = Item("holistic_needs", _GIVEN)
    if rng.random() < 0.3:
        needs = Item("holistic_needs", _DECLINED, "Not today; would like it once the pain is less.")
    return CareGiven(
        (
            needs,
            Item("support", _GIVEN),
            Item("rehabilitation", _GIVEN),
            Item("advance_care_planning", _GIVEN),
            Item("fertility", _NOT_APPLICABLE, "Asked: it does not matter to the person now."),
        ),
        confirmed=True,
    )


def started(at: datetime) -> CourseEntry:
    """The first dose of dexamethasone."""
    return CourseEntry(Kind.START, at, Decimal(16), "by mouth", reason="Cord signs.")


def taper(at: datetime) -> CourseEntry:
    """Down over six days from the day after treatment began."""
    doses = ((1, 8.0), (3, 4.0), (5, 2.0), (6, 0.0))
    steps = tuple(Step((at + timedelta(days=days)).date(), mg) for days, mg in doses)
    return CourseEntry(Kind.PLAN, at, taper=steps, reason="Radiotherapy has started.")


def pain_plan(rng: random.Random) -> PlanEntry:
    """A plan as it was agreed."""
    regular = rng.choice(["Regular paracetamol and morphine", "Regular paracetamol and oxycodone"])
    return PlanEntry("plan", f"{regular}, as needed before moving.", Answer.YES)


def pain_review() -> PlanEntry:
    """The review of it."""
    return PlanEntry("review", "Sleeps through; goes on as it is.", Answer.YES, Answer.YES)


def stability(rng: random.Random) -> ScoreDetails:
    """SINS of the lesion in the report; one in three leaves something open."""
    answers = {
        "pain": rng.choice(["mechanical", "occasional"]),
        "bone": rng.choice(["lytic", "mixed"]),
        "alignment": "normal",
        "collapse": rng.choice(["under_half", "involved"]),
        "posterior": rng.choice(["unilateral", "none"]),
    }
    if rng.random() < 0.33:
        del answers["posterior"]
    words = "Pain on turning, no deformity; seen with the CT of the day before."
    return ScoreDetails(Tool.SINS, answers, "Dr Lea Quill", "T9", words)


def prognosis(rng: random.Random) -> ScoreDetails:
    """The revised Tokuhashi score."""
    answers = {
        "karnofsky": rng.choice(["60", "80"]),
        "extraspinal": rng.choice(["none", "1_to_2"]),
        "vertebral": "3_or_more",
        "organs": rng.choice(["none", "unremovable"]),
        "primary": rng.choice(["prostate", "breast", "kidney"]),
        "frankel": "D",
    }
    words = "Responds to systemic treatment; lives alone and managed well until this week."
    return ScoreDetails(Tool.TOKUHASHI, answers, "Dr Helena Marsh", "", words)


def considerations() -> Addition:
    """What the choice of treatment turned on."""
    known = {
        "surgery_suitable": "no",
        "discussed_with_specialists": "yes",
        "unstable": "no",
        "stability_likely": "yes",
        "previous_radiotherapy": "no",
        "large_field": "no",
    }
    return Addition(sections={"considerations": known})


def care_plan() -> PlanDetails:
    """The personalised care plan of a senior clinician."""
    return PlanDetails(
        senior_clinician="Dr Helena Marsh",
        plan="Radiotherapy now, then up with the physiotherapist. Aim for home within the week.",
        matters_most="To be at home for a granddaughter's birthday.",
        preferences="Wants plain words and a daughter present, and no long stay.",
        advisers=("mdt", "allied_health"),
        advice="Frame, and a commode beside the bed at first.",
        agreed=Answer.YES,
    )


def sat_up(rng: random.Random) -> SittingDetails:
    """One step of graded sitting; now and then it has to stop."""
    worse = rng.random() < 0.25
    seen = Measured(
        Sat.RAISED_30,
        lying_systolic=128,
        lying_diastolic=76,
        upright_systolic=122,
        upright_diastolic=74,
        pain_before=2,
        pain_after=6 if worse else 2,
        dizzy=Answer.NO,
        neurology_worse=Answer.NO,
    )
    return SittingDetails(seen, "Laid flat again, the pain eased." if worse else "")


def going_home() -> Planned:
    """A discharge plan that is nearly done."""
    done = Arranged(True)
    return Planned(
        lead_name="Nurse Ola Finch",
        lead_role="Ward sister",
        lead_phone="01632 960177",
        involved=("person", "family", "oncology", "rehabilitation", "pharmacist", "primary_care"),
        arranged={
            "support_at_home": done,
            "equipment": Arranged(True, "Frame and commode delivered."),
            "carers": Arranged(True, "Shown transfers."),
            "rehabilitation": Arranged(False, "Community team has the referral."),
            "medicines": done,
            "transport": done,
            "contact": Arranged(True, "MSCC coordinator, 01632 960200"),
            "follow_up": done,
        },
    )
