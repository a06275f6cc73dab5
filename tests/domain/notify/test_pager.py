"""Pagers: the words of SNPP and what its answers mean."""

from collections.abc import Iterator

import pytest

from scheduling.notify import messages
from scheduling.notify.retry import Result
from scheduling.notify.transports import TransportError
from tests.domain.notify.cases import PATIENT, QUICK, PagerCase, hand_over, refused
from tests.domain.notify.peers import eventually
from tests.factories.notify import unsaved


@pytest.fixture
def pager() -> Iterator[PagerCase]:
    made = PagerCase()
    with made.peer:
        yield made


def test_a_page_is_said_in_the_words_of_the_protocol(pager):
    hand_over(pager, pager.transport(PATIENT))
    assert eventually(lambda: len(pager.peer.commands) == 4)
    page, mess, send, bye = pager.peer.commands
    assert (page, send, bye) == ("PAGE 4711", "SEND", "QUIT")
    assert mess.startswith("MESS MSCC TARGET MISSED K7Q-4F: ")


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"HELLO": "421 Gateway unavailable"}, Result.TRANSIENT),
        ({"PAGE": "421 Too many errors"}, Result.TRANSIENT),
        ({"SEND": "503 Pager ID or message incomplete"}, Result.CONFIG),
        ({"MESS": "500 Command not implemented"}, Result.CONFIG),
        ({"SEND": "550 Message failed"}, Result.PERMANENT),
        ({"HELLO": "hang"}, Result.TRANSIENT),
        ({"MESS": "drop"}, Result.TRANSIENT),
    ],
)
def test_what_an_snpp_answer_means(pager, answers, kind):
    pager.peer.answers = answers
    assert refused(pager, pager.transport(QUICK)).kind is kind
    assert ("SEND" in answers) or pager.peer.pages == []


def test_a_text_that_is_too_long_or_has_a_line_break_is_never_sent(pager):
    notice = unsaved()
    for body in ("x" * 161, "x\r\nPAGE 4712", "caf\u00e9"):
        with pytest.raises(TransportError) as caught:
            pager.transport(QUICK).send(notice, messages.Message("s", body))
        assert caught.value.code == "text"
    assert pager.peer.commands == []
