"""The trail: who did or read what, append-only. Triggers refuse UPDATE, DELETE and TRUNCATE."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Trail(models.Model):
    """One fact. Either a person or a named process did it; `details` hold ids and values only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    # trail_of_actor begins with it.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    process = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(max_length=120)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=40)
    # trail_of_referral begins with it.
    referral = models.ForeignKey(
        "referrals.Referral",
        on_delete=models.PROTECT,
        null=True,
        related_name="trail",
        db_index=False,
    )
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["referral", "-id"], name="trail_of_referral"),
            models.Index(fields=["actor", "-id"], name="trail_of_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                name="trail_has_one_actor",
                condition=Q(actor__isnull=False, process="")
                | (Q(actor__isnull=True) & ~Q(process="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"
