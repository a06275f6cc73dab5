"""Signing in, staying signed in, and being signed out."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client

from mscc import clock
from mscc.people import changes
from mscc.people.models import Assignment, Session
from tests.factories.people import PASSWORD, Place, person

pytestmark = pytest.mark.django_db


def age(user, **by):
    """Let a session grow older: its owner did nothing for so long, or signed in so long ago."""
    row = Session.objects.get(user=user, locked_at=None)
    for field, minutes in by.items():
        setattr(row, field, getattr(row, field) - timedelta(minutes=minutes))
    row.save()


def test_a_person_signs_in_with_an_email_address_in_any_case(submit):
    user = person("coordinator", email="sam@example.nhs.uk")
    browser = Client(enforce_csrf_checks=True)
    answer = submit(browser, "/accounts/login/", login="SAM@Example.nhs.uk", password=PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert Session.objects.get().user == user


def test_a_wrong_password_is_answered_in_words_that_do_not_say_which_was_wrong(submit):
    user = person("coordinator")
    for login, password in ((user.email, "wrong"), ("nobody@example.nhs.uk", PASSWORD)):
        answer = submit(Client(), "/accounts/login/", login=login, password=password)
        assert "The email address or the password is not right" in answer.content.decode()
    assert not Session.objects.exclude(user=None).exists()


def test_nobody_signs_up():
    assert Client().get("/accounts/signup/").status_code == 302
    assert Client().post("/accounts/signup/", {"email": "a@b.org"}).status_code == 302


def test_the_session_changes_its_key_at_sign_in(submit):
    user = person("coordinator")
    browser = Client()
    browser.get("/accounts/login/")
    session = browser.session
    session["something"] = 1
    session.save()
    browser.cookies["mscc-session"] = session.session_key
    submit(browser, "/accounts/login/", login=user.email, password=PASSWORD)
    assert browser.cookies["mscc-session"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_after_fifteen_idle_minutes_a_person_is_signed_out(signed_in):
    user = person("coordinator")
    browser = signed_in(user)
    age(user, seen_at=14)
    assert browser.get("/me/").status_code == 200
    age(user, seen_at=15)
    assert browser.get("/me/").url == "/accounts/login/?next=/me/"


def test_after_twelve_hours_a_person_is_signed_out_however_busy(signed_in):
    user = person("coordinator")
    browser = signed_in(user)
    age(user, started_at=12 * 60 - 1)
    assert browser.get("/me/").status_code == 200
    age(user, started_at=1)
    assert browser.get("/me/").status_code == 302


def test_a_locked_session_stays_locked_and_is_not_written_over(signed_in, submit):
    user = person("coordinator")
    browser = signed_in(user)
    age(user, seen_at=16)
    browser.get("/me/")
    row = Session.objects.get(user=user)
    assert row.locked_at is not None
    row.seen_at = clock.real_now()
    row.save()
    assert browser.get("/me/").status_code == 302


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(signed_in):
    user = person("coordinator")
    browser = signed_in(user)
    age(user, seen_at=5)
    before = Session.objects.get().seen_at
    assert browser.get("/me/", headers={"X-Requested-With": "fetch"}).status_code == 200
    assert Session.objects.get().seen_at == before
    browser.get("/me/")
    assert Session.objects.get().seen_at > before


def test_a_page_that_asks_by_itself_is_told_that_nobody_is_signed_in():
    answer = Client().get("/me/", headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.content) == (401, b"You are signed out. Sign in again.")


def test_taking_a_role_away_works_at_the_next_request(signed_in):
    user = person("coordinator")
    browser = signed_in(user)
    assert "MSCC coordinator" in browser.get("/me/").content.decode()
    Assignment.objects.filter(user=user).update(ends_at=clock.now())
    page = browser.get("/me/").content.decode()
    assert "MSCC coordinator" not in page
    assert "You hold no role now" in page


def test_disabling_a_person_ends_every_session_at_once(signed_in, submit):
    from mscc.events import Actor

    user = person("coordinator")
    browser = signed_in(user)
    changes.disable(user, by=Actor.system("test"), at=clock.now())
    assert browser.get("/me/").status_code == 302
    assert not Session.objects.filter(user=user).exists()
    answer = submit(Client(), "/accounts/login/", login=user.email, password=PASSWORD)
    assert answer.url == "/accounts/inactive/"


def test_a_signed_in_request_costs_two_statements(signed_in, django_assert_num_queries):
    browser = signed_in(person("administrator"))
    browser.get("/me/kept/0b9ee6f8-7ad0-4c2e-8f51-6e2a3f7b0f10/")
    # The session, and the person with their roles; the third is the page's own question.
    with django_assert_num_queries(3):
        browser.get("/me/kept/0b9ee6f8-7ad0-4c2e-8f51-6e2a3f7b0f10/")


def test_signing_out_ends_the_session_and_clears_the_browser(signed_in, submit):
    user = person("coordinator")
    browser = signed_in(user)
    answer = submit(browser, "/accounts/logout/", page="/me/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(user=user).exists()
    assert browser.get("/me/").status_code == 302


def test_signing_out_needs_a_post(signed_in):
    assert signed_in(person("coordinator")).get("/accounts/logout/").status_code == 405


def test_a_guesser_is_locked_out_and_the_person_on_call_is_not(submit, settings):
    settings.AXES_FAILURE_LIMIT = 3
    user = person("coordinator")
    guesser, on_call = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="10.1.2.3")
    for _ in range(3):
        answer = submit(guesser, "/accounts/login/", login=user.email.upper(), password="guess")
    assert answer.status_code == 429
    assert "Too many wrong passwords" in answer.content.decode()
    assert int(answer.headers["Retry-After"]) == 900
    right = submit(guesser, "/accounts/login/", login=user.email, password=PASSWORD)
    assert right.status_code == 429
    answer = submit(on_call, "/accounts/login/", login=user.email, password=PASSWORD)
    assert answer.status_code == 302


def test_a_forgotten_password_is_replaced_by_a_link(submit):
    user = person("coordinator")
    submit(Client(), "/accounts/password/reset/", email=user.email)
    [sent] = mail.outbox
    assert sent.subject == "Your new password for MSCC coordination"
    link = re.search(r"http://testserver(/\S+)", sent.body)[1]
    browser = Client()
    form = browser.get(link).url
    for short in ("tooshort", "p" * 257):
        answer = submit(browser, form, password1=short, password2=short)
        assert answer.status_code == 200
    answer = submit(
        browser, form, password1="plain old walnut desk", password2="plain old walnut desk"
    )
    assert answer.url == "/accounts/password/reset/done/"
    user.refresh_from_db()
    assert user.check_password("plain old walnut desk")


def test_such_a_link_works_for_a_day(submit, monkeypatch):
    submit(Client(), "/accounts/password/reset/", email=person("coordinator").email)
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    sent = PasswordResetTokenGenerator()._now()
    for hours, word in ((23, "Choose a new password"), (25, "does not work any more")):
        later = sent + timedelta(hours=hours)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, at=later: at)
        assert word in Client().get(link, follow=True).content.decode()


def test_an_address_that_was_somebodys_opens_nothing_any_more(submit):
    user = person("coordinator")
    before, chosen = user.email, "plain old walnut desk"
    submit(Client(), "/accounts/password/reset/", email=before)
    link = re.search(r"http://testserver(/\S+)", mail.outbox.pop().body)[1]
    browser = Client()
    submit(browser, browser.get(link).url, password1=chosen, password2=chosen)
    mail.outbox.clear()
    user.refresh_from_db()
    user.email = "another@example.nhs.uk"
    user.save()

    assert submit(Client(), "/accounts/login/", login=before, password=chosen).status_code == 200
    submit(Client(), "/accounts/password/reset/", email=before)
    assert mail.outbox == []
    answer = submit(Client(), "/accounts/login/", login=user.email, password=chosen)
    assert answer.status_code == 302


def test_a_stranger_learns_nothing_from_the_reset_page(submit):
    answer = submit(Client(), "/accounts/password/reset/", email="nobody@example.nhs.uk")
    assert answer.status_code == 302
    assert mail.outbox == []


def test_the_second_step_is_asked_for_once_set_up(signed_in, submit, token_in):
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    user = person("coordinator", Place.build())
    browser = signed_in(user)
    again = browser.get("/accounts/two-step/set-up/").url
    assert again.startswith("/accounts/reauthenticate/"), "a stolen session must not set it up"
    answer = submit(browser, again, password=PASSWORD)
    assert answer.url == "/accounts/two-step/set-up/"
    page = browser.get(answer.url)
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())[1]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    form = {"csrfmiddlewaretoken": token_in(page), "code": code}
    answer = browser.post("/accounts/two-step/set-up/", form)
    assert answer.status_code == 302
    assert browser.get(answer.url).status_code == 200
    again = Client()
    first = submit(again, "/accounts/login/", login=user.email, password=PASSWORD)
    assert first.url.startswith("/accounts/login/code/")
    assert again.get("/me/").status_code == 302
    assert again.get(first.url).status_code == 200
