"""The running product signs in as a role that cannot switch off the guards of the trail."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from mscc.runtime.places import ROOT
from tests.deploy.conftest import address, run, tool

# One installation serves all of them, so one test process runs them.
pytestmark = pytest.mark.xdist_group("roles")

ADD = "INSERT INTO people_organisation (kind, name, code, phone) \
VALUES ('alliance', 'Example', '', '')"
NAMES = "SELECT name FROM people_organisation ORDER BY id"

# A ward refers, a coordinator takes it as far as discharge, and a target is missed on the way.
WORK = """
import django; django.setup()
from datetime import timedelta
from mscc import clock
from scheduling.domain.rounds import dispatch_round, sweep_round
from scheduling.models import Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import ReferralFactory, Team, refer
from tests.factories.rota import on_duty
team = Team.build()
on_duty(team.coordinator, team.place, clock.now() - timedelta(hours=1))
ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
before = clock.now() - timedelta(hours=30)
ReferralFactory(team=team, at=before, discharged=True)
refer(team, at=before)
print(sweep_round(clock.now), dispatch_round(clock.now))
breach = Notice.objects.filter(kind="breach", channel="pager")
print(sorted(set(breach.values_list("address", "state"))))
"""


@dataclass
class Installed:
    """A migrated database; `owner` and `app` are its address for each role."""

    owner: str
    app: str


@pytest.fixture(scope="module")
def installed(empty_database: Callable[[], str], filled: dict[str, str]) -> Iterator[Installed]:
    url = empty_database()
    mark = secrets.token_hex(4)
    # Roles belong to the whole server, which other tests use as well: so under another name.
    script = (ROOT / "deploy" / "postgres" / "roles.sql").read_text().replace("mscc_", f"m{mark}_")
    words = {"MSCC_OWNER_PASSWORD": "owner's own", "MSCC_APP_PASSWORD": "app"}
    subprocess.run(
        [tool("psql"), "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-q", url],
        input=script,
        env={**os.environ, **words},
        text=True,
        check=True,
    )
    roles = Installed(
        owner=address(url, user=f"m{mark}_owner", password="owner%27s%20own"),
        app=address(url, user=f"m{mark}_app", password="app"),
    )
    done = run(
        *(sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"),
        **{**filled, "DATABASE_URL": roles.owner},
    )
    assert done.returncode == 0, done.stderr
    yield roles
    with psycopg.connect(url, autocommit=True) as connection:
        for role in (f"m{mark}_app", f"m{mark}_owner"):
            name = sql.Identifier(role)
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(name))
            connection.execute(sql.SQL("DROP ROLE {}").format(name))


def test_the_app_role_works_on_rows_and_can_change_no_table(installed, filled):
    done = run(
        *(sys.executable, "manage.py", "rebuild_clocks", "--check"),
        **{**filled, "DATABASE_URL": installed.app},
    )
    assert done.stdout == "0 referrals looked at, 0 differed.\n", done.stderr

    with psycopg.connect(installed.app, autocommit=True) as app:
        app.execute(ADD)
        for forbidden in (
            "TRUNCATE audit_trail",
            "ALTER TABLE audit_trail DISABLE TRIGGER append_only",
            "DROP TRIGGER append_only ON referrals_milestone",
            "DROP FUNCTION audit_refuse_change() CASCADE",
            "CREATE TABLE mine (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_a_restore_as_the_owner_leaves_the_app_role_its_rights(installed, filled, tmp_path):
    """The runbook's own two commands, one after the other, on one database."""
    with psycopg.connect(installed.app, autocommit=True) as app:
        app.execute(ADD)
        before = [name for (name,) in app.execute(NAMES)]
        file = tmp_path / "mscc.dump"
        kept = run(tool("pg_dump"), "--format=custom", f"--file={file}", installed.owner)
        assert kept.returncode == 0, kept.stderr
        app.execute(ADD.replace("Example", "Added after the backup"))

    done = run(
        *(tool("pg_restore"), "--clean", "--if-exists", "--no-owner", "--no-privileges"),
        *("--exit-on-error", "--single-transaction", f"--dbname={installed.owner}", file),
    )
    assert done.returncode == 0, done.stderr
    with psycopg.connect(installed.app, autocommit=True) as app:
        app.execute(ADD.replace("Example", "Added after the restore"))
        after = [name for (name,) in app.execute(NAMES)]
        assert after == [*before, "Added after the restore"]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("ALTER TABLE audit_trail DISABLE TRIGGER append_only")


def test_the_app_role_is_enough_for_the_whole_of_the_work(installed, filled):
    done = run(sys.executable, "-c", WORK, **{**filled, "DATABASE_URL": installed.app})

    # No pager gateway is set up here: the page is dead, and the climb has gone on.
    rounds, pages = done.stdout.splitlines()[-2:]
    assert (rounds, pages) == ("1 0", "[('1001', 'dead'), ('1001', 'pending')]"), done.stderr
