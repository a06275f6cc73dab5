"""Alliance > trust > hospital > ward."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from mscc.people.places import KINDS, OrganisationRef

_PARENT = {"trust": "alliance", "hospital": "trust", "ward": "hospital"}


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def within(self, place: "OrganisationRef | Organisation") -> "OrganisationQuerySet":
        """The place itself and everything inside it."""
        return self.filter(Q(pk=place.id) | Q(**{f"{place.kind}_id": place.id}))


class Organisation(models.Model):
    """A place. The places around it are kept on the row: a subtree is one indexed condition."""

    class Kind(models.TextChoices):
        ALLIANCE = "alliance", "Cancer alliance"
        TRUST = "trust", "Trust"
        HOSPITAL = "hospital", "Hospital"
        WARD = "ward", "Ward or department"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=120)
    code = models.CharField("ODS code", max_length=12, blank=True)
    # organisation_name_once_within_its_parent begins with it.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", db_index=False
    )
    alliance = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    trust = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    hospital = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    phone = models.CharField(max_length=40, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="organisation_sits_where_its_kind_belongs",
                condition=(
                    Q(kind="alliance", parent=None, alliance=None, trust=None, hospital=None)
                    | Q(
                        kind="trust",
                        alliance__isnull=False,
                        parent__isnull=False,
                        parent=F("alliance"),
                        trust=None,
                        hospital=None,
                    )
                    | Q(
                        kind="hospital",
                        alliance__isnull=False,
                        trust__isnull=False,
                        parent__isnull=False,
                        parent=F("trust"),
                        hospital=None,
                    )
                    | Q(
                        kind="ward",
                        alliance__isnull=False,
                        trust__isnull=False,
                        hospital__isnull=False,
                        parent__isnull=False,
                        parent=F("hospital"),
                    )
                ),
                violation_error_message=(
                    "A trust belongs to an alliance, a hospital to a trust, a ward to a hospital."
                ),
            ),
            models.UniqueConstraint(
                "parent", "name", name="organisation_name_once_within_its_parent"
            ),
            models.UniqueConstraint("code", condition=~Q(code=""), name="organisation_code_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Work out the places around it, so that the constraints judge the finished row."""
        self.place()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.place()
        super().save(*args, **kwargs)

    def place(self) -> None:
        """Copy the places around it from the parent; a place never moves once it is made."""
        if self.parent_id is None:
            return
        around = self.parent.ref
        for kind in KINDS[:3]:
            setattr(self, f"{kind}_id", getattr(around, f"{kind}_id"))

    @property
    def ref(self) -> OrganisationRef:
        """This place as a value."""
        return OrganisationRef.of(self)

    def covers(self, other: "Organisation | OrganisationRef") -> bool:
        """Whether `other` is this place or lies inside it."""
        return self.ref.covers(other)
