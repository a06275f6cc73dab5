"""Facts of the pathway, append-only: a correction supersedes, it never edits."""

from django.db import models
from django.db.models import Q

from referrals.clinical.milestones import Fact, MilestoneKind
from referrals.models.recorded import Recorded

KINDS = [(kind.value, kind.value.replace("_", " ")) for kind in MilestoneKind]


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def standing(self) -> "MilestoneQuerySet":
        """Those that hold: nothing supersedes them and they do not themselves retract."""
        return self.filter(superseded_by__isnull=True, retracts=False)


class Milestone(Recorded):
    """One fact. `supersedes` points at the fact this one corrects; `retracts` says it never was."""

    # milestone_of_referral begins with it.
    referral = models.ForeignKey(
        "Referral", on_delete=models.PROTECT, related_name="milestones", db_index=False
    )
    kind = models.CharField(max_length=24, choices=KINDS)
    # The order in which facts were first told; a correction keeps that of what it corrects.
    told = models.PositiveIntegerField()
    details = models.JSONField(default=dict)
    process = models.CharField(max_length=40, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    reason = models.CharField(max_length=300, blank=True)
    retracts = models.BooleanField(default=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["referral", "occurred_at"], name="milestone_of_referral")]
        constraints = [
            models.CheckConstraint(
                name="milestone_kind_is_known",
                condition=Q(kind__in=[kind for kind, _ in KINDS]),
            ),
            models.CheckConstraint(
                name="milestone_correction_has_a_reason",
                condition=Q(supersedes__isnull=True) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="milestone_retraction_supersedes",
                condition=Q(retracts=False) | Q(supersedes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.occurred_at:%Y-%m-%dT%H:%MZ}"

    def as_fact(self) -> Fact:
        """The same, for the pure cores."""
        return Fact(
            kind=MilestoneKind(self.kind),
            occurred_at=self.occurred_at,
            told=self.told,
            details=self.details,
        )
