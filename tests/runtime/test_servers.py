import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from mscc.runtime.places import service_account
from mscc.runtime.postgres import Postgres
from mscc.runtime.servers import free_port, passing_servers
from mscc.runtime.supervisor import Supervisor
from tests.runtime.watching import eventually, is_alive

pytestmark = pytest.mark.runtime

SERVERS = """
import json, sys
from pathlib import Path
from mscc.runtime.servers import start_servers
from mscc.runtime.supervisor import Supervisor
folder = Path(sys.argv[1])
with Supervisor() as supervisor:
    urls = start_servers(supervisor, folder)
    (folder / "urls.new").write_text(json.dumps(urls))
    (folder / "urls.new").rename(folder / "urls.json")
    supervisor.watch()
"""
OURS = {"DATABASE_URL": "", "REDIS_URL": ""}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Open to the servers' own user, as root's is; pytest's own folders are closed."""
    with tempfile.TemporaryDirectory(prefix='mscc runtime "quoted" ') as name:
        made = Path(name)
        made.chmod(0o711)
        yield made


def urls(folder: Path) -> dict[str, str]:
    told = folder / "urls.json"
    assert eventually(told.exists, within=30)
    return json.loads(told.read_text())


def one(url: str, query: str) -> object:
    with psycopg.connect(url, connect_timeout=2) as line:
        return line.execute(query).fetchone()[0]


def answers(url: str) -> bool:
    try:
        return one(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def postmaster(folder: Path) -> int:
    return int((folder / "postgres/data/postmaster.pid").read_text().split()[0])


def test_the_servers_start_are_healed_and_keep_their_data(script, folder):
    first = script(SERVERS, folder, **OURS)
    told = urls(folder)
    with psycopg.connect(told["DATABASE_URL"]) as line:
        line.execute("CREATE TABLE kept (name text)")
        line.execute("INSERT INTO kept VALUES ('Zoë')")
    assert redis.from_url(told["REDIS_URL"]).set("a", 1)
    # Capitals beyond ASCII are found without regard to case.
    assert one(told["DATABASE_URL"], "SELECT name FROM kept WHERE upper(name) = 'ZOË'") == "Zoë"

    os.kill(postmaster(folder), signal.SIGKILL)
    assert eventually(lambda: answers(told["DATABASE_URL"]), within=10)
    assert one(told["DATABASE_URL"], "SELECT count(*) FROM kept") == 1

    pid = postmaster(folder)
    first.send_signal(signal.SIGTERM)
    assert first.wait(20) == 0
    assert not is_alive(pid)

    (folder / "urls.json").unlink()
    script(SERVERS, folder, **OURS)
    assert one(urls(folder)["DATABASE_URL"], "SELECT count(*) FROM kept") == 1


def test_strangers_on_this_machine_are_not_let_in(script, folder):
    script(SERVERS, folder, **OURS)
    told = urls(folder)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(told["DATABASE_URL"].replace("mscc:", "mscc:wrong"))
    port = told["REDIS_URL"].rsplit(":", 1)[1].split("/")[0]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(port)).ping()
    assert (folder / "postgres/password").stat().st_mode & 0o077 == 0
    assert (folder / "valkey/valkey.conf").stat().st_mode & 0o077 == 0


def test_a_killed_supervisor_leaves_no_server_and_the_next_one_starts(script, folder):
    first = script(SERVERS, folder, **OURS)
    urls(folder)
    pid = postmaster(folder)
    first.kill()
    (folder / "urls.json").unlink()
    script(SERVERS, folder, **OURS)
    assert answers(urls(folder)["DATABASE_URL"])
    assert not is_alive(pid)


def pid_file(folder: Path, pid: int) -> tuple[Postgres, Path]:
    postgres = Postgres(folder, service_account(), port=1)
    postgres.data.mkdir()
    file = postgres.data / "postmaster.pid"
    file.write_text(f"{pid}\n{postgres.data}\n")
    return postgres, file


def test_a_pid_file_that_names_somebody_else_is_dropped(tmp_path):
    postgres, file = pid_file(tmp_path, os.getpid())
    postgres.heal()
    assert not file.exists()


def test_a_pid_file_of_a_dead_server_is_left_to_postgresql(tmp_path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    postgres, file = pid_file(tmp_path, gone.pid)
    postgres.heal()
    assert file.exists()


def test_an_interrupted_creation_is_done_again(folder):
    postgres = Postgres(folder / "postgres", service_account(), free_port(), durable=False)
    half = folder / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    assert postgres.prepare()
    assert (postgres.data / "global").is_dir()
    assert not half.exists()
    assert not postgres.prepare()


def test_servers_of_ones_own_are_used_as_they_are(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere/else")
    with passing_servers(Supervisor()) as urls:
        assert urls == {
            "DATABASE_URL": "postgres://somewhere/else",
            "REDIS_URL": "redis://somewhere/else",
        }


def test_a_taken_port_is_replaced_by_a_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) not in (0, port)
    assert free_port(port) == port
