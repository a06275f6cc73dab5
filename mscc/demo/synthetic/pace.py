"""How long things take: log-normal, quicker by day, slower at weekends and in a bad season."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mscc import clock
from mscc.demo.synthetic.places import Site

_YEAR = timedelta(days=365.25)
# Referrals and delay by month: December to February are bad.
_SEASON = {12: 1.25, 1: 1.4, 2: 1.3}
_NIGHT, _WEEKEND = 1.5, 1.35
# How many referrals come in each hour of the day.
_HOURS = (2, 1, 1, 1, 1, 1, 2, 3, 6, 9, 11, 11, 10, 9, 10, 10, 9, 8, 6, 5, 4, 3, 3, 2)


@dataclass(frozen=True, slots=True)
class Span:
    """The time the cohort was referred in: local days from `first`, `days` of them."""

    first: date
    days: int


def arrival(rng: random.Random, span: Span, share: float) -> datetime:
    """When a referral came in, about `share` (0 to 1) into the span, to the second."""
    day = span.first + timedelta(days=int(share * span.days))
    # Fewer on Saturdays and Sundays, more in winter: those that are too many come another day.
    if rng.random() > (0.7 if day.weekday() > 4 else 1.0) * _SEASON.get(day.month, 1.0) / 1.4:
        day = span.first + timedelta(days=min(span.days - 1, max(0, (day - span.first).days + 2)))
    hour = rng.choices(range(24), _HOURS)[0]
    wall = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))
    return wall.replace(tzinfo=clock.LONDON).astimezone(UTC)


class Pace:
    """The clockwork of one referral. `burden` is how much slower things go for this person."""

    def __init__(self, rng: random.Random, site: Site, start: datetime, since: date) -> None:
        self.rng, self.site, self.burden = rng, site, 1.0
        years = (start.date() - since) / _YEAR
        local = clock.local(start)
        self._slowness = site.slowness * site.drift**years * _SEASON.get(local.month, 1.0)

    def hours(self, at: datetime, median: float, sigma: float = 0.6) -> timedelta:
        """How long something takes that is begun at `at` and usually takes `median` hours."""
        local = clock.local(at)
        slow = self._slowness * self.burden
        if not 8 <= local.hour < 20:
            slow *= _NIGHT
        if local.weekday() > 4:
            slow *= _WEEKEND
        return timedelta(seconds=int(3600 * median * slow * self.rng.lognormvariate(0, sigma)) + 1)

    def on_duty(self, at: datetime) -> int:
        """Who coordinates at this moment."""
        return self.site.by_day if 7 <= clock.local(at).hour < 20 else self.site.by_night

    def known(self, share: float = 1.0) -> bool:
        """Whether something is on record, at this hospital."""
        return self.rng.random() < self.site.recorded * share
