"""Why a target was missed, in the words of the service (1.1.12)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class BreachRecord(models.Model):
    """What the service says of one missed target. Append-only: a correction is a new row.

    A target that was missed and has none is asked for until one is given. `due_at` is the due time
    that was missed: a clock whose start is corrected can be missed again.
    """

    class Reason(models.TextChoices):
        NO_SLOT = "no_slot", "No scanner or slot in time"
        TRANSFER = "transfer", "Transport or a bed elsewhere took too long"
        OPINION = "opinion", "An opinion or a decision came late"
        REPORT = "report", "The report came late"
        STAFF = "staff", "Not enough staff on duty"
        NOT_TOLD = "not_told", "Nobody answered, or nobody was told"
        UNWELL = "unwell", "The person was too unwell"
        CHOICE = "choice", "The person chose so"
        EQUIPMENT = "equipment", "Equipment or a system failed"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clock = models.ForeignKey("Clock", on_delete=models.PROTECT, related_name="breach_records")
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="breach_records"
    )
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=Reason)
    words = models.TextField(blank=True)
    # Who follows it up; need not have an account.
    owner = models.CharField(max_length=120)
    incident = models.BooleanField()
    incident_number = models.CharField(max_length=40, blank=True)
    # No query asks what somebody wrote.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="breachrecord_has_an_owner", condition=~Q(owner="")),
            models.CheckConstraint(
                name="breachrecord_other_is_in_words", condition=~Q(reason="other") | ~Q(words="")
            ),
            models.UniqueConstraint(
                fields=["clock", "due_at"],
                name="breachrecord_first_once",
                condition=Q(supersedes__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.pk}"
