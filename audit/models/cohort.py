"""An audit that was kept elsewhere and read in: what it was, and each row as facts.

The facts are kept, not only the verdicts: when a measure changes, imported journeys are judged
again like live ones. Only mapped columns are kept, so a name in the file never enters.
"""

from django.conf import settings
from django.db import models


class Cohort(models.Model):
    """One file that was imported, with everything needed to say where its figures come from."""

    name = models.CharField(max_length=60, unique=True)
    source = models.CharField(max_length=500)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    mapping = models.TextField()  # the mapping file, word for word
    rows = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    # The person on the product; without an account, whom the machine's sign-in names.
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    imported_by_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class CohortRow(models.Model):
    """One row: `number` is its line in the file, `facts` what the mapping made of it."""

    # cohort_row_once begins with it.
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="kept_rows", db_index=False
    )
    number = models.PositiveIntegerField()
    journey = models.OneToOneField(
        "audit.Journey", on_delete=models.PROTECT, related_name="cohort_row"
    )
    facts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint("cohort", "number", name="cohort_row_once"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"
