"""The decision to treat: who decided, who was consulted, and what is planned (1.10, 1.11)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mscc.people.models import Specialty
from referrals.clinical.treatment import RadiotherapyException
from referrals.models.recorded import Recorded


class TreatmentDecision(Recorded):
    """`occurred_at` is the decision to treat, from which 1.10.4 counts its 24 hours."""

    class Plan(models.TextChoices):
        RADIOTHERAPY = "radiotherapy", "Radiotherapy"
        SURGERY = "surgery", "Surgery"
        SYSTEMIC = "systemic", "Systemic anticancer treatment"
        SUPPORTIVE = "supportive", "Supportive care only"

    plan = models.CharField(max_length=20, choices=Plan)
    decided_by = models.CharField(max_length=120)
    consulted = ArrayField(models.CharField(max_length=20, choices=Specialty), default=list)
    rationale = models.TextField(blank=True)
    surgery_considered = models.TextField(blank=True)
    radiotherapy_exception = models.CharField(
        max_length=30,
        choices=[(e.value, e.value) for e in RadiotherapyException],
        blank=True,
    )
    exception_reason = models.TextField(blank=True)
    fractionation = models.CharField(max_length=120, blank=True)
    # Ids of the opinions and scores the decision rests on; neither is ever deleted.
    opinions = ArrayField(models.UUIDField(), default=list, blank=True)
    scores = ArrayField(models.UUIDField(), default=list, blank=True)
    # The options the guideline listed for the facts of that moment, as rule keys.
    options = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                name="treatment_exception_has_a_reason",
                condition=Q(radiotherapy_exception="") | ~Q(exception_reason=""),
            )
        ]
