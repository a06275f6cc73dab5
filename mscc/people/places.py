"""A place as a value: enough to say what lies inside it without asking the database again."""

from dataclasses import dataclass
from typing import Any, Protocol

KINDS = ("alliance", "trust", "hospital", "ward")


class Located(Protocol):
    """Anything that knows its place and the places around it."""

    id: Any
    kind: Any
    alliance_id: Any
    trust_id: Any
    hospital_id: Any


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation by number. `alliance_id` to `ward_id` include the organisation itself."""

    id: int
    kind: str
    name: str
    alliance_id: int | None
    trust_id: int | None
    hospital_id: int | None
    ward_id: int | None = None

    @classmethod
    def of(cls, organisation: Located) -> "OrganisationRef":
        """The reference to an organisation (or to a reference, unchanged in meaning)."""
        around = {f"{kind}_id": getattr(organisation, f"{kind}_id", None) for kind in KINDS}
        around[f"{organisation.kind}_id"] = organisation.id
        return cls(
            id=organisation.id,
            kind=str(organisation.kind),
            name=str(getattr(organisation, "name", "")),
            **around,
        )

    def covers(self, other: Located) -> bool:
        """Whether `other` is this place or lies inside it."""
        return getattr(OrganisationRef.of(other), f"{self.kind}_id") == self.id

    def condition(self, prefix: str = "") -> dict[str, int]:
        """One indexed condition for rows that carry alliance, trust, hospital and ward keys."""
        return {f"{prefix}{self.kind}_id": self.id}
