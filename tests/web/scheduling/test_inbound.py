"""Where other systems call us: who may, what they may do, and that each call counts once."""

import hashlib
import hmac
import json
import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from mscc import clock
from scheduling.models import Escalation, InboundMessage, Notice
from scheduling.notify import outbox, retry
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, Team, refer

pytestmark = pytest.mark.django_db
TOKEN = "a-token-that-was-agreed-on"
SECRET = "a-secret-that-was-agreed-on"
RECEIPTS, REPLIES, HOOK = (
    "/inbound/govuk/receipts/",
    "/inbound/govuk/replies/",
    "/inbound/webhook/",
)
MOBILE = "07700900123"
SENT = retry.Outcome(retry.Result.SENT, "201", "n-1", latency_ms=12)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "real_now", lambda: AT)


@pytest.fixture(autouse=True)
def agreed(settings):
    settings.NOTIFY = {
        "GOVUK_CALLBACK_TOKEN": TOKEN,
        "INBOUND_SECRETS": [f"switchboard={SECRET}"],
    }


@pytest.fixture
def team():
    team = Team.build()
    for channel, address in (
        ("sms", MOBILE),
        ("pager", "4712"),
        ("webhook", "https://alerts.example.org/1"),
    ):
        ContactPointFactory(user=team.senior, channel=channel, address=address)
    return team


def page(referral, team, channel):
    """A page of this referral's climb to the senior clinician, handed over to its gateway."""
    climb = Escalation.objects.get(referral=referral)
    address = {"sms": MOBILE, "pager": "4712"}.get(channel, "https://alerts.example.org/1")
    outbox.post(
        [
            outbox.NewNotice(
                kind="new_referral",
                channel=channel,
                address=address,
                dedupe_key=f"page:{uuid.uuid4()}",
                fields={"reference": referral.reference},
                recipient_id=team.senior.pk,
                referral_id=referral.pk,
                escalation_id=climb.pk,
            )
        ],
        AT,
    )
    [claimed] = [
        each for each in outbox.claim(AT, 50, channel=channel) if each.dedupe_key[:5] == "page:"
    ]
    outbox.settle(claimed, SENT, AT)
    return Notice.objects.get(pk=claimed.pk)


def call(path, said, **headers):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Client().post(path, body, content_type="application/json", headers=headers)


def from_govuk(path, said, token=TOKEN):
    return call(path, said, Authorization=f"Bearer {token}")


def hook(said, *, secret=SECRET, source="switchboard", age=0, sign=None):
    body = json.dumps(said).encode()
    stamp = str(int(AT.timestamp()) - age)
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + (sign or body), hashlib.sha256)
    return call(
        HOOK,
        body,
        **{
            "X-MSCC-Source": source,
            "X-MSCC-Timestamp": stamp,
            "X-MSCC-Signature": f"sha256={signed.hexdigest()}",
        },
    )


def receipt(notice, status="delivered", number="740e5834"):
    return {
        "id": number,
        "reference": str(notice.pk),
        "to": MOBILE,
        "status": status,
        "notification_type": "sms",
    }


def reply(notice, *, number="r-1", source="447700900123", text=None):
    return {"id": number, "source_number": source, "message": text or notice.reply_code}


def state_of(referral):
    return Escalation.objects.get(referral=referral).state


def test_a_receipt_says_that_the_message_arrived_and_the_climb_goes_on(team):
    referral = refer(team)
    notice = page(referral, team, "sms")
    answer = from_govuk(RECEIPTS, receipt(notice))
    assert (answer.status_code, answer.json()["status"]) == (200, "done")
    notice.refresh_from_db()
    assert (notice.receipt, notice.delivered_at) == ("delivered", AT)
    assert state_of(referral) == "open"


def test_a_number_that_does_not_exist_moves_the_climb_on_at_once(team):
    notice = page(refer(team), team, "sms")
    assert from_govuk(RECEIPTS, receipt(notice, "permanent-failure")).status_code == 200
    notice.refresh_from_db()
    assert (notice.state, notice.contact_is_bad) == ("dead", True)
    assert notice in outbox.to_reroute()


def test_receipts_twice_and_out_of_order_count_once(team):
    notice = page(refer(team), team, "sms")
    for status in ("sending", "delivered", "delivered", "temporary-failure", "sending"):
        assert from_govuk(RECEIPTS, receipt(notice, status)).status_code == 200
    notice.refresh_from_db()
    assert (notice.state, notice.receipt) == ("sent", "delivered")
    assert InboundMessage.objects.filter(source="govuk-notify").count() == 3


@pytest.mark.parametrize("path", [RECEIPTS, REPLIES])
@pytest.mark.parametrize("token", ["", "another", TOKEN + "x", TOKEN[:-1], "é"])
def test_a_forged_call_of_the_gateway_is_refused(team, path, token):
    notice = page(refer(team), team, "sms")
    said = receipt(notice, "permanent-failure") | reply(notice)
    assert from_govuk(path, said, token).status_code == 401
    notice.refresh_from_db()
    assert (notice.state, notice.receipt) == ("sent", "")
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("path", [RECEIPTS, REPLIES])
def test_nobody_may_call_where_nothing_was_agreed_on(settings, path):
    settings.NOTIFY = {"GOVUK_CALLBACK_TOKEN": ""}
    assert from_govuk(path, {}, "").status_code == 401


def test_a_reply_with_the_code_acknowledges_in_the_name_of_whoever_was_paged(team):
    referral = refer(team)
    notice = page(referral, team, "sms")
    said = reply(notice, text=f"ok {notice.reply_code} on my way")
    answer = from_govuk(REPLIES, said)
    assert answer.json() == {"status": "done", "reason": "page", "again": False}
    climb = Escalation.objects.get(referral=referral)
    assert (climb.state, climb.acknowledged_by) == ("acknowledged", team.senior)
    assert climb.acknowledged_via == "reply"


def test_the_same_reply_again_gets_its_first_answer(team):
    notice = page(refer(team), team, "sms")
    from_govuk(REPLIES, reply(notice))
    assert from_govuk(REPLIES, reply(notice)).json()["again"] is True
    assert InboundMessage.objects.count() == 1


def test_the_same_number_with_another_message_is_refused(team):
    notice = page(refer(team), team, "sms")
    from_govuk(REPLIES, reply(notice, text="hello"))
    assert from_govuk(REPLIES, reply(notice)).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "447700900999"},
        {"text": "0000"},
        {"text": "I have it"},
        {"text": "07700900123"},
        {"source": "12"},
    ],
)
def test_a_code_from_another_number_or_no_code_acknowledges_nothing(team, wrong):
    referral = refer(team)
    notice = page(referral, team, "sms")
    answer = from_govuk(REPLIES, reply(notice, **wrong))
    assert (answer.status_code, answer.json()["status"]) == (200, "nothing")
    assert state_of(referral) == "open"


def test_whoever_lost_the_role_since_answers_for_nothing(team):
    referral = refer(team)
    notice = page(referral, team, "sms")
    team.senior.assignments.all().update(ends_at=AT)
    assert from_govuk(REPLIES, reply(notice)).json()["reason"] == "not theirs"
    assert state_of(referral) == "open"


def test_another_system_acknowledges_the_message_it_was_given(team):
    referral = refer(team)
    notice = page(referral, team, "webhook")
    said = {"id": "sw-1", "what": "acknowledge", "notice": str(notice.pk), "by": "Desk 2"}
    assert hook(said).json()["status"] == "done"
    climb = Escalation.objects.get(referral=referral)
    assert (climb.state, climb.acknowledged_via, climb.on_behalf_of) == (
        "acknowledged",
        "system",
        "Desk 2",
    )


def test_another_system_answers_for_its_own_messages_alone(team):
    referral = refer(team)
    notice = page(referral, team, "sms")
    said = {"id": "sw-1", "what": "acknowledge", "notice": str(notice.pk)}
    assert hook(said).json()["reason"] == "notice unknown"
    assert state_of(referral) == "open"


def test_a_two_way_pager_answers_through_its_gateway(team):
    referral = refer(team)
    notice = page(referral, team, "pager")
    said = {
        "id": "p-1",
        "what": "reply",
        "channel": "pager",
        "from": "4712",
        "text": notice.reply_code,
    }
    assert hook(said).json()["status"] == "done"
    assert state_of(referral) == "acknowledged"


def test_a_receipt_of_another_system_is_for_its_own_messages(team):
    notice = page(refer(team), team, "webhook")
    said = {"id": "w-1", "what": "receipt", "notice": str(notice.pk), "status": "delivered"}
    assert hook(said).json()["status"] == "done"
    notice.refresh_from_db()
    assert notice.delivered_at == AT


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another secret altogether"},
        {"source": "somebody"},
        {"source": ""},
        {"age": 301},
        {"age": -301},
        {"sign": b"another body"},
    ],
)
def test_a_forged_old_or_unknown_webhook_is_refused(team, wrong):
    referral = refer(team)
    notice = page(referral, team, "webhook")
    said = {"id": "sw-1", "what": "acknowledge", "notice": str(notice.pk)}
    assert hook(said, **wrong).status_code == 401
    assert state_of(referral) == "open"


def test_a_replayed_webhook_does_nothing_twice(team):
    referral = refer(team)
    notice = page(referral, team, "webhook")
    said = {"id": "sw-1", "what": "acknowledge", "notice": str(notice.pk)}
    hook(said, age=10)
    Escalation.objects.filter(referral=referral).update(
        state="open", next_at=AT, acknowledged_by=None
    )
    assert hook(said, age=10).json()["again"] is True
    assert state_of(referral) == "open"
    assert hook(said | {"by": "Mallory"}).status_code == 409


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"what": "acknowledge"}, 422),
        ({"what": "acknowledge", "notice": "7"}, 422),
        ({"what": "acknowledge", "notice": str(uuid.UUID(int=7)), "by": "a\nb"}, 422),
        ({"what": "acknowledge", "notice": str(uuid.UUID(int=7)), "by": 7}, 422),
        ({"what": "reply", "channel": "email"}, 422),
        ({"what": "receipt", "notice": str(uuid.UUID(int=7)), "status": "lost"}, 422),
        ({"what": "delete"}, 422),
        ({}, 422),
        ([], 400),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(said, status):
    answer = hook(said if isinstance(said, list) else {"id": "x"} | said)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("number", [None, "", "a b", "x" * 81, 7])
def test_a_call_has_a_number(number):
    said = {"id": number, "what": "acknowledge", "notice": str(uuid.UUID(int=7))}
    assert hook(said).status_code == 422


def test_a_long_body_is_not_read():
    assert from_govuk(RECEIPTS, b"x" * 17_000).status_code == 413
    assert from_govuk(RECEIPTS, b"{").status_code == 400


@pytest.mark.parametrize("path", [RECEIPTS, REPLIES, HOOK])
def test_they_are_called_and_not_opened(path):
    assert Client().get(path).status_code == 405


def test_a_flood_of_calls_is_held_back(settings, monkeypatch):
    settings.RATE_PERSON, settings.RATE_ADDRESS = 2, 5
    counted = iter(range(1, 10))

    def count(keys, seconds):
        number = next(counted)
        return [number for _ in keys]

    monkeypatch.setattr(cache, "count", count, raising=False)
    answers = [from_govuk(RECEIPTS, {}, "guess").status_code for _ in range(3)]
    assert answers == [401, 401, 429]
