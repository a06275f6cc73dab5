"""What only the demo keeps: how far its clock was moved, and what arrived in its inbox."""

from django.db import models
from django.db.models import Q


class DemoClock(models.Model):
    """One row: the seconds by which the demo is ahead of the world."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    ahead_s = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="demo_has_one_clock", condition=Q(id=1)),
            models.CheckConstraint(name="demo_clock_goes_forward", condition=Q(ahead_s__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.ahead_s} s ahead"


class Arrived(models.Model):
    """A message that a demo person would have had on their pager or in their mail."""

    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    arrived_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-arrived_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.channel} to {self.address}"
