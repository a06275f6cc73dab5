"""Care besides scans and treatment: assessment, planning, information, going home."""

from __future__ import annotations

from audit.measures.given import (
    DECLINED,
    DIED,
    NOTHING,
    OFFERED,
    SAID_OTHERWISE,
    SECTION,
    item,
    one,
    settled_by_end,
)
from audit.measures.measure import Measure, Shape
from audit.measures.story import DAY, OnStory, Story
from audit.measures.timing import MET, NOT_ABOUT, NOT_MET, OPEN, unrecorded, within
from audit.measures.verdict import Verdict, not_met
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.presentation import Answer

_NO_LEAD = not_met("no named lead")
_ALONE = not_met("not both oncology and spinal surgery consulted")
_NOT_ALL = not_met("not on all five topics")


def _concerned(story: Story) -> bool:
    return story.facts.confirmed != "ruled_out" and (story.ever_mscc or story.ever_metastases)


def _found(story: Story) -> bool:
    return story.facts.confirmed in ("mscc", "spinal_metastases")


def _topics(story: Story) -> Verdict:
    if Kind.ADVICE_GIVEN not in story.first:
        return NOT_ABOUT
    topics = len(story.facts.advised_topics)
    if topics >= 5:
        return MET
    return OPEN if story.open else unrecorded(story, _NOT_ALL)


def _care_plan(story: Story) -> Verdict:
    if not _found(story):
        return NOT_ABOUT
    if story.facts.care_plan_by:
        return MET
    settled = settled_by_end(story, after_death=True)
    return unrecorded(story, NOTHING) if settled is None else settled


def _planned_early(story: Story) -> Verdict:
    if not _concerned(story):
        return NOT_ABOUT
    care = story.facts.care.get("discharge_planning")
    if care is not None and care.status != "given":
        return DECLINED if care.status == "declined" else SAID_OTHERWISE.get(care.status, NOT_MET)
    return within(story, story.received_at, None if care is None else care.at, 2 * DAY)


def _left_alive(story: Story) -> Verdict | None:
    """What settles it for whoever did not leave hospital alive with the diagnosis; else None."""
    facts = story.facts
    if not _found(story) or facts.state in ("redirected", "withdrawn"):
        return NOT_ABOUT
    if story.open:
        return OPEN
    return DIED if facts.died_in_hospital else None


def _lead(story: Story) -> Verdict:
    settled = _left_alive(story)
    if settled is not None:
        return settled
    return MET if story.facts.discharge_lead else unrecorded(story, _NO_LEAD)


def _step(key: str) -> OnStory:
    def tell(story: Story) -> Verdict:
        settled = _left_alive(story) if story.is_mscc else NOT_ABOUT
        if settled is not None:
            return settled
        return MET if key in story.facts.discharge_steps else unrecorded(story, NOTHING)

    return OnStory(tell)


def _pain_assessed(story: Story) -> Verdict:
    if not _concerned(story):
        return NOT_ABOUT
    return MET if story.facts.pain_severity is not None else _PAIN.tell(story)


_PAIN = item("pain_assessment", _concerned)


def _together(story: Story) -> Verdict:
    decided = [each for each in story.decisions if each.plan == "surgery"]
    if not decided:
        return NOT_ABOUT
    consulted = {name for each in decided for name in each.consulted}
    if {"oncology", "spinal_surgery"} <= consulted or {
        "haematology",
        "spinal_surgery",
    } <= consulted:
        return MET
    return unrecorded(story, _ALONE) if not consulted else _ALONE


def _deficit_examined(story: Story) -> Verdict:
    """Whether anybody examined neurology before treatment, so that an outcome can be told."""
    if not story.is_mscc:
        return NOT_ABOUT
    treated = story.treated_at
    for each in story.facts.examined:
        known = each.weakest is not None or each.mobility != "not_known" or bool(each.frankel)
        if (known or each.bladder != Answer.NOT_KNOWN) and (treated is None or each.at <= treated):
            return MET
    return OPEN if story.open and treated is None else unrecorded(story, NOTHING)


_ANYONE = "Referrals with suspected MSCC or spinal metastases that were not ruled out"
_WITH = "Adults with MSCC or spinal metastases found by imaging"

MEASURES: tuple[Measure, ...] = (
    one(
        "vte_assessment",
        40,
        "Risk of blood clots and bleeding assessed",
        _ANYONE,
        "NG234 1.12.5",
        item("vte_assessment", _concerned),
    ),
    one(
        "pain_assessed",
        41,
        "Pain assessed",
        _ANYONE,
        "NG234 1.7.2",
        OnStory(_pain_assessed),
        numerator="Those with a severity of pain, or an assessment, on record",
    ),
    one(
        "neurology_before_treatment",
        42,
        "Neurology examined before treatment",
        "Adults with MSCC confirmed by imaging",
        "NG234 1.1.15",
        OnStory(_deficit_examined),
        numerator="Those with mobility, power, bladder or a Frankel grade on record by then",
        note="Without it no outcome can be compared with how the person came.",
    ),
    one(
        "advice_topics",
        43,
        "First advice on all five topics",
        "Referrals whose referrer was advised",
        "NG234 1.1.16",
        OnStory(_topics),
        numerator="Those advised on pain, stability, immobilisation, dexamethasone and transfer",
        note="Not every topic concerns everybody.",
    ),
    one(
        "senior_care_plan",
        44,
        "Personalised care plan by a senior clinician",
        _WITH,
        "NG234 1.1.17",
        OnStory(_care_plan),
        numerator="Those with a plan that a senior clinician made",
    ),
    one(
        "holistic_needs",
        45,
        "Holistic needs assessed",
        _WITH,
        "NG234 1.2.5",
        item("holistic_needs", _found, offer=True, planning=True),
        numerator=OFFERED,
    ),
    one(
        "advance_care_planning",
        46,
        "Advance care planning offered",
        _WITH,
        "NG234 1.2.9",
        item("advance_care_planning", _found, offer=True),
        numerator=OFFERED,
        note="People who died in hospital are counted: it was theirs to be offered.",
    ),
    one(
        "rehabilitation",
        47,
        "Rehabilitation begun",
        _WITH,
        "NG234 1.12.1",
        item("rehabilitation", _found, planning=True),
    ),
    one(
        "information",
        48,
        "Information given to the person",
        _ANYONE,
        "NG234 1.2.1",
        item("information", _concerned, offer=True),
        numerator=OFFERED,
    ),
    one(
        "whom_to_ring",
        49,
        "The person knows whom to ring about new symptoms",
        _ANYONE,
        "NG234 1.2.4",
        item("contact", _concerned),
    ),
    Measure(
        key="discharge_planning",
        number=50,
        section=SECTION,
        name="Discharge planning begun within 2 days",
        clock="From when the referral was received",
        numerator="Those in whom it was begun within 48 hours",
        denominator=_ANYONE,
        source="NG234 1.12.3; 2 days is the local reading of on admission",
        shape=Shape.TIMED,
        target_s=2 * DAY,
        note="The admission itself is not on record: the referral stands for it.",
        judge=OnStory(_planned_early),
    ),
    one(
        "discharge_lead",
        51,
        "A named person leads the discharge",
        f"{_WITH} who left hospital alive",
        "NG234 1.1.24",
        OnStory(_lead),
        numerator="Those with a named lead",
    ),
    one(
        "carers_trained",
        52,
        "Family and carers supported and trained",
        "Adults with MSCC confirmed by imaging who left hospital alive",
        "NG234 1.1.26",
        _step("carers"),
    ),
    one(
        "equipment_at_home",
        53,
        "Equipment and support ready at home",
        "Adults with MSCC confirmed by imaging who left hospital alive",
        "NG234 1.1.25",
        _step("equipment"),
    ),
    one(
        "surgery_together",
        54,
        "Surgery decided with the right specialists",
        "Referrals with surgery decided on",
        "NG234 1.11.1",
        OnStory(_together),
        numerator="Those for whom spinal surgery and oncology (or haematology) were consulted",
    ),
)
