"""The made-up past that figures are measured on, beside or without the referrals of the board."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SEED, MONTHS = 1, 36


@dataclass(frozen=True)
class Past:
    """Where it is: the alliance, who may see its figures, and all of its months."""

    url: str
    rows: int
    alliance: Any
    lead_id: int
    period: Any


def populate(url: str, rows: int, say: Callable[[str], None]) -> Past:
    """Tables, the demo's places and people, and `rows` closed referrals with kept figures."""
    from django.core.management import call_command
    from django.db import connection, connections

    from audit.domain import recounting
    from audit.measures.period import Period
    from audit.models import Journey
    from mscc import clock
    from mscc.demo import people
    from mscc.demo.synthetic import cohort
    from mscc.people.models import Organisation

    call_command("migrate", interactive=False, verbosity=0)
    at, began = clock.now(), time.monotonic()
    made = people.settle(at)
    say(f"{rows:,} referrals of the past")
    cohort.write(cohort.Plan(rows, SEED, MONTHS, at), processes=2 * (os.cpu_count() or 1))
    say(f"  {rows / (time.monotonic() - began):,.0f} a second")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    counted = recounting.recount()
    say(f"  {counted} cells")
    months = Journey.objects.order_by("month").values_list("month", flat=True)
    period = Period(months[0], months.reverse()[0])
    alliance = Organisation.objects.get(kind="alliance", name=people.ALLIANCE)
    connections.close_all()
    return Past(url, rows, alliance, made["alliance"].pk, period)
