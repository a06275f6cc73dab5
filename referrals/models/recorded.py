"""The two times and the two people of everything that is written down."""

import uuid

from django.conf import settings
from django.db import models


class Recorded(models.Model):
    """Append-only: `occurred_at` is when it happened, `recorded_at` when the product was told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey("Referral", on_delete=models.PROTECT, related_name="%(class)ss")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # No query asks what somebody wrote, and a user is never deleted: an index would only cost.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    on_behalf_of = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True
        ordering = ["occurred_at", "recorded_at"]
