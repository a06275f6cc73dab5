"""Tallies as one person may see them at one place."""

from collections.abc import Mapping, Sequence

from audit.domain import figures
from audit.measures.measure import Measure
from audit.measures.period import Period
from audit.measures.suppression import Seen, is_twin, nested, seen
from audit.measures.tally import Tally
from audit.views.asked import Asked
from mscc.people.places import OrganisationRef


def totals(
    measures: Sequence[Measure], asked: Asked, place: OrganisationRef, period: Period
) -> tuple[dict[int, Tally], dict[int, Seen]]:
    """Each measure's tally, which is not to be printed, and what may be: by measure number.

    A trust or a hospital is held back as a row of the table of all of them, for whoever sees that
    table: or the whole, less the others, would tell it.
    """
    counts = figures.totals(measures, place, period, include_imported=asked.imported)
    twins = {each.number: is_twin(each.key) for each in measures}
    entitled, top = asked.rights(place)
    if entitled or top.id == place.id:
        return counts, {
            n: seen(tally, entitled=entitled, twin=twins[n]) for n, tally in counts.items()
        }
    hospitals = figures.every(measures, top, period, "hospital", include_imported=asked.imported)
    return counts, {n: _one(rows, asked, place, twins[n]) for n, rows in hospitals.items()}


def _one(rows: Mapping[object, Tally], asked: Asked, place: OrganisationRef, twin: bool) -> Seen:
    trusts, hospitals = nested(by_trust(rows, asked.places), twin=twin)
    found = trusts.rows if place.kind == "trust" else hospitals
    return found.get(place.id, seen(Tally()))


def by_trust(
    rows: Mapping[object, Tally], places: Sequence[OrganisationRef]
) -> dict[int, dict[int, Tally]]:
    """Tallies by hospital number, put under the trusts they are part of; empty where nobody was."""
    groups: dict[int, dict[int, Tally]] = {}
    for place in places:
        if place.kind == "hospital" and place.trust_id is not None:
            groups.setdefault(place.trust_id, {})[place.id] = rows.get(place.id, Tally())
    return groups
