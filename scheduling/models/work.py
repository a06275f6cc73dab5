"""Care that is due: a projection of the person's record, so that the board can show it."""

import uuid

from django.db import models
from django.db.models import Q


class DueWork(models.Model):
    """One thing that is still to be done for a person, and by when.

    Only what is outstanding has a row; what was done is on the person's record. Truth is
    `referrals.clinical.bundle`; the rows can be rebuilt at any time. `key` is the item, with the
    id of what it is about where there can be several ("opinion.<id>").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # due_work_once begins with it.
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="due_work", db_index=False
    )
    key = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    # When people were told that it is overdue, for what is worth telling.
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "key"]
        indexes = [
            models.Index(fields=["due_at"], name="due_work"),
            # Opinions that are overdue are swept every two seconds; few wait to be told.
            models.Index(
                fields=["due_at"],
                name="due_work_to_tell",
                condition=Q(told_at__isnull=True, key__startswith="opinion."),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["referral", "key"], name="due_work_once")]

    def __str__(self) -> str:
        return self.key
