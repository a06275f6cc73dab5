"""A climb under way: somebody is told, then the next, until a human answers or the clock stops."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Escalation(models.Model):
    """One climb of a ladder, which is frozen here as it was when the climb began.

    An open escalation without a next time cannot exist: the database refuses it.
    """

    class State(models.TextChoices):
        OPEN = "open", "Nobody has answered"
        ACKNOWLEDGED = "acknowledged", "Answered"
        CLOSED = "closed", "No longer needed"

    class About(models.TextChoices):
        NEW_REFERRAL = "new_referral", "New referral"
        NEW_SIGNS = "new_signs", "New signs"
        AT_RISK = "at_risk", "Target at risk"
        BREACH = "breach", "Target missed"
        OPINION = "opinion", "Opinion not answered"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="escalations"
    )
    clock = models.ForeignKey(
        "Clock", on_delete=models.CASCADE, null=True, related_name="escalations"
    )
    about = models.CharField(max_length=12, choices=About)
    due_at = models.DateTimeField(null=True)
    ladder = models.JSONField()
    rung = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["next_at"], name="escalation_open", condition=Q(state="open")),
            models.Index(
                fields=["referral"],
                name="escalation_alive",
                condition=Q(state__in=["open", "acknowledged"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="escalation_open_has_a_next_time",
                condition=Q(state="open", next_at__isnull=False)
                | (~Q(state="open") & Q(next_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="escalation_acknowledged_has_a_name",
                condition=~Q(state="acknowledged") | Q(acknowledged_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["clock", "about"],
                name="escalation_once_a_clock",
                condition=Q(state__in=["open", "acknowledged"], clock__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.pk}"
