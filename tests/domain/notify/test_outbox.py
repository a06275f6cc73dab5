"""The outbox on a real PostgreSQL: written once, claimed by one, settled by its holder."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from scheduling.notify import fields, outbox, retry
from scheduling.notify.models import Notice, NoticeAttempt
from tests.factories.notify import AT, FIELDS, new_notice, posted

pytestmark = pytest.mark.django_db
SENT = retry.Outcome(retry.Result.SENT, "250", "q1", latency_ms=12)
BUSY = retry.Outcome(retry.Result.TRANSIENT, "451")
GONE = retry.Outcome(retry.Result.PERMANENT, "550")
DENIED = retry.Outcome(retry.Result.CONFIG, "535")
LATER = AT + timedelta(seconds=91)


def test_the_same_message_is_written_once_in_one_statement(django_assert_num_queries):
    first, second = new_notice(), new_notice()
    with django_assert_num_queries(1):
        assert outbox.post([first, second, first], AT) == 2
    assert outbox.post([first], AT) == 0
    assert outbox.post([], AT) == 0
    assert Notice.objects.count() == 2


def test_a_notice_is_written_whole():
    escalation, referral = uuid.uuid4(), uuid.uuid4()
    notice = posted(
        kind="at_risk", channel="email", address="a@example.org", escalation_id=escalation,
        referral_id=referral, fields=FIELDS | {"due": AT, "call_back": ""},
    )  # fmt: skip
    assert (notice.kind, notice.channel, notice.state) == ("at_risk", "email", "pending")
    assert (notice.escalation_id, notice.referral_id) == (escalation, referral)
    assert (notice.address, notice.recipient_name) == ("a@example.org", "Ada Coordinator")
    assert notice.fields == {"reference": "K7Q-4F", "what": "mri_24h", "due": AT.isoformat()}
    assert (notice.created_at, notice.next_attempt_at, notice.attempts) == (AT, AT, 0)
    assert outbox.by_token(notice.ack_token) == notice


def test_a_receipt_has_no_link_to_acknowledge():
    assert posted(kind="receipt", channel="email").ack_token is None
    assert outbox.by_token("") is None


def test_a_field_that_may_not_go_out_is_dropped_and_the_page_is_not_lost():
    notice = posted(fields=FIELDS | {"given_name": "Zebediah", "call_back": "Zebediah"})
    assert "Zebediah" not in str(notice.fields)
    assert notice.last_error == "poison: refused call_back, other"
    assert "Zebediah" not in notice.last_error


@pytest.mark.parametrize(
    "other",
    ['{"given_name": "Z"}', '{"reference": "Zebediah"}', "[]"],
)
def test_the_database_itself_refuses_other_fields(other):
    notice = posted()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE scheduling_notice SET fields = %s WHERE id = %s", [other, notice.id])


@pytest.mark.parametrize(
    "change",
    [
        {"state": "asleep"},
        {"state": "leased"},
        {"state": "sent"},
        {"state": "dead"},
        {"lease_until": AT},
        {"sent_at": AT},
        {"failed_at": AT},
        {"rerouted_at": AT},
        {"channel": "pigeon"},
        {"kind": "gossip"},
        {"address": ""},
    ],
)
def test_a_row_that_contradicts_itself_cannot_exist(change):
    notice = posted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**change)


def test_the_database_allows_exactly_the_fields_that_messages_know():
    whole = {
        "reference": "K7Q-4F",
        "what": "oncology",
        "due": AT.isoformat(),
        "call_back": "ext 4711",
        "link": "/board/",
        "repeat": 2,
        "count": 3,
    }
    assert set(whole) == set(fields.ALLOWED)
    assert posted(fields=whole).fields == whole


def test_claiming_takes_the_most_urgent_first_and_begins_an_attempt(django_assert_num_queries):
    late = posted(at=AT - timedelta(minutes=5), priority=3)
    red_flag = posted(at=AT, priority=0)
    posted(at=AT + timedelta(seconds=1))
    posted(channel="email")
    with django_assert_num_queries(1):
        claimed = outbox.claim(AT, limit=10, channel="pager")
    assert [notice.id for notice in claimed] == [red_flag.id, late.id]
    first = claimed[0]
    assert (first.state, first.attempts, first.fields) == ("leased", 1, FIELDS)
    assert first.lease_until == AT + timedelta(seconds=90)
    tried = NoticeAttempt.objects.get(notice=red_flag)
    assert (tried.number, tried.token, tried.outcome) == (1, first.lease_token, "")
    assert outbox.claim(AT, channel="pager") == []


def test_claiming_without_a_channel_takes_from_all_and_stops_at_the_limit():
    ids = {posted(channel="email").id, posted().id, posted(channel="webhook").id}
    assert outbox.due_channels(AT) == ["email", "pager", "webhook"]
    assert len(first := outbox.claim(AT, limit=2)) == 2
    assert {notice.id for notice in [*first, *outbox.claim(AT, limit=2)]} == ids
    assert outbox.due_channels(AT) == []


def test_a_sent_notice_says_when_and_is_never_claimed_again(django_assert_num_queries):
    posted()
    [notice] = outbox.claim(AT)
    with django_assert_num_queries(1):
        assert outbox.settle(notice, SENT, AT + timedelta(seconds=1))
    notice.refresh_from_db()
    assert (notice.state, notice.provider_ref, notice.last_error) == ("sent", "q1", "")
    assert notice.sent_at == AT + timedelta(seconds=1)
    assert notice.lease_token is None
    tried = notice.tries.get()
    assert (tried.outcome, tried.code, tried.latency_ms) == ("sent", "250", 12)
    assert outbox.claim(AT + timedelta(days=9)) == []


def test_a_sender_that_died_is_followed_by_another_after_the_lease():
    posted()
    [lost] = outbox.claim(AT)
    assert outbox.claim(AT + timedelta(seconds=89)) == []
    [again] = outbox.claim(AT + timedelta(seconds=90))
    assert (again.id, again.attempts) == (lost.id, 2)
    assert again.lease_token != lost.lease_token
    assert list(again.tries.values_list("number", "outcome")) == [(1, ""), (2, "")]


def test_a_late_result_changes_nothing_but_its_attempt():
    posted()
    [late] = outbox.claim(AT)
    [holder] = outbox.claim(LATER)
    assert outbox.settle(late, GONE, LATER) is False
    after = Notice.objects.get()
    assert (after.state, after.lease_token, after.failed_at) == ("leased", holder.lease_token, None)
    assert list(after.tries.values_list("outcome", "code")) == [("permanent", "550"), ("", "")]
    assert outbox.settle(holder, SENT, LATER) is True


def test_late_and_timely_results_of_one_notice_in_one_batch():
    posted()
    [late] = outbox.claim(AT)
    [holder] = outbox.claim(LATER)
    settled = outbox.settle_all([(late, GONE), (holder, SENT)], LATER)
    assert [one.held for one in settled] == [False, True]
    assert Notice.objects.get().state == "sent"
    assert outbox.settle_all([], LATER) == []


def test_a_transient_failure_waits_and_the_second_asks_for_another_way():
    posted(escalation_id=uuid.uuid4())
    [notice] = outbox.claim(AT)
    outbox.settle(notice, BUSY, AT)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error, notice.reroute_at) == (
        "pending",
        "transient: 451",
        None,
    )
    assert timedelta(seconds=5) <= notice.next_attempt_at - AT <= timedelta(seconds=6)
    [notice] = outbox.claim(LATER)
    outbox.settle(notice, BUSY, LATER)
    [third] = outbox.claim(LATER + timedelta(seconds=12))
    outbox.settle(third, BUSY, LATER + timedelta(seconds=12))
    third.refresh_from_db()
    assert third.reroute_at == LATER  # since when, not again and again
    assert third.state == "pending"


@pytest.mark.parametrize(("outcome", "bad"), [(GONE, True), (DENIED, False)])
def test_what_cannot_be_delivered_is_dead_and_asks_for_another_way_once(outcome, bad):
    dead = posted()
    posted(dedupe_key="healthy")
    claimed = outbox.claim(AT)
    outbox.settle_all(
        [(notice, outcome if notice.id == dead.id else SENT) for notice in claimed], AT
    )
    [found] = outbox.to_reroute()
    assert (found.id, found.state, found.failed_at) == (dead.id, "dead", AT)
    assert found.contact_is_bad is bad
    assert outbox.rerouted([found.id], LATER) == 1
    assert outbox.to_reroute() == []
    assert outbox.rerouted([found.id], LATER) == 0
    assert outbox.claim(AT + timedelta(days=9)) == []


def test_an_escalation_that_closed_sends_nothing_more():
    mine, other = uuid.uuid4(), uuid.uuid4()
    on_the_wire = posted(escalation_id=mine, priority=0)
    posted(escalation_id=mine)
    posted(escalation_id=other, priority=9)
    [leased] = outbox.claim(AT, limit=1)
    assert leased.id == on_the_wire.id
    assert outbox.supersede(mine, AT) == 2
    assert outbox.supersede(mine, AT) == 0
    assert outbox.renew([leased], AT) == []
    assert outbox.settle(leased, BUSY, AT) is False
    assert set(Notice.objects.filter(escalation_id=mine).values_list("state", flat=True)) == {
        "superseded"
    }
    assert [notice.escalation_id for notice in outbox.claim(LATER)] == [other]


def test_several_escalations_are_closed_in_one_statement(django_assert_num_queries):
    closed = [uuid.uuid4(), uuid.uuid4()]
    for escalation in (*closed, uuid.uuid4()):
        posted(escalation_id=escalation)
    with django_assert_num_queries(1):
        assert outbox.supersede(closed, AT) == 2
    assert outbox.supersede([], AT) == 0
    assert Notice.objects.filter(state="pending").count() == 1


def test_closing_leaves_what_was_sent_as_it_is():
    escalation = uuid.uuid4()
    posted(escalation_id=escalation)
    outbox.settle(outbox.claim(AT)[0], SENT, AT)
    assert outbox.supersede(escalation, AT) == 0
    assert Notice.objects.get().state == "sent"


def test_what_was_claimed_but_not_tried_can_be_given_back():
    posted()
    claimed = outbox.claim(AT)
    assert outbox.release(claimed, AT) == 1
    assert outbox.release(claimed, AT) == 0
    [again] = outbox.claim(AT)
    assert again.attempts == 1  # not a repeat: nobody was paged
    assert again.tries.count() == 1


def test_a_lease_can_be_prolonged_by_its_holder_alone():
    posted()
    [notice] = outbox.claim(AT)
    assert outbox.renew([notice], AT + timedelta(seconds=60)) == [notice]
    assert outbox.claim(LATER) == []
    [taken] = outbox.claim(AT + timedelta(seconds=150))
    assert outbox.renew([notice], AT + timedelta(seconds=150)) == []
    assert outbox.renew([taken], AT + timedelta(seconds=150)) == [taken]


def test_a_bad_address_is_told_even_of_a_poisoned_page():
    posted()
    [notice] = outbox.claim(AT)
    outbox.settle(notice, retry.Outcome(retry.Result.PERMANENT, "550", poison="KeyError"), AT)
    notice.refresh_from_db()
    assert notice.last_error == "poison: KeyError; permanent: 550"
    assert notice.contact_is_bad


def test_a_poisoned_page_keeps_its_error_though_it_was_sent():
    posted()
    [notice] = outbox.claim(AT)
    outbox.settle(notice, retry.Outcome(retry.Result.SENT, poison="KeyError"), AT)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("sent", "poison: KeyError")


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_never_claim_the_same_notice():
    outbox.post([new_notice() for _ in range(120)], AT)
    claimed: list[list[uuid.UUID]] = [[], [], [], []]
    barrier = threading.Barrier(len(claimed))

    def work(mine: list[uuid.UUID]) -> None:
        barrier.wait()
        while found := outbox.claim(AT, limit=7, channel="pager"):
            mine.extend(notice.id for notice in found)
        connection.close()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    ids = [one for mine in claimed for one in mine]
    assert len(ids) == len(set(ids)) == 120
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_closing_an_escalation_while_its_notices_are_settled_waits_in_no_circle():
    escalation = uuid.uuid4()
    errors: list[Exception] = []
    for _ in range(5):
        outbox.post([new_notice(escalation_id=escalation) for _ in range(40)], AT)
        claimed = outbox.claim(AT, limit=40)

        def settle(results) -> None:
            try:
                outbox.settle_all([(notice, SENT) for notice in reversed(results)], AT)
            except Exception as error:
                errors.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=settle, args=(claimed,))
        thread.start()
        outbox.supersede(escalation, AT)
        thread.join(20)
    assert errors == []
    assert not Notice.objects.filter(state__in=["pending", "leased"]).exists()


@pytest.mark.django_db(transaction=True)
def test_a_claim_walks_the_partial_index_past_a_hundred_thousand_finished_notices():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scheduling_notice (id, dedupe_key, kind, channel, recipient_name, address,
                fields, priority, state, attempts, next_attempt_at, provider_ref, last_error,
                created_at, sent_at)
            SELECT gen_random_uuid(), 'old:' || i, 'breach', 'pager', '', '1', '{}', 2, 'sent', 1,
                %s, '', '', %s, %s
            FROM generate_series(1, 100000) AS i
            """,
            [AT, AT, AT],
        )
        cursor.execute("ANALYZE scheduling_notice")
    posted()
    with connection.cursor() as cursor:
        statement = outbox.sql.claim(["id"], one_channel=True)
        cursor.execute(
            "EXPLAIN (ANALYZE, FORMAT TEXT) " + statement,
            {"at": AT, "until": LATER, "limit": 10, "channel": "pager"},
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "notice_due" in plan
    assert "Seq Scan on scheduling_notice" not in plan


def test_a_page_that_can_be_answered_by_reply_gets_a_code_and_no_other_does():
    codes = {
        posted(kind=kind, channel=channel).reply_code
        for kind in ("breach", "digest")
        for channel in ("sms", "pager")
    }
    assert all(len(code) == 4 and code.isdigit() and code[0] != "0" for code in codes)
    for kind, channel in (("breach", "email"), ("receipt", "sms"), ("stood_down", "pager")):
        assert posted(kind=kind, channel=channel).reply_code == ""
