"""Dispatch against real gateways and a real database: nothing lost, nothing sent twice by two."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from scheduling.notify import lanes, outbox, sender
from scheduling.notify.dispatch import Dispatched, Dispatcher, dispatch, dispatcher
from scheduling.notify.models import Notice, NoticeAttempt
from scheduling.notify.transports import Limits, Sent, Transport, transport_for
from tests.domain.notify.peers import MailServer, PagingServer, Sink, eventually
from tests.factories.notify import AT, FIELDS, Ticking, new_notice, posted

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = Limits(connect=0.5, read=0.5, total=1.0)


@pytest.fixture
def at() -> Ticking:
    return Ticking()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as peer:
        yield peer


@pytest.fixture
def pager() -> Iterator[PagingServer]:
    with PagingServer() as peer:
        yield peer


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as peer:
        yield peer


@pytest.fixture(autouse=True)
def gateways(settings, mail, pager, sink):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.NOTIFY = {
        "SNPP_HOST": "127.0.0.1",
        "SNPP_PORT": pager.port,
        "WEBHOOK_SECRET": "shared",
        "WEBHOOK_HOSTS": [f"127.0.0.1:{sink.port}"],
        "PLAIN_HTTP": True,
        "CONSOLE": True,
    }


def quick(channel: str) -> Transport:
    """The configured transport with short limits."""
    made = transport_for(channel)
    made.limits = QUICK
    return made


def hook(sink: Sink, **given) -> Notice:
    return posted(channel="webhook", address=sink.url, **given)


def sending_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "notices-" in thread.name]


def states() -> Counter:
    return Counter(Notice.objects.values_list("state", flat=True))


def test_every_channel_gets_its_notices_and_they_are_stamped(at, mail, pager, sink, capsys):
    for channel in ("email", "pager", "console"):
        posted(channel=channel)
    hook(sink)
    assert Dispatcher().run(at) == Dispatched(sent=4)
    assert [len(mail.letters), len(pager.pages), len(sink.requests)] == [1, 1, 1]
    assert "K7Q-4F" in capsys.readouterr().out
    assert states() == {"sent": 4}
    assert all(notice.sent_at >= AT for notice in Notice.objects.all())
    assert set(NoticeAttempt.objects.values_list("number", "outcome")) == {(1, "sent")}
    assert Dispatcher().run(at) == Dispatched()


def test_what_is_not_due_yet_is_left_alone(at, pager):
    posted(at=AT + timedelta(minutes=5))
    assert Dispatcher().run(at) == Dispatched()
    assert pager.pages == []


def test_a_channel_that_is_not_set_up_is_dead_at_once_and_asks_for_another_way(at):
    notice = posted(channel="sms")
    assert Dispatcher().run(at) == Dispatched(
        dead=[notice.id], reroute=[notice.id], alarms=[notice.id]
    )
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("dead", "config: not_configured")
    with transaction.atomic():
        assert [one.id for one in outbox.to_reroute()] == [notice.id]


def test_a_pager_that_does_not_exist_moves_the_escalation_on_at_once(at, pager):
    pager.answers = {"PAGE": "550 Error, Invalid Pager ID"}
    notice = posted()
    found = Dispatcher().run(at)
    assert (found.dead, found.reroute, found.alarms) == ([notice.id], [notice.id], [])
    notice.refresh_from_db()
    assert notice.contact_is_bad


def test_a_gateway_that_is_busy_twice_is_tried_on_while_another_way_is_wanted(at, pager):
    pager.answers = {"SEND": "554 Error, failed"}
    notice = posted(escalation_id=uuid.uuid4())
    sending = Dispatcher()
    assert sending.run(at) == Dispatched(failed=1)
    at.ahead = timedelta(seconds=7)
    assert sending.run(at) == Dispatched(failed=1, reroute=[notice.id])
    pager.answers = {}
    at.ahead = timedelta(seconds=30)
    assert sending.run(at) == Dispatched(sent=1)
    assert pager.pages[-1][1].endswith("RPT 3")


def test_a_row_that_cannot_be_rendered_is_sent_at_once_as_the_minimal_text(at, pager):
    posted(fields={"what": "mri_24h"})
    found = Dispatcher().run(at)
    assert pager.pages == [("4711", "MSCC alert, open board")]
    [notice] = Notice.objects.all()
    assert (found.sent, found.alarms) == (1, [notice.id])
    assert (notice.state, notice.last_error) == ("sent", "poison: Unrenderable")


def test_a_gateway_that_hangs_delays_no_other(at, pager, sink):
    pager.answers = {"HELLO": "hang"}
    for _ in range(12):
        posted(priority=0)
    sending = Dispatcher()
    assert sending.run(at, wait=0.3).sent == 0
    hook(sink)
    # However slow this machine is: it is sent while all of the pager's still hang.
    found = sending.run(at, wait=0)
    assert eventually(lambda: len(sink.requests) == 1, 15)
    assert pager.pages == []
    found.merge(sending.run(at, wait=2))
    assert (found.sent, found.failed) == (1, 0)
    assert Notice.objects.filter(channel="pager", state="leased").exists()
    pager.over.set()
    sending.close()


def test_work_that_turns_up_while_another_lane_hangs_is_found_in_the_same_call(at, pager, sink):
    pager.answers = {"HELLO": "hang"}
    posted()
    threading.Timer(0.3, pager.over.set).start()
    threading.Timer(0.1, lambda: (hook(sink), connection.close())).start()
    started = time.monotonic()
    found = Dispatcher().run(at, wait=2.0)
    assert (found.sent, found.failed) == (1, 1)
    assert time.monotonic() - started < 2.0


def test_an_answer_that_drips_is_broken_off_after_its_total_time(at, pager):
    pager.answers = {"SEND": "drip"}
    posted()
    started = time.monotonic()
    found = Dispatcher(quick, limits=QUICK).run(at)
    assert (found.sent, found.failed) == (0, 1)
    assert time.monotonic() - started < 4
    assert eventually(lambda: not sending_threads(), 1)  # broken off, not only given up
    assert NoticeAttempt.objects.get().outcome == "unknown"
    pager.answers = {}
    at.ahead = timedelta(seconds=10)
    assert Dispatcher().run(at).sent == 1
    assert pager.pages[-1][1].endswith("RPT 2")


class Stubborn(Transport):
    """A transport that nothing can break off, like a name look-up that hangs."""

    channel = "pager"
    release = threading.Event()

    def send(self, notice, message) -> Sent:
        self.release.wait(20)
        return Sent("late")


def test_a_thread_that_cannot_be_stopped_is_given_up_and_its_late_word_is_only_noted(
    at, monkeypatch
):
    monkeypatch.setattr(lanes, "GRACE_S", 0.2)
    Stubborn.release.clear()
    posted(priority=0)
    quickly = Limits(total=0.3)
    sending = Dispatcher(lambda _channel: Stubborn(), width=1, limits=quickly)
    assert sending.run(at, wait=5) == Dispatched(failed=1)
    notice = Notice.objects.get()
    assert (notice.state, notice.last_error) == ("pending", "unknown: timeout")
    # No second thread is sacrificed to a gateway that eats threads.
    at.ahead = timedelta(seconds=30)
    assert sending.run(at, wait=1) == Dispatched()
    Stubborn.release.set()
    assert eventually(lambda: not sending_threads())
    assert sending.run(at, wait=5) == Dispatched(sent=1)


def test_two_dispatchers_at_once_send_each_notice_once(at, sink):
    outbox.post([new_notice(channel="webhook", address=sink.url) for _ in range(150)], AT)
    found: list[Dispatched] = []

    def work() -> None:
        found.append(Dispatcher().run(at))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    ids = Counter(said["id"] for said in sink.said())
    assert len(ids) == 150
    assert set(ids.values()) == {1}
    assert sum(one.sent for one in found) == 150
    assert states() == {"sent": 150}


_CHILD = """
import django
django.setup()
from tests.factories.notify import AT
from scheduling.notify.dispatch import Dispatcher
from scheduling.notify.transports.webhook import WebhookRules, WebhookTransport
rules = WebhookRules("shared", frozenset({{"127.0.0.1:{port}"}}), plain_http=True)
Dispatcher(lambda _channel: WebhookTransport(rules)).run(lambda: AT)
"""


def test_a_dispatcher_killed_before_it_could_settle_is_followed_by_a_repeat(at, sink):
    sink.answer = "hang"
    notice = hook(sink)
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD.format(port=sink.port)],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert eventually(lambda: sink.requests, 30)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    sink.answer = (200, b"", {})
    assert Dispatcher().run(at) == Dispatched()  # its lease still holds
    at.ahead = timedelta(seconds=90)
    assert Dispatcher().run(at) == Dispatched(sent=1)
    first, second = sink.said()
    assert first["id"] == second["id"] == str(notice.id)
    assert [one["repeat"] for one in (first, second)] == [1, 2]
    assert "RPT 2" in second["text"]
    assert list(notice.tries.values_list("outcome", flat=True)) == ["", "sent"]


def test_a_notice_superseded_while_it_waited_behind_a_slow_one_is_not_sent(at, pager, monkeypatch):
    monkeypatch.setattr(lanes, "STALE_S", 0.1)
    monkeypatch.setattr(sender, "STALE_S", 0.1)
    pager.answers = {"SEND": "hang"}
    escalation = uuid.uuid4()
    posted(priority=0)
    for _ in range(3):
        posted(priority=5, escalation_id=escalation)
    threading.Timer(
        0.3, lambda: (outbox.supersede(escalation, at()), connection.close(), pager.over.set())
    ).start()
    found = Dispatcher(width=1).run(at)
    assert (found.sent, found.failed) == (0, 1)
    assert len(pager.pages) == 1
    assert states() == {"pending": 1, "superseded": 3}


def test_a_red_flag_overtakes_a_burst(at, sink):
    sink.answer = lambda _request: (time.sleep(0.02), (200, b"", {}))[1]
    outbox.post([new_notice(channel="webhook", address=sink.url) for _ in range(200)], AT)
    sending = Dispatcher(width=2)
    sending.run(at, wait=0.3)
    before = len(sink.requests)
    red_flag = hook(sink, priority=0)
    sending.run(at)
    order = [said["id"] for said in sink.said()]
    assert len(order) == 201
    assert order.index(str(red_flag.id)) - before < 40


def test_a_database_connection_lost_while_sending_costs_no_repeat(at, sink):
    ended: list[int] = []

    def cut_off(_request):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE '%%UPDATE scheduling_notice%%'"
                " AND pid <> pg_backend_pid()"
            )
            ended.append(cursor.fetchone()[0])
        connection.close()
        return (200, b"", {})

    sink.answer = cut_off
    hook(sink)
    assert Dispatcher().run(at) == Dispatched(sent=1)
    assert ended == [1]
    assert len(sink.requests) == 1


def test_a_lane_whose_database_stays_away_says_so_and_its_notices_come_again(
    at, pager, monkeypatch
):
    posted()
    real = outbox.settle_all

    def broken(*_args):
        raise OperationalError("gone")

    monkeypatch.setattr(lanes, "AGAIN_S", (0.01, 0.01))
    monkeypatch.setattr(outbox, "settle_all", broken)
    sending = Dispatcher()
    assert sending.run(at) == Dispatched(errors=1)
    monkeypatch.setattr(outbox, "settle_all", real)
    at.ahead = timedelta(seconds=91)
    assert sending.run(at) == Dispatched(sent=1)
    assert ["RPT 2" in text for _pager, text in pager.pages] == [False, True]


def test_closing_settles_what_is_on_the_wire_and_gives_back_the_rest(at, sink):
    sink.answer = lambda _request: (time.sleep(0.2), (200, b"", {}))[1]
    outbox.post([new_notice(channel="webhook", address=sink.url) for _ in range(30)], AT)
    sending = Dispatcher(width=2)
    sending.run(at, wait=0.1)
    sending.close()
    assert states()["leased"] == 0
    assert states()["sent"] == len(sink.requests) < 30
    assert set(Notice.objects.filter(state="pending").values_list("attempts", flat=True)) == {0}


def test_no_thread_and_no_database_connection_is_left_behind(at, sink):
    for _ in range(20):
        hook(sink)
    Dispatcher().run(at)
    assert eventually(lambda: not sending_threads())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone() == (1,)


def test_a_call_returns_after_its_time_and_the_next_one_reports_the_rest(at, sink):
    sink.answer = lambda _request: (time.sleep(0.3), (200, b"", {}))[1]
    hook(sink)
    sending = Dispatcher()
    assert sending.run(at, wait=0.05) == Dispatched()
    assert eventually(lambda: states() == {"sent": 1})
    assert sending.run(at) == Dispatched(sent=1)


def test_an_idle_dispatch_asks_the_database_one_question(at, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert dispatch(at) == Dispatched()
    assert dispatcher() is dispatcher()


def test_one_email_connection_serves_a_whole_lane_thread(at, mail):
    for _ in range(30):
        posted(channel="email", fields=FIELDS)
    assert Dispatcher(width=1).run(at).sent == 30
    assert (mail.connections, len(mail.letters)) == (1, 30)
