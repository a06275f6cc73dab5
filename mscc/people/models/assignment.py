"""A role somebody holds at a place, from when, until when."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from mscc.people.models.organisation import Organisation
from mscc.people.places import OrganisationRef
from mscc.people.roles import ROLE_CHOICES, ROLES, Permission, Role


class Specialty(models.TextChoices):
    """The specialties of NG234 1.1.9. A radiotherapy contact belongs to oncology."""

    ACUTE_ONCOLOGY = "acute_oncology", "Acute oncology"
    HAEMATOLOGY = "haematology", "Haematology"
    HISTOPATHOLOGY = "histopathology", "Histopathology"
    ONCOLOGY = "oncology", "Oncology"
    PALLIATIVE_CARE = "palliative_care", "Palliative care"
    PHYSIOTHERAPY = "physiotherapy", "Physiotherapy"
    RADIOLOGY = "radiology", "Radiology"
    SPINAL_SURGERY = "spinal_surgery", "Spinal surgery"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self, at: datetime) -> "AssignmentQuerySet":
        """Those that hold at a moment; one that ends at that moment holds no more."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


class Assignment(models.Model):
    """One role of one person at one place."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    # assignment_place_role begins with it.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assignments", db_index=False
    )
    specialty = models.CharField(max_length=20, choices=Specialty.choices, null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["organisation", "role"], name="assignment_place_role")]
        constraints = [
            models.CheckConstraint(
                name="assignment_role_is_known", condition=Q(role__in=list(ROLES))
            ),
            models.CheckConstraint(
                name="assignment_specialty_is_known",
                condition=Q(specialty=None) | Q(specialty__in=Specialty.values),
            ),
            models.CheckConstraint(
                name="assignment_specialty_for_specialty_contacts_only",
                condition=(
                    Q(role="specialty_contact", specialty__isnull=False)
                    | (~Q(role="specialty_contact") & Q(specialty=None))
                ),
                violation_error_message="Choose a specialty for a specialty contact and only then.",
            ),
            models.CheckConstraint(
                name="assignment_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message="The end must be after the start.",
            ),
            models.UniqueConstraint(
                "user",
                "role",
                "organisation",
                "specialty",
                nulls_distinct=False,
                condition=Q(ends_at=None),
                name="assignment_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{ROLES[self.role].label} at {self.organisation.name}"

    def clean(self) -> None:
        role = ROLES.get(self.role)
        if role and self.organisation_id and self.organisation.kind not in role.at:
            raise ValidationError(f"{role.label} is held at: {', '.join(role.at)}.")


@dataclass(frozen=True, slots=True)
class AssignmentNow:
    """A role held at this moment, read together with the person."""

    role: type[Role]
    specialty: Specialty | None
    place: OrganisationRef

    def allows(self, permission: Permission) -> bool:
        """Whether this role may."""
        return permission in self.role.permissions

    @property
    def permissions(self) -> list[Permission]:
        """What it allows, in the order in which permissions are written down."""
        return [permission for permission in Permission if self.allows(permission)]
