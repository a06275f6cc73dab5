"""Information, support and rehabilitation: what applies to a person, from suspicion to home.

NG234 1.1.17, 1.1.22, 1.1.23, 1.2.1 to 1.2.13 and 1.12.1 to 1.12.5. Much of it is owed to everybody
with the condition; the rest waits for a fact, and an unknown fact is asked for, never a no.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical.facts import Facts
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import (
    NEVER,
    Conclusion,
    Known,
    Rule,
    all_of,
    any_of,
    fact,
)

_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN

CARE_PLAN = Rule(
    "support.care_plan",
    "Make a personalised care plan with the person: a senior clinician of the team, from the "
    "person's needs and preferences and the advice of everyone involved.",
    Strength.ENSURE,
    ("1.1.17",),
)
COMMUNITY = Rule(
    "support.community",
    "Arrange community nursing, rehabilitation, equipment and support for the person, family and "
    "carers.",
    Strength.ENSURE,
    ("1.1.22",),
)
INFORMATION = Rule(
    "support.information",
    "Give information that suits this person and family, so that they can share in each decision.",
    Strength.ENSURE,
    ("1.2.1",),
)
REASONS = Rule(
    "support.reasons",
    "Say why each test and treatment is offered, with its risks and benefits.",
    Strength.ENSURE,
    ("1.2.2",),
)
QUESTIONS = Rule(
    "support.questions",
    "Make time for worries and questions: the diagnosis, the options and their risks, pain, and "
    "what may come, getting worse included.",
    Strength.ENSURE,
    ("1.2.3",),
)
CONTACT = Rule(
    "support.contact",
    "Tell the person and their family whom to ring about new or worse symptoms.",
    Strength.ENSURE,
    ("1.2.4",),
)
NEEDS_ASSESSMENT = Rule(
    "support.needs_assessment",
    "Assess the person's needs as a whole, together with them.",
    Strength.ENSURE,
    ("1.2.5",),
)
NEEDS_AGAIN = Rule(
    "support.needs_again",
    "Go through the holistic needs assessment again: needs or preferences have changed.",
    Strength.ENSURE,
    ("1.2.5",),
)
SIGNPOSTING = Rule(
    "support.signposting",
    "Say how to get the help the needs assessment points to: psychological, emotional, spiritual, "
    "financial.",
    Strength.ENSURE,
    ("1.2.6",),
)
INDEPENDENCE = Rule(
    "support.independence",
    "Talk with the person about staying independent, living with uncertainty and adapting to what "
    "changes.",
    Strength.ENSURE,
    ("1.2.7",),
)
EXPERIENCE = Rule(
    "support.experience",
    "Ask how the service is for them, and change what can be changed: appointments, tests, "
    "treatment, home, disability.",
    Strength.ENSURE,
    ("1.2.8",),
)
ADVANCE_CARE = Rule(
    "support.advance_care",
    "Offer to talk about advance care planning.",
    Strength.OFFER,
    ("1.2.9",),
)
END_OF_LIFE = Rule("support.end_of_life", "Offer end-of-life care.", Strength.OFFER, ("1.2.10",))
BEREAVEMENT = Rule(
    "support.bereavement",
    "Tell family and carers about bereavement support, in writing too, and how to get it.",
    Strength.ENSURE,
    ("1.2.11",),
)
SERVICES = Rule(
    "support.services",
    "See that every service the person needs is within reach, and helps them adapt.",
    Strength.ENSURE,
    ("1.2.12",),
)
TRAINING = Rule(
    "support.training",
    "Teach care techniques and equipment, in hospital and at home: handling, braces, wheelchair, "
    "bladder and bowel.",
    Strength.ENSURE,
    ("1.2.13",),
)
REHABILITATION = Rule(
    "support.rehabilitation",
    "Offer rehabilitation and support from diagnosis on, reviewed with the plan and the needs.",
    Strength.OFFER,
    ("1.12.1",),
)
GOALS = Rule(
    "support.goals",
    "Set the goals of rehabilitation from what matters to the person.",
    Strength.ENSURE,
    ("1.12.2",),
)
PLANNING = Rule(
    "support.planning",
    "Begin to plan discharge, ongoing care and rehabilitation on admission.",
    Strength.ENSURE,
    ("1.12.3",),
)
SPECIALIST_REHABILITATION = Rule(
    "support.specialist_rehabilitation",
    "Offer specialist rehabilitation, in a unit of its own if that is right.",
    Strength.OFFER,
    ("1.1.23", "1.12.4"),
)
COMPLICATIONS = Rule(
    "support.complications",
    "Prevent and treat complications, in hospital and at home: clots, pressure ulcers, bladder and "
    "bowel.",
    Strength.OFFER,
    ("1.12.5",),
)

RULES = (
    CARE_PLAN,
    COMMUNITY,
    INFORMATION,
    REASONS,
    QUESTIONS,
    CONTACT,
    NEEDS_ASSESSMENT,
    NEEDS_AGAIN,
    SIGNPOSTING,
    INDEPENDENCE,
    EXPERIENCE,
    ADVANCE_CARE,
    END_OF_LIFE,
    BEREAVEMENT,
    SERVICES,
    TRAINING,
    REHABILITATION,
    GOALS,
    PLANNING,
    SPECIALIST_REHABILITATION,
    COMPLICATIONS,
)
NO_PLAN = "There is no personalised care plan yet."
_OWED = (INFORMATION, REASONS, QUESTIONS, INDEPENDENCE, EXPERIENCE, SERVICES)


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What of 1.2 and 1.12 applies to this person now; nothing once it is ruled out."""
    if facts.concerned.answer is _NO:
        return ()
    return (
        *_information(facts),
        *_needs(facts),
        *_last_days(facts),
        *_rehabilitation(facts),
    )


def _information(facts: Facts) -> Iterator[Conclusion]:
    concerned, care = facts.concerned, facts.care
    for rule in _OWED:
        yield from rule.when(concerned)
    yield from CONTACT.when(all_of(concerned, wanting(care.knows_who_to_contact, *_CONTACT)))
    yield from CARE_PLAN.when(all_of(concerned, wanting(care.care_plan, *_PLAN)))


def _needs(facts: Facts) -> Iterator[Conclusion]:
    care, diagnosed = facts.care, _diagnosed(facts)
    first = wanting(care.needs_assessed, *_ASSESSED)
    able = fact(
        care.able_to_take_part,
        "The person is well enough to take part.",
        "Is the person well enough, in body and mind, to take part in a needs assessment?",
    )
    yield from NEEDS_ASSESSMENT.when(all_of(diagnosed, first, able))
    if care.needs_assessed is not _NO:
        assessed = fact(care.needs_assessed, "The person's needs were assessed.", _ASSESSED[1])
        changed = fact(
            care.needs_changed,
            "Needs or preferences have changed since.",
            "Have the person's needs or preferences changed since the assessment?",
        )
        yield from NEEDS_AGAIN.when(all_of(assessed, changed))
        yield from SIGNPOSTING.when(assessed)
    offered = wanting(care.advance_care_planning, *_ADVANCE)
    yield from ADVANCE_CARE.when(all_of(facts.concerned, offered))


def _last_days(facts: Facts) -> Iterator[Conclusion]:
    near = fact(
        facts.care.end_of_life,
        "The person is near the end of life.",
        "Is the person near the end of life?",
    )
    yield from END_OF_LIFE.when(near)
    yield from BEREAVEMENT.when(near)


def _rehabilitation(facts: Facts) -> Iterator[Conclusion]:
    care, diagnosed = facts.care, _diagnosed(facts)
    yield from REHABILITATION.when(diagnosed)
    yield from GOALS.when(diagnosed)
    benefit = fact(
        care.rehabilitation_would_help,
        "The person is likely to benefit from specialist rehabilitation.",
        "Would specialist rehabilitation help, from the person's circumstances, level of function "
        "and treatment?",
    )
    yield from SPECIALIST_REHABILITATION.when(all_of(facts.mscc, benefit))
    yield from PLANNING.when(
        all_of(
            facts.concerned,
            fact(care.in_hospital, "The person is in hospital.", "Is the person in hospital?"),
            wanting(care.discharge_lead, *_LEAD),
        )
    )
    yield from COMMUNITY.when(facts.concerned)
    yield from TRAINING.when(facts.concerned)
    yield from COMPLICATIONS.when(facts.concerned)


def wanting(answer: Answer, missing: str, question: str) -> Known:
    """Something that should be there: YES while it is not, not known until somebody says."""
    if answer is _NO:
        return Known(_YES, (missing,))
    if answer is _YES:
        return NEVER
    return Known(_NOT_KNOWN, (), (question,))


_CONTACT = (
    "They have not been told whom to ring.",
    "Do the person and their family know whom to ring about new or worse symptoms?",
)
_PLAN = (NO_PLAN, "Is there a personalised care plan?")
_ASSESSED = ("The person's needs have not been assessed.", "Have the person's needs been assessed?")
_ADVANCE = (
    "Advance care planning has not been offered.",
    "Has the person been offered a talk about advance care planning?",
)
_LEAD = (
    "Nobody leads the discharge planning yet.",
    "Who leads the discharge planning?",
)


def _diagnosed(facts: Facts) -> Known:
    """Spinal metastases or MSCC are diagnosed, by this scan or before it."""
    before = facts.disease.metastases_known
    return any_of(
        facts.mscc_confirmed,
        facts.metastases_without_mscc,
        fact(before, "Spinal metastases were diagnosed before.", _BEFORE),
    )


_BEFORE = "Were spinal metastases diagnosed before?"
