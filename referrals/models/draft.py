"""A referral that is being typed: kept until it is sent or its writer throws it away."""

import uuid

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """The id is also the idempotency key of the submission: sent twice, it is received once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    referral = models.ForeignKey("Referral", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-saved_at"]
