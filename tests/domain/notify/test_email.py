"""Email: what an answer means, one connection, headers that cannot be forged."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from scheduling.notify import messages
from scheduling.notify.retry import Result
from scheduling.notify.transports.email import EmailTransport, SmtpServer
from tests.domain.notify.cases import PATIENT, QUICK, EmailCase, hand_over, refused
from tests.domain.notify.peers import MailServer, nobody_may_sign_in, unvouched
from tests.factories.notify import unsaved


@pytest.fixture
def mail() -> Iterator[EmailCase]:
    made = EmailCase()
    with made.peer:
        yield made


def test_an_email_carries_the_notice_in_its_message_id_the_same_on_a_repeat(mail):
    transport = mail.transport(PATIENT)
    notice = unsaved(channel="email")
    for attempts in (1, 2):
        notice.attempts = attempts
        assert transport.send(notice, messages.render(notice)).provider_ref == "4XkR2t"
    transport.close()
    first, second = mail.peer.letters
    assert first["Message-ID"] == second["Message-ID"] == f"<{notice.id}@example.org>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Importance"] == "high"
    assert first["From"] == "MSCC <mscc@example.org>"
    assert mail.peer.recipients == ["coordinator@example.org"] * 2


@pytest.mark.parametrize(
    ("kind", "importance"),
    [("digest", "high"), ("last_resort", "high"), ("watch", "high"), ("receipt", None)],
)
def test_what_somebody_must_act_on_now_is_marked_as_important(mail, kind, importance):
    notice = unsaved(channel="email", kind=kind)
    transport = mail.transport(PATIENT)
    transport.send(notice, messages.render(notice))
    transport.close()
    [letter] = mail.peer.letters
    assert letter["Importance"] == importance


def test_a_link_is_never_folded(mail, settings):
    settings.PUBLIC_URL = "https://" + "very-long-name." * 12 + "example.org"
    transport = mail.transport(PATIENT)
    hand_over(mail, transport)
    transport.close()
    assert f"{settings.PUBLIC_URL}/notices/ack/{'a' * 32}/\r\n".encode() in mail.peer.raw[0]


def test_a_subject_with_a_line_break_cannot_become_a_header(mail):
    notice = unsaved(channel="email")
    evil = replace(messages.render(notice), subject="x\r\nBcc: b@example.org")
    with pytest.raises(ValueError, match="linefeed|newline"):
        mail.transport(QUICK).send(notice, evil)
    assert mail.peer.letters == []


def test_one_connection_serves_many_emails_and_is_opened_anew_when_the_server_closed_it(mail):
    transport = mail.transport(PATIENT)
    for _ in range(5):
        hand_over(mail, transport)
    assert mail.peer.connections == 1
    transport.abort()  # what an idle server does
    hand_over(mail, transport)
    transport.close()
    assert mail.peer.connections == 2
    assert len(mail.peer.letters) == 6


@pytest.mark.parametrize(
    ("answers", "kind", "code"),
    [
        ({"DATA": "552 5.3.4 Too big"}, Result.PERMANENT, "552"),
        ({"DATA": "451 4.3.0 Later"}, Result.TRANSIENT, "451"),
        ({"MAIL": "421 4.3.2 Shutting down"}, Result.TRANSIENT, "421"),
        ({"MAIL": "550 5.7.1 Sender refused"}, Result.CONFIG, "550"),
        ({"MAIL": "hang"}, Result.TRANSIENT, "timeout"),
    ],
)
def test_what_an_smtp_answer_means_depends_on_when_it_comes(mail, answers, kind, code):
    mail.peer.answers = answers
    error = refused(mail, mail.transport(QUICK))
    assert (error.kind, error.code) == (kind, code)


def test_wrong_credentials_are_our_own_mistake():
    with MailServer(authenticator=nobody_may_sign_in, auth_require_tls=False) as peer:
        server = SmtpServer("127.0.0.1", peer.port, "mscc@example.org", "mscc", "wrong")
        error = refused(EmailCase(), EmailTransport(server, PATIENT))
    assert (error.kind, error.code) == (Result.CONFIG, "535")


def test_a_server_without_the_promised_encryption_gets_no_message(mail):
    server = SmtpServer("127.0.0.1", mail.peer.port, "mscc@example.org", starttls=True)
    error = refused(mail, EmailTransport(server, PATIENT))
    assert (error.kind, error.code) == (Result.CONFIG, "not_supported")
    assert mail.peer.letters == []


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_gets_no_email(tmp_path, how):
    context = unvouched(tmp_path)
    options = {"starttls": {"tls_context": context}, "tls": {"ssl_context": context}}[how]
    with MailServer(**options) as peer:
        server = SmtpServer("127.0.0.1", peer.port, "mscc@example.org", **{how: True})
        error = refused(EmailCase(), EmailTransport(server, PATIENT))
        assert (error.kind, error.code) == (Result.CONFIG, "tls")
        assert peer.letters == []


def test_a_name_that_does_not_exist_is_our_own_mistake(mail):
    server = SmtpServer("gateway.invalid", 25, "mscc@example.org")
    error = refused(mail, EmailTransport(server, QUICK))
    assert error.code == "dns"
    assert error.kind in (Result.CONFIG, Result.TRANSIENT)  # a resolver may say "try again"
