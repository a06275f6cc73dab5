"""A person who signs in."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject, Lower

from mscc import clock
from mscc.people.models.assignment import Assignment, AssignmentNow, Specialty
from mscc.people.places import Located, OrganisationRef
from mscc.people.roles import ROLES, Permission


def _assignments_as_json(at: datetime) -> ArraySubquery:
    around = {key: F(f"organisation__{key}_id") for key in ("alliance", "trust", "hospital")}
    return ArraySubquery(
        Assignment.objects.current(at)
        .filter(user=OuterRef("pk"))
        .order_by("pk")
        .values(
            found=JSONObject(
                role="role",
                specialty="specialty",
                id="organisation_id",
                kind="organisation__kind",
                name="organisation__name",
                **around,
            )
        )
    )


class UserQuerySet(models.QuerySet["User"]):
    def with_assignments(self, at: datetime) -> "UserQuerySet":
        """Each person with the roles they hold at a moment, in the one statement."""
        return self.annotate(assignments_json=_assignments_as_json(at))

    def holding(self, role: str, place: Located, at: datetime) -> "UserQuerySet":
        """People who hold a role at a place, or at a place around it, at a moment."""
        here = OrganisationRef.of(place)
        ids = {here.alliance_id, here.trust_id, here.hospital_id, here.ward_id} - {None}
        held = Assignment.objects.current(at).filter(role=role, organisation_id__in=ids)
        return self.filter(is_active=True, pk__in=held.values("user_id"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; the address is kept in lower case: nobody types it the same twice."""
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=(username or "").strip())


class User(AbstractBaseUser):
    """Signs in with an email address; may hold several roles at several places."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    phone = models.CharField("phone or bleep", max_length=40, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="user_email_in_lower_case", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(name="user_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    @cached_property
    def assignments_now(self) -> tuple[AssignmentNow, ...]:
        """The roles held when this person was loaded; a new request loads them anew."""
        found = getattr(self, "assignments_json", None)
        if found is None:
            query = User.objects.with_assignments(clock.now())
            found = query.values_list("assignments_json", flat=True).get(pk=self.pk)
        return tuple(_assignment(row) for row in found)

    def can(self, permission: Permission, organisation: Located | None = None) -> bool:
        """Whether a role held now allows it: anywhere, or at the place given."""
        return any(
            held.allows(permission) and (organisation is None or held.place.covers(organisation))
            for held in self.assignments_now
        )

    def places(self, permission: Permission) -> list[OrganisationRef]:
        """The places where a role held now allows it, each once."""
        allowed = [held.place for held in self.assignments_now if held.allows(permission)]
        return list(dict.fromkeys(allowed))

    @property
    def specialties(self) -> frozenset[Specialty]:
        """The specialties this person answers for now."""
        return frozenset(held.specialty for held in self.assignments_now if held.specialty)

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets this person in; it asks by this name."""
        return self.can(Permission.MANAGE_PEOPLE)

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """The admin site's question; only what `people` registers there is managed there."""
        return self.is_active and self.is_staff and permission.startswith("people.")

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the admin site shows an app at all."""
        return self.is_active and self.is_staff and app_label == "people"

    def holds(self, role: str) -> bool:
        """Whether a role of this key is held now."""
        return any(held.role.key == role for held in self.assignments_now)


def _assignment(row: dict[str, Any]) -> AssignmentNow:
    around = {f"{kind}_id": row[kind] for kind in ("alliance", "trust", "hospital")}
    around[f"{row['kind']}_id"] = row["id"]
    place = OrganisationRef(id=row["id"], kind=row["kind"], name=row["name"], **around)
    specialty = Specialty(row["specialty"]) if row["specialty"] else None
    return AssignmentNow(ROLES[row["role"]], specialty, place)
