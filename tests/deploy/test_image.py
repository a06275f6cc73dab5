"""What the image holds, run as the image runs it, though without a container around it.

The Dockerfile's own COPY and rm lines are followed in a folder; only the packages are this
environment's.
"""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from mscc.runtime import assets
from mscc.runtime.places import ROOT
from mscc.runtime.servers import free_port
from tests.deploy.conftest import address

pytestmark = pytest.mark.serial

HOST = "mscc.example.nhs.uk"
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()


@dataclass
class Image:
    """The folder that would be /app, and the environment of its processes."""

    folder: Path
    env: dict[str, str]

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="module")
def image(tmp_path_factory, filled) -> Image:
    folder = tmp_path_factory.mktemp("app")
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            to = folder / (source if target == "./" else target)
            to.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, to, ignore=shutil.ignore_patterns("__pycache__"))
            elif "/app" not in target and source != ".npmrc":
                shutil.copy(ROOT / source, to)
    assets.build()
    shutil.copytree(ROOT / "var" / "assets", folder / "var" / "assets")
    made = Image(folder, {**filled, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"})
    done = made.run("manage.py", "collectstatic", "--no-input", "--verbosity=0")
    assert done.returncode == 0, done.stderr
    for name in removed():
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return made


def removed() -> list[str]:
    """What the Dockerfile's last rm takes away."""
    return re.search(r"rm -r (.+?)\n\n", DOCKERFILE, re.DOTALL)[1].replace("\\\n", " ").split()


@pytest.fixture
def served(image: Image, transactional_db) -> Iterator[tuple[Image, int]]:
    """Gunicorn as the image's CMD starts it, on a port of its own and the tests' database."""
    database = address(connection_url(), name=connection.settings_dict["NAME"])
    image.env["DATABASE_URL"] = database
    port = free_port()
    words = re.findall(r'"([^"]+)"', DOCKERFILE[DOCKERFILE.rindex("\nCMD") :])
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in words]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=image.folder,
        env=image.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while image.run("deploy/probe.py", "web", port).returncode and time.monotonic() < until:
            time.sleep(0.2)
        yield image, port
    finally:
        process.terminate()
        process.wait(40)


def connection_url() -> str:
    found = connection.settings_dict
    secret = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    return f"postgres://{found['USER']}{secret}@{found['HOST']}:{found['PORT']}/any"


def ask(port: int, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, Location and body, as a proxy would ask; redirects are not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": HOST, **headers}
    )
    try:
        answer = urllib.request.build_opener(Stay).open(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers.get("Location", ""), answer.read().decode()


SECURE = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def test_it_serves_people_behind_a_proxy_and_sends_plain_http_away(served):
    image, port = served

    assert image.run("deploy/probe.py", "web", port).returncode == 0
    assert ask(port, "/")[:2] == (301, f"https://{HOST}/")
    assert ask(port, "/", **SECURE)[0] == 302
    status, _, page = ask(port, "/accounts/login/", **SECURE)
    assert status == 200
    styles = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
    assert re.search(r"\.[0-9a-f]{12}\.", styles)
    assert ask(port, styles, **SECURE)[0] == 200


def test_there_is_no_demo_in_it_and_no_way_to_switch_one_on(image):
    assert not [name for name in removed() if (image.folder / name).exists()]
    assert not (image.folder / "tests").exists()
    assert "Unknown command: 'demo'" in image.run("manage.py", "demo").stderr
    image_with_demo = Image(image.folder, {**image.env, "DEMO": "on"})
    assert image_with_demo.run("manage.py", "check").stderr.startswith("Will not start. DEMO:")


def test_a_process_is_well_when_it_finished_a_round_lately_in_this_container(
    image, transactional_db
):
    database = address(connection_url(), name=connection.settings_dict["NAME"])
    here = Image(image.folder, {**image.env, "DATABASE_URL": database})
    told = "INSERT INTO scheduling_heartbeat (component, instance, beat_at, progress_at) \
VALUES (%s, %s, now(), now() - make_interval(secs => %s))"
    with psycopg.connect(database, autocommit=True) as heart:
        heart.execute(told, ("sweep", "another-container:7", 1))
        heart.execute(told, ("sweep", f"{socket.gethostname()}:7", 90))
        assert here.run("deploy/probe.py", "worker").returncode == 1
        heart.execute(told, ("dispatch", f"{socket.gethostname()}:7", 30))
        assert here.run("deploy/probe.py", "worker").returncode == 0
        assert here.run("deploy/probe.py", "guardian").returncode == 1
