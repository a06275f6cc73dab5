"""What rings, answered together, for somebody who rang, and for how long."""

from datetime import timedelta

import pytest

from scheduling.domain.sweep import sweep
from scheduling.models import Escalation, Notice
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import AT, ReferralFactory, Team
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
DUE = AT + timedelta(hours=24)


@pytest.fixture
def team(noon):
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1), hours=400)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    return team


@pytest.fixture
def breached(team, noon):
    referral = ReferralFactory(team=team, triaged=True)
    noon[0] = DUE
    sweep(DUE)
    return Escalation.objects.get(referral=referral, about="breach")


@pytest.fixture
def storm(team, noon):
    for _ in range(7):
        ReferralFactory(team=team, triaged=True)
    noon[0] = DUE
    sweep(DUE)


def test_the_link_of_a_digest_leads_to_the_list_and_all_are_answered_with_one_press(
    signed_in, team, storm, token_in, text_of
):
    digest = Notice.objects.get(kind="digest")
    browser = signed_in(team.coordinator)
    answer = browser.get(f"/notices/ack/{digest.ack_token}/", follow=True)
    assert answer.redirect_chain[-1][0] == "/notices/climbs/"
    text = text_of(answer)
    assert "7 pages have not been answered" in text
    assert "I have them all" in text
    ids = [str(pk) for pk in Escalation.objects.filter(state="open").values_list("pk", flat=True)]
    given = {"csrfmiddlewaretoken": token_in(answer), "climb": ids}
    text = text_of(browser.post("/notices/climbs/", given, follow=True))
    assert "You have 7 of them." in text
    assert "Nothing rings." in text
    assert set(Escalation.objects.values_list("acknowledged_by", flat=True)) >= {
        team.coordinator.pk
    }
    assert not Escalation.objects.filter(state="open").exists()


def test_somebody_elses_digest_and_climbs_are_not_theirs(signed_in, storm, token_in, text_of):
    digest = Notice.objects.get(kind="digest")
    stranger = signed_in(person("coordinator"))
    assert stranger.get(f"/notices/ack/{digest.ack_token}/").status_code == 404
    page = stranger.get("/notices/climbs/")
    assert "Nothing rings." in text_of(page)
    ids = [str(pk) for pk in Escalation.objects.values_list("pk", flat=True)]
    token = token_in(stranger.get("/me/"))
    stranger.post("/notices/climbs/", {"csrfmiddlewaretoken": token, "climb": [*ids, "x"]})
    assert Escalation.objects.filter(about="breach", state="open").count() == 7


def test_when_to_look_again_is_chosen_on_the_form(signed_in, team, breached, submit, text_of):
    browser = signed_in(team.coordinator)
    submit(browser, f"/notices/climbs/{breached.pk}/", answer="have", again="120")
    breached.refresh_from_db()
    assert breached.look_again_at == DUE + timedelta(minutes=120)
    assert breached.acknowledged_via == "board"
    text = text_of(browser.get(f"/notices/climbs/{breached.pk}/"))
    assert "It rings again at 11:00 if it is not done." in text


def test_another_time_is_refused(signed_in, team, breached, submit, text_of):
    answer = submit(
        signed_in(team.coordinator), f"/notices/climbs/{breached.pk}/", answer="have", again="600"
    )
    assert answer.status_code == 422
    assert "Look again in 15, 30, 60, 120 minutes." in text_of(answer)


def test_for_somebody_who_rang(signed_in, team, breached, submit, text_of):
    path = f"/notices/climbs/{breached.pk}/"
    browser = signed_in(team.coordinator)
    refused = submit(browser, path, answer="they", rang=" ")
    assert refused.status_code == 422
    assert "Enter the name of whoever rang." in text_of(refused)

    submit(browser, path, answer="they", rang="Dr Sena Iyer")
    breached.refresh_from_db()
    assert (breached.on_behalf_of, breached.acknowledged_via) == ("Dr Sena Iyer", "telephone")
    text = text_of(browser.get(path))
    assert "Dr Sena Iyer has it since 09:00" in text
    assert f"Dr Sena Iyer, who rang {team.coordinator.name}, has it" in text


def test_the_list_tells_that_it_rang_again_and_why(signed_in, team, breached, submit, text_of):
    browser = signed_in(team.coordinator)
    submit(browser, f"/notices/climbs/{breached.pk}/", answer="have", again="15")
    sweep(DUE + timedelta(minutes=15))
    text = text_of(browser.get("/notices/"))
    assert "rang again, since it was to be looked at again and was not done" in text


def test_the_person_s_page_says_what_rings(signed_in, team, breached):
    page = signed_in(team.coordinator).get(f"/referrals/{breached.referral.reference}/")
    assert f"/notices/climbs/{breached.pk}/" in page.content.decode()


def test_the_board_is_loud_when_nobody_can_be_reached(signed_in, team, noon, text_of):
    team.coordinator.contacts.all().delete()
    ReferralFactory(team=team, triaged=True)
    noon[0] = DUE
    sweep(DUE)
    text = text_of(signed_in(team.coordinator).get("/board/"))
    assert "nobody of the service: ring who is on duty" in text
    assert "Nobody could be reached" in text
