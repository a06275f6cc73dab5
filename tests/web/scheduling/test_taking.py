"""Taking a referral from its row."""

import re
from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.domain import intake
from referrals.models import Referral
from scheduling.models import Escalation
from scheduling.views import words
from tests.factories.people import person
from tests.factories.referrals import (
    AT,
    METASTASES,
    ReferralFactory,
    Team,
    command,
    refer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


class TestTaking:
    def test_a_coordinator_takes_one_from_its_row(self, signed_in, token_in, text_of):
        team = Team.build()
        referral = refer(team)
        browser = signed_in(team.coordinator)
        page = browser.get("/board/")
        href = re.search(r'formaction="([^"]+take/)"', page.content.decode())[1]
        answer = browser.post(
            href, {"csrfmiddlewaretoken": token_in(page), "version": referral.version}, follow=True
        )
        assert f"You have {referral.reference}." in text_of(answer)
        referral = Referral.objects.get(pk=referral.pk)
        assert referral.taken_by == team.coordinator
        assert Escalation.objects.get().state == "closed"

    def test_pressing_it_twice_is_one_taking(self, signed_in, token_in):
        team = Team.build()
        referral = refer(team)
        browser = signed_in(team.coordinator)
        form = {"csrfmiddlewaretoken": token_in(browser.get("/board/")), "version": 1}
        answers = [browser.post(f"/board/{referral.reference}/take/", form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert referral.milestones.filter(kind="taken").count() == 1

    def test_who_is_slower_is_told_who_has_it(self, signed_in, token_in, text_of):
        team = Team.build()
        referral = refer(team)
        browser = signed_in(team.senior)
        form = {"csrfmiddlewaretoken": token_in(browser.get("/board/")), "version": 1}
        intake.take(referral.pk, command=command(team.coordinator))
        answer = browser.post(f"/board/{referral.reference}/take/", form)
        assert answer.status_code == 409
        assert f"{team.coordinator.name} changed this referral at 09:00" in text_of(answer)
        assert Referral.objects.get(pk=referral.pk).taken_by == team.coordinator

    def test_a_lead_reads_the_board_and_takes_nothing(self, signed_in, token_in):
        team = Team.build()
        referral = refer(team)
        browser = signed_in(person("service_lead", team.place))
        form = {"csrfmiddlewaretoken": token_in(browser.get("/board/")), "version": 1}
        assert browser.post(f"/board/{referral.reference}/take/", form).status_code == 403

    def test_somebody_elses_is_not_there_and_the_attempt_is_on_the_trail(self, signed_in, token_in):
        referral = refer(Team.build())
        stranger = person("coordinator")
        browser = signed_in(stranger)
        form = {"csrfmiddlewaretoken": token_in(browser.get("/board/")), "version": 1}
        assert browser.post(f"/board/{referral.reference}/take/", form).status_code == 404
        refused = Trail.objects.get(action="access_refused")
        assert refused.actor_id == stranger.pk
        assert refused.details["reference"] == referral.reference

    def test_new_signs_make_a_taken_one_new_again(self, signed_in, text_of, noon):
        team = Team.build()
        referral = ReferralFactory(team=team, triaged=True, presentation=METASTASES)
        signs = intake.NewSigns(items=("gait",), found_at=AT)
        noon[0] = AT + timedelta(minutes=20)
        intake.report_new_signs(referral.pk, signs, command=command(team.nurse, noon[0]))
        page = signed_in(team.coordinator).get("/board/")
        assert "New signs, not yet read" in text_of(page)
        assert f"/board/{referral.reference}/take/" in page.content.decode()


@pytest.mark.parametrize(
    ("state", "confirmed", "next_step"),
    [
        ("referred", "", "Next: triage"),
        ("mri_booked", "", "Next: the scan"),
        ("mri_booked", "mscc", "Next: decide on treatment"),
        ("triaged", "ruled_out", "Next: discharge"),
        ("treatment_decided", "mscc", "Next: treatment, then discharge"),
    ],
)
def test_where_no_clock_runs_the_board_says_what_is_awaited(state, confirmed, next_step):
    assert words.awaited(state, confirmed) == next_step
