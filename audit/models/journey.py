"""Journeys as they are counted: an indexed projection that can be rebuilt at any time.

Truth is the record of the referral; `audit.domain.journeys` reads it, `audit.measures` judges it.
Nothing here names a person, but a row behind a small number may still tell one: who may see rows
is decided where they are read.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Journey(models.Model):
    """One referral, or one row of an imported audit, with its verdicts.

    `verdicts[n]` is the `Status` of the measure with number n (index 0 is of no measure), 0 where
    none was judged; `seconds[n]` its time. `details` holds, by number, what else a verdict said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(
        "referrals.Referral", on_delete=models.PROTECT, null=True, related_name="journey"
    )
    imported = models.BooleanField(default=False)
    alliance = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    trust = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    hospital = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    received_at = models.DateTimeField()
    month = models.DateField()  # of `received_at`, local, its first day

    suspicion = models.CharField(max_length=20)
    confirmed = models.CharField(max_length=20, blank=True)
    deficit = models.CharField(max_length=10)
    # The groups of 1.1.13, as the classes of `audit.measures.groups`.
    groups = models.JSONField(default=dict)

    verdicts = ArrayField(models.SmallIntegerField())
    seconds = ArrayField(models.IntegerField(null=True))
    details = models.JSONField(default=dict)
    # Days from referral to death or to when last known to be alive; null when never followed.
    followed_days = models.IntegerField(null=True)
    died = models.BooleanField(default=False)

    as_of = models.DateTimeField()
    changes_at = models.DateTimeField(null=True)  # when a verdict changes if nothing happens
    definitions = models.CharField(max_length=16)  # of the measures it was judged by

    class Meta:
        indexes = [
            models.Index(fields=["hospital", "month"], name="journey_of_month"),
            models.Index(
                fields=["changes_at"],
                name="journey_changes",
                condition=Q(changes_at__isnull=False),
            ),
            # The list behind a figure, oldest first, without sorting all of it.
            models.Index(fields=["received_at"], name="journey_received"),
            # Those that were judged by other definitions are found without reading the rest.
            models.Index(
                fields=["definitions"],
                name="journey_definitions",
                condition=Q(referral__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="journey_is_of_a_referral_or_imported",
                condition=Q(imported=True) | Q(referral__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"journey {self.pk}"


class JourneyChanged(models.Model):
    """A referral whose journey is to be read again. Several rows of one do no harm."""

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(
        "referrals.Referral",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    def __str__(self) -> str:
        return f"changed {self.pk}"
