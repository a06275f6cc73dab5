"""The demo is lived through the product, so everything the product promises holds in it."""

import asyncio
import smtplib
import socket
import time
import uuid
from datetime import timedelta
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q
from django.test import override_settings

from audit.models import Cell, Journey
from mscc import clock
from mscc.demo import arrivals, inbox, shift, stories
from mscc.people.models import Organisation
from mscc.runtime.servers import free_port
from referrals.models import Referral
from referrals.states import State
from scheduling.domain.clocks import differences
from scheduling.domain.sweep import sweep
from scheduling.models import Clock, Notice
from scheduling.notify import messages
from scheduling.notify.transports import transport_for
from tests.domain.notify.peers import eventually
from tests.factories.notify import posted

# Its past was not lived, but made up at once (test_synthesise.py).
MADE = Q(status_token__startswith="synthetic-")


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The demo, told once for all tests of this file, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo")
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("told")
class TestTheDemo:
    @pytest.fixture(autouse=True)
    def _database(self, django_db_blocker):
        with django_db_blocker.unblock():
            yield

    def test_three_trusts_eight_hospitals_and_about_sixty_referrals_in_every_state(self):
        kinds = list(Organisation.objects.values_list("kind", flat=True))
        assert (kinds.count("trust"), kinds.count("hospital")) == (3, 8)
        lived = Referral.objects.exclude(MADE)
        assert 55 <= lived.count() <= 70
        assert set(lived.values_list("state", flat=True)) == set(State.values)

    def test_its_past_is_over_and_figures_have_two_years_of_it(self):
        made = Referral.objects.filter(MADE)
        assert made.count() == 600
        assert not made.filter(closed_at=None).exists()
        months = set(Journey.objects.filter(referral__in=made).values_list("month", flat=True))
        assert len(months) >= 24
        assert Cell.objects.filter(cut="").exists()

    def test_every_number_is_one_that_no_person_has(self):
        numbers = Referral.objects.exclude(patient__nhs_number=None).values_list(
            "patient__nhs_number", flat=True
        )
        assert all(number.startswith("999") for number in numbers)
        assert len(set(numbers)) == len(numbers)

    def test_its_clocks_are_what_its_milestones_say(self):
        for referral in Referral.objects.exclude(MADE):
            assert differences(referral.pk) == []

    def test_one_target_passes_within_three_minutes_and_is_paged(self):
        now = clock.now()
        referral = stories.nearly_missed(now)
        due = Clock.objects.get(referral=referral, kind="mri_24h").due_at
        assert now < due <= now + timedelta(minutes=3)

        sweep(due)
        assert Notice.objects.filter(referral_id=referral.pk, kind="breach").exists()

    def test_a_second_time_it_adds_nothing(self):
        before = Referral.objects.count()
        call_command("demo")
        assert Referral.objects.count() == before


@pytest.mark.django_db
def test_six_hours_later_it_is_six_hours_later_for_everybody(monkeypatch):
    monkeypatch.setattr(shift, "_ahead", timedelta(0))
    before = shift.current()
    shift.advance(timedelta(hours=6))
    assert shift.current() == before + timedelta(hours=6)
    monkeypatch.setattr(shift, "_seen_at", 0.0)


@override_settings(DEMO=False)
@pytest.mark.parametrize("command", ["demo", "demo_post"])
def test_without_demo_settings_there_is_no_demo(command):
    with pytest.raises(CommandError, match="off in these settings"):
        call_command(command)


@pytest.mark.django_db(transaction=True)
def test_mail_pages_and_text_messages_arrive_in_the_inbox(settings):
    settings.DEMO_SMTP_PORT, settings.DEMO_SNPP_PORT = free_port(), free_port()
    settings.DEMO_SMS_PORT = free_port()
    settings.NOTIFY = {
        "GOVUK_URL": f"http://127.0.0.1:{settings.DEMO_SMS_PORT}",
        "GOVUK_KEY": f"demo-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}",
        "GOVUK_TEMPLATE": "template",
        "PLAIN_HTTP": True,
    }
    loop = asyncio.new_event_loop()
    serving = loop.create_task(inbox.listen())
    thread = Thread(target=_until_cancelled, args=(loop, serving), daemon=True)
    thread.start()
    try:
        with _when_open(settings.DEMO_SNPP_PORT) as line:
            talk = line.makefile("rw", newline="\r\n")
            for said in ("PAGE 1201", "MESS MSCC TEST", "SEND", "QUIT"):
                talk.readline()
                print(said, file=talk, flush=True)
            talk.readline()
        with smtplib.SMTP("127.0.0.1", settings.DEMO_SMTP_PORT, timeout=5) as mail:
            mail.sendmail("a@demo.example", ["b@demo.example"], "Subject: Hello\r\n\r\nThere\r\n")
        text = posted(channel="sms", kind="test", fields={})
        transport_for("sms").send(text, messages.render(text))
        found = [(m.channel, m.address, m.body.strip()) for m, _ in arrivals.newest()]
        delivered = Notice.objects.filter(pk=text.pk, delivered_at__isnull=False)
        assert eventually(delivered.exists)
    finally:
        loop.call_soon_threadsafe(serving.cancel)
        thread.join(10)
    assert found == [
        ("sms", "07700900123", "MSCC TEST"),
        ("email", "b@demo.example", "There"),
        ("pager", "1201", "MSCC TEST"),
    ]


def _until_cancelled(loop, serving) -> None:
    try:
        loop.run_until_complete(serving)
    except asyncio.CancelledError:
        loop.close()


def _when_open(port: int) -> socket.socket:
    for _ in range(50):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("nobody listens")
