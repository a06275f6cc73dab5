"""One's own page: roles in plain words, contact points, sign-ins, a token."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.test import Client

from mscc.people.models import ApiToken, ContactPoint, Session
from tests.factories.people import AssignmentFactory, ContactPointFactory, Place, person

pytestmark = pytest.mark.django_db


def test_the_page_says_in_plain_words_what_each_role_lets_me_do(signed_in):
    place = Place.build()
    user = person("coordinator", place, name="Ada <b>Example</b>")
    AssignmentFactory(
        user=user, role="specialty_contact", organisation=place.trust, specialty="radiology"
    )
    page = signed_in(user).get("/me/").content.decode()
    assert "Ada &lt;b&gt;Example" in page
    assert f"MSCC coordinator, {place.alliance.name}" in page
    assert "Takes every call day and night" in page
    assert "take, triage, redirect and discharge referrals" in page
    assert f"Specialty contact (radiology), {place.trust.name}" in page


def test_a_contact_point_is_added_and_removed(signed_in, submit):
    user = person("coordinator")
    browser = signed_in(user)
    answer = submit(
        browser, "/me/contacts/", page="/me/", channel="sms", address="+44 7700 900 123"
    )
    assert answer.status_code == 302
    contact = ContactPoint.objects.get(user=user)
    assert contact.address == "07700900123"
    submit(browser, f"/me/contacts/{contact.pk}/remove/", page="/me/")
    assert not ContactPoint.objects.exists()


def test_a_wrong_number_is_answered_with_the_sentence_and_what_was_typed(signed_in, submit):
    browser = signed_in(person("coordinator"))
    answer = submit(browser, "/me/contacts/", page="/me/", channel="sms", address="0900 123 4567")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Enter a UK mobile or pager number, e.g. 07700 900123." in page
    assert 'value="0900 123 4567"' in page


def test_without_a_channel_the_form_asks_for_it(signed_in, submit):
    answer = submit(
        signed_in(person("coordinator")), "/me/contacts/", page="/me/", address="07700 900123"
    )
    assert answer.status_code == 422
    assert "Choose how you can be reached." in answer.content.decode()


def test_the_same_contact_point_twice_is_answered_in_words(signed_in, submit):
    user = person("coordinator")
    ContactPointFactory(user=user, channel="pager", address="1234")
    answer = submit(signed_in(user), "/me/contacts/", page="/me/", channel="pager", address="1234")
    assert answer.status_code == 422
    assert "This contact point is already there." in answer.content.decode()


def test_somebody_elses_contact_point_cannot_be_removed(signed_in, submit):
    theirs = ContactPointFactory(user=person("coordinator"))
    answer = submit(
        signed_in(person("coordinator")), f"/me/contacts/{theirs.pk}/remove/", page="/me/"
    )
    assert answer.status_code == 404
    assert ContactPoint.objects.filter(pk=theirs.pk).exists()


def test_another_browser_can_be_signed_out(signed_in, submit):
    user = person("coordinator")
    phone = signed_in(user, HTTP_USER_AGENT="A phone")
    desk = signed_in(user, HTTP_USER_AGENT="A desk")
    page = desk.get("/me/").content.decode()
    assert "A phone" in page
    assert "A desk" in page
    for row in Session.objects.all():
        assert row.session_key not in page
    [handle] = {part.split("/end/")[0] for part in page.split("/me/sessions/")[1:]}
    submit(desk, f"/me/sessions/{handle}/end/", page="/me/")
    assert phone.get("/me/").status_code == 302
    assert desk.get("/me/").status_code == 200


def test_somebody_elses_session_cannot_be_ended(signed_in, submit):
    from mscc.people.changes import session_handle

    victim = person("coordinator")
    there = signed_in(victim)
    handle = session_handle(Session.objects.get(user=victim))
    mine = signed_in(person("coordinator"))
    assert submit(mine, f"/me/sessions/{handle}/end/", page="/me/").status_code == 404
    assert there.get("/me/").status_code == 200


def test_a_token_is_shown_once_and_works_until_it_is_removed(signed_in, submit):
    from rest_framework.exceptions import AuthenticationFailed

    from mscc.people.backends import PeopleTokenAuthentication

    user = person("coordinator")
    browser = signed_in(user)
    shown = submit(browser, "/me/token/", page="/me/").content.decode()
    key = re.search(r"mscc_[\w-]{43}", shown)[0]
    kept = ApiToken.objects.get(user=user)
    assert kept.digest == hashlib.sha256(key.encode()).hexdigest()
    assert key not in browser.get("/me/").content.decode()
    who, _ = PeopleTokenAuthentication().authenticate_credentials(key)
    assert who == user
    assert who.holds("coordinator")
    submit(browser, "/me/token/remove/", page="/me/")
    with pytest.raises(AuthenticationFailed):
        PeopleTokenAuthentication().authenticate_credentials(key)


def test_a_token_works_for_a_year_and_its_page_says_until_when(signed_in, submit):
    from mscc.clock import now
    from mscc.people.loading import person_by_token

    user = person("coordinator")
    browser = signed_in(user)
    shown = submit(browser, "/me/token/", page="/me/").content.decode()
    key = re.search(r"mscc_[\w-]{43}", shown)[0]
    until = ApiToken.objects.get(user=user).expires_at
    assert until - now() > timedelta(days=364)
    assert f"{until.day} {until:%B %Y}" in browser.get("/me/").content.decode()
    assert person_by_token(key, until - timedelta(seconds=1)) == user
    assert person_by_token(key, until) is None


def test_a_token_costs_one_statement(django_assert_num_queries):
    from mscc.clock import now
    from mscc.events import Actor
    from mscc.people import changes
    from mscc.people.backends import PeopleTokenAuthentication

    user = person("coordinator")
    key = changes.new_token(user, by=Actor.user(user), at=now())
    with django_assert_num_queries(1):
        who, _ = PeopleTokenAuthentication().authenticate_credentials(key)
        assert who.can("refer")


def test_every_page_of_a_signed_in_person_says_no_store(signed_in):
    page = signed_in(person("coordinator")).get("/me/")
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for directive in ("frame-ancestors", "base-uri", "object-src"):
        assert f"{directive} 'none'" in policy


def test_a_stranger_sees_nothing_of_it():
    assert Client().get("/me/").url == "/accounts/login/?next=/me/"
