"""An answer holds for a while: what is not done by then rings again, from the first rung."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from audit.models import Trail
from mscc.events import Actor
from referrals.domain import imaging, intake
from scheduling.domain import escalation, sweep
from scheduling.models import Escalation, Notice, PageAnswer
from tests.factories.referrals import AT, METASTASES, ReferralFactory, command, refer

pytestmark = pytest.mark.django_db
DUE = AT + timedelta(hours=24)
MINUTE = timedelta(minutes=1)


def answer(climb, who, at, **more):
    return escalation.acknowledge(climb.pk, by=Actor.user(who), at=at, **more)


@pytest.fixture
def breached(team):
    """A referral whose MRI is overdue; the coordinator has just been paged."""
    referral = ReferralFactory(team=team, triaged=True)
    sweep.sweep(DUE)
    return referral


def test_a_breach_that_still_runs_rings_again_after_half_an_hour(team, breached, told, climb_of):
    answer(climb_of(), team.coordinator, DUE + MINUTE)
    sweep.sweep(DUE + 30 * MINUTE)
    assert told("breach") == ["1001"]

    sweep.sweep(DUE + 31 * MINUTE)
    climb = climb_of()
    assert told("breach") == ["1001", "1001"]
    assert (climb.state, climb.rung, climb.round) == ("open", 0, 2)
    assert (climb.look_again_at, climb.next_at) == (None, DUE + 36 * MINUTE)
    assert Notice.objects.filter(kind="breach").latest("created_at").fields["repeat"] == 2


def test_it_says_why_it_rings_again(team, breached, climb_of):
    answer(climb_of(), team.coordinator, DUE + MINUTE)
    sweep.sweep(DUE + 31 * MINUTE)

    row = Trail.objects.get(action="page_rang_again")
    assert row.process == "sweeper"
    assert row.details["answered_by"] == team.coordinator.pk
    answers = PageAnswer.objects.filter(escalation=climb_of())
    assert [(each.what, each.by) for each in answers] == [
        ("have", team.coordinator),
        ("again", None),
    ]


def test_then_it_climbs_as_before_until_somebody_answers(team, breached, told, climb_of):
    answer(climb_of(), team.coordinator, DUE + MINUTE)
    for at in (DUE + 31 * MINUTE, DUE + 36 * MINUTE):
        sweep.sweep(at)
    assert told("breach") == ["1001", "1001", "2002"]


@pytest.mark.parametrize("minutes", [15, 120])
def test_whoever_answers_chooses_when(team, breached, told, climb_of, minutes):
    answer(climb_of(), team.coordinator, DUE, look_again=minutes * MINUTE)
    sweep.sweep(DUE + minutes * MINUTE - MINUTE)
    assert told("breach") == ["1001"]
    sweep.sweep(DUE + minutes * MINUTE)
    assert told("breach") == ["1001", "1001"]


def test_a_target_at_risk_is_looked_at_after_an_hour(team, climb_of):
    ReferralFactory(team=team, triaged=True)
    at = AT + timedelta(hours=12)
    sweep.sweep(at)
    assert answer(climb_of("at_risk"), team.senior, at).look_again_at == at + 60 * MINUTE


def test_what_was_done_meanwhile_never_rings_again_and_all_who_were_paged_are_told(
    team, breached, told, climb_of
):
    Notice.objects.filter(kind="breach").update(state="sent", sent_at=DUE)
    answer(climb_of(), team.coordinator, DUE + MINUTE)
    at = DUE + 20 * MINUTE
    imaging.record_scan(
        breached.pk, imaging.ScanPerformed(at), command=command(team.coordinator, at)
    )
    sweep.sweep(DUE + 31 * MINUTE)

    assert (climb_of().state, climb_of().look_again_at) == ("closed", None)
    assert told("stood_down") == ["1001"]
    assert told("breach") == ["1001"]


def test_an_arrival_that_nobody_took_rings_again(team, told, climb_of):
    referral = refer(team, METASTASES)
    answer(climb_of("new_referral"), team.coordinator, AT)
    sweep.sweep(AT + 30 * MINUTE)
    assert told("new_referral") == ["1001", "1001"]

    intake.take(referral.pk, command=command(team.coordinator, AT + 31 * MINUTE))
    assert climb_of("new_referral").state == "closed"


def test_an_answer_of_an_older_release_is_looked_at_again_too(team, breached, climb_of):
    answer(climb_of(), team.coordinator, DUE)
    Escalation.objects.filter(about="breach").update(look_again_at=None)
    sweep.sweep(DUE + 29 * MINUTE)
    assert climb_of().state == "acknowledged"
    sweep.sweep(DUE + 30 * MINUTE)
    assert climb_of().state == "open"


def test_who_rang_and_who_pressed_for_them_both_stand_there(team, breached, climb_of):
    by = Actor.user(team.coordinator, on_behalf_of="Dr Sena Iyer")
    escalation.acknowledge(climb_of().pk, by=by, at=DUE, via="telephone")

    climb = climb_of()
    assert (climb.acknowledged_by, climb.on_behalf_of) == (team.coordinator, "Dr Sena Iyer")
    assert climb.acknowledged_via == "telephone"
    row = Trail.objects.get(action="page_acknowledged")
    assert (row.on_behalf_of, row.details["via"]) == ("Dr Sena Iyer", "telephone")


def test_what_was_answered_cannot_be_rewritten(team, breached, climb_of):
    answer(climb_of(), team.coordinator, DUE)
    with pytest.raises(DatabaseError, match="append-only"):
        PageAnswer.objects.update(what="cannot")
