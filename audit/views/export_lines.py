"""The lines of a file of figures: what the pages show to the same person, and nothing beyond."""

from collections.abc import Iterator

from audit.domain import figures
from audit.exports.lines import Line
from audit.measures import registry
from audit.measures.measure import Shape
from audit.measures.suppression import Seen, is_twin, nested, parts, seen
from audit.measures.tally import Tally
from audit.views import held, said
from audit.views.asked import Asked
from mscc.people.places import OrganisationRef


def lines(asked: Asked) -> Iterator[Line]:
    """Every measure of the place, then of the trusts and hospitals in it; by month for those who
    may see rows, since months of few people are all held back."""
    yield from _totals(asked)
    if asked.place.kind != "hospital":
        yield from _parts(asked)
    if asked.entitled:
        yield from _months(asked)


def _totals(asked: Asked) -> Iterator[Line]:
    counts, shown = held.totals(registry.ALL, asked, asked.place, asked.period)
    for measure in registry.ALL:
        tally, one = counts[measure.number], shown[measure.number]
        # Of a part of what is seen as a whole, no distribution is told (as on the pages).
        told = one.of is not None and not asked.below
        at = dict(zip(said.CENTILES, _centiles(tally, asked) if told else (), strict=False))
        yield Line(measure, asked.place, asked.period, one, at.get(0.5), at.get(0.9))
        if measure.shape is Shape.CLASSES and not asked.below:
            classes = parts(tally.labels, one.of, entitled=asked.entitled)
            for label, count in sorted(classes.items()):
                yield Line(measure, asked.place, asked.period, one, label=label, in_class=count)


def _centiles(tally: Tally, asked: Asked) -> list[int | None]:
    return said.centiles(tally.times, entitled=asked.entitled)


def _parts(asked: Asked) -> Iterator[Line]:
    """Held back as rows of the widest table this person sees: or that, less the others, tells."""
    _, top = asked.rights(asked.place)
    around = asked.place if asked.entitled else top
    found = figures.every(
        registry.ALL, around, asked.period, "hospital", include_imported=asked.imported
    )
    inside = [each for each in asked.places if _strictly_in(asked.place, each)]
    for measure in registry.ALL:
        rows = _as_seen(found[measure.number], asked, is_twin(measure.key))
        for place in inside:
            yield Line(measure, place, asked.period, rows.get(place.id, seen(Tally())))


def _as_seen(tallies: dict[object, Tally], asked: Asked, twin: bool) -> dict[int, Seen]:
    groups = held.by_trust(tallies, asked.places)
    if not asked.entitled:
        upper, lower = nested(groups, twin=twin)
        return {**upper.rows, **lower}
    found: dict[int, Seen] = {}
    for trust, hospitals in groups.items():
        found[trust] = seen(sum(hospitals.values(), Tally()), entitled=True)
        found |= {key: seen(tally, entitled=True) for key, tally in hospitals.items()}
    return found


def _strictly_in(place: OrganisationRef, other: OrganisationRef) -> bool:
    return other.id != place.id and place.covers(other)


def _months(asked: Asked) -> Iterator[Line]:
    found = figures.every(
        registry.ALL, asked.place, asked.period, "month", include_imported=asked.imported
    )
    for measure in registry.ALL:
        for month, tally in found[measure.number].items():
            one = seen(tally, entitled=True)
            yield Line(measure, asked.place, asked.period, one, month=month)
