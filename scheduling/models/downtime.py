"""Where the downtime pack lies, and how old it is there."""

from django.db import models
from django.db.models import Q


class PackPlace(models.Model):
    """One folder that the pack is written to, every quarter of an hour, by whoever gets to it.

    `as_of` is the moment that the last pack there shows; nobody else writes before `claimed_until`.
    """

    place = models.CharField(max_length=400, primary_key=True)
    as_of = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True, default="")
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(name="packplace_is_named", condition=~Q(place="")),
            models.CheckConstraint(
                name="packplace_written_says_of_when",
                condition=Q(as_of__isnull=True, written_at__isnull=True)
                | Q(as_of__isnull=False, written_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.place
