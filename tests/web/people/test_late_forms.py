"""A form that arrives after the session ran out: what was typed is kept, for its owner alone."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from mscc import clock
from mscc.people import held
from mscc.people.models import ContactPoint, HeldSubmission, Session
from tests.factories.people import PASSWORD, person

pytestmark = pytest.mark.django_db

TYPED = {"channel": "pager", "address": "4321"}


@pytest.fixture
def late(signed_in, token_in):
    """Somebody opened the form, did nothing for sixteen minutes, and then pressed the button."""

    def arrive(user, **headers):
        browser = signed_in(user)
        token = token_in(browser.get("/me/"))
        Session.objects.filter(user=user).update(seen_at=clock.real_now() - timedelta(minutes=16))
        data = {"csrfmiddlewaretoken": token, **TYPED}
        return browser, browser.post("/me/contacts/", data, headers=headers)

    return arrive


def continue_form(page):
    """The form of the page that gives back what was kept: its path and its fields."""
    html = page.content.decode()
    forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', html, re.S)
    [(action, form)] = [found for found in forms if "held-submission" in found[1]]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    texts = re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S)
    return action, fields | {name: unescape(text) for name, text in texts}


def test_what_was_typed_is_sent_with_one_button_after_a_new_sign_in(late, submit):
    user = person("coordinator")
    browser, answer = late(user)
    kept = HeldSubmission.objects.get()
    assert answer.url == f"/accounts/login/?next=/me/kept/{kept.pk}/"
    assert (
        "You were signed out. What you typed is kept." in browser.get(answer.url).content.decode()
    )
    assert not ContactPoint.objects.exists()

    answer = submit(
        browser,
        "/accounts/login/",
        page=answer.url,
        login=user.email,
        password=PASSWORD,
        next=f"/me/kept/{kept.pk}/",
    )
    page = browser.get(answer.url)
    assert "You were signed out. What you typed is kept." in page.content.decode()
    path, fields = continue_form(page)
    assert browser.post(path, fields).status_code == 302
    contact = ContactPoint.objects.get()
    assert (contact.user, contact.channel, contact.address) == (user, "pager", "4321")
    assert not HeldSubmission.objects.exists()


def test_the_board_in_another_tab_does_not_lose_it_by_asking_first(signed_in, token_in):
    user = person("coordinator")
    browser = signed_in(user)
    token = token_in(browser.get("/me/"))
    Session.objects.filter(user=user).update(seen_at=clock.real_now() - timedelta(minutes=16))
    asked = browser.get("/board/rows/", headers={"X-Requested-With": "fetch"})
    assert asked.status_code == 401
    answer = browser.post("/me/contacts/", {"csrfmiddlewaretoken": token, **TYPED})
    assert answer.url == f"/accounts/login/?next=/me/kept/{HeldSubmission.objects.get().pk}/"


def test_somebody_else_who_signs_in_there_never_sees_it(late, submit, token_in):
    browser, answer = late(person("coordinator"))
    stranger = person("coordinator")
    kept = HeldSubmission.objects.get()
    submit(
        browser,
        "/accounts/login/",
        page=answer.url,
        login=stranger.email,
        password=PASSWORD,
        next=f"/me/kept/{kept.pk}/",
    )
    page = browser.get(f"/me/kept/{kept.pk}/")
    assert page.status_code == 404
    assert "4321" not in page.content.decode()
    browser.post(
        f"/me/kept/{kept.pk}/throw-away/",
        {"csrfmiddlewaretoken": token_in(browser.get("/me/"))},
    )
    assert HeldSubmission.objects.filter(pk=kept.pk).exists()


def test_a_form_without_a_session_is_nobodys_and_is_not_kept():
    answer = Client().post("/me/contacts/", TYPED)
    assert answer.url == "/accounts/login/?next=/me/contacts/"
    assert not HeldSubmission.objects.exists()


def test_a_form_of_another_site_is_not_kept(signed_in):
    user = person("coordinator")
    browser = signed_in(user)
    Session.objects.update(seen_at=clock.real_now() - timedelta(minutes=16))
    answer = browser.post("/me/contacts/", TYPED, headers={"Origin": "https://evil.example.org"})
    assert answer.status_code == 403
    assert not HeldSubmission.objects.exists()


def test_a_second_late_form_of_the_same_person_is_kept_too(signed_in, submit, token_in):
    user = person("coordinator")
    browser = signed_in(user)
    token = token_in(browser.get("/me/"))
    # Signing in again in another window changed the token under this form.
    submit(browser, "/accounts/logout/", page="/me/")
    submit(browser, "/accounts/login/", login=user.email, password=PASSWORD)
    answer = browser.post(
        "/me/contacts/",
        {"csrfmiddlewaretoken": token, **TYPED},
        headers={"Origin": "http://testserver"},
    )
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Session check failed. Reload." in text
    kept = HeldSubmission.objects.get(user=user)
    assert f"/me/kept/{kept.pk}/" in text
    path, fields = continue_form(browser.get(f"/me/kept/{kept.pk}/"))
    assert browser.post(path, fields).status_code == 302
    assert ContactPoint.objects.get().address == "4321"


def test_secrets_are_never_kept(signed_in, token_in):
    user = person("coordinator")
    browser = signed_in(user)
    token = token_in(browser.get("/accounts/password/change/"))
    Session.objects.update(seen_at=clock.real_now() - timedelta(minutes=16))
    secrets = {"oldpassword": PASSWORD, "password1": "new and long enough", "password2": "x"}
    answer = browser.post("/accounts/password/change/", {"csrfmiddlewaretoken": token, **secrets})
    assert answer.url == "/accounts/login/?next=/accounts/password/change/"
    assert not HeldSubmission.objects.exists()


def test_long_texts_with_line_breaks_and_markup_come_back_as_they_were(signed_in):
    user = person("coordinator")
    browser = signed_in(user)
    text = "\nFirst line\n<b>not bold</b> & 'quoted'\n\tlast"
    kept = held.hold(
        user_id=user.pk, path="/me/contacts/", typed={"note": [text]}, at=clock.real_now()
    )
    path, fields = continue_form(browser.get(f"/me/kept/{kept.pk}/"))
    assert fields["note"] == text
    assert "<b>not bold" not in browser.get(f"/me/kept/{kept.pk}/").content.decode()


def test_what_nobody_came_back_for_is_forgotten_after_twelve_hours(signed_in):
    user = person("coordinator")
    now = clock.real_now()
    old = held.hold(user_id=user.pk, path="/x/", typed={"a": ["1"]}, at=now - timedelta(hours=12))
    browser = signed_in(user)
    assert browser.get(f"/me/kept/{old.pk}/").status_code == 404
    held.hold(user_id=user.pk, path="/y/", typed={"a": ["1"]}, at=now)
    assert [kept.path for kept in HeldSubmission.objects.all()] == ["/y/"]


@pytest.mark.parametrize("path", ["//evil.example.org/", "https://evil.example.org/", "/" * 501])
def test_only_an_address_of_ours_is_kept(path):
    user = person("coordinator")
    assert held.hold(user_id=user.pk, path=path, typed={"a": ["1"]}, at=clock.real_now()) is None


def test_it_can_be_thrown_away(signed_in, submit):
    user = person("coordinator")
    browser = signed_in(user)
    kept = held.hold(user_id=user.pk, path="/me/contacts/", typed={"a": ["1"]}, at=clock.real_now())
    submit(browser, f"/me/kept/{kept.pk}/throw-away/", page=f"/me/kept/{kept.pk}/")
    assert not HeldSubmission.objects.exists()
