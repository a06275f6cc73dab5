"""What a monitoring system may read, and who may not."""

import re
from datetime import timedelta

import pytest

from scheduling.domain import auditor, watch
from scheduling.domain.invariants import ALL
from tests.factories.notify import posted
from tests.factories.referrals import AT, ReferralFactory, Team, refer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

LINE = re.compile(r'^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+-]+$')


def figures(text):
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_every_line_can_be_read_and_none_is_about_anybody(client):
    team = Team.build()
    late = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=30))
    refer(team)
    posted(at=AT)
    watch.beat("sweep", AT)
    auditor.keep(auditor.Audit(AT, (auditor.Finding("late_steps", 3),), took_ms=40))
    answer = client.get("/metrics")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in text.splitlines():
        assert line.startswith("# ") or LINE.match(line), line
    found = figures(text)
    assert found["mscc_referrals_open"] == "2"
    assert int(found["mscc_clocks_overdue"]) >= 1
    assert found["mscc_audit_passing"] == "0"
    assert found['mscc_audit_findings{invariant="late_steps",number="I1"}'] == "3"
    assert sum(name.startswith("mscc_audit_findings") for name in found) == len(ALL)
    assert found["mscc_audit_age_seconds"] == "1800"
    assert any(name.startswith('mscc_notices{state="pending"') for name in found)
    for private in (late.reference, late.patient.family_name, "Robin", team.coordinator.name):
        assert private not in text


def test_a_stranger_is_told_nothing(client):
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404


def test_a_token_opens_it_from_elsewhere(client, settings):
    settings.METRICS_TOKEN = "t" * 32
    for shown, status in (("t" * 32, 200), ("wrong", 404), ("", 404)):
        answer = client.get(
            "/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": f"Bearer {shown}"}
        )
        assert answer.status_code == status


def test_without_a_token_an_empty_one_opens_nothing(client):
    answer = client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": "Bearer "})
    assert answer.status_code == 404


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_proxy_on_this_machine_does_not_open_it(client, settings, proxies):
    settings.TRUSTED_PROXIES = proxies
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
