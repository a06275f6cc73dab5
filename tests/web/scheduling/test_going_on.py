"""Going on duty on the pages: sending a test, confirming it, and the daily report."""

import re
from datetime import timedelta

import pytest

from mscc import clock
from mscc.events import Actor
from scheduling.domain import daily_test, going_on, proving
from scheduling.models import Notice, TestPage
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.referrals import AT
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def ada(place):
    user = person("coordinator", place, name="Ada Example")
    ContactPointFactory(user=user, channel="pager", address="1001")
    ContactPointFactory(user=user, channel="email", address="ada@example.nhs.uk", priority=2)
    return user


def test_the_page_shows_the_shift_and_what_was_never_proven(signed_in, place, ada, noon, text_of):
    on_duty(ada, place, noon[0] + 40 * MINUTE)
    browser = signed_in(ada)
    text = text_of(browser.get("/duty/start/"))
    assert "MSCC coordinator" in text
    assert "(begins within the hour)" in text
    assert "Not confirmed yet." in text
    assert text.count("Never proven") == 2
    assert "Your shift begins 10:10: confirm that a test page reaches you" in text_of(
        browser.get("/board/")
    )


def test_a_pager_is_confirmed_by_saying_so_and_the_shift_with_it(
    signed_in, submit, place, ada, noon, text_of
):
    on_duty(ada, place, noon[0])
    browser = signed_in(ada)
    text = text_of(submit_and_follow(browser, submit, "/duty/start/"))
    assert "A test is on its way by pager and by email." in text
    assert "Open the link in the message to confirm it." in text
    page = TestPage.objects.get(channel="pager")
    noon[0] += 2 * MINUTE
    text = text_of(
        submit_and_follow(browser, submit, f"/duty/start/{page.pk}/arrived/", "/duty/start/")
    )
    assert "1001 is marked as proven." in text
    assert "A test page reached you: confirmed" in text
    assert ada.contacts.get(channel="pager").proven_at == noon[0]
    going_on.start_round(noon[0] + 20 * MINUTE)
    assert not Notice.objects.filter(kind="unproven").exists()
    assert "confirm that a test page" not in text_of(browser.get("/board/"))


def submit_and_follow(browser, submit, path, page=None):
    answer = submit(browser, path, page=page or path)
    assert answer.status_code == 302
    return browser.get(answer.url)


def test_the_link_of_a_test_message_is_answered_by_whom_it_was_sent_to_alone(
    signed_in, submit, place, ada, noon, text_of
):
    browser = signed_in(ada)
    submit(browser, "/duty/start/")
    notice = Notice.objects.get(kind="test", channel="email")
    link = f"/notices/ack/{notice.ack_token}/"
    stranger = signed_in(person("coordinator", place))
    assert stranger.get(link).status_code == 404
    page = browser.get(link)
    assert "This is a test" in text_of(page)
    # Opening it proves nothing: programs that look for viruses open links.
    assert ada.contacts.get(channel="email").proven_at is None
    text = text_of(submit_and_follow(browser, submit, link))
    assert "You have confirmed that it arrived" in text
    assert ada.contacts.get(channel="email").proven_at == noon[0]
    assert TestPage.objects.get(channel="email").answered_by == "link"


def test_an_email_is_not_confirmed_by_saying_so(signed_in, submit, place, ada, noon, token_in):
    browser = signed_in(ada)
    submit(browser, "/duty/start/")
    page = TestPage.objects.get(channel="email")
    token = token_in(browser.get("/duty/start/"))
    answer = browser.post(f"/duty/start/{page.pk}/arrived/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    other = signed_in(person("coordinator", place))
    pager = TestPage.objects.get(channel="pager")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', other.get("/me/").content.decode())[1]
    answer = other.post(f"/duty/start/{pager.pk}/arrived/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 404


def test_who_answers_no_pages_has_no_such_page(signed_in, place, noon):
    assert signed_in(person("referrer", place)).get("/duty/start/").status_code == 403


def test_the_report_says_who_answered_by_what_and_who_did_not(
    signed_in, place, ada, monkeypatch, text_of
):
    senior = person("senior_clinician", place, name="Grace Silent", phone="bleep 2412")
    ContactPointFactory(user=senior, channel="pager", address="1400")
    on_duty(ada, place, AT)
    sent = daily_test.due_on(AT.date())
    daily_test.daily_round(sent)
    page = TestPage.objects.get(user=ada, channel="pager")
    proving.arrived(page.pk, "reply", by=Actor.user(ada), at=sent + 3 * MINUTE)
    monkeypatch.setattr(clock, "now", lambda: sent + 40 * MINUTE)
    lead = signed_in(person("service_lead", place))
    text = text_of(lead.get("/duty/tests/"))
    assert "1 answered, 1 did not" in text
    assert re.search(r"Did not answer .*Grace Silent.*Answered .*Ada Example", text)
    assert "by pager 1001: Arrived: confirmed 10:03 by replying to the message" in text
    assert "No test was sent on this day." in text_of(lead.get("/duty/tests/?day=2026-11-20"))
    assert lead.get("/duty/tests/?day=yesterday").status_code == 400
    assert signed_in(ada).get("/duty/tests/").status_code == 403
    elsewhere = signed_in(person("service_lead", Place.build()))
    assert "Grace Silent" not in text_of(elsewhere.get("/duty/tests/"))


def test_who_is_listed_as_on_duty_is_marked_until_a_page_was_proven(
    signed_in, place, ada, noon, text_of
):
    on_duty(ada, place, noon[0])
    browser = signed_in(ada)
    text = text_of(browser.get("/duty/"))
    assert "Pages to them: pager or bleep and email never proven" in text
    ada.contacts.update(proven_at=noon[0])
    assert "Pages to them" not in text_of(browser.get("/duty/"))
