"""What somebody had typed when their session ran out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class HeldSubmission(models.Model):
    """A form that arrived too late, kept for the person who typed it and for nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="held")
    path = models.CharField(max_length=500)
    data = models.JSONField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-held_at",)
        constraints = [
            models.CheckConstraint(
                name="held_expires_after_it_was_held", condition=Q(expires_at__gt=F("held_at"))
            ),
            # The path is posted to again: it must be one of ours.
            models.CheckConstraint(
                name="held_path_is_local",
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
            ),
        ]

    def __str__(self) -> str:
        return f"held submission {self.id}"
