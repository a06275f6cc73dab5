"""Who is on duty from when until when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mscc.people.models import Specialty
from mscc.people.roles import ROLE_CHOICES


class Shift(models.Model):
    """One person's turn of a role at a place. Of two at once, the one that began last holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="shifts"
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    specialty = models.CharField(max_length=20, choices=Specialty, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["organisation", "role", "ends_at"], name="shift_who_is_on")]
        constraints = [
            models.CheckConstraint(
                name="shift_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} from {self.starts_at:%Y-%m-%dT%H:%MZ}"
