"""Everything on record about one referral, in as many statements however long its history is."""

from collections.abc import Iterable, Sequence
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
from referrals.states import State


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

    def times(self, *kinds: MilestoneKind) -> list[datetime]:
        """When the facts of these kinds that hold happened."""
        return [row.occurred_at for row in self.standing if row.kind in kinds]

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
            *self.considerations,
        ]
        ordered = sorted(rows, key=lambda row: (row.occurred_at, row.recorded_at))
        return dict(key_information.facts(self.referral, ordered))

    def first_recorded(self, row: Milestone) -> datetime:
        """When this fact was first written down, before it was corrected."""
        while row.supersedes_id is not None:
            row = self._by_id[row.supersedes_id]
        return row.recorded_at

    def when(self, kind: MilestoneKind, row: Recorded) -> datetime:
        """When what `row` describes happened: the time of its milestone, as corrected since."""
        return self._as_known_now.get((kind, row.recorded_at)) or row.occurred_at

    @cached_property
    def _by_id(self) -> dict[UUID, Milestone]:
        return {row.pk: row for row in self.milestones}

    @cached_property
    def _as_known_now(self) -> dict[tuple[MilestoneKind, datetime], datetime | None]:
        return as_known_now(self.milestones)

    @property
    def died_at(self) -> datetime | None:
        """When a death became known here, by the last discharge or a follow-up after it; None
        for whoever is not known to have died."""
        left = self.discharges[-1] if self.discharges else None
        if left is None or self.referral.state != State.DISCHARGED:
            return None
        if left.destination == Discharge.Destination.DIED:
            return left.occurred_at
        asked = [row for row in self.follow_ups if row.recorded_at > left.recorded_at]
        # A second follow-up of the same day corrects the first.
        latest = {row.day: row for row in sorted(asked, key=lambda row: row.recorded_at)}
        told = [row.occurred_at for row in latest.values() if row.alive == "no"]
        return min(told, default=None)

    @property
    def scan_booked(self) -> MriScan | None:
        """The scan that is booked and not yet performed."""
        waiting = (scan for scan in standing_scans(self.scans) if scan.performed_at is None)
        return next(waiting, None)

    @property
    def scan_done(self) -> MriScan | None:
        """The last scan that was performed."""
        done = [scan for scan in self.scans if scan.performed_at]
        return max(done, key=lambda scan: scan.performed_at, default=None)


# Each list of a story: its rows, and what is read with them.
ROWS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "milestones": (Milestone, ()),
    "presentations": (Presentation, ()),
    "cancer": (CancerHistory, ()),
    "neurology": (NeurologicalAssessment, ()),
    "pain": (PainAssessment, ()),
    "mri_safety": (MriSafety, ()),
    "fitness": (Fitness, ()),
    "care": (InitialCare, ()),
    "notes": (Note, ()),
    "advice": (Advice, ()),
    "scans": (MriScan, ("place",)),
    "opinions": (Opinion, ()),
    "decisions": (TreatmentDecision, ()),
    "discharges": (Discharge, ()),
    "care_entries": (CareEntry, ()),
    "dexamethasone": (DexamethasoneEntry, ()),
    "scores": (Score, ()),
    "care_plans": (CarePlan, ()),
    "sittings": (Sitting, ()),
    "pain_plans": (PainPlan, ()),
    "considerations": (Considerations, ()),
    "discharge_steps": (DischargeStep, ()),
    "follow_ups": (FollowUp, ()),
}


def story(referral: Referral) -> Story:
    """Read everything about `referral`; one statement a kind of row."""
    return stories([referral])[0]


def stories(referrals: Sequence[Referral]) -> list[Story]:
    """The same for several, in their order, in no more statements than for one."""
    rows: dict[str, dict[UUID, list[Any]]] = {
        name: _by_referral(model, related, referrals) for name, (model, related) in ROWS.items()
    }
    return [
        Story(referral, **{name: found.get(referral.pk, []) for name, found in rows.items()})
        for referral in referrals
    ]


def _by_referral(
    model: type[Any], related: tuple[str, ...], referrals: Sequence[Referral]
) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in (
        model.objects.filter(referral__in=[referral.pk for referral in referrals])
        .select_related("recorded_by", *related)
        .order_by("occurred_at", "recorded_at")
    ):
        found.setdefault(row.referral_id, []).append(row)
    return found


def standing_scans(scans: Sequence[MriScan]) -> list[MriScan]:
    """The scans that were performed, and the last that was booked; `scans` go from old to new.

    A slot that was moved is no second scan, and one nobody had booked is none once it was taken
    back.
    """
    booked = [scan for scan in scans if scan.slot_at]
    return [scan for scan in scans if scan.performed_at or scan in booked[-1:]]


def as_known_now(
    milestones: Iterable[Milestone],
) -> dict[tuple[MilestoneKind, datetime], datetime | None]:
    """By kind and first writing, when each fact happened as is known now; None when it was taken
    back. What is recorded beside a fact carries the moment of its first writing."""
    rows = list(milestones)
    later = {row.supersedes_id: row for row in rows if row.supersedes_id}
    found: dict[tuple[MilestoneKind, datetime], datetime | None] = {}
    for row in rows:
        if row.supersedes_id is None:
            last = row
            while last.pk in later:
                last = later[last.pk]
            at = None if last.retracts else last.occurred_at
            found[(MilestoneKind(row.kind), row.recorded_at)] = at
    return found


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
