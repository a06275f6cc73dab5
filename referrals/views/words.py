"""Facts of the record in plain words, for the timeline, a correction and the letter."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from mscc.people.models import Specialty
from mscc.web.filters import local
from referrals.clinical.facts import Primary, Prognosis
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.neurology import LIMBS, Mobility
from referrals.clinical.presentation import BY_ID
from referrals.models import (
    CancerHistory,
    DexamethasoneEntry,
    Fitness,
    InitialCare,
    MriSafety,
    MriScan,
    NeurologicalAssessment,
    PainAssessment,
    PainPlan,
    Presentation,
    TreatmentDecision,
)
from referrals.models.referral import SUSPICIONS

_SUSPICIONS = dict(SUSPICIONS)
_PLANS = dict(TreatmentDecision.Plan.choices)
_FACTS = {
    Kind.RECEIVED: "Referral received",
    Kind.METASTASES_SUSPECTED: "Spinal metastases suspected",
    Kind.MSCC_SUSPECTED: "MSCC suspected",
    Kind.SUSPICION_ENDED: "Neither MSCC nor spinal metastases suspected any more",
    Kind.NEW_SIGNS_REPORTED: "New signs reported",
    Kind.TAKEN: "Referral taken",
    Kind.TRIAGED: "Triaged",
    Kind.ADVICE_GIVEN: "Advice given",
    Kind.IMMOBILISATION_STARTED: "Immobilisation started",
    Kind.IMMOBILISATION_ENDED: "Immobilisation ended",
    Kind.STABILITY_ADVICE_SOUGHT: "Expert advice on spinal stability sought",
    Kind.MRI_BOOKED: "MRI booked",
    Kind.MRI_PERFORMED: "MRI of the whole spine performed",
    Kind.MRI_INCOMPLETE: "Scan of part of the spine performed",
    Kind.CT_PERFORMED: "CT of the whole spine performed instead of MRI",
    Kind.SCAN_REPORTED: "Scan reported",
    Kind.OPINION_ASKED: "Opinion asked",
    Kind.OPINION_ANSWERED: "Opinion given",
    Kind.DECISION_TO_TREAT: "Decision to treat",
    Kind.RADIOTHERAPY_BOOKED: "Radiotherapy booked",
    Kind.RADIOTHERAPY_STARTED: "Radiotherapy started",
    Kind.SURGERY_BOOKED: "Surgery booked",
    Kind.SURGERY_PERFORMED: "Surgery performed",
    Kind.DEXAMETHASONE_STARTED: "Dexamethasone started",
    Kind.DEXAMETHASONE_STOPPED: "Dexamethasone stopped",
    Kind.CARE_PLAN_MADE: "Personalised care plan made",
    Kind.FOLLOWED_UP: "Followed up",
    Kind.DISCHARGED: "Discharged",
    Kind.REDIRECTED: "Redirected",
    Kind.WITHDRAWN: "Withdrawn",
    Kind.REOPENED: "Taken up again",
}


class Told(Protocol):
    """As much of a milestone as its words need."""

    @property
    def kind(self) -> str: ...
    @property
    def details(self) -> dict[str, Any]: ...


def fact_in_words(milestone: Told) -> str:
    """What a milestone says, with the little that its own details add."""
    kind, details = Kind(milestone.kind), milestone.details
    more = ""
    if kind in (Kind.OPINION_ASKED, Kind.OPINION_ANSWERED, Kind.STABILITY_ADVICE_SOUGHT):
        specialty = str(details.get("specialty", ""))
        more = Specialty(specialty).label.lower() if specialty in Specialty.values else ""
    elif kind is Kind.TRIAGED:
        more = _SUSPICIONS.get(str(details.get("suspicion", "")), "")
    elif kind is Kind.SCAN_REPORTED:
        more = dict(MriScan.Outcome.choices).get(str(details.get("outcome", "")), "")
    elif kind is Kind.DECISION_TO_TREAT:
        more = _PLANS.get(str(details.get("plan", "")), "")
    elif kind is Kind.ADVICE_GIVEN and details.get("how") == "phone":
        more = "by phone"
    elif kind is Kind.RECEIVED and details.get("route") == "telephone":
        more = "by telephone"
    return f"{_FACTS[kind]}: {more[:1].lower()}{more[1:]}" if more else _FACTS[kind]


def named(kind: Kind) -> str:
    """What a kind of fact is called: "Scan reported"."""
    return _FACTS[kind]


def slot_in_words(details: dict[str, Any]) -> str:
    """An appointment named in a milestone's details; empty when there is none."""
    slot = details.get("slot_at")
    return f"For {local(datetime.fromisoformat(slot))}." if slot else ""


def presentation_lines(told: Presentation) -> list[str]:
    """Box 1: what is there, what is not, and what nobody knows."""
    found: dict[str, list[str]] = {"yes": [], "no": [], "not_known": []}
    for name, given in told.findings.items():
        found[given["answer"]].append(BY_ID[name].label)
    words = {
        "past_or_current": "Cancer now or in the past.",
        "suspected": "Cancer is suspected, not diagnosed.",
        "none": "No cancer known.",
        "not_known": "Not known whether there is cancer.",
    }
    lines = [words[told.cancer]]
    for answer, begin in (("yes", "Found"), ("no", "Not found"), ("not_known", "Not known")):
        if found[answer]:
            lines.append(f"{begin}: {', '.join(found[answer])}.")
    return [*lines, told.narrative] if told.narrative else lines


def neurology_lines(seen: NeurologicalAssessment) -> list[str]:
    """One examination, best known first."""
    grades = [
        f"{name} {grade}"
        for limb, name in LIMBS.items()
        if (grade := getattr(seen, f"power_{limb}")) is not None
    ]
    level = f" down from {seen.sensory_level}" if seen.sensory_level else ""
    there = _answered(
        seen,
        complete_paralysis="complete paralysis",
        sensation_loss=f"loss of feeling{level}",
        perianal_sensation_reduced="less feeling around the back passage",
        anal_tone_reduced="reduced anal tone",
        bladder_problem="bladder problem",
        bowel_problem="bowel problem",
        catheter="urinary catheter",
    )
    walks = Mobility(seen.mobility)
    return _sentences(
        f"Mobility: {walks.label}" if walks is not Mobility.NOT_KNOWN else "",
        f"Power: {', '.join(grades)}" if grades else "",
        *there,
        f"Last walked unaided: {seen.last_walked}" if seen.last_walked else "",
        seen.findings,
        f"Examined by {seen.examined_by}" if seen.examined_by else "",
    )


def pain_lines(pain: PainAssessment) -> list[str]:
    """Pain as it was scored and described."""
    return _sentences(
        f"Pain {pain.severity} out of 10" if pain.severity is not None else "",
        f"Where: {pain.site}" if pain.site else "",
        *_answered(
            pain,
            on_movement="worse on movement",
            controlled="controlled by painkillers",
            neuropathic="neuropathic features",
            opioids_do_not_help="opioids do not help",
            difficult_to_manage="difficult to manage",
            limits_life="limits daily life a great deal",
        ),
        f"Cause: {pain.cause}" if pain.cause else "",
        f"Tried: {pain.tried}" if pain.tried else "",
        f"Relieved by {pain.relief}" if pain.relief else "",
        f"Keeps the person from {pain.impact}" if pain.impact else "",
    )


def pain_plan_lines(plan: PainPlan) -> list[str]:
    """A pain plan, or the review of one."""
    return _sentences(
        plan.plan,
        *_answered(
            plan,
            agreed="agreed with the person",
            helped="helped",
            strong_opioids="strong opioids",
        ),
        f"Side effects: {plan.side_effects}" if plan.side_effects else "",
    )


def safety_lines(safety: MriSafety) -> list[str]:
    """What imaging must know."""
    return _sentences(
        *_answered(
            safety,
            contraindicated="MRI is contraindicated",
            implants="implants or metal",
            can_lie_flat="can lie flat",
            claustrophobia="claustrophobia",
        ),
        f"Contraindication: {safety.contraindication}" if safety.contraindication else "",
        f"Implants: {safety.implant_details}" if safety.implant_details else "",
        f"Weight {safety.weight_kg} kg" if safety.weight_kg else "",
        f"Infection: {safety.infection_risk}" if safety.infection_risk else "",
    )


def care_lines(care: InitialCare) -> list[str]:
    """What had been done, as far as it is known."""
    return _sentences(
        _dexamethasone(care),
        *_answered(
            care,
            stomach_protection="stomach protection",
            glucose_checked="blood glucose checked",
            immobilised="immobilised",
            vte_prophylaxis="protection against thrombosis",
        ),
        f"Pain relief: {care.analgesia}" if care.analgesia else "",
        f"Imaging done: {care.imaging_done}" if care.imaging_done else "",
        f"Images sent: {care.images_sent}" if care.images_sent else "",
    )


def _dexamethasone(care: InitialCare) -> str:
    if care.dexamethasone != "yes":
        return "".join(_answered(care, dexamethasone="dexamethasone"))
    dose = f", {float(care.dexamethasone_mg):g} mg" if care.dexamethasone_mg else ""
    when = f", {local(care.dexamethasone_at)}" if care.dexamethasone_at else ""
    return f"Dexamethasone: yes{dose}{when}"


def dexamethasone_line(row: DexamethasoneEntry) -> str:
    """One entry of a course: what it says of dose, route and days."""
    if row.kind == DexamethasoneEntry.Kind.PLAN:
        steps = "; ".join(_step(step) for step in row.taper)
        return f"Taper planned: {steps}"
    dose = f": {float(row.daily_mg):g} mg a day" if row.daily_mg else ""
    route = f", {row.route[0].lower()}{row.route[1:]}" if row.route else ""
    return f"{row.get_kind_display()}{dose}{route}"


def _step(step: dict[str, Any]) -> str:
    dose = f"{step['daily_mg']:g} mg" if step["daily_mg"] else "stop"
    on = date.fromisoformat(step["on"])
    return f"{on.day} {on:%b} {dose}"


def cancer_lines(cancer: CancerHistory) -> list[str]:
    """The cancer and what was done about it."""
    primary, outlook = Primary(cancer.primary), Prognosis(cancer.outlook)
    labelled = (
        ("Primary", cancer.primary_site),
        ("Kind of primary", "" if primary is Primary.NOT_KNOWN else primary.label),
        ("Histology", cancer.histology),
        ("Diagnosed", cancer.diagnosed),
        ("Stage", cancer.stage),
        ("Metastases elsewhere", cancer.other_metastases),
        ("Systemic treatment", cancer.systemic_therapy),
        ("Radiotherapy before", cancer.previous_radiotherapy),
        ("Prognosis judged", "" if outlook is Prognosis.NOT_KNOWN else outlook.value),
        ("Prognosis", cancer.prognosis),
        ("Oncologist", cancer.oncologist),
        ("Treatment escalation", cancer.treatment_escalation),
    )
    return _sentences(
        *(f"{label}: {text}" for label, text in labelled if text),
        *_answered(
            cancer,
            haematological="lymphoma or myeloma",
            spinal_metastases_known="spinal metastases already known",
        ),
    )


def fitness_lines(fitness: Fitness) -> list[str]:
    """Performance status and frailty."""
    now, before = fitness.performance_status, fitness.performance_status_before
    return _sentences(
        f"Performance status {now}" if now is not None else "",
        f"Performance status before {before}" if before is not None else "",
        f"Clinical Frailty Scale {fitness.frailty}" if fitness.frailty is not None else "",
        f"Other illnesses: {fitness.comorbidities}" if fitness.comorbidities else "",
        f"Anticoagulants: {fitness.anticoagulants}" if fitness.anticoagulants else "",
        f"Bloods: {fitness.bloods}" if fitness.bloods else "",
    )


def _answered(row: Any, **words: str) -> list[str]:
    """Three-way answers as sentences; what is not known is said nowhere as a no."""
    said = []
    for name, what in words.items():
        answer = getattr(row, name)
        if answer == "yes":
            said.append(f"{what[0].upper()}{what[1:]}: yes")
        elif answer == "no":
            said.append(f"{what[0].upper()}{what[1:]}: no")
    return said


def _sentences(*parts: str) -> list[str]:
    return [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part]


def joined(lines: Iterable[str]) -> str:
    """Lines as one paragraph, for a note of the timeline."""
    return " ".join(lines)
