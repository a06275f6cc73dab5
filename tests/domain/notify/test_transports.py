"""One contract for every transport, kept against real gateways on this machine."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from mscc.runtime.servers import free_port
from scheduling.notify import messages
from scheduling.notify.retry import Result
from scheduling.notify.transports import TransportError
from scheduling.notify.transports.console import ConsoleTransport
from tests.domain.notify.cases import (
    PATIENT,
    QUICK,
    AppriseCase,
    EmailCase,
    PagerCase,
    PushCase,
    SmsCase,
    TeamsCase,
    WebhookCase,
    hand_over,
    refused,
)
from tests.domain.notify.peers import eventually
from tests.factories.notify import unsaved

BY_HTTP = [WebhookCase, SmsCase, TeamsCase, PushCase]
SAYS_WHY = [EmailCase, PagerCase, *BY_HTTP]
# Apprise says no and not why: everything that is not a yes is tried again.
ALL = [*SAYS_WHY, AppriseCase]


@pytest.fixture
def case(request) -> Iterator[Any]:
    made = request.param()
    with made.peer:
        yield made


def with_each(cases: list[Any]) -> Any:
    """The test with every one of these transports beside its gateway."""
    return pytest.mark.parametrize("case", cases, indirect=True, ids=lambda each: each.channel)


@with_each(ALL)
def test_an_accepted_message_arrives_once_with_its_reference(case):
    transport = case.transport(PATIENT)
    hand_over(case, transport)
    transport.close()
    transport.close()
    [text] = case.texts()
    assert "K7Q-4F" in text


@with_each(ALL)
def test_one_transport_sends_one_message_after_another(case):
    transport = case.transport(PATIENT)
    for attempts in (1, 2, 3):
        hand_over(case, transport, attempts=attempts)
    transport.close()
    assert ["RPT" in text for text in case.texts()] == [False, True, True]


@with_each(SAYS_WHY)
@pytest.mark.parametrize(
    ("mode", "kind"),
    [("busy", Result.TRANSIENT), ("nobody", Result.PERMANENT), ("denied", Result.CONFIG)],
)
def test_a_refusal_is_told_apart(case, mode, kind):
    case.mode(mode)
    error = refused(case, case.transport(PATIENT))
    assert error.kind is kind
    assert error.code.isdigit()


@with_each(BY_HTTP)
def test_a_gateway_that_asks_for_patience_is_given_it(case):
    case.mode("throttled")
    error = refused(case, case.transport(PATIENT))
    assert (error.kind, error.code, error.retry_after) == (Result.TRANSIENT, "429", 7.0)


@with_each(BY_HTTP)
def test_a_key_that_is_not_known_is_ours_to_mend(case):
    case.mode("unknown_to_it")
    assert refused(case, case.transport(PATIENT)).kind is Result.CONFIG


@with_each(BY_HTTP)
@pytest.mark.parametrize("mode", ["rubbish", "error_inside"])
def test_a_yes_with_anything_else_in_it_is_not_believed(case, mode):
    case.mode(mode)
    error = refused(case, case.transport(PATIENT))
    assert error.kind in (Result.UNKNOWN, Result.TRANSIENT)
    assert "guest" not in error.code
    assert "credit" not in error.code


@with_each([AppriseCase])
@pytest.mark.parametrize("mode", ["busy", "nobody", "denied", "throttled", "hang", "drop"])
def test_a_no_without_a_reason_is_tried_again(case, mode):
    case.mode(mode)
    started = time.monotonic()
    assert refused(case, case.transport(QUICK)).kind is Result.TRANSIENT
    assert time.monotonic() - started < 2


@with_each(SAYS_WHY)
@pytest.mark.parametrize("mode", ["hang", "drop"])
def test_silence_after_the_hand_over_means_that_it_may_have_arrived(case, mode):
    case.mode(mode)
    started = time.monotonic()
    assert refused(case, case.transport(QUICK)).kind is Result.UNKNOWN
    assert time.monotonic() - started < 2
    assert len(case.texts()) == 1


@with_each(SAYS_WHY)
def test_a_gateway_that_is_not_there_is_tried_again(case):
    error = refused(case, case.transport(QUICK, port=free_port()))
    assert (error.kind, error.code) == (Result.TRANSIENT, "no_connection")


@with_each(ALL)
def test_a_transport_works_again_after_a_failure(case):
    transport = case.transport(QUICK)
    for mode in ("busy", "drop", "hang", "nobody"):
        case.mode(mode)
        with pytest.raises(TransportError):
            hand_over(case, transport)
    case.mode("ok")
    hand_over(case, transport)
    transport.close()


@with_each(SAYS_WHY)
@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_a_slow_attempt_can_be_broken_off_from_outside(case, mode):
    case.mode(mode)
    transport = case.transport(PATIENT)
    errors: list[TransportError] = []
    thread = threading.Thread(target=lambda: errors.append(refused(case, transport)))
    thread.start()
    assert eventually(case.texts)
    transport.abort()
    thread.join(5)
    assert [error.kind for error in errors] == [Result.UNKNOWN]


@with_each(ALL)
def test_an_address_that_is_none_is_refused_before_anything_is_said(case):
    for address in case.bad_addresses:
        assert refused(case, case.transport(QUICK), address=address).kind is Result.PERMANENT
    assert case.texts() == []


def test_the_console_writes_the_message_where_a_developer_looks(capsys):
    notice = unsaved(channel="console")
    ConsoleTransport().send(notice, messages.render(notice))
    out = capsys.readouterr().out
    assert "MSCC target missed K7Q-4F" in out
    assert "Ring: 020 7946 0000" in out
