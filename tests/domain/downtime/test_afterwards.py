"""Entering from paper: true times, and nobody paged about what was met on paper."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.domain import afterwards, imaging, intake, milestones, treatment
from referrals.domain.afterwards import Outage, Sheet
from referrals.domain.refusals import Conflict, Invalid
from referrals.models import Milestone, Referral
from scheduling.domain import sweep
from scheduling.models import Clock, Escalation, Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, ReferralFactory, Team, command, intake_for, refer
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BACK = AT + 40 * HOUR
OUTAGE = Outage(AT + HOUR, BACK)


@pytest.fixture
def team() -> Team:
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - HOUR, hours=400)
    ContactPointFactory(user=team.coordinator, channel="pager", address="1001")
    return team


def from_paper(team: Team, at=BACK + HOUR, **fields):
    told = command(team.coordinator, at, **fields)
    return type(told)(by=OUTAGE.actor(told.by), at=at, version=told.version, key=told.key)


def scan(hours: float) -> imaging.ScanPerformed:
    return imaging.ScanPerformed(AT + hours * HOUR)


def report(hours: float) -> imaging.ScanReport:
    return imaging.ScanReport(AT + hours * HOUR, "mscc")


def decision(hours: float) -> treatment.Decision:
    return treatment.Decision(
        "radiotherapy", "Dr Nell Okoro", AT + hours * HOUR, rationale="Agreed by telephone."
    )


def radiotherapy(hours: float) -> milestones.Happening:
    return milestones.Happening(Kind.RADIOTHERAPY_STARTED, AT + hours * HOUR)


def paged() -> list[str]:
    kinds = ("breach", "at_risk", "new_referral", "new_signs", "digest")
    return list(Notice.objects.filter(kind__in=kinds).values_list("kind", flat=True))


def clocks(referral: Referral) -> dict[str, str]:
    return dict(Clock.objects.filter(referral=referral).values_list("kind", "state"))


def test_a_referral_from_paper_has_its_true_times_and_pages_nobody(team):
    told = intake_for(
        team.place,
        taken=True,
        received_at=AT + 2 * HOUR,
        suspected_at=AT + HOUR,
    )
    referral = afterwards.receive(
        told, Sheet(scan=scan(20), report=report(22)), command=from_paper(team)
    )
    sweep.sweep(BACK + HOUR)

    assert referral.received_at == AT + 2 * HOUR
    assert clocks(referral) == {"contact_now": "met", "mri_24h": "met", "report_urgent": "met"}
    assert paged() == []
    times = dict(Milestone.objects.filter(referral=referral).values_list("kind", "occurred_at"))
    assert times[Kind.RECEIVED] == times[Kind.TAKEN] == AT + 2 * HOUR
    assert times[Kind.MSCC_SUSPECTED] == AT + HOUR


def test_one_that_is_still_overdue_does_page(team):
    told = intake_for(team.place, taken=True, received_at=AT + 2 * HOUR)
    referral = afterwards.receive(told, Sheet(), command=from_paper(team))
    sweep.sweep(BACK + HOUR)

    assert clocks(referral)["mri_24h"] == "running"
    assert paged() == ["breach"]


def test_a_decision_and_the_treatment_that_followed_in_time_page_nobody(team):
    """Entered one after the other, the first alone would be a target missed 15 hours ago."""
    referral = ReferralFactory(team=team, scanned=True)
    afterwards.enter(
        referral.pk,
        Sheet(report=report(1), decision=decision(2), after=(radiotherapy(20),)),
        command=from_paper(team, version=None),
    )
    before = Escalation.objects.count()
    sweep.sweep(BACK + HOUR)

    found = clocks(referral)
    assert (found["rt_24h"], found["report_urgent"]) == ("met", "met")
    assert Escalation.objects.count() == before
    assert not {"breach", "at_risk"} & set(paged())


def test_a_person_taken_on_paper_is_read_and_no_longer_rings(team):
    referral = refer(team)
    afterwards.enter(
        referral.pk, Sheet(taken_at=AT + timedelta(minutes=5)), command=from_paper(team)
    )
    referral.refresh_from_db()

    assert referral.taken_at == AT + timedelta(minutes=5)
    assert referral.unread_since is None
    assert clocks(referral)["contact_now"] == "met"
    assert not Escalation.objects.filter(about="new_referral", state="open").exists()
    sweep.sweep(BACK + HOUR)
    assert "mri_24h" in clocks(referral)


def test_it_cannot_have_been_taken_before_it_was_received(team):
    referral = refer(team)

    with pytest.raises(Invalid, match="before the referral was received"):
        afterwards.enter(referral.pk, Sheet(taken_at=AT - HOUR), command=from_paper(team))


def test_every_line_says_that_it_was_entered_afterwards_from_paper(team):
    referral = ReferralFactory(team=team, triaged=True)
    afterwards.enter(referral.pk, Sheet(scan=scan(3)), command=from_paper(team))

    row = Milestone.objects.get(referral=referral, kind=Kind.MRI_PERFORMED)
    said = "the paper record, system down 21 Nov 10:00 GMT to 23 Nov 01:00 GMT"
    assert row.on_behalf_of == said
    assert (row.occurred_at, row.recorded_at) == (AT + 3 * HOUR, BACK + HOUR)
    assert Trail.objects.filter(referral_id=referral.pk, on_behalf_of=said).exists()


def test_a_caller_with_a_long_name_can_be_entered(team):
    caller = "Dr Maximiliana Featherstonehaugh-Cholmondeley of the Acute Oncology Assessment Unit"
    told = intake_for(team.place, taken=True, received_at=AT + 2 * HOUR)
    command = from_paper(team)
    command = replace(command, by=OUTAGE.actor(command.by, caller))
    referral = afterwards.receive(told, Sheet(), command=command)

    said = Milestone.objects.get(referral=referral, kind=Kind.RECEIVED).on_behalf_of
    assert said.startswith("Dr Maximiliana Featherstonehaugh")
    assert said.endswith(
        ", from the paper record, system down 21 Nov 10:00 GMT to 23 Nov 01:00 GMT"
    )


def test_a_refused_step_leaves_nothing_of_the_sheet(team):
    referral = refer(team)  # not triaged: nothing can be decided

    with pytest.raises(Conflict):
        afterwards.enter(
            referral.pk, Sheet(scan=scan(3), decision=decision(5)), command=from_paper(team)
        )
    assert not Milestone.objects.filter(referral=referral, kind=Kind.MRI_PERFORMED).exists()


def test_a_report_before_its_scan_is_refused_by_name(team):
    referral = ReferralFactory(team=team, triaged=True)

    with pytest.raises(Invalid) as refused:
        afterwards.enter(
            referral.pk, Sheet(scan=scan(5), report=report(4)), command=from_paper(team)
        )
    assert list(refused.value.errors) == ["reported_at"]


def test_an_empty_sheet_is_refused(team):
    with pytest.raises(Invalid, match="at least one thing"):
        afterwards.enter(refer(team).pk, Sheet(), command=from_paper(team))


def test_a_call_cannot_have_come_in_later_than_now(team):
    told = intake_for(team.place, taken=True, received_at=BACK + 2 * HOUR)

    with pytest.raises(Invalid) as refused:
        intake.receive(told, command=from_paper(team))
    assert list(refused.value.errors) == ["received_at"]
