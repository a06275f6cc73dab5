"""A backup is worth what a restore of it is worth: the clocks agree, and what is overdue rings."""

import os
import sys
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from mscc import clock
from tests.deploy.conftest import address, run, tool
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import Team, refer
from tests.factories.rota import on_duty

pytestmark = pytest.mark.serial

SWEEP = """
import django; django.setup()
from mscc import clock
from scheduling.domain.rounds import sweep_round
print(sweep_round(clock.now))
"""
BREACH = """
SELECT step.state FROM scheduling_clockstep step JOIN scheduling_clock clock
ON clock.id = step.clock_id WHERE clock.kind = 'mri_24h' AND step.step = 'breach'
"""


def rows(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url) as database:
        return database.execute(query).fetchall()


@pytest.fixture
def backup(transactional_db, tmp_path):
    """A referral whose MRI is 6 hours overdue, in a database that was backed up before it rang."""
    team = Team.build()
    on_duty(team.coordinator, team.place, clock.now() - timedelta(hours=1))
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    refer(team, at=clock.now() - timedelta(hours=30))
    source = address(os.environ["DATABASE_URL"], name=connection.settings_dict["NAME"])
    file = tmp_path / "mscc.dump"
    done = run(tool("pg_dump"), "--format=custom", f"--file={file}", source)
    assert done.returncode == 0, done.stderr
    return source, file


def test_after_a_restore_clocks_agree_and_what_is_overdue_fires(backup, empty_database, filled):
    source, file = backup
    target = empty_database()
    ours = {**filled, "DATABASE_URL": target}

    done = run(
        *(tool("pg_restore"), "--exit-on-error", "--single-transaction"),
        *("--no-owner", "--no-privileges", f"--dbname={target}", file),
    )
    assert done.returncode == 0, done.stderr
    for table in ("referrals_milestone", "scheduling_clock", "scheduling_clockstep", "audit_trail"):
        everything = f"SELECT * FROM {table} ORDER BY id"
        assert rows(target, everything) == rows(source, everything) != []

    checked = run(sys.executable, "manage.py", "rebuild_clocks", "--check", **ours)
    assert (checked.returncode, checked.stdout) == (0, "1 referrals looked at, 0 differed.\n")

    swept = run(sys.executable, "-c", SWEEP, **ours)
    assert swept.stdout.splitlines()[-1:] == ["1"], swept.stderr
    assert rows(target, BREACH) == [("fired",)]
    paged = rows(target, "SELECT address, state FROM scheduling_notice WHERE kind = 'breach'")
    assert ("1001", "pending") in paged
    assert rows(source, BREACH) == [("armed",)]


def test_a_restored_trail_is_guarded_as_before(backup, empty_database):
    _, file = backup
    target = empty_database()
    run(tool("pg_restore"), "--no-owner", "--no-privileges", f"--dbname={target}", file)

    with psycopg.connect(target, autocommit=True) as database:
        assert database.execute("SELECT count(*) FROM audit_trail").fetchone() != (0,)
        for statement in (
            "DELETE FROM audit_trail",
            "UPDATE referrals_milestone SET kind = 'discharged'",
            "TRUNCATE referrals_milestone CASCADE",
            "UPDATE referrals_referral SET state = 'discharged', closed_at = now()",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                database.execute(statement)
