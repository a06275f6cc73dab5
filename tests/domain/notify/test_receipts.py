"""What a gateway says later only ever goes forward, however often and in whatever order."""

from datetime import timedelta

import pytest

from scheduling.notify import outbox, receipts, retry
from scheduling.notify.models import Notice
from tests.factories.notify import AT, posted

pytestmark = pytest.mark.django_db
SENT = retry.Outcome(retry.Result.SENT, "201", "n-1", latency_ms=12)
LOST = retry.Outcome(retry.Result.UNKNOWN, "timeout")
LATER = AT + timedelta(seconds=30)


def handed_over(outcome=SENT, **given) -> Notice:
    """A text message that was tried once."""
    notice = posted(channel="sms", **given)
    [claimed] = outbox.claim(AT, channel="sms")
    outbox.settle(claimed, outcome, AT)
    return again(notice)


def again(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def test_delivered_is_kept_once_and_ends_nothing():
    notice = handed_over()
    assert receipts.receive(notice.pk, "delivered", LATER)
    assert not receipts.receive(notice.pk, "delivered", LATER + timedelta(hours=1))
    kept = again(notice)
    assert (kept.state, kept.receipt, kept.delivered_at) == ("sent", "delivered", LATER)
    assert outbox.to_reroute() == []


@pytest.mark.parametrize(
    ("word", "state", "bad"),
    [
        ("permanent-failure", "dead", True),
        ("temporary-failure", "failed", False),
        ("technical-failure", "failed", False),
    ],
)
def test_what_a_gateway_gave_up_wants_another_way_at_once(word, state, bad):
    notice = handed_over()
    assert receipts.receive(notice.pk, word, LATER)
    kept = again(notice)
    assert (kept.state, kept.receipt, kept.failed_at) == (state, word, LATER)
    assert kept.contact_is_bad is bad
    assert [each.pk for each in outbox.to_reroute()] == [notice.pk]


def test_delivered_stays_delivered_whatever_comes_after_it():
    notice = handed_over()
    receipts.receive(notice.pk, "delivered", LATER)
    for word in ("sending", "temporary-failure", "permanent-failure"):
        assert not receipts.receive(notice.pk, word, LATER)
    assert (again(notice).state, again(notice).receipt) == ("sent", "delivered")


def test_an_earlier_word_that_comes_late_changes_nothing():
    notice = handed_over()
    receipts.receive(notice.pk, "permanent-failure", LATER)
    before = again(notice)
    for word in ("sending", "created", "temporary-failure", "permanent-failure"):
        assert not receipts.receive(notice.pk, word, LATER + timedelta(minutes=1))
    after = again(notice)
    assert (after.receipt, after.failed_at) == (before.receipt, before.failed_at)


def test_a_message_given_up_that_arrives_after_all_says_so_and_the_climb_went_on():
    notice = handed_over()
    receipts.receive(notice.pk, "permanent-failure", LATER)
    assert receipts.receive(notice.pk, "delivered", LATER)
    kept = again(notice)
    assert (kept.state, kept.delivered_at, kept.receipt) == ("dead", LATER, "delivered")
    assert not kept.contact_is_bad


def test_a_receipt_that_overtakes_our_own_result_is_not_lost():
    notice = posted(channel="sms")
    [claimed] = outbox.claim(AT, channel="sms")
    assert receipts.receive(notice.pk, "permanent-failure", LATER)
    assert not outbox.settle(claimed, SENT, LATER)
    kept = again(notice)
    assert (kept.state, kept.receipt) == ("dead", "permanent-failure")
    assert [each.pk for each in outbox.to_reroute()] == [notice.pk]


def test_delivered_that_overtakes_our_own_result_stands_beside_it():
    notice = posted(channel="sms")
    [claimed] = outbox.claim(AT, channel="sms")
    receipts.receive(notice.pk, "delivered", LATER)
    assert outbox.settle(claimed, SENT, LATER)
    assert (again(notice).state, again(notice).delivered_at) == ("sent", LATER)


def test_what_nobody_knew_had_arrived_is_not_sent_again_once_it_is_known():
    notice = handed_over(LOST)
    assert again(notice).state == "pending"
    receipts.receive(notice.pk, "delivered", LATER)
    assert again(notice).state == "sent"
    assert outbox.claim(AT + timedelta(hours=1), channel="sms") == []


def test_what_is_being_tried_again_goes_on_being_tried_after_a_passing_failure():
    notice = handed_over(LOST)
    receipts.receive(notice.pk, "temporary-failure", LATER)
    assert again(notice).state == "pending"


def test_what_was_withdrawn_stays_withdrawn():
    notice = posted(channel="sms", escalation_id="6f1f4d0e-8b9d-4f6e-9a55-0d2c8e7f6a10")
    outbox.supersede(notice.escalation_id, AT)
    receipts.receive(notice.pk, "permanent-failure", LATER)
    assert again(notice).state == "superseded"


def test_a_gateway_speaks_for_its_own_channel_alone():
    notice = handed_over()
    assert not receipts.receive(notice.pk, "permanent-failure", LATER, "webhook")
    assert again(notice).state == "sent"


def test_silence_means_something_only_where_receipts_can_reach_us(settings):
    settings.NOTIFY = {"GOVUK_CALLBACK_TOKEN": "long-enough-to-be-one"}
    assert receipts.expected("sms")
    assert not receipts.expected("pager")
    settings.NOTIFY = {}
    assert not receipts.expected("sms")
