"""What is known of one person's pathway."""

from referrals.models.advice import Advice
from referrals.models.assessment import (
    CancerHistory,
    Fitness,
    InitialCare,
    MriSafety,
    NeurologicalAssessment,
    Note,
    PainAssessment,
    Presentation,
)
from referrals.models.care import (
    CareEntry,
    CarePlan,
    Considerations,
    DexamethasoneEntry,
    DischargeStep,
    FollowUp,
    PainPlan,
    Score,
    Sitting,
)
from referrals.models.discharge import Discharge
from referrals.models.draft import Draft
from referrals.models.idempotency import AnsweredCommand
from referrals.models.imaging import MriScan
from referrals.models.milestone import Milestone
from referrals.models.opinion import Opinion
from referrals.models.patient import Patient
from referrals.models.referral import Referral
from referrals.models.treatment import TreatmentDecision

__all__ = [
    "Advice",
    "AnsweredCommand",
    "CancerHistory",
    "CareEntry",
    "CarePlan",
    "Considerations",
    "DexamethasoneEntry",
    "Discharge",
    "DischargeStep",
    "Draft",
    "Fitness",
    "FollowUp",
    "InitialCare",
    "Milestone",
    "MriSafety",
    "MriScan",
    "NeurologicalAssessment",
    "Note",
    "Opinion",
    "PainAssessment",
    "PainPlan",
    "Patient",
    "Presentation",
    "Referral",
    "Score",
    "Sitting",
    "TreatmentDecision",
]
