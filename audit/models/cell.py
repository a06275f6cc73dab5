"""Counts that were made before anybody asked: the sum of a place's journeys of one month.

A projection of journeys and nothing else; a cell that is stale is counted again before it is
shown (`audit.domain.cells`).
"""

from django.db import models
from django.db.models import Q


class Cell(models.Model):
    """A hospital's or an alliance's month. `cut` is empty, or what it is counted by.

    `counts` is measure number -> class of the cut ("" without one) -> what was counted, as
    `audit.domain.counting.Count`. Alliances alone have cuts: within a trust or hospital there are
    few enough journeys to count them when asked.
    """

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cut = models.CharField(max_length=20, blank=True)
    month = models.DateField()
    imported = models.BooleanField()
    counts = models.JSONField(default=dict)
    stale = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "cut", "month", "imported"], name="cell_once"),
        ]
        indexes = [
            models.Index(fields=["place"], name="cell_stale", condition=Q(stale=True)),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.month} {self.cut}".strip()
