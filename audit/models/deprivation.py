"""Public lookups, loaded from files: which area a postcode lies in, and how deprived that area is.

Nothing here is about a person. Quintile 1 is the most deprived fifth of England's areas.
"""

from django.db import models
from django.db.models import Q

_FIFTH = Q(quintile__gte=1, quintile__lte=5)


class Area(models.Model):
    """A lower layer super output area (LSOA) with its quintile of the IMD."""

    code = models.CharField(max_length=9, primary_key=True)
    quintile = models.SmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="area_is_in_a_fifth", condition=_FIFTH)]

    def __str__(self) -> str:
        return self.code


class Postcode(models.Model):
    """A postcode in capitals without a space. Any part of it may come from another file."""

    postcode = models.CharField(max_length=7, primary_key=True)
    area = models.CharField(max_length=9, blank=True)  # LSOA; its quintile may come later
    quintile = models.SmallIntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="postcode_is_in_a_fifth", condition=Q(quintile__isnull=True) | _FIFTH
            ),
            models.CheckConstraint(
                name="postcode_has_both_coordinates_or_none",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.postcode


class HospitalSite(models.Model):
    """Where a hospital stands, by its postcode, so that the distance from home can be told."""

    hospital = models.OneToOneField(
        "people.Organisation", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    postcode = models.CharField(max_length=7)

    def __str__(self) -> str:
        return self.postcode


class LookupFile(models.Model):
    """Which file was loaded when: a report says what its quintiles rest on."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)  # areas, postcodes, hospitals
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name
