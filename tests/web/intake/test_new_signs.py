"""The ward finds something new on its own open referral."""

import re
from datetime import timedelta

import pytest

from referrals.clinical.presentation import Answer
from referrals.domain import intake
from referrals.models import Presentation, Referral
from scheduling.models import Clock, Escalation
from tests.factories.people import person
from tests.factories.referrals import AT, METASTASES, MSCC, ReferralFactory, Team, command, refer
from tests.web.intake.reading import text, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(place, ward):
    made = Team.build(place)
    made.nurse = ward.user
    return made


def report(ward, referral, **typed):
    said = {
        "found_at__choice": "now",
        "reported_by": "Alex Ward",
        "call_back": "bleep 4321",
    }
    return ward.submit(f"/referrals/{referral.reference}/new-signs/", **(said | typed))


def test_cord_signs_raise_it_and_the_24_hours_count_from_when_they_were_found(ward, team):
    referral = refer(team, METASTASES, AT - timedelta(days=1))
    answer = report(
        ward,
        referral,
        cord=["bladder_bowel"],
        found_at__choice="earlier",
        found_at__day="21",
        found_at__month="11",
        found_at__year="2026",
        found_at__time="07:00",
    )

    assert answer.url == f"/referrals/{referral.reference}/sent/"
    page = text(ward.browser.get(answer.url))
    assert "Raised to suspected MSCC: 24 hours for the MRI, counted from" in page
    assert "Sat 21 Nov, 07:00 GMT" in page
    assert "This is an emergency: do not wait for the page, ring" in page
    clock = Clock.objects.get(referral=referral, kind="mri_24h")
    assert clock.started_at == AT - timedelta(hours=2)
    assert Escalation.objects.filter(referral=referral, about="new_signs", state="open").exists()


def test_on_suspected_mscc_the_24_hours_run_on(ward, team):
    referral = refer(team, MSCC, AT - timedelta(hours=5))
    report(ward, referral, cord=["sensory"])

    page = text(ward.browser.get("/refer/"))
    assert "MSCC was suspected already: its 24 hours for the MRI run on." in page
    assert Clock.objects.get(referral=referral, kind="mri_24h").due_at == AT + timedelta(hours=19)


def test_sent_twice_it_is_reported_once(ward, team):
    referral = refer(team, METASTASES, AT - timedelta(days=1))
    path = f"/referrals/{referral.reference}/new-signs/"
    page = ward.browser.get(path)
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]
    typed = {
        "csrfmiddlewaretoken": token_in(page),
        "key": key,
        "cord": "gait",
        "found_at-choice": "now",
        "reported_by": "Alex",
        "call_back": "4321",
    }
    first, second = ward.browser.post(path, typed), ward.browser.post(path, typed)

    assert first.url == second.url
    assert Presentation.objects.filter(referral=referral).count() == 2


def test_what_was_found_more_than_a_week_ago_is_asked_about(ward, team):
    referral = refer(team, METASTASES, AT - timedelta(days=9))
    earlier = {
        "cord": ["gait"],
        "found_at__choice": "earlier",
        "found_at__day": "13",
        "found_at__month": "11",
        "found_at__year": "2026",
        "found_at__time": "09:00",
    }
    answer = report(ward, referral, **earlier)
    assert answer.status_code == 422
    assert "This was 8 days ago. Check the date; if it is right, confirm it." in text(answer)
    assert report(ward, referral, confirmed="on", **earlier).status_code == 302


def test_a_closed_referral_says_what_to_do_instead_and_keeps_the_text(ward, team):
    referral = ReferralFactory(team=team, discharged=True, at=AT - timedelta(hours=2))
    answer = report(ward, referral, cord=["gait"], text="Cannot stand since breakfast")

    assert answer.status_code == 409
    page = text(answer)
    assert (
        "This referral is closed. Ring the coordinator, who can reopen it, or refer again." in page
    )
    assert "Cannot stand since breakfast" in answer.content.decode()


def test_another_trusts_referral_is_not_there(ward, other_ward, team):
    referral = refer(team, METASTASES)
    path = f"/referrals/{referral.reference}/new-signs/"
    assert ward.browser.get(path).status_code == 200
    assert other_ward.browser.get(path).status_code == 404


def test_who_may_read_and_not_add_is_told_so(signed_in, place, team):
    referral = refer(team, METASTASES)
    browser = signed_in(person("service_lead", place))
    assert browser.get(f"/referrals/{referral.reference}/new-signs/").status_code == 403


def test_new_signs_are_no_longer_missing(team):
    presentation = METASTASES.with_answer("gait", Answer.NOT_KNOWN)
    referral = refer(team, presentation, AT - timedelta(hours=1))
    assert "gait" in referral.missing
    signs = intake.NewSigns(items=("gait",), found_at=AT)
    intake.report_new_signs(referral.pk, signs, command=command(team.nurse, AT))
    assert "gait" not in Referral.objects.get().missing
