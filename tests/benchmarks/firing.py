"""S2 and S3: firing what is due among a million, beside the least that writes the same rows."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg

from tests.benchmarks.database import World
from tests.benchmarks.measuring import Figure, Spread, in_turns

SLICES = (3, 2)  # of a round: for S2 and for S3

# What a sweep writes for a breach: the step, the trail twice, the climb, a page.
_FIRE = """
WITH due AS MATERIALIZED (
    SELECT id, clock_id, referral_id FROM scheduling_clockstep
    WHERE state = 'armed' AND fire_at <= %(at)s ORDER BY fire_at LIMIT 500
    FOR UPDATE SKIP LOCKED
), fired AS (
    UPDATE scheduling_clockstep AS step SET state = 'fired', fired_at = %(at)s
    FROM due WHERE step.id = due.id
), climb AS (
    INSERT INTO scheduling_escalation (id, referral_id, clock_id, about, ladder, rung, round,
        state, opened_at, next_at, attempts, last_error{columns})
    SELECT gen_random_uuid(), referral_id, clock_id, 'breach', '{{}}'::jsonb, 0, 1, 'open', %(at)s,
        %(at)s + interval '5 min', 0, ''{values} FROM due
    RETURNING id, referral_id
), said AS (
    INSERT INTO audit_trail (at, actor_id, process, actor_name, on_behalf_of, action, referral_id,
        details, request_id)
    SELECT %(at)s, NULL, 'sweeper', 'sweeper', '', action, referral_id, '{{}}'::jsonb, ''
    FROM climb CROSS JOIN (VALUES ('target_breached'), ('people_paged')) AS each(action)
)
INSERT INTO scheduling_notice (id, dedupe_key, kind, channel, recipient_name, address, fields,
    referral_id, escalation_id, priority, state, attempts, next_attempt_at, created_at,
    provider_ref, last_error{notice_columns})
SELECT gen_random_uuid(), id::text || ':1:0', 'breach', 'email', '', 'floor@example.nhs.uk',
    '{{}}'::jsonb, referral_id, id, 2, 'pending', 0, %(at)s, %(at)s, '', ''{notice_values}
FROM climb
"""


class _Deadlines:
    """Takes open referrals, a slice at a time, and makes their next deadline a minute late."""

    def __init__(self, line: psycopg.Connection, world: World) -> None:
        self._line, self._at = line, world.at
        found = line.execute(
            """SELECT id FROM scheduling_clockstep WHERE state = 'armed' AND step = 'breach'
               ORDER BY fire_at DESC"""
        ).fetchall()
        self._all: list[UUID] = [id_ for (id_,) in found]
        self._left = self._all

    def a_slice(self, rounds: int, slices: int) -> int:
        """How many there are for each side of a slice, when half of all may be used."""
        return len(self._all) // 2 // (2 * rounds * slices)

    def fall_due(self, count: int) -> None:
        taken, self._left = self._left[:count], self._left[count:]
        if len(taken) < count:
            raise RuntimeError("there are no deadlines left to measure with")
        self._line.execute(
            "UPDATE scheduling_clockstep SET fire_at = %s WHERE id = ANY(%s)",
            [self._at - timedelta(minutes=1), taken],
        )

    def undone(self) -> int:
        found = self._line.execute(
            "SELECT count(*) FROM scheduling_clockstep WHERE state = 'armed' AND fire_at <= %s",
            [self._at],
        ).fetchone()
        return int(found[0]) if found else 0


def s2_s3(world: World, rounds: int) -> Iterator[Figure]:
    """One sweeper beside one statement; then two sweepers beside one."""
    from scheduling.domain.sweep import sweep

    somebody_to_tell(world)
    with psycopg.connect(world.url, autocommit=True) as line:
        deadlines, statement = _Deadlines(line, world), _floor(line)
        each, together = (deadlines.a_slice(rounds, slices) for slices in SLICES)

        def raw() -> float:
            deadlines.fall_due(each)
            began = perf_counter()
            while line.execute(statement, {"at": world.at}).rowcount:
                pass
            return (perf_counter() - began) / each

        def product() -> float:
            return _timed(deadlines, each, lambda: _sweep_all(world))

        def one() -> float:
            return _timed(deadlines, together, lambda: _sweep_all(world))

        def two() -> float:
            return _timed(deadlines, together, lambda: _two_sweepers(world))

        sweep(world.at)
        found = in_turns(rounds, raw, product, SLICES[0])
        pair = in_turns(rounds, one, two, SLICES[1])
        doubled = _doubled(line)
        missed = deadlines.undone()
    yield Figure(
        "S2",
        f"firing {each} deadlines among {world.rows:,} referrals",
        Spread.of(1 / value for value in found.floor).show("{:,.0f}") + " /s",
        Spread.of(1 / value for value in found.product).show("{:,.0f}") + " /s",
        found.ratio,
        "x the floor",
        aim=1 / 0.35,
        must=1 / 0.2,
    )
    yield Figure(
        "S3",
        f"two sweepers beside one, {together} deadlines; {doubled} doubled, {missed} missed",
        Spread.of(1 / value for value in pair.floor).show("{:,.0f}") + " /s",
        Spread.of(1 / value for value in pair.product).show("{:,.0f}") + " /s",
        pair.ratio if not doubled + missed else Spread(9.99, 9.99, 9.99),
        "x the time of one",
        aim=1 / 1.3,
    )


def _timed(deadlines: _Deadlines, count: int, do: Callable[[], None]) -> float:
    deadlines.fall_due(count)
    began = perf_counter()
    do()
    elapsed = (perf_counter() - began) / count
    if deadlines.undone():
        raise RuntimeError("the sweep left deadlines undone")
    return elapsed


def _sweep_all(world: World) -> None:
    from scheduling.domain.sweep import due, sweep

    while due(world.at, 1):
        sweep(world.at)


def _two_sweepers(world: World) -> None:
    """The second is a process of its own, forked: two threads would share one core."""
    from django.db import connection

    pid = os.fork()
    if pid == 0:
        try:
            connection.connection = None
            _sweep_all(world)
        finally:
            os._exit(0)
    _sweep_all(world)
    os.waitpid(pid, 0)


def _floor(line: psycopg.Connection) -> str:
    """The statement, with what newer columns need that may not be empty."""
    more = {
        table: line.execute(
            """SELECT column_name,
                    CASE WHEN data_type IN ('character varying', 'text') THEN ''''''
                         WHEN data_type = 'boolean' THEN 'false'
                         WHEN data_type = 'jsonb' THEN '''[]''::jsonb' ELSE '0' END
               FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'
                    AND column_default IS NULL ORDER BY ordinal_position""",
            [table],
        ).fetchall()
        for table in ("scheduling_escalation", "scheduling_notice")
    }
    plain = _FIRE
    parts = {}
    for table, name in (("scheduling_escalation", ""), ("scheduling_notice", "notice_")):
        block = plain.split(f"INTO {table} (")[1].split(")")[0]
        known = {word.strip(" \n{}") for word in block.replace("{", ",").split(",")}
        new = [(column, value) for column, value in more[table] if column not in known]
        parts[f"{name}columns"] = "".join(f", {column}" for column, _ in new)
        parts[f"{name}values"] = "".join(f", {value}" for _, value in new)
    return plain.format(**parts)


def somebody_to_tell(world: World, place: Any = None) -> None:
    """A coordinator on duty who is reached by email: for the alliance, or for one of its trusts."""
    from scheduling.models import Shift
    from tests.factories.people import ContactPointFactory, UserFactory

    who = UserFactory()
    ContactPointFactory(user=who)
    # Of two turns at once the one that began last holds: that of the trust.
    began = world.at - timedelta(days=2 if place is None else 1)
    Shift.objects.create(
        organisation=world.places[0].alliance if place is None else place.trust,
        role="coordinator",
        user=who,
        starts_at=began,
        ends_at=began + timedelta(days=30),
    )


def _doubled(line: psycopg.Connection) -> int:
    """Breaches that the trail has more than once; those of the floor say nothing of their kind."""
    found = line.execute(
        """SELECT count(*) FROM (SELECT FROM audit_trail
           WHERE action = 'target_breached' AND details ? 'kind'
           GROUP BY referral_id, details->>'kind', details->>'due_at'
           HAVING count(*) > 1) AS more"""
    ).fetchone()
    return int(found[0]) if found else 0
