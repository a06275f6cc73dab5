"""What is on record about one person, as the facts that the clinical rules turn on.

A translation and nothing more: the latest known value of each field holds, and what nobody has
recorded stays unknown. Only what this product itself keeps the time of (a scan, radiotherapy,
surgery) counts as not done until it is recorded, because its clocks run on the same facts.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mscc import clock
from referrals.clinical import advice, scanning
from referrals.clinical.facts import (
    Confirmed,
    Disease,
    Facts,
    Haematology,
    Pain,
    Primary,
    Prognosis,
    Scans,
    Spine,
    Treatment,
)
from referrals.clinical.identity import age
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.neurology import LIMBS, Mobility, Neurology
from referrals.clinical.presentation import Answer, CancerStatus, Presentation
from referrals.domain.queries.facts_care import care_of, steroids_of
from referrals.domain.queries.known import (
    DONE,
    NO,
    NOT_KNOWN,
    YES,
    answer,
    entered,
    entries,
    latest,
    latest_known,
)
from referrals.domain.queries.person import Story
from referrals.domain.queries.scores import scored_of
from referrals.models import (
    MriScan,
    NeurologicalAssessment,
    PainPlan,
    TreatmentDecision,
)
from referrals.models import Presentation as PresentationRow
from referrals.models.patient import Sex

# Years; a local number, to be agreed by the service. NG234 gives none.
PAST_CHILDBEARING = 60
_PLANS = TreatmentDecision.Plan
_NONE = frozenset({"none", "no", "nil", "never"})


def facts_of(story: Story, at: datetime) -> Facts:
    """The facts of one person as of `at`; nothing here asks the database."""
    known = story.facts
    considered = latest_known(story.considerations)
    told, seen = story.presentations, story.neurology
    return Facts(
        suspicion=Suspicion(story.referral.suspicion),
        presentation=_presentation(told),
        presentation_before=_presentation(told[:-1]) if len(told) > 1 else None,
        confirmed=Confirmed(story.referral.confirmed or Confirmed.NOT_KNOWN),
        neurology=examined(seen),
        neurology_before=examined(seen[:-1]) if len(seen) > 1 else None,
        disease=_disease(story, known, considered),
        pain=_pain(story, known),
        spine=_spine(story, known, considered),
        scans=_scans(story, known),
        steroids=steroids_of(story, at),
        treatment=_treatment(story, known, considered, at),
        care=care_of(story),
        scored=scored_of(story),
    )


def _presentation(rows: list[PresentationRow]) -> Presentation:
    """Box 1 over all presentations: a later yes or no replaces an earlier answer."""
    cancer, found = CancerStatus.NOT_KNOWN, {}
    for row in rows:
        told = row.as_facts()
        if told.cancer is not CancerStatus.NOT_KNOWN:
            cancer = told.cancer
        found |= {each.item: each for each in told.findings if each.answer is not NOT_KNOWN}
    return Presentation(cancer, tuple(found.values()))


def examined(rows: Sequence[NeurologicalAssessment]) -> Neurology:
    """What is known from these examinations, the latest of each limb and each sign."""
    known = latest_known(rows)
    return Neurology(
        mobility=Mobility(known.get("mobility", Mobility.NOT_KNOWN)),
        power={limb: known[f"power_{limb}"] for limb in LIMBS if f"power_{limb}" in known},
        bladder=answer(known, "bladder_problem"),
        bowel=answer(known, "bowel_problem"),
        sensation=answer(known, "sensation_loss"),
        complete_paralysis=answer(known, "complete_paralysis"),
        sensory_level=known.get("sensory_level", ""),
    )


def _disease(story: Story, known: Mapping[str, Any], considered: Mapping[str, Any]) -> Disease:
    primary = Primary(known.get("cancer.primary") or Primary.NOT_KNOWN)
    haematological = answer(known, "cancer.haematological")
    if primary in (Primary.LYMPHOMA, Primary.MYELOMA):
        haematological = YES
    cancer = CancerStatus(known.get("presentation.cancer") or CancerStatus.NOT_KNOWN)
    shown = story.referral.confirmed in (Confirmed.MSCC, Confirmed.SPINAL_METASTASES)
    return Disease(
        primary=primary,
        haematology=Haematology(advice.haematology(cancer, haematological)),
        metastases_known=YES if shown else answer(known, "cancer.spinal_metastases_known"),
        oligometastases=answer(considered, "oligometastases"),
        prognosis=Prognosis(known.get("cancer.outlook") or Prognosis.NOT_KNOWN),
        other_treatment=answer(considered, "other_treatment"),
        stem_cell_harvest=answer(considered, "stem_cell_harvest"),
    )


def _pain(story: Story, known: Mapping[str, Any]) -> Pain:
    plans = [row for row in story.pain_plans if row.kind == PainPlan.Kind.PLAN]
    plan = plans[-1] if plans else None
    controlled = [(row.occurred_at, Answer(row.controlled)) for row in story.pain]
    controlled += [(row.occurred_at, Answer(row.pain_controlled)) for row in story.considerations]
    return Pain(
        severity=known.get("pain.severity"),
        on_movement=answer(known, "pain.on_movement"),
        controlled=latest(controlled),
        neuropathic=answer(known, "pain.neuropathic"),
        opioids_do_not_help=answer(known, "pain.opioids_do_not_help"),
        difficult_to_manage=answer(known, "pain.difficult_to_manage"),
        limits_life=answer(known, "pain.limits_life"),
        assessed=YES if story.pain else entered(story, "pain_assessment"),
        plan_agreed=Answer(plan.agreed) if plan else NOT_KNOWN,
        reviewed_since_change=_reviewed(story, plan),
        strong_opioids=answer(latest_known(story.pain_plans), "strong_opioids"),
        palliative_care=entered(story, "end_of_life_care"),
    )


def _reviewed(story: Story, plan: PainPlan | None) -> Answer:
    """Whether the plan was reviewed after it was last started or changed (1.7.4)."""
    if plan is None:
        return NOT_KNOWN
    reviews = (row for row in story.pain_plans if row.kind == PainPlan.Kind.REVIEW)
    return YES if any(row.occurred_at > plan.occurred_at for row in reviews) else NO


def _spine(story: Story, known: Mapping[str, Any], considered: Mapping[str, Any]) -> Spine:
    sought = MilestoneKind.STABILITY_ADVICE_SOUGHT in story.kinds
    return Spine(
        unstable=answer(considered, "unstable"),
        stability_likely=answer(considered, "stability_likely"),
        immobilised=_immobilised(story),
        tolerates_supine=answer(known, "mri_safety.can_lie_flat"),
        expert_advice_sought=YES if sought else NOT_KNOWN,
        mobilising=YES if story.sittings else NOT_KNOWN,
    )


def _immobilised(story: Story) -> Answer:
    """Whether the person lies flat now: what was last said, by a milestone, the ward or the
    care bundle."""
    told = [(row.occurred_at, Answer(row.immobilised)) for row in story.care]
    told += entries(story, "immobilisation", DONE)
    said = {MilestoneKind.IMMOBILISATION_STARTED: YES, MilestoneKind.IMMOBILISATION_ENDED: NO}
    for row in story.standing:
        if answer := said.get(MilestoneKind(row.kind)):
            told.append((row.occurred_at, answer))
    return latest(told)


def _scans(story: Story, known: Mapping[str, Any]) -> Scans:
    kinds = story.kinds
    booked = story.scan_booked
    slot = booked.slot_at if booked else None
    read = [scan for scan in story.scans if scan.reported_at]
    decision = story.decisions[-1] if story.decisions else None
    surgery = decision is not None and decision.plan == TreatmentDecision.Plan.SURGERY
    return Scans(
        mri_contraindicated=answer(known, "mri_safety.contraindicated"),
        local_mri_possible=_local_mri(story),
        whole_spine_done=YES if MilestoneKind.MRI_PERFORMED in kinds else NO,
        reported=YES if MilestoneKind.SCAN_REPORTED in kinds else NO,
        ct_done=YES if MilestoneKind.CT_PERFORMED in kinds else NO,
        more_needed_after_ct=_more_after_ct(read),
        overnight=(YES if scanning.overnight(slot) else NO) if slot else NOT_KNOWN,
        treatment_at_once=YES if booked and booked.overnight_reason.strip() else NOT_KNOWN,
        procedure_planned=YES if surgery else NOT_KNOWN,
    )


def _local_mri(story: Story) -> Answer:
    placed = [scan for scan in story.scans if scan.place_id is not None]
    if not placed:
        return NOT_KNOWN
    return YES if placed[-1].place_id == story.referral.hospital_id else NO


def _more_after_ct(read: list[MriScan]) -> Answer:
    done = [scan for scan in read if scan.modality == MriScan.Modality.CT]
    if not done:
        return NOT_KNOWN
    return YES if done[-1].outcome == MriScan.Outcome.INCONCLUSIVE else NO


def _treatment(
    story: Story, known: Mapping[str, Any], considered: Mapping[str, Any], at: datetime
) -> Treatment:
    kinds = story.kinds
    decision = story.decisions[-1] if story.decisions else None
    discussed = answer(considered, "discussed_with_specialists")
    consulted = decision is not None and bool(decision.consulted)
    direct = {name: answer(considered, name) for name in _CONSIDERED}
    if direct["fertility_matters"] is NOT_KNOWN and _past_childbearing(story, at):
        direct["fertility_matters"] = NO
    ended = considered.get("radiotherapy_ended_on")
    return Treatment(
        **direct,
        discussed_with_specialists=YES if consulted else discussed,
        paralysed_days=_paralysed_days(story, considered, at),
        radiotherapy_considered=_radiotherapy_considered(decision, kinds),
        conservative=_conservative(decision),
        radiotherapy_started=YES if MilestoneKind.RADIOTHERAPY_STARTED in kinds else NO,
        surgery_performed=YES if MilestoneKind.SURGERY_PERFORMED in kinds else NO,
        previous_radiotherapy=_previous_radiotherapy(known, considered),
        months_since_radiotherapy=months_between(ended, clock.local(at).date()) if ended else None,
    )


_CONSIDERED = (
    "surgery_suitable",
    "immediate_treatment_needed",
    "primary_would_change_it",
    "rapid_progression",
    "recovered_from_surgery",
    "large_field",
    "other_side_effect_risk",
    "responded_well",
    "recurrent_symptoms",
    "asymptomatic",
    "in_trial",
    "impending_compression",
    "fertility_matters",
)


def _past_childbearing(story: Story, at: datetime) -> bool:
    """Whether age and sex alone answer it: a woman older than the local limit. Nobody else is
    told no without being asked."""
    born = story.referral.patient.date_of_birth
    if born is None or story.referral.patient.sex != Sex.FEMALE:
        return False
    return age(born, clock.local(at).date()) >= PAST_CHILDBEARING


def _radiotherapy_considered(decision: TreatmentDecision | None, kinds: frozenset[str]) -> Answer:
    planned = decision is not None and decision.plan == _PLANS.RADIOTHERAPY
    if planned or MilestoneKind.RADIOTHERAPY_BOOKED in kinds:
        return YES
    return NO if _conservative(decision) is YES else NOT_KNOWN


def _conservative(decision: TreatmentDecision | None) -> Answer:
    """Whether it was decided that neither surgery nor radiotherapy follows."""
    if decision is None:
        return NOT_KNOWN
    return YES if decision.plan in (_PLANS.SYSTEMIC, _PLANS.SUPPORTIVE) else NO


def _previous_radiotherapy(known: Mapping[str, Any], considered: Mapping[str, Any]) -> Answer:
    """As considered; words on the cancer history only tell when they say that there was none."""
    if (considered_so := answer(considered, "previous_radiotherapy")) is not NOT_KNOWN:
        return considered_so
    said = str(known.get("cancer.previous_radiotherapy") or "")
    return NO if said.strip().rstrip(".").lower() in _NONE else NOT_KNOWN


def _paralysed_days(story: Story, considered: Mapping[str, Any], at: datetime) -> int | None:
    """Whole days since paralysis was complete; None when it is not, or nobody knows since when."""
    since = considered.get("paralysed_since")
    complete = answer(latest_known(story.neurology), "complete_paralysis")
    if since is None or complete is NO:
        return None
    return max(0, (clock.local(at).date() - since).days)


def months_between(since: date, until: date) -> float:
    """Calendar months: 3.0 on the same day of the month three months later, never before it."""
    months = (until.year - since.year) * 12 + until.month - since.month
    if until.day < since.day:
        months -= 1
    days = (until.day - since.day) % 31
    return max(0.0, months + days / 31)
