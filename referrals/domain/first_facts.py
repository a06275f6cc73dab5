"""The first facts of a referral: suspicion, arrival, and what was done before anybody was told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.triage import TriageConclusion
from referrals.domain.moments import happened
from referrals.domain.path import Change, save_rows
from referrals.domain.told import Intake
from referrals.models import MriScan


def first_milestones(
    intake: Intake, conclusion: TriageConclusion, changing: Change, received_at: datetime
) -> None:
    """When it was suspected, when it was received, and what had been done before."""
    suspected_at = received_at
    if intake.suspected_at is not None:
        suspected_at = happened(
            "suspected_at",
            intake.suspected_at,
            changing,
            confirmed=intake.suspected_at_confirmed,
        )
    care = intake.sections.get("care", {})
    scanned_at = care.get("mri_performed_at")
    if scanned_at is not None:
        # A scan that found it was, at the latest, the moment the suspicion arose.
        suspected_at = min(suspected_at, scanned_at)
    kind = {
        Suspicion.MSCC: MilestoneKind.MSCC_SUSPECTED,
        Suspicion.SPINAL_METASTASES: MilestoneKind.METASTASES_SUSPECTED,
    }.get(conclusion.suspicion)
    if kind is not None:
        changing.record(kind, suspected_at)
    changing.record(MilestoneKind.RECEIVED, received_at, route=intake.route)
    care_milestones(care, changing)


def care_milestones(care: Mapping[str, Any], changing: Change) -> None:
    """What had been done before anybody here was told, as facts with their own times."""
    if at := care.get("immobilised_at"):
        at = happened("immobilised_at", at, changing, confirmed=True)
        changing.record(MilestoneKind.IMMOBILISATION_STARTED, at)
    if at := care.get("mri_performed_at"):
        at = happened("mri_performed_at", at, changing, confirmed=True)
        whole = care.get("mri_whole_spine") == Answer.YES
        kind = MilestoneKind.MRI_PERFORMED if whole else MilestoneKind.MRI_INCOMPLETE
        changing.record(kind, at)
        save_rows(
            [
                MriScan(
                    referral=changing.referral,
                    occurred_at=at,
                    performed_at=at,
                    whole_spine=whole,
                    **changing.stamp(),
                )
            ]
        )
