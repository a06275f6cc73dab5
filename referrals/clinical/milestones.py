"""The facts of a pathway that a clock, a report or a clinician can hang on.

A milestone is something that happened to a person at a time (`occurred_at`), as opposed to a
state, which is where their referral stands in this product. NG234's targets run on milestones:
the guideline wants the MRI *performed* within 24 hours (1.5.2), so booking one stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Suspicion(StrEnum):
    """What the referral is suspected of: decides which clocks run (1.3.2, 1.3.3)."""

    MSCC = "mscc"
    SPINAL_METASTASES = "spinal_metastases"
    NONE = "none"


class MilestoneKind(StrEnum):
    """Each kind of fact, named as the guideline names it."""

    RECEIVED = "received"
    METASTASES_SUSPECTED = "metastases_suspected"
    MSCC_SUSPECTED = "mscc_suspected"
    SUSPICION_ENDED = "suspicion_ended"
    NEW_SIGNS_REPORTED = "new_signs_reported"
    TAKEN = "taken"
    TRIAGED = "triaged"
    ADVICE_GIVEN = "advice_given"
    IMMOBILISATION_STARTED = "immobilisation_started"
    IMMOBILISATION_ENDED = "immobilisation_ended"
    STABILITY_ADVICE_SOUGHT = "stability_advice_sought"
    MRI_BOOKED = "mri_booked"
    MRI_PERFORMED = "mri_performed"
    MRI_INCOMPLETE = "mri_incomplete"
    CT_PERFORMED = "ct_performed"
    SCAN_REPORTED = "scan_reported"
    OPINION_ASKED = "opinion_asked"
    OPINION_ANSWERED = "opinion_answered"
    DECISION_TO_TREAT = "decision_to_treat"
    RADIOTHERAPY_BOOKED = "radiotherapy_booked"
    RADIOTHERAPY_STARTED = "radiotherapy_started"
    SURGERY_BOOKED = "surgery_booked"
    SURGERY_PERFORMED = "surgery_performed"
    DEXAMETHASONE_STARTED = "dexamethasone_started"
    DEXAMETHASONE_STOPPED = "dexamethasone_stopped"
    CARE_PLAN_MADE = "care_plan_made"
    FOLLOWED_UP = "followed_up"
    DISCHARGED = "discharged"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Fact:
    """One milestone that stands (not superseded, not retracted), as the pure cores see it.

    `occurred_at` is when it happened, aware UTC. `told` counts the facts of a referral in the
    order in which the product was first told of them: correcting a time does not make an old
    judgement a new one.
    """

    kind: MilestoneKind
    occurred_at: datetime
    told: int
    details: dict[str, Any] = field(default_factory=dict)
