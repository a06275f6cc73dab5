"""What follows from an attempt, as reliability requires it."""

import pytest

from scheduling.notify.retry import DELAYS_S, GIVE_UP_AFTER, Decision, Result, after


def test_an_accepted_notice_is_sent_and_asks_for_nothing_more():
    assert after(Result.SENT, 3) == Decision("sent")


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (500, 60)]
)
@pytest.mark.parametrize("result", [Result.TRANSIENT, Result.UNKNOWN])
def test_a_failed_attempt_is_repeated_soon_and_never_later_than_a_minute(result, attempts, seconds):
    decision = after(result, attempts)
    assert (decision.state, decision.delay_s) == ("pending", seconds)
    assert not decision.alarm


@pytest.mark.parametrize(("attempts", "wanted"), [(1, False), (2, True), (3, True)])
def test_another_channel_is_wanted_after_two_failures(attempts, wanted):
    assert after(Result.TRANSIENT, attempts).also_alternative is wanted


def test_a_gateway_that_asks_for_patience_gets_up_to_a_minute():
    assert after(Result.TRANSIENT, 5, 7).delay_s == 7
    assert after(Result.TRANSIENT, 1, 3600).delay_s == 60
    assert after(Result.TRANSIENT, 1, -4).delay_s == 5


def test_notices_that_failed_together_do_not_come_back_together():
    assert after(Result.TRANSIENT, 1, jitter=0.0).delay_s == 5
    assert after(Result.TRANSIENT, 1, jitter=1.0).delay_s == 6
    assert after(Result.TRANSIENT, 9, jitter=1.0).delay_s == 72


def test_a_bad_address_is_dead_at_once_and_the_next_one_is_tried():
    decision = after(Result.PERMANENT, 1)
    assert decision == Decision("dead", also_alternative=True)


def test_our_own_mistake_is_dead_and_alarms_but_blames_no_contact():
    assert after(Result.CONFIG, 1) == Decision("dead", also_alternative=True, alarm=True)


def test_a_page_of_an_open_escalation_is_never_given_up():
    assert after(Result.TRANSIENT, 100_000).state == "pending"


def test_a_message_nobody_waits_for_is_given_up_after_hours():
    assert after(Result.TRANSIENT, GIVE_UP_AFTER - 1, climbing=False).state == "pending"
    given_up = after(Result.TRANSIENT, GIVE_UP_AFTER, climbing=False)
    assert given_up == Decision("failed", also_alternative=True, alarm=True)
    assert sum(DELAYS_S) + 60 * (GIVE_UP_AFTER - len(DELAYS_S)) > 5 * 3600
