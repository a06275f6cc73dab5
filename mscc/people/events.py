"""Facts about people that the trail keeps."""

from dataclasses import dataclass

from mscc.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Event):
    """Somebody's account, roles, contact points or sign-ins were changed.

    `change` is a short phrase in the past tense ("role given"); `role` and `organisation_id` say
    which role and where, when it was about one.
    """

    user_id: int
    change: str
    role: str = ""
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChanged(Event):
    """A place, or how its switchboard is told, was changed; `change` as for a person."""

    organisation_id: int
    change: str
