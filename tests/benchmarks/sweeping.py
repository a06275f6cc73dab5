"""S1: a sweep that finds nothing due, at ten thousand, a hundred thousand and a million clocks."""

import time
from collections.abc import Callable, Iterator

import psycopg

from tests.benchmarks.database import World
from tests.benchmarks.measuring import Figure, Spread, in_turns

SIZES = {"ten_thousand": 10_000, "a_hundred_thousand": 100_000, "a_million": 1_000_000}
EACH = 100  # sweeps in a slice
_TABLES = ("scheduling_clockstep", "scheduling_escalation")
# Two deadlines a clock, none of them due; the copies stand in schemas of their own.
_FILL = """
INSERT INTO {schema}.scheduling_clockstep (id, clock_id, referral_id, step, state, fire_at,
    attempts, last_error)
SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), step, 'armed',
    %(at)s + interval '1 h' + n * interval '0.1 s', 0, ''
FROM generate_series(1, %(clocks)s) AS n CROSS JOIN (VALUES ('at_risk'), ('breach')) AS s(step)
"""
_RAW = """
SELECT referral_id, fire_at FROM scheduling_clockstep
WHERE state = 'armed' AND fire_at <= %s ORDER BY fire_at LIMIT 500
"""


def s1(world: World, rounds: int) -> Iterator[Figure]:
    """The whole idle sweep of the product beside the one statement it cannot do without."""
    from django.db import connection

    from scheduling.domain.sweep import sweep

    with psycopg.connect(world.url, autocommit=True) as line:
        for schema, clocks in SIZES.items():
            copy_tables(line, world, schema, clocks)

        def raw() -> None:
            line.execute(_RAW, [world.at]).fetchall()

        def product() -> None:
            if sweep(world.at).fired:
                raise RuntimeError("the sweep was not idle")

        def in_schema(schema: str, do: Callable[[], None]) -> float:
            """Seconds a call, with that schema's tables in place of the product's."""
            for execute in (line.execute, connection.cursor().execute):
                execute(f"SET search_path = {schema}, public")
            do()
            began = time.perf_counter()
            for _ in range(EACH):
                do()
            return (time.perf_counter() - began) / EACH

        found = {
            schema: in_turns(
                rounds, lambda s=schema: in_schema(s, raw), lambda s=schema: in_schema(s, product)
            )
            for schema in SIZES
        }
        # Growth is of the same code at two sizes: those two in turns as well.
        small, _, large = SIZES
        grown = in_turns(
            rounds, lambda: in_schema(small, product), lambda: in_schema(large, product)
        )
        connection.cursor().execute("SET search_path = public")
    for schema, compared in found.items():
        yield Figure(
            "S1",
            f"idle sweep, {schema.replace('_', ' ')} clocks",
            Spread.of(1e3 * value for value in compared.floor).show("{:.3f}") + " ms",
            Spread.of(1e3 * value for value in compared.product).show("{:.3f}") + " ms",
            compared.ratio,
            "x the floor",
            aim=5,
        )
    yield Figure(
        "S1",
        "the same, a million to ten thousand",
        Spread.of(1e3 * value for value in grown.floor).show("{:.3f}") + " ms",
        Spread.of(1e3 * value for value in grown.product).show("{:.3f}") + " ms",
        grown.ratio,
        "x",
        aim=2,
    )


def copy_tables(line: psycopg.Connection, world: World, schema: str, clocks: int) -> None:
    """The tables a sweep reads, with `clocks` running clocks and the product's partial indexes."""
    line.execute(f"CREATE SCHEMA {schema}")
    for table in _TABLES:
        line.execute(
            f"CREATE TABLE {schema}.{table} (LIKE public.{table} INCLUDING ALL EXCLUDING INDEXES)"
        )
    line.execute(_FILL.format(schema=schema), {"at": world.at, "clocks": clocks})
    for table in _TABLES:
        found = line.execute(
            """SELECT indexdef FROM pg_indexes
               WHERE schemaname = 'public' AND tablename = %s AND indexdef LIKE '%%WHERE%%'""",
            [table],
        ).fetchall()
        for (definition,) in found:
            line.execute(definition.replace("public.", f"{schema}."))
        line.execute(f"VACUUM (ANALYZE) {schema}.{table}")
