"""With the broker gone for good, and Celery too, a missed target is paged all the same."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from mscc import clock
from mscc.runtime.places import ROOT
from scheduling.models import Clock, ClockStep, Heartbeat
from tests.domain.notify.peers import MailServer, PagingServer
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import ReferralFactory, Team
from tests.factories.rota import on_duty
from tests.runtime.watching import eventually

pytestmark = [pytest.mark.runtime, pytest.mark.serial]

PROMISED_S = 15


@pytest.fixture
def guardian(transactional_db, tmp_path) -> Iterator[Callable[[dict[str, str]], subprocess.Popen]]:
    """Start a real guardian on the tests' database; there is no worker and no beat."""
    started: list[subprocess.Popen] = []
    of = connection.settings_dict
    where = f"{of['HOST'] or '127.0.0.1'}:{of['PORT'] or 5432}/{of['NAME']}"
    who = f"{of['USER']}:{of['PASSWORD']}" if of["PASSWORD"] else of["USER"]

    def start(env: dict[str, str]) -> subprocess.Popen:
        ours = {
            "DATABASE_URL": f"postgres://{who}@{where}",
            "DJANGO_SETTINGS_MODULE": "mscc.settings.development",
            "MSCC_PROCESS": "guardian",
            "LOG_LEVEL": "WARNING",
        }
        argv = [sys.executable, str(ROOT / "manage.py"), "guardian", "--skip-checks"]
        with (tmp_path / "guardian.log").open("w") as log:
            started.append(
                subprocess.Popen(
                    argv, env={**os.environ, **ours, **env}, cwd=ROOT, stdout=log, stderr=log
                )
            )
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(40)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("broker", ["gone", "hanging"])
def test_a_breach_is_paged_without_the_broker_and_without_celery(guardian, broker, record_property):
    with socket.socket() as line, MailServer() as mail, PagingServer() as pager:
        line.bind(("127.0.0.1", 0))
        if broker == "hanging":  # connections are taken and never answered
            line.listen()
        team = Team.build()
        on_duty(team.coordinator, team.place, clock.now() - timedelta(hours=1), hours=48)
        ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
        referral = ReferralFactory(team=team, triaged=True, at=clock.now() - timedelta(hours=20))
        guardian(
            {
                "REDIS_URL": f"redis://127.0.0.1:{line.getsockname()[1]}/0",
                "DEMO_SMTP_PORT": str(mail.port),
                "DEMO_SNPP_PORT": str(pager.port),
            }
        )
        working = Heartbeat.objects.filter(component="guardian", progress_at__isnull=False)
        assert eventually(working.exists, within=240)
        passes_at = clock.now() + timedelta(seconds=6)
        running = Clock.objects.filter(referral=referral, kind="mri_24h")
        running.update(due_at=passes_at)
        step = ClockStep.objects.filter(clock__in=running, step="breach")
        step.update(fire_at=passes_at)

        def paged() -> bool:
            return any("TARGET MISSED" in text for _, text in list(pager.pages))

        assert eventually(paged, within=6 + PROMISED_S + 10)
        arrived_s = (clock.now() - passes_at).total_seconds()
        noticed_s = (step.get().fired_at - passes_at).total_seconds()
        record_property("noticed_s", f"{noticed_s:.3f}")
        record_property("arrived_s", f"{arrived_s:.3f}")
        assert 0 <= noticed_s < arrived_s < PROMISED_S


@pytest.mark.timeout(120)
def test_a_process_without_a_pulse_is_ended_and_started_again(script, tmp_path):
    lives, pulse = tmp_path / "lives", tmp_path / "pulse"
    script(SUPERVISED, lives, pulse)
    assert eventually(lambda: lives.exists() and len(lives.read_text().split()) >= 2, within=60)
    first, second = (int(pid) for pid in lives.read_text().split()[:2])
    assert first != second


SUPERVISED = """
import sys
from pathlib import Path
from mscc.runtime.child import Process
from mscc.runtime.supervisor import Supervisor
lives, pulse = sys.argv[1:]
stuck = (
    "import os, signal, sys; open(sys.argv[1], 'a').write(f'{os.getpid()} ');"
    "assert os.environ['MSCC_PULSE'] == sys.argv[2]; os.kill(os.getpid(), signal.SIGSTOP)"
)
with Supervisor() as supervisor:
    supervisor.start(
        Process("stuck", [sys.executable, "-c", stuck, lives, pulse], pulse=Path(pulse), patience=2)
    )
    supervisor.watch()
"""
