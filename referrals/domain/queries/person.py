"""Everything on record about one referral, in as many statements however long its history is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from mscc.people.models import Organisation
from referrals.clinical.milestones import MilestoneKind
from referrals.domain import key_information
from referrals.models import (
    Advice,
    CancerHistory,
    CareEntry,
    CarePlan,
    Considerations,
    DexamethasoneEntry,
    Discharge,
    DischargeStep,
    Fitness,
    FollowUp,
    InitialCare,
    Milestone,
    MriSafety,
    MriScan,
    NeurologicalAssessment,
    Note,
    Opinion,
    PainAssessment,
    PainPlan,
    Presentation,
    Referral,
    Score,
    Sitting,
    TreatmentDecision,
)
from referrals.models.recorded import Recorded


@dataclass(frozen=True)
class Story:
    """The rows of one referral, each kind from old to new. Nothing here asks the database again."""

    referral: Referral
    milestones: list[Milestone]
    presentations: list[Presentation]
    cancer: list[CancerHistory]
    neurology: list[NeurologicalAssessment]
    pain: list[PainAssessment]
    mri_safety: list[MriSafety]
    fitness: list[Fitness]
    care: list[InitialCare]
    notes: list[Note]
    advice: list[Advice]
    scans: list[MriScan]
    opinions: list[Opinion]
    decisions: list[TreatmentDecision]
    discharges: list[Discharge]
    care_entries: list[CareEntry]
    dexamethasone: list[DexamethasoneEntry]
    scores: list[Score]
    care_plans: list[CarePlan]
    sittings: list[Sitting]
    pain_plans: list[PainPlan]
    considerations: list[Considerations]
    discharge_steps: list[DischargeStep]
    follow_ups: list[FollowUp]

    @cached_property
    def standing(self) -> list[Milestone]:
        """The milestones that hold: neither corrected nor taken back."""
        corrected = {row.supersedes_id for row in self.milestones}
        return [row for row in self.milestones if row.pk not in corrected and not row.retracts]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of what holds."""
        return frozenset(row.kind for row in self.standing)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What is known, `section.field` to its latest known value."""
        rows = [
            *self.presentations,
            *self.cancer,
            *self.neurology,
            *self.pain,
            *self.mri_safety,
            *self.fitness,
            *self.care,
            *self.notes,
            *self.scans,
        ]
        ordered = sorted(rows, key=lambda row: (row.occurred_at, row.recorded_at))
        return dict(key_information.facts(self.referral, ordered))

    def first_recorded(self, row: Milestone) -> datetime:
        """When this fact was first written down, before it was corrected."""
        by_id = {each.pk: each for each in self.milestones}
        while row.supersedes_id is not None:
            row = by_id[row.supersedes_id]
        return row.recorded_at

    def when(self, kind: MilestoneKind, row: Recorded) -> datetime:
        """When what `row` describes happened: the time of its milestone, as corrected since."""
        for fact in self.standing:
            if fact.kind == kind and self.first_recorded(fact) == row.recorded_at:
                return fact.occurred_at
        return row.occurred_at

    @property
    def scan_booked(self) -> MriScan | None:
        """The scan that is booked and not yet performed."""
        waiting = [scan for scan in self.scans if scan.slot_at and scan.performed_at is None]
        return waiting[-1] if waiting else None

    @property
    def scan_done(self) -> MriScan | None:
        """The last scan that was performed."""
        done = [scan for scan in self.scans if scan.performed_at]
        return max(done, key=lambda scan: scan.performed_at, default=None)


def story(referral: Referral) -> Story:
    """Read everything about `referral`; one statement a kind of row."""

    def rows(model: type[Any], *related: str) -> list[Any]:
        return list(
            model.objects.filter(referral=referral)
            .select_related("recorded_by", *related)
            .order_by("occurred_at", "recorded_at")
        )

    return Story(
        referral=referral,
        milestones=rows(Milestone),
        presentations=rows(Presentation),
        cancer=rows(CancerHistory),
        neurology=rows(NeurologicalAssessment),
        pain=rows(PainAssessment),
        mri_safety=rows(MriSafety),
        fitness=rows(Fitness),
        care=rows(InitialCare),
        notes=rows(Note),
        advice=rows(Advice),
        scans=rows(MriScan, "place"),
        opinions=rows(Opinion),
        decisions=rows(TreatmentDecision),
        discharges=rows(Discharge),
        care_entries=rows(CareEntry),
        dexamethasone=rows(DexamethasoneEntry),
        scores=rows(Score),
        care_plans=rows(CarePlan),
        sittings=rows(Sitting),
        pain_plans=rows(PainPlan),
        considerations=rows(Considerations),
        discharge_steps=rows(DischargeStep),
        follow_ups=rows(FollowUp),
    )


def hospitals_around(referral: Referral) -> list[Organisation]:
    """Where a scan can be booked: the hospitals of the alliance, the person's own first."""
    found = Organisation.objects.filter(kind="hospital", alliance_id=referral.alliance_id)
    return sorted(found, key=lambda place: (place.pk != referral.hospital_id, place.name))


def last_recorded(referral: Referral, at: datetime, kinds: Iterable[MilestoneKind]) -> UUID | None:
    """The fact of one of these kinds that was recorded at exactly this moment, to be undone."""
    found = referral.milestones.standing().filter(
        recorded_at=at, supersedes__isnull=True, kind__in=[kind.value for kind in kinds]
    )
    return found.values_list("pk", flat=True).first()
