"""Figures in words, as pages write them. What may not be shown is said to be held back, not left
empty."""

from math import ceil, floor

from audit.domain.report_words import percent
from audit.measures.measure import Measure, Shape
from audit.measures.suppression import LEAST, Seen
from audit.measures.tally import Times
from mscc.web.filters import duration, plural

HELD = "held back"
NOBODY = "nobody"
# So many people must lie on either side of a centile that is shown to whoever may not see rows.
_BESIDE = LEAST
CENTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def share_of(seen: Seen) -> str:
    """The share that was met: "88%", or as much of it as may be told."""
    if seen.is_split:
        return percent(seen.share)
    most = LEAST - 1
    if seen.few == "not_met" and seen.of:
        return f"over {floor(100 * (seen.of - LEAST) / seen.of)}%"
    if seen.few == "met" and seen.of:
        return f"at most {ceil(100 * most / seen.of)}%"
    return HELD


def counted(seen: Seen) -> str:
    """ "44 of 50", or as much of it as may be told."""
    if seen.of is None:
        return HELD
    if seen.met is not None:
        return f"{seen.met:,} of {seen.of:,}" if seen.of else NOBODY
    if seen.few:
        words = "all but fewer than 5" if seen.few == "not_met" else "fewer than 5"
        return f"{words} of {seen.of:,}"
    return f"{HELD}, of {seen.of:,}"


def difference(seen: Seen, beside: Seen | None) -> str:
    """ "6 points higher"; empty where either is not told."""
    if beside is None or seen.share is None or beside.share is None:
        return ""
    points = round(100 * (seen.share - beside.share))
    if not points:
        return "the same"
    return f"{plural(abs(points), 'point')} {'higher' if points > 0 else 'lower'}"


def complete(seen: Seen) -> str:
    """ "50 of 53 (94%)": how many have data."""
    if seen.of is None or seen.missing is None or seen.eligible is None:
        return HELD
    if not seen.eligible:
        return NOBODY
    return f"{seen.of:,} of {seen.eligible:,} ({percent(seen.completeness)})"


def number(count: int | None) -> str:
    """A count, or that it is held back."""
    return HELD if count is None else f"{count:,}"


def centiles(times: Times, *, entitled: bool) -> list[int | None]:
    """Seconds at each of CENTILES; None for those with too few people on one side of them."""
    return [
        times.centile(share)
        if times.n and (entitled or times.n * min(share, 1 - share) >= _BESIDE)
        else None
        for share in CENTILES
    ]


def time(seconds: int | None) -> str:
    """An elapsed time, or a dash."""
    return "–" if seconds is None else duration(seconds)


def is_share(measure: Measure) -> bool:
    """Whether it is met or not, rather than counted by class."""
    return measure.shape is not Shape.CLASSES
