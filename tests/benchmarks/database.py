"""A database of the benchmark's own, gone when it ends."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg
from psycopg import sql

COORDINATORS = 200


@contextlib.contextmanager
def own_database(server: str) -> Iterator[str]:
    """Create `bench_...` on the server of that URL, give its URL, and drop it afterwards."""
    name = f"bench_{os.getpid()}_{int(time.time())}"
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as line:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True)
class World:
    """Who and what there is to measure with. `at` is the moment the referrals were written for."""

    url: str
    at: datetime
    rows: int
    places: list[Any]  # tests.factories.people.Place, one a trust of the large alliance
    nurse_id: int
    coordinators: list[int]
    few: Any
    few_coordinator: int


def populate(url: str, rows: int, say: Callable[[str], None]) -> World:
    """Tables, two alliances with their people, and `rows` referrals. Django must be set up."""
    from django.core.management import call_command
    from django.db import connections

    from tests.benchmarks.load import load
    from tests.factories.people import Place, person

    say("Tables")
    call_command("migrate", interactive=False, verbosity=0)
    first = Place.build()
    many = [first, *(Place.build(first.alliance) for _ in range(2))]
    few = Place.build()
    nurse = person("referrer", first)
    # Half of the boards are of the whole alliance, the others of one of its trusts.
    homes = [first.alliance, many[0].trust, first.alliance, many[1].trust]
    coordinators = [person("coordinator", homes[n % 4]).pk for n in range(COORDINATORS)]
    alone = person("coordinator", few).pk
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    places = [
        {
            **{f"{kind}_id": getattr(place, kind).pk for kind in vars(place)},
            "nurse_id": nurse.pk,
            "coordinator_id": alone if place is few else coordinators[0],
        }
        for place in (*many, few)
    ]
    say(f"{rows:,} referrals")
    load(url, rows, at, places, say)
    connections.close_all()
    return World(url, at, rows, many, nurse.pk, coordinators, few, alone)


def check(world: World, say: Callable[[str], None]) -> None:
    """Stop unless the clocks of a sample are what the domain says of their milestones."""
    from referrals.models import Referral
    from scheduling.domain.clocks import differences

    found: dict[UUID, list[str]] = {}
    for state in ("referred", "triaged", "redirected"):
        for pk in Referral.objects.filter(state=state).values_list("pk", flat=True)[:50]:
            found |= {pk: wrong} if (wrong := differences(pk)) else {}
    if found:
        raise SystemExit(f"The loaded clocks are not what the milestones say: {found}")
    say("A sample of the clocks agrees with the milestones")


def awaiting_decision(world: World) -> list[UUID]:
    """Referrals of the large alliance whose scan is reported and whose treatment is open."""
    from referrals.models import Referral

    found = Referral.objects.filter(
        confirmed="mscc", state="triaged", taken_by_id=world.coordinators[0]
    )
    return list(found.order_by("pk").values_list("pk", flat=True))
