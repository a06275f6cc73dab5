"""Ladders as an alliance has changed them; what nobody changed is in timekeeping/ladder.py."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from scheduling.models.escalation import Escalation

SUSPICIONS = [
    ("", "Any suspicion"),
    ("mscc", "Suspected MSCC"),
    ("spinal_metastases", "Suspected spinal metastases"),
]


class EscalationLadder(models.Model):
    """One ladder of an alliance as it was made at a moment. Append-only: a change is a new row.

    `version` counts the changes of an alliance, whatever they are about, so that one number says
    which ladders were in force when a clock started. `suspicion` and `target` empty: any.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # ladder_version_once begins with it.
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="ladders", db_index=False
    )
    about = models.CharField(max_length=12, choices=Escalation.About)
    suspicion = models.CharField(max_length=20, choices=SUSPICIONS, blank=True)
    target = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField()
    rungs = models.JSONField()
    repeat_s = models.PositiveIntegerField()
    # No query asks what somebody made.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    in_force_from = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version"], name="ladder_version_once"),
            models.CheckConstraint(name="ladder_version_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="ladder_repeats_within_a_day",
                condition=Q(repeat_s__gte=60, repeat_s__lte=86_400),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} v{self.version}"
