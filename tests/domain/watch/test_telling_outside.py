"""The switch outside hears from us only while all is well, and people hear when it is not."""

import http.server
import threading
from datetime import timedelta

import pytest

from mscc.events import Actor
from scheduling.domain import alarm, auditor, downtime_windows, rounds
from scheduling.domain.auditor import Audit, Finding
from scheduling.models import Notice, PlannedDowntime, Watching
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.referrals import AT

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
WRONG = (Finding("late_steps", 2, AT),)


class Switch(http.server.BaseHTTPRequestHandler):
    """A dead-man switch that notes who called it, and answers as it is told to."""

    heard: list[str]
    status = 200

    def do_GET(self):
        self.heard.append(f"{self.command} {self.path} {self.headers.get('X-Api-Key', '')}".strip())
        self.send_response(self.status)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *args):
        """Says nothing."""


@pytest.fixture
def outside(settings):
    """A switch on this machine; `outside.heard` is what it was told."""

    class Mine(Switch):
        heard: list[str] = []

    server = http.server.HTTPServer(("127.0.0.1", 0), Mine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DEADMAN_URL = f"http://127.0.0.1:{server.server_port}/ping"
    yield Mine
    server.shutdown()
    server.server_close()


@pytest.fixture
def audited(monkeypatch):
    """Do the auditor's round as if it had found this."""

    def run(at=AT, findings=()):
        monkeypatch.setattr(auditor, "audit", lambda now: Audit(now, tuple(findings)))
        rounds.audit_round(lambda: at)
        return Watching.objects.get()

    return run


def test_a_pass_is_told_outside(outside, audited):
    row = audited()
    assert outside.heard == ["GET /ping"]
    assert (row.switch_told_at, row.switch_error) == (AT, "")


def test_a_failure_is_told_by_silence(outside, audited):
    row = audited(findings=WRONG)
    assert outside.heard == []
    assert row.switch_told_at is None


def test_a_failure_is_told_at_once_where_there_is_an_address_for_it(outside, audited, settings):
    settings.DEADMAN_FAIL_URL = settings.DEADMAN_URL + "/fail"
    audited(findings=WRONG)
    assert outside.heard == ["GET /ping/fail"]


def test_a_switch_that_refuses_or_is_not_there_is_kept_and_stops_nothing(
    outside, audited, settings
):
    outside.status = 500
    row = audited()
    assert (row.switch_error, row.passed_at) == ("answered 500", AT)
    settings.DEADMAN_URL = "http://127.0.0.1:1/ping"
    row = audited(AT + MINUTE)
    assert row.switch_error == "ConnectError"
    assert row.switch_told_at is None
    assert row.passed_at == AT + MINUTE


def test_without_a_switch_nobody_is_called(audited):
    assert audited().switch_tried_at is None


@pytest.fixture
def runners(settings):
    """A service lead and an administrator with a contact point each, and a coordinator."""
    settings.WATCH_EMAIL = ["it@example.nhs.uk"]
    place = Place.build()
    for number, role in enumerate(("service_lead", "administrator", "coordinator")):
        ContactPointFactory(user=person(role, place), channel="pager", address=f"100{number}")


def watch_pages():
    return sorted(Notice.objects.filter(kind="watch").values_list("address", flat=True))


def test_a_failure_pages_those_who_run_the_service_and_mails_past_the_outbox(
    runners, audited, mailoutbox
):
    audited(findings=WRONG)
    assert watch_pages() == ["1000", "1001"]
    (letter,) = mailoutbox
    assert letter.to == ["it@example.nhs.uk"]
    assert "2 targets passed more than a minute ago" in letter.body
    assert "/service/" in letter.body


def test_it_is_said_again_every_ten_minutes_and_after_an_hour_every_hour(
    runners, audited, mailoutbox
):
    for minute in range(0, 200):
        audited(AT + minute * MINUTE, WRONG)
    # 0, 10, ... 60, then 120 and 180
    assert len(mailoutbox) == 9
    assert len(watch_pages()) == 18


def test_what_comes_and_goes_does_not_ring_each_time(runners, audited, mailoutbox):
    for minute in range(0, 9):
        audited(AT + minute * MINUTE, WRONG if minute % 2 else ())
    assert len(mailoutbox) == 1


def test_a_mail_server_that_is_away_stops_nothing(runners, audited, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = audited(findings=WRONG)
    assert row.mail_error == "ConnectionRefusedError"
    assert watch_pages() == ["1000", "1001"]


def test_a_database_that_is_away_is_mailed_once_in_ten_minutes(settings, tmp_path, mailoutbox):
    settings.WATCH_EMAIL, settings.WATCH_FOLDER = ["it@example.nhs.uk"], str(tmp_path)
    said = [alarm.database_away(AT + minute * MINUTE) for minute in (0, 1, 9, 10)]
    assert said == [True, False, False, True]
    assert "The database cannot be reached." in mailoutbox[0].body


class TestPlannedDowntime:
    @pytest.fixture
    def announced(self):
        by = Actor.user(person("service_lead"))
        return downtime_windows.announce(
            AT, AT + timedelta(hours=1), "A new database", by=by, at=AT - MINUTE
        )

    def test_nobody_is_alarmed_and_the_switch_is_kept_quiet(
        self, announced, outside, runners, audited, mailoutbox
    ):
        audited(AT + MINUTE, WRONG)
        assert (watch_pages(), mailoutbox) == ([], [])
        assert outside.heard == ["GET /ping"]
        audited(AT + timedelta(minutes=61), WRONG)
        assert watch_pages() == ["1000", "1001"]

    def test_the_switch_is_paused_once_where_it_can_be(self, announced, outside, audited, settings):
        settings.DEADMAN_PAUSE_URL = settings.DEADMAN_URL.replace("ping", "pause")
        settings.DEADMAN_PAUSE_KEY = "a-key"
        for minute in (1, 2):
            audited(AT + minute * MINUTE, WRONG)
        assert outside.heard == ["POST /pause a-key"]
        assert PlannedDowntime.objects.get().paused_at == AT + MINUTE

    def test_it_is_in_force_between_its_times_and_not_when_called_off(self, announced):
        end = AT + timedelta(hours=1)
        assert downtime_windows.in_force(AT - MINUTE) is None
        assert downtime_windows.in_force(AT) == announced
        assert downtime_windows.in_force(end) is None
        downtime_windows.end(announced.pk, by=Actor.system("test"), at=AT)
        assert downtime_windows.in_force(AT + MINUTE) is None
