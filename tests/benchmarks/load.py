"""A million referrals, ten thousand of them open, as the domain would have written them.

Each stage is told once as milestones; its clocks are what `judge` says of them. PostgreSQL then
multiplies the stages: no row passes through Python.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from referrals.clinical.library import targets
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from referrals.domain.reference import ALPHABET
from scheduling.timekeeping.clocks import ClockState, Judged, judge, next_due

OPEN = 10_000
FEW = 10  # open in the small alliance
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Stage:
    """Referrals that stand alike. `told`: (fact, how long after it was received)."""

    name: str
    state: str
    told: tuple[tuple[MilestoneKind, timedelta], ...]
    suspicion: Suspicion = Suspicion.MSCC
    confirmed: str = ""

    @property
    def clocks(self) -> tuple[Judged, ...]:
        facts = [Fact(kind, _EPOCH + after, n) for n, (kind, after) in enumerate(self.told)]
        return judge(facts, targets())

    @property
    def closed_after(self) -> timedelta | None:
        return self.told[-1][1] if self.state == "redirected" else None

    @property
    def taken_after(self) -> timedelta | None:
        return dict(self.told).get(MilestoneKind.TAKEN)


_ARRIVED = ((MilestoneKind.MSCC_SUSPECTED, 0 * _MINUTE), (MilestoneKind.RECEIVED, 0 * _MINUTE))
_TAKEN = (MilestoneKind.TAKEN, 5 * _MINUTE)
_TRIAGED = (MilestoneKind.TRIAGED, 10 * _MINUTE)
CLOSED = Stage("closed", "redirected", (*_ARRIVED, _TAKEN, (MilestoneKind.REDIRECTED, 2 * _HOUR)))
UNREAD = Stage("unread", "referred", _ARRIVED)
TRIAGED = Stage("triaged", "triaged", (*_ARRIVED, _TAKEN, _TRIAGED))
METASTASES = Stage(
    "metastases",
    "triaged",
    ((MilestoneKind.METASTASES_SUSPECTED, 0 * _MINUTE), _ARRIVED[1], _TAKEN, _TRIAGED),
    suspicion=Suspicion.SPINAL_METASTASES,
)
REPORTED = Stage(
    "reported",
    "triaged",
    (
        *_ARRIVED,
        _TAKEN,
        _TRIAGED,
        (MilestoneKind.MRI_PERFORMED, 3 * _HOUR),
        (MilestoneKind.SCAN_REPORTED, 4 * _HOUR),
    ),
    confirmed="mscc",
)
STAGES = (CLOSED, UNREAD, TRIAGED, METASTASES, REPORTED)

# Which of 500 open ones stand where, and when they were received: nothing is due yet.
_PEOPLE = """
CREATE UNLOGGED TABLE bench_referral AS
SELECT i,
    i %% %(step)s = 0 AS is_open,
    CASE WHEN i %% %(step)s <> 0 THEN 'closed'
         WHEN o %% 500 = 0 THEN 'unread'
         WHEN o %% 50 < 12 THEN 'triaged'
         WHEN o %% 50 < 15 THEN 'metastases'
         ELSE 'reported' END AS stage,
    CASE WHEN i %% %(step)s <> 0 THEN %(at)s - interval '3 days' - i * interval '90 s'
         WHEN o %% 500 = 0 THEN %(at)s - (o %% 60) * interval '1 s'
         WHEN o %% 50 < 15 THEN %(at)s - interval '30 min' - (o %% 600) * interval '1 min'
         ELSE %(at)s - interval '10 h' - (o %% 600) * interval '1 min' END AS received_at,
    place.*
FROM (SELECT i, i / %(step)s AS o FROM generate_series(1, %(rows)s::bigint) AS i) AS numbered
JOIN bench_place AS place
    ON place.small = (i <= %(few)s * %(step)s)
    AND place.turn = CASE WHEN i <= %(few)s * %(step)s THEN 0 ELSE i %% %(places)s END
ORDER BY i
"""
_INTO = {
    "referrals_patient": """
        SELECT bench_id(1, i) AS id, alliance_id, (9995000000 + i)::text AS nhs_number,
            '' AS nhs_number_absent_reason, 'Robin' AS given_name, 'Example' || i AS family_name,
            date '1950-01-01' + (i % 15000)::int AS date_of_birth, 'female' AS sex,
            '' AS ethnicity, 'LS1 3EX' AS postcode, 'Example Surgery' AS gp_practice, '' AS phone,
            '' AS next_of_kin, 'English' AS language, false AS interpreter_needed,
            '' AS communication_needs, '' AS reasonable_adjustments, '' AS allergies
        FROM bench_referral""",
    "referrals_referral": """
        SELECT bench_id(2, i) AS id, bench_reference(i) AS reference, stage.state, 1 AS version,
            bench_id(1, i) AS patient_id, alliance_id, trust_id, hospital_id, ward_id,
            '' AS place_note, stage.suspicion, stage.confirmed, '{}'::jsonb AS provisional,
            '["cancer.stage", "care.imaging_done"]'::jsonb AS missing, 'ward_form' AS route,
            received_at, nurse_id AS referred_by_id, 'Alex Ward' AS referrer_name,
            'Nurse' AS referrer_role, 'alex.ward@example.nhs.uk' AS referrer_email,
            '01632 960123' AS call_back, '' AS responsible_consultant, false AS consultant_aware,
            CASE WHEN stage.taken_after IS NOT NULL THEN coordinator_id END AS taken_by_id,
            received_at + stage.taken_after AS taken_at,
            CASE WHEN stage.taken_after IS NULL THEN received_at END AS unread_since,
            received_at + stage.closed_after AS closed_at,
            received_at + stage.due_after AS next_due_at, stage.due_kind AS next_due_kind,
            'status-' || lpad(i::text, 12, '0') AS status_token, received_at AS changed_at,
            'Sam Example' AS changed_by, 'received the referral' AS last_change,
            false AS care_stale
        FROM bench_referral JOIN bench_stage AS stage USING (stage)""",
    "referrals_milestone": """
        SELECT bench_id(10 + told.number, i) AS id, bench_id(2, i) AS referral_id, told.kind,
            received_at + told.after AS occurred_at, received_at + told.after AS recorded_at,
            100 + told.number AS told, coordinator_id AS recorded_by_id, '' AS on_behalf_of,
            '{}'::jsonb AS details, '' AS process, '' AS reason,
            false AS retracts
        FROM bench_referral JOIN bench_told AS told USING (stage)""",
    "scheduling_clock": """
        SELECT bench_id(30 + clock.ordinal, i) AS id, bench_id(2, i) AS referral_id, clock.kind,
            clock.number, clock.state, received_at + clock.starts AS started_at,
            received_at + clock.risks AS at_risk_at, received_at + clock.falls_due AS due_at,
            received_at + clock.stops AS stopped_at, clock.reason, clock.ladder
        FROM bench_referral JOIN bench_clock AS clock USING (stage)""",
    "scheduling_clockstep": """
        SELECT bench_id(50 + 2 * clock.ordinal + step.number, i) AS id,
            bench_id(30 + clock.ordinal, i) AS clock_id, bench_id(2, i) AS referral_id, step.step,
            CASE WHEN clock.state = 'running' THEN 'armed' ELSE 'cancelled' END AS state,
            received_at + step.after AS fire_at, 0 AS attempts, '' AS last_error
        FROM bench_referral JOIN bench_clock AS clock USING (stage)
        CROSS JOIN LATERAL (VALUES (0, 'at_risk', risks), (1, 'breach', falls_due))
            AS step(number, step, after)""",
}
# A reference is a number to the base of its alphabet.
_LETTERS = [
    f"substr('{ALPHABET}', (i / {len(ALPHABET) ** power} % {len(ALPHABET)})::int + 1, 1)"
    for power in (4, 3, 2, 1, 0)
]
# What drops each index but that of the primary key, and what builds it again.
_ASIDE = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = %(table)s::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
UNION ALL
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', %(table)s, conname),
    format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', %(table)s, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'u'
"""
_HELPERS = f"""
CREATE FUNCTION bench_id(part int, i bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(part), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid $$;
CREATE FUNCTION bench_reference(i bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT {" || ".join([*_LETTERS[:3], "'-'", *_LETTERS[3:]])} $$;
CREATE TABLE bench_stage (stage text, state text, suspicion text, confirmed text,
    taken_after interval, closed_after interval, due_after interval, due_kind text);
CREATE TABLE bench_told (stage text, number int, kind text, after interval);
CREATE TABLE bench_clock (stage text, ordinal int, kind text, number int, state text,
    starts interval, risks interval, falls_due interval, stops interval, reason text, ladder text);
"""


def load(
    url: str, rows: int, at: datetime, places: Sequence[dict[str, Any]], say: Callable
) -> None:
    """Fill the tables of the database at `url` with `rows` referrals, as of `at`.

    `places`: columns of bench_place, the last one in the small alliance. Needs a superuser, who
    alone may leave out the check of foreign keys that would take most of the time.
    """
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(_HELPERS)
        _tell_stages(line)
        _tell_places(line, places)
        given = {"step": rows // OPEN, "rows": rows, "at": at, "few": FEW}
        # A clear value each: the statement multiplies rows and needs no plan for parameters.
        with psycopg.ClientCursor(line) as cursor:
            cursor.execute(_PEOPLE, {**given, "places": len(places) - 1})
        line.execute("ANALYZE bench_referral")
    # Two at a time, one for each core of a small machine.
    pool = ThreadPoolExecutor(2)
    try:
        began = time.monotonic()
        for table in pool.map(lambda table: _fill(url, table), _INTO):
            say(f"  {table} ({time.monotonic() - began:.0f} s)")
    finally:
        # Stopped half way, it does not wait: the database is dropped under what still runs.
        pool.shutdown(wait=False, cancel_futures=True)


def _fill(url: str, table: str) -> str:
    """Write one table without its indexes but the key, build them again, and leave it tidy."""
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("SET session_replication_role = replica")
        line.execute("SET synchronous_commit = off")
        line.execute("SET maintenance_work_mem = '256MB'")
        aside = line.execute(_ASIDE, {"table": table}).fetchall()
        for drop, _ in aside:
            line.execute(drop)
        query = _INTO[table]
        columns = [column.name for column in line.execute(f"{query} LIMIT 0").description or ()]
        names = sql.SQL(", ").join(map(sql.Identifier, columns)).as_string()
        line.execute(f"INSERT INTO {table} ({names}) {query}")
        for _, build in aside:
            line.execute(build)
        line.execute(f"VACUUM (ANALYZE) {table}")
    return table


def _tell_stages(line: psycopg.Connection) -> None:
    with line.cursor() as cursor:
        for stage in STAGES:
            clocks = stage.clocks
            due = next_due(clocks)
            cursor.execute(
                "INSERT INTO bench_stage VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    *(stage.name, stage.state, stage.suspicion.value, stage.confirmed),
                    *(stage.taken_after, stage.closed_after),
                    *((due.due_at - _EPOCH, due.kind) if due else (None, "")),
                ],
            )
            cursor.executemany(
                "INSERT INTO bench_told VALUES (%s, %s, %s, %s)",
                [(stage.name, n, kind.value, after) for n, (kind, after) in enumerate(stage.told)],
            )
            cursor.executemany(
                "INSERT INTO bench_clock VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [_clock(stage.name, n, clock) for n, clock in enumerate(clocks)],
            )


def _clock(stage: str, ordinal: int, clock: Judged) -> tuple[Any, ...]:
    return (
        *(stage, ordinal, clock.kind, clock.number, ClockState(clock.state).value),
        *(clock.started_at - _EPOCH, clock.at_risk_at - _EPOCH, clock.due_at - _EPOCH),
        clock.stopped_at - _EPOCH if clock.stopped_at else None,
        *(clock.reason, "v0"),
    )


def _tell_places(line: psycopg.Connection, places: Sequence[dict[str, Any]]) -> None:
    names = ("alliance_id", "trust_id", "hospital_id", "ward_id", "nurse_id", "coordinator_id")
    columns = ", ".join(f"{name} bigint" for name in names)
    line.execute(f"CREATE TABLE bench_place (turn int, small bool, {columns})")
    for turn, place in enumerate(places):
        small = turn == len(places) - 1
        values = [0 if small else turn, small, *(place[name] for name in names)]
        line.execute("INSERT INTO bench_place VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", values)
