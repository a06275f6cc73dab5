"""People and places that do not exist.

`Place()` builds an alliance with one trust, hospital and ward; `person("coordinator", place)`
makes somebody who can sign in with PASSWORD and holds a role there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import factory

from mscc.people.models import Assignment, ContactPoint, Organisation, Specialty, User

PASSWORD = "correct horse battery staple"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = "alliance"
    name = factory.Sequence(lambda n: f"Example place {n}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Sam Example {n}")
    email = factory.Sequence(lambda n: f"sam.example{n}@example.nhs.uk")
    password = factory.django.Password(PASSWORD)


class AssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory)
    role = "coordinator"
    organisation = factory.SubFactory(OrganisationFactory)
    starts_at = LONG_AGO


class ContactPointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactPoint

    user = factory.SubFactory(UserFactory)
    channel = "email"
    address = factory.Sequence(lambda n: f"contact{n}@example.nhs.uk")


@dataclass
class Place:
    """One of each kind, inside one another."""

    alliance: Organisation
    trust: Organisation
    hospital: Organisation
    ward: Organisation

    @classmethod
    def build(cls, alliance: Organisation | None = None) -> "Place":
        """A new trust, hospital and ward, in a new alliance or in the one given."""
        made = [alliance or OrganisationFactory()]
        for kind in ("trust", "hospital", "ward"):
            made.append(OrganisationFactory(kind=kind, parent=made[-1]))
        return cls(*made)

    def for_role(self, role: str) -> Organisation:
        """Where somebody of this role would usually work."""
        usual = {"referrer": self.ward, "specialty_contact": self.trust}
        return usual.get(role, self.alliance)


def person(
    role: str, place: Place | Organisation | None = None, specialty: str | None = None, **fields
) -> User:
    """Somebody who holds one role at a place, from long ago and without an end."""
    place = place or Place.build()
    at = place if isinstance(place, Organisation) else place.for_role(role)
    if role == "specialty_contact":
        specialty = specialty or Specialty.ONCOLOGY
    user = UserFactory(**fields)
    AssignmentFactory(user=user, role=role, organisation=at, specialty=specialty)
    return user
