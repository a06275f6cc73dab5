"""Whom a ladder would reach now, rung by rung and place by place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mscc.people.models import Organisation
from mscc.people.places import OrganisationRef
from scheduling.domain.reaching import Reaching
from scheduling.domain.rota import Reached
from scheduling.timekeeping.ladder import SWITCHBOARD, Ladder


@dataclass(frozen=True, slots=True)
class AtPlace:
    """One rung at one hospital."""

    rung: int
    place: str
    reached: tuple[Reached, ...]


def preview(ladder: Ladder, alliance: Organisation, at: datetime) -> list[AtPlace]:
    """Who would be told at each hospital of an alliance if it rang there now."""
    reaching, places = Reaching(at), [OrganisationRef.of(each) for each in hospitals(alliance)]
    found = []
    for number, rung in enumerate(ladder.rungs, start=1):
        for place in places:
            reached = reaching.people(rung, place)
            if SWITCHBOARD in rung.roles:
                reached = reached + reaching.switchboard(place)
            found.append(AtPlace(number, place.name, tuple(reached)))
    return found


def unreached(found: Iterable[AtPlace]) -> list[str]:
    """The hospitals at which no rung reaches anybody."""
    reached: dict[str, bool] = {}
    for each in found:
        reached[each.place] = reached.get(each.place, False) or bool(each.reached)
    return [place for place, somebody in reached.items() if not somebody]


def hospitals(alliance: Organisation) -> list[Organisation]:
    """The hospitals of an alliance, by name; the alliance itself while it has none."""
    return list(
        Organisation.objects.filter(kind="hospital", alliance_id=alliance.pk).order_by("name")
    ) or [alliance]


def alliances(places: Iterable[OrganisationRef]) -> list[Organisation]:
    """The alliances among these places: a ladder is the whole alliance's."""
    ids = [place.id for place in places if place.kind == "alliance"]
    return list(Organisation.objects.filter(pk__in=ids).order_by("name"))


def alliances_around(places: Iterable[OrganisationRef]) -> list[Organisation]:
    """The alliances these places are or belong to."""
    ids = {place.alliance_id for place in places}
    return list(Organisation.objects.filter(pk__in=ids - {None}).order_by("name"))
