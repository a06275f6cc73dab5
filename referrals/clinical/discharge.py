"""Going home: what applies, what is planned step by step, and what is still open on the day.

NG234 1.1.11, 1.1.14 and 1.1.24 to 1.1.28. Only the named lead is a condition of discharge (1.1.24).
Everything else may be left open with a reason, because a record must not keep a person in hospital.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from referrals.clinical.facts import Facts
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import LOCAL, Conclusion, Rule, all_of, fact
from referrals.clinical.support import CARE_PLAN, CONTACT, NO_PLAN, wanting

LEAD = Rule(
    "discharge.lead",
    "Name the person who leads the discharge planning.",
    Strength.ENSURE,
    ("1.1.24",),
)
INVOLVE = Rule(
    "discharge.involve",
    "Plan the discharge with the person and family, the primary oncology site team, "
    "rehabilitation, a pharmacist, primary and community care, and specialist palliative care if "
    "it is needed.",
    Strength.ENSURE,
    ("1.1.24",),
)
SHARE = Rule(
    "discharge.share",
    "Send what primary care, community care and social services need: care, support and follow-up.",
    Strength.ENSURE,
    ("1.1.11",),
)
SAFE = Rule(
    "discharge.safe",
    "Agree with community and social services what the person and family need at home, so that "
    "the discharge is safe and in time.",
    Strength.ENSURE,
    ("1.1.14",),
)
EQUIPMENT = Rule(
    "discharge.equipment",
    "Have equipment and support ready at home before the person arrives.",
    Strength.ENSURE,
    ("1.1.25",),
)
CARERS = Rule(
    "discharge.carers",
    "Support and train family and carers before discharge.",
    Strength.ENSURE,
    ("1.1.26",),
)
TRANSITION = Rule(
    "discharge.transition",
    "Follow NICE on moving from hospital to home or a care home when you plan the discharge.",
    Strength.ENSURE,
    ("1.1.27",),
)
REHABILITATION = Rule(
    "discharge.rehabilitation",
    "Say how rehabilitation goes on after discharge, by the principles for rehabilitation after "
    "critical illness.",
    Strength.ENSURE,
    ("1.1.28",),
)

RULES = (LEAD, INVOLVE, SHARE, SAFE, EQUIPMENT, CARERS, TRANSITION, REHABILITATION)

# How the person is doing is asked on these days after discharge; the days are this product's.
FOLLOW_UP_DAYS = (30, 90)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a discharge plan arranges, with the sources it comes from."""

    key: str
    label: str
    numbers: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody a discharge plan brings in; `if_needed` when not everybody needs them."""

    key: str
    label: str
    if_needed: bool = False


PARTIES = (
    Party("person", "The person"),
    Party("family", "Family and carers, if the person agrees"),
    Party("oncology", "The primary oncology site team"),
    Party("rehabilitation", "The rehabilitation team"),
    Party("pharmacist", "A pharmacist"),
    Party("primary_care", "Primary care"),
    Party("community", "Community nursing and therapy, social services"),
    Party("palliative_care", "Specialist palliative care, if it is needed", if_needed=True),
)
# Filled in first: without a lead nobody does the rest.
LEADING = (
    Step("lead", "Who leads the discharge planning?", LEAD.numbers),
    Step("lead_role", "Their role", LEAD.numbers),
    Step("lead_phone", "Their number", LEAD.numbers),
)
INVOLVED = Step("involved", "Who has been brought in?", INVOLVE.numbers)
ARRANGEMENTS = (
    Step(
        "support_at_home",
        "Support at home is agreed",
        ("1.1.14", "1.1.22"),
        "Community nursing, social care, night care",
    ),
    Step(
        "equipment",
        "Equipment is at home",
        ("1.1.25",),
        "Bed, mattress, hoist, wheelchair, commode, brace",
    ),
    Step(
        "carers",
        "Family and carers are trained and supported",
        ("1.1.26", "1.2.13"),
        "Handling, brace, wheelchair, bladder and bowel",
    ),
    Step(
        "rehabilitation",
        "Rehabilitation goes on after discharge",
        ("1.1.28", "1.12.1"),
        "Where, how often, towards which goals",
    ),
    Step(
        "medicines",
        "Medicines are ready and explained",
        ("1.8.1", "1.8.4", "1.8.8", "1.1.24"),
        "How the steroid is reduced and when it stops, stomach protection, glucose, pain relief",
    ),
    Step("transport", "Transport is arranged", ("1.1.27",), "And whether it must be lying down"),
    Step(
        "contact",
        "They know whom to ring about new or worse symptoms",
        ("1.2.4",),
        "A name or service, and a number",
    ),
    Step(
        "follow_up",
        "Follow-up is arranged",
        ("1.1.11", f"{LOCAL}follow-up at 30 and 90 days"),
        "Who asks how the person is, and when",
    ),
    Step("letter", "Primary and community care have the plan", ("1.1.11", "1.1.15")),
)
STEPS = (*LEADING, INVOLVED, *ARRANGEMENTS)
STEP = {step.key: step for step in STEPS}


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What of the planning of a discharge applies now; nothing once it is ruled out."""
    if facts.concerned.answer is Answer.NO:
        return ()
    return tuple(_planning(facts))


def _planning(facts: Facts) -> Iterator[Conclusion]:
    care = facts.care
    inside = all_of(
        facts.concerned,
        fact(care.in_hospital, "The person is in hospital.", "Is the person in hospital?"),
    )
    lead = "Nobody leads the discharge planning yet.", "Who leads the discharge planning?"
    yield from LEAD.when(all_of(inside, wanting(care.discharge_lead, *lead)))
    for rule in (INVOLVE, SHARE, SAFE):
        yield from rule.when(inside)
    # 1.1.25 and 1.1.26 are about people with MSCC.
    with_mscc = all_of(facts.mscc, inside)
    yield from EQUIPMENT.when(with_mscc)
    untrained = (
        "Family and carers have not been trained.",
        "Have family and carers been supported and trained?",
    )
    yield from CARERS.when(all_of(with_mscc, wanting(care.carers_trained, *untrained)))
    yield from TRANSITION.when(inside)
    yield from REHABILITATION.when(inside)


def not_brought_in(involved: tuple[str, ...]) -> tuple[str, ...]:
    """Those of 1.1.24 who have not been brought in yet, in words; the ones `if_needed` aside."""
    return tuple(
        party.label for party in PARTIES if not party.if_needed and party.key not in involved
    )


@dataclass(frozen=True, slots=True)
class Leaving:
    """The facts discharge turns on. Unknown is a value: what nobody recorded is open.

    `ruled_out`: neither spinal metastases nor MSCC, after imaging. `dexamethasone`: a course is
    running. `radiotherapy_owed`: the 24-hour target of 1.10.4 is running. `waiting_opinions`
    names specialties; `missing` are sentences of key information (1.1.15).
    """

    lead_name: str = ""
    died: bool = False
    ruled_out: bool = False
    dexamethasone: Answer = Answer.NOT_KNOWN
    dexamethasone_plan: str = ""
    stomach_protection: Answer = Answer.NOT_KNOWN
    glucose_checked: Answer = Answer.NOT_KNOWN
    care_plan: Answer = Answer.NOT_KNOWN
    new_symptoms_contact: str = ""
    carers_trained: Answer = Answer.NOT_KNOWN
    follow_up: str = ""
    scan_waiting: bool = False
    report_waiting: bool = False
    radiotherapy_owed: bool = False
    waiting_opinions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing left open. `required`: discharge cannot be recorded without it."""

    id: str
    sentence: str
    numbers: tuple[str, ...]
    required: bool = False


def still_open(leaving: Leaving) -> tuple[OpenItem, ...]:
    """What is still open, most urgent first (1.1.15, 1.1.17, 1.1.24, 1.1.26, 1.2.4, 1.8.1, 1.8.2).

    After a death only the record itself can still be open.
    """
    return tuple(_open(leaving))


def _open(leaving: Leaving) -> Iterator[OpenItem]:
    if not leaving.lead_name.strip():
        yield OpenItem("lead", LEAD.text, LEAD.numbers, required=True)
    if not leaving.died:
        yield from _treatment(leaving)
        yield from _dexamethasone(leaving)
        yield from _support(leaving)
    if leaving.missing:
        yield OpenItem(
            "key_information",
            f"Key information is incomplete: {' '.join(leaving.missing)}",
            ("1.1.15",),
        )


def _treatment(leaving: Leaving) -> Iterator[OpenItem]:
    if leaving.radiotherapy_owed:
        yield OpenItem(
            "radiotherapy", "Urgent radiotherapy was decided on and has not started.", ("1.10.4",)
        )
    if leaving.scan_waiting:
        yield OpenItem(
            "scan", "The scan of the whole spine has not been performed.", ("1.5.2", "1.5.3")
        )
    if leaving.report_waiting:
        yield OpenItem("report", "A scan has not been reported.", ("1.5.1",))
    if leaving.waiting_opinions:
        yield OpenItem(
            "opinions",
            f"No answer yet from: {', '.join(leaving.waiting_opinions)}.",
            ("1.1.10",),
        )


def _dexamethasone(leaving: Leaving) -> Iterator[OpenItem]:
    planned = bool(leaving.dexamethasone_plan.strip())
    if leaving.dexamethasone is Answer.NOT_KNOWN and not planned:
        yield OpenItem(
            "dexamethasone",
            "Find out whether dexamethasone is still being taken.",
            ("1.8.1", "1.8.2"),
        )
    if leaving.dexamethasone is not Answer.YES:
        return
    if leaving.ruled_out:
        yield OpenItem(
            "dexamethasone",
            "Stop the dexamethasone: spinal metastases and MSCC are ruled out.",
            ("1.8.2",),
        )
        return
    if not planned:
        yield OpenItem(
            "dexamethasone",
            "Dexamethasone is running with no plan: say how it is reduced and when it stops.",
            ("1.8.1",),
        )
    if leaving.stomach_protection is not Answer.YES:
        yield OpenItem(
            "stomach_protection", "Offer a proton pump inhibitor with the steroid.", ("1.8.8",)
        )
    if leaving.glucose_checked is not Answer.YES:
        yield OpenItem("glucose", "Arrange blood glucose checks with the steroid.", ("1.8.8",))


def _support(leaving: Leaving) -> Iterator[OpenItem]:
    if not leaving.new_symptoms_contact.strip():
        yield OpenItem("information", CONTACT.text, CONTACT.numbers)
    if leaving.ruled_out:
        return
    if leaving.care_plan is not Answer.YES:
        yield OpenItem("care_plan", NO_PLAN, CARE_PLAN.numbers)
    if leaving.carers_trained is not Answer.YES:
        yield OpenItem("carers", CARERS.text, CARERS.numbers)
    if not leaving.follow_up.strip():
        yield OpenItem(
            "follow_up", "Say who follows up, and tell primary care.", ("1.1.15", "1.1.24")
        )
