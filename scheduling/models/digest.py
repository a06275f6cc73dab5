"""One message about many climbs, so that a storm of pages does not drown the one that matters."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Digest(models.Model):
    """What one person is told of many climbs at once. `send_at` is when it goes out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # digest_latest begins with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    send_at = models.DateTimeField()

    class Meta:
        ordering = ["-send_at"]
        indexes = [models.Index(fields=["user", "-send_at"], name="digest_latest")]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class DigestLine(models.Model):
    """One rung of one climb that a digest tells instead of a page of its own."""

    # digestline_once begins with it.
    digest = models.ForeignKey(
        Digest, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    escalation = models.ForeignKey(
        "Escalation", on_delete=models.CASCADE, related_name="digest_lines"
    )
    rung = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["digest", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "escalation", "rung", "round"], name="digestline_once"
            ),
            models.CheckConstraint(name="digestline_round_from_one", condition=Q(round__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id} in {self.digest_id}"
