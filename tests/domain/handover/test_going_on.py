"""Test pages: who is sent one, what proves a contact point, and who hears of silence."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.models import Trail
from mscc.events import Actor
from scheduling.domain import daily_test, going_on, proving
from scheduling.domain.queries import going_on as query
from scheduling.models import DutyStart, Notice, TestPage, TestRound
from tests.factories.people import ContactPointFactory, Place, person
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def place():
    return Place.build()


@pytest.fixture
def ada(place):
    user = person("coordinator", place, name="Ada Example")
    ContactPointFactory(user=user, channel="pager", address="1001")
    ContactPointFactory(user=user, channel="email", address="ada@example.nhs.uk", priority=2)
    return user


@pytest.fixture
def lead(place):
    user = person("service_lead", place, name="Lee Example")
    ContactPointFactory(user=user, channel="email", address="lee@example.nhs.uk")
    return user


def confirm(page, at, how="said"):
    return proving.arrived(page.pk, how, by=Actor.user(page.user), at=at)


def told():
    notices = Notice.objects.filter(kind="unproven").order_by("created_at", "address")
    return [(notice.created_at, notice.address) for notice in notices]


def test_a_test_goes_to_each_contact_point_and_not_twice_in_a_minute(ada):
    ContactPointFactory(user=ada, channel="voice", address="01632960123")
    pages = proving.send_tests(ada.pk, AT)
    assert [page.channel for page in pages] == ["pager", "email"]
    notices = Notice.objects.filter(kind="test")
    assert {notice.address for notice in notices} == {"1001", "ada@example.nhs.uk"}
    assert all(notice.ack_token for notice in notices)
    assert proving.send_tests(ada.pk, AT + timedelta(seconds=30)) == []
    assert len(proving.send_tests(ada.pk, AT + 2 * MINUTE)) == 2


def test_an_answer_proves_the_contact_point_and_takes_the_bad_mark_away(ada):
    pager = ada.contacts.get(channel="pager")
    pager.marked_bad_at = AT - HOUR
    pager.save()
    page = proving.send_tests(ada.pk, AT)[0]
    assert confirm(page, AT + MINUTE)
    assert confirm(page, AT + 5 * MINUTE)  # twice is the same answer
    pager.refresh_from_db()
    page.refresh_from_db()
    assert (pager.proven_at, pager.marked_bad_at) == (AT + MINUTE, None)
    assert (page.answered_at, page.answered_by) == (AT + MINUTE, "said")
    assert Trail.objects.filter(action="contact_proven").count() == 1


def test_an_answer_of_the_day_before_proves_nothing(ada):
    page = proving.send_tests(ada.pk, AT)[0]
    assert not confirm(page, AT + 13 * HOUR)
    assert ada.contacts.get(channel="pager").proven_at is None


def test_a_number_that_was_changed_meanwhile_is_not_proven(ada):
    page = proving.send_tests(ada.pk, AT)[0]
    ada.contacts.filter(channel="pager").update(address="1999")
    assert confirm(page, AT + MINUTE)
    assert ada.contacts.get(channel="pager").proven_at is None


def test_whoever_has_not_confirmed_is_told_of_once_after_a_quarter_of_an_hour(place, ada, lead):
    outgoing = person("coordinator", place)
    ContactPointFactory(user=outgoing, channel="pager", address="1002")
    on_duty(outgoing, place, AT - 12 * HOUR)
    shift = on_duty(ada, place, AT)
    for minute in range(0, 40):
        going_on.start_round(AT + minute * MINUTE)
    late = AT + 15 * MINUTE
    assert told() == [(late, "1002"), (late, "lee@example.nhs.uk")]
    fields = Notice.objects.filter(kind="unproven")[0].fields
    assert fields["what"] == "coordinator"
    assert DutyStart.objects.get(shift=shift).told_at == late
    assert Trail.objects.get(action="duty_unconfirmed").details["user_id"] == ada.pk


def test_a_test_page_confirmed_in_the_hour_before_the_shift_is_enough(place, ada, lead):
    shift = on_duty(ada, place, AT)
    page = proving.send_tests(ada.pk, AT - 50 * MINUTE)[0]
    confirm(page, AT - 48 * MINUTE)
    going_on.start_round(AT + HOUR)
    assert told() == []
    assert DutyStart.objects.get(shift=shift).confirmed_at == AT - 48 * MINUTE


def test_one_confirmed_long_before_the_shift_is_not(place, ada, lead):
    on_duty(ada, place, AT)
    page = proving.send_tests(ada.pk, AT - 3 * HOUR)[0]
    confirm(page, AT - 30 * MINUTE)
    going_on.start_round(AT + 20 * MINUTE)
    assert told() != []


def test_a_turn_that_goes_on_from_ones_own_is_no_beginning(place, ada, lead):
    on_duty(ada, place, AT - 12 * HOUR)
    on_duty(ada, place, AT)
    going_on.start_round(AT + 20 * MINUTE)
    assert told() == []


def test_a_shift_that_began_hours_ago_is_nobodys_news(place, ada, lead):
    on_duty(ada, place, AT)
    going_on.start_round(AT + 3 * HOUR)
    assert told() == []


def test_everybody_on_duty_gets_the_test_of_the_day_once(place, ada, lead):
    on_duty(ada, place, AT - HOUR)
    off = person("coordinator", place)
    ContactPointFactory(user=off, channel="pager", address="1003")
    surgeon = person("specialty_contact", place)
    ContactPointFactory(user=surgeon, channel="pager", address="1501")
    senior = person("senior_clinician", place)  # has no contact point at all
    for minute in range(55, 70):
        daily_test.daily_round(AT + minute * MINUTE)
    assert TestRound.objects.get().sent_at == AT + HOUR
    assert {page.user for page in TestPage.objects.all()} == {ada, surgeon, senior}
    assert Notice.objects.filter(kind="test").count() == 3
    assert Trail.objects.get(action="test_pages_sent").details["people"] == 3


def test_the_service_lead_hears_after_half_an_hour_how_many_did_not_answer(place, ada, lead):
    on_duty(ada, place, AT - HOUR)
    senior = person("senior_clinician", place)
    ContactPointFactory(user=senior, channel="pager", address="1400")
    sent = AT + HOUR
    daily_test.daily_round(sent)
    confirm(TestPage.objects.get(user=ada, channel="pager"), sent + MINUTE, "reply")
    for minute in range(1, 50):
        daily_test.daily_round(sent + minute * MINUTE)
    assert told() == [(sent + 30 * MINUTE, "lee@example.nhs.uk")]
    notice = Notice.objects.get(kind="unproven")
    assert notice.fields == {"count": 1, "link": "/duty/tests/"}
    round_, people = query.report(lead, date(2026, 11, 21))
    assert round_.told_at == sent + 30 * MINUTE
    assert {each.user: each.answered for each in people} == {ada: True, senior: False}


def test_when_all_answered_nobody_hears_of_it(place, ada, lead):
    on_duty(ada, place, AT - HOUR)
    on_duty(ada, place, AT - HOUR, role="senior_clinician")
    daily_test.daily_round(AT + HOUR)
    confirm(TestPage.objects.get(user=ada, channel="pager"), AT + HOUR + MINUTE)
    daily_test.daily_round(AT + 2 * HOUR)
    assert told() == []
    assert TestRound.objects.get().told_at == AT + 2 * HOUR


def test_a_test_that_is_hours_late_is_left_out(place, ada):
    on_duty(ada, place, AT - HOUR)
    daily_test.daily_round(AT + 4 * HOUR)
    assert not TestRound.objects.exists()


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2027, 3, 27), "10:00+00:00"),
        (date(2027, 3, 28), "09:00+00:00"),
        (date(2027, 10, 30), "09:00+00:00"),
        (date(2027, 10, 31), "10:00+00:00"),
    ],
)
def test_it_goes_out_by_the_clock_on_the_wall_on_both_days_of_the_change(place, ada, day, at):
    due = datetime.fromisoformat(f"{day}T{at}")
    daily_test.daily_round(due - MINUTE)
    assert not TestRound.objects.exists()
    daily_test.daily_round(due)
    assert TestRound.objects.get().day == day


def test_what_must_be_said_of_people_in_lists(ada, lead, place):
    nobody = person("coordinator", place)
    found = query.proofs([ada.pk, lead.pk, nobody.pk])
    assert found[ada.pk].word == "pager or bleep and email never proven"
    assert found[nobody.pk].word == "no contact point"
    lead.contacts.update(proven_at=AT)
    ada.contacts.filter(channel="pager").update(marked_bad_at=AT)
    ada.contacts.filter(channel="email").update(proven_at=AT)
    found = query.proofs([ada.pk, lead.pk])
    assert (found[lead.pk].word, found[ada.pk].word) == ("", "pager or bleep did not work")
    ada.contacts.update(marked_bad_at=AT)
    assert query.proofs([ada.pk])[ada.pk].word == "no contact point works"
