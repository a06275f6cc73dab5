"""The first answer to a command that carried an idempotency key."""

from django.conf import settings
from django.db import models


class AnsweredCommand(models.Model):
    """Written in the command's own transaction: it exists if and only if the command took place."""

    # answered_command_once begins with it.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="answered_command_once")
        ]
