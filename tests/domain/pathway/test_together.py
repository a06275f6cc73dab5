"""Two people, or two sweepers, at once on one referral: real connections, real locks."""

from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.clinical.milestones import Suspicion
from referrals.domain import imaging, intake, triage
from referrals.domain.refusals import Repeated, StaleVersion
from referrals.models import MriScan, Referral
from scheduling.domain.sweep import sweep
from scheduling.models import ClockStep, Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, ReferralFactory, Team, command, intake_for, refer
from tests.factories.rota import on_duty
from tests.factories.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]


def test_of_two_coordinators_who_act_at_once_one_wins_and_the_other_is_told_who():
    team = Team.build()
    referral = refer(team)
    judged = triage.Triage(Suspicion.MSCC)

    def as_seen_by(user):
        seen = command(user, AT + timedelta(minutes=1), version=referral.version)
        return lambda: triage.triage(referral.pk, judged, command=seen)

    results = at_once(as_seen_by(team.coordinator), as_seen_by(team.senior))

    (won,) = [r for r in results if isinstance(r, Referral)]
    (told,) = [r for r in results if isinstance(r, StaleVersion)]
    assert won.changed_by in told.sentence
    assert referral.milestones.filter(kind="triaged").count() == 1
    assert Trail.objects.filter(action="referral_triaged").count() == 1


def test_a_double_click_books_one_scan():
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    booking = imaging.MriBooking(AT + timedelta(hours=3), team.place.hospital.pk)

    def click():
        once = command(team.coordinator, AT + timedelta(hours=1), key="click")
        return imaging.book_mri(referral.pk, booking, command=once)

    results = at_once(click, click)

    assert sorted(type(r).__name__ for r in results) == ["Referral", "Repeated"]
    assert MriScan.objects.count() == 1


def test_a_referral_sent_twice_in_the_same_second_is_received_once():
    team = Team.build()
    asked = intake_for(team.place)

    def send():
        return intake.receive(asked, command=command(team.nurse, key="draft"))

    results = at_once(send, send, send)

    # The second and third meet either the first's key or the first's open referral.
    assert sum(isinstance(r, Referral) for r in results) == 1
    assert all(isinstance(r, Referral | Repeated) for r in results)
    assert Referral.objects.count() == 1


def test_two_wards_that_send_the_same_person_at_once_make_one_referral():
    team = Team.build()
    asked = intake_for(team.place)
    results = at_once(
        lambda: intake.receive(asked, command=command(team.nurse)),
        lambda: intake.receive(asked, command=command(team.senior)),
    )

    assert sorted(type(r).__name__ for r in results) == ["AlreadyOpen", "Referral"]


def test_four_sweepers_fire_each_step_once():
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1), hours=400)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    for _ in range(5):
        ReferralFactory(team=team, triaged=True)
    due = AT + timedelta(hours=24)

    at_once(*[lambda: sweep(due)] * 4)
    sweep(due)

    fired = ClockStep.objects.filter(state="fired", step="breach", clock__kind="mri_24h")
    assert fired.count() == 5
    assert Trail.objects.filter(action="target_breached").count() == 5
    assert Notice.objects.filter(kind="breach").count() == 5
