"""Why a target was missed: asked for until somebody says, corrected by saying it again."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError

from audit.models import Trail
from referrals.domain import imaging
from scheduling.models import BreachRecord, Clock
from tests.factories.people import person
from tests.factories.referrals import AT, ReferralFactory, Team, command

pytestmark = pytest.mark.django_db
ASKED = "Nobody has said why yet."


@pytest.fixture
def team():
    return Team.build()


@pytest.fixture
def missed(noon, team):
    """An MRI that was due an hour ago."""
    noon[0] = AT + timedelta(hours=25)
    return ReferralFactory(team=team, triaged=True)


def page_of(referral, kind="mri_24h"):
    clock = Clock.objects.get(referral=referral, kind=kind)
    return f"/board/{referral.reference}/missed/{clock.pk}/"


def said(**more):
    return {
        "reason": "no_slot",
        "words": "The scanner was down.",
        "owner": "Jo Lead",
        "incident": "yes",
        "incident_number": "INC-7",
        **more,
    }


def test_it_is_asked_for_on_the_persons_page_and_in_the_list_of_work(
    signed_in, team, missed, text_of
):
    browser = signed_in(team.coordinator)
    assert ASKED in text_of(browser.get(f"/referrals/{missed.reference}/"))
    page = browser.get("/board/due/")
    assert re.search(r"missed targets? that nobody has explained", text_of(page))
    assert page_of(missed) in page.content.decode()


def test_once_said_it_is_shown_and_no_longer_asked_for(signed_in, team, missed, submit, text_of):
    browser = signed_in(team.coordinator)
    for kind in ("mri_24h", "advice_24h"):
        clock = Clock.objects.filter(referral=missed, kind=kind).first()
        if clock:
            answer = submit(browser, page_of(missed, kind), **said())
            assert answer.status_code == 302
    text = text_of(browser.get(f"/referrals/{missed.reference}/"))
    assert "No scanner or slot in time: The scanner was down." in text
    assert "Jo Lead follows it up. Reported as an incident, INC-7" in text
    record = BreachRecord.objects.filter(clock__kind="mri_24h").get()
    assert (record.by, record.incident) == (team.coordinator, True)
    row = Trail.objects.filter(action="breach_explained").first()
    assert row.referral_id == missed.pk
    assert page_of(missed) not in browser.get("/board/due/").content.decode()


def test_a_correction_is_added_and_the_first_word_stays(signed_in, team, missed, submit, text_of):
    browser = signed_in(team.coordinator)
    submit(browser, page_of(missed), **said())
    first = BreachRecord.objects.get()
    answer = submit(browser, page_of(missed), **said(reason="transfer", seen=str(first.pk)))
    assert answer.status_code == 302
    rows = list(BreachRecord.objects.order_by("at", "supersedes_id"))
    assert {row.reason for row in rows} == {"no_slot", "transfer"}
    assert BreachRecord.objects.get(reason="transfer").supersedes == first
    assert "Transport or a bed" in text_of(browser.get(f"/referrals/{missed.reference}/"))
    with pytest.raises(DatabaseError, match="append-only"):
        BreachRecord.objects.update(words="")


def test_two_at_once_the_second_is_told(signed_in, team, missed, submit, text_of):
    browser = signed_in(team.coordinator)
    submit(browser, page_of(missed), **said())
    answer = submit(browser, page_of(missed), **said(seen=""))
    assert answer.status_code == 409
    assert "Somebody has said something of it meanwhile." in text_of(answer)
    assert BreachRecord.objects.count() == 1


def test_something_else_needs_words(signed_in, team, missed, submit, text_of):
    answer = submit(signed_in(team.coordinator), page_of(missed), **said(reason="other", words=""))
    assert answer.status_code == 422
    assert "Say what it was." in text_of(answer)


def test_a_late_entry_that_was_in_time_is_not_asked_about(signed_in, team, missed, text_of):
    at = AT + timedelta(hours=20)
    imaging.record_scan(
        missed.pk,
        imaging.ScanPerformed(at),
        command=command(team.coordinator, AT + timedelta(hours=25)),
    )
    assert signed_in(team.coordinator).get(page_of(missed)).status_code == 404


def test_a_service_lead_may_say_it_a_nurse_and_a_stranger_may_not(signed_in, team, missed, submit):
    lead = signed_in(person("service_lead", team.place))
    assert submit(lead, page_of(missed), **said()).status_code == 302
    assert signed_in(team.nurse).get(page_of(missed)).status_code == 403
    assert signed_in(person("coordinator")).get(page_of(missed)).status_code == 404
