"""The page after sending, and what becomes of it as the pathway goes on."""

from datetime import timedelta

import pytest

from referrals.domain import intake, milestones, triage
from tests.factories.referrals import AT, MSCC, ReferralFactory, Team, command, refer
from tests.web.intake.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(place, ward):
    made = Team.build(place)
    made.nurse = ward.user
    return made


def page_of(ward, referral):
    return text(ward.browser.get(f"/referrals/{referral.reference}/sent/"))


def test_who_has_been_told_and_when_they_read_it(ward, team, at):
    referral = refer(team, MSCC)
    assert "No coordinator has read it yet." in page_of(ward, referral)

    intake.take(referral.pk, command=command(team.coordinator, AT + timedelta(minutes=4)))
    at(AT + timedelta(minutes=10))
    page = page_of(ward, referral)
    assert f"{team.coordinator.name} has read it and has it, since Sat 21 Nov, 09:04 GMT" in page
    assert "this is an emergency" not in page


def test_the_first_advice_gives_way_to_the_coordinators(ward, team):
    referral = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=1))
    assert "What to do now" in page_of(ward, referral)

    advice = triage.AdviceDetails(given_to="Alex", how="phone", pain="Morphine as written")
    triage.give_advice(referral.pk, advice, command=command(team.coordinator))
    page = page_of(ward, referral)
    assert "Morphine as written" in page
    assert "What to do now" not in page
    assert "MRI of the whole spine" not in page

    signs = intake.NewSigns(items=("bladder_bowel",), found_at=AT)
    intake.report_new_signs(referral.pk, signs, command=command(team.nurse))
    assert "Immobilise now" in page_of(ward, referral)


def test_advice_that_was_meant_for_somebody_else_is_shown_to_the_ward_no_longer(ward, team):
    referral = ReferralFactory(team=team, triaged=True, at=AT - timedelta(hours=1))
    theirs = triage.AdviceDetails(given_to="Alex", how="phone", dexamethasone="None for now")
    wrong = triage.AdviceDetails(given_to="Alex", how="phone", dexamethasone="Give 16 mg")
    for minutes, advice in ((20, theirs), (10, wrong)):
        at = AT - timedelta(minutes=minutes)
        triage.give_advice(referral.pk, advice, command=command(team.coordinator, at))
    assert "Give 16 mg" in page_of(ward, referral)

    fact = referral.milestones.get(kind="advice_given", recorded_at=at)
    later = milestones.Correction(fact.pk, at - timedelta(minutes=1), "Rang a little earlier")
    milestones.correct(referral.pk, later, command=command(team.coordinator))
    assert "Give 16 mg" in page_of(ward, referral)

    fact = referral.milestones.standing().get(supersedes=fact)
    never = milestones.Correction(fact.pk, None, "Meant for another person")
    milestones.correct(referral.pk, never, command=command(team.coordinator))
    page = page_of(ward, referral)
    assert "Give 16 mg" not in page
    assert "None for now" in page


def test_a_closed_referral_asks_for_nothing(ward, team):
    referral = ReferralFactory(team=team, discharged=True, at=AT - timedelta(hours=2))
    page = page_of(ward, referral)
    assert "Discharged, done" in page
    assert "What to do now" not in page
    assert "Report new signs" not in page


def test_the_way_on_to_the_whole_record_is_open_to_the_ward(ward, team):
    referral = refer(team, MSCC)
    html = ward.browser.get(f"/referrals/{referral.reference}/sent/").content.decode()
    whole = f"/referrals/{referral.reference}/"
    assert f'href="{whole}"' in html
    assert ward.browser.get(whole).status_code == 200
