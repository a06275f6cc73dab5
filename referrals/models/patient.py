"""The person, as far as a referral needs to know them."""

import uuid

from django.db import models
from django.db.models import Q


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Other"
    NOT_KNOWN = "not_known", "Not known"


class Patient(models.Model):
    """One person in one alliance. A missing NHS number has a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # patient_family_name begins with it.
    alliance = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="patients", db_index=False
    )
    nhs_number = models.CharField(max_length=10, null=True, blank=True)
    nhs_number_absent_reason = models.CharField(max_length=200, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    date_of_birth = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.NOT_KNOWN)
    ethnicity = models.CharField(max_length=60, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    gp_practice = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    next_of_kin = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=60, blank=True)
    interpreter_needed = models.BooleanField(null=True)
    communication_needs = models.CharField(max_length=300, blank=True)
    reasonable_adjustments = models.CharField(max_length=300, blank=True)
    allergies = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["alliance", "nhs_number"], name="patient_nhs_number"),
            models.Index(fields=["alliance", "family_name"], name="patient_family_name"),
        ]
        constraints = [
            models.CheckConstraint(
                name="patient_nhs_number_or_reason",
                condition=(
                    Q(nhs_number__regex=r"^[0-9]{10}$", nhs_number_absent_reason="")
                    | (Q(nhs_number__isnull=True) & ~Q(nhs_number_absent_reason=""))
                ),
            )
        ]

    def __str__(self) -> str:
        # Never a name: this text reaches logs and the admin.
        return f"patient {self.pk}"
