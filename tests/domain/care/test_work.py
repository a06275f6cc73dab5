"""Care that is due is worked out after the change, by anybody, and heals by itself."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from referrals.domain import opinions
from referrals.models import CareEntry, Opinion, Referral
from scheduling.domain import work
from scheduling.domain.rounds import sweep_round
from scheduling.domain.sweep import sweep
from scheduling.models import DueWork, Escalation, Notice
from tests.factories.people import ContactPointFactory
from tests.factories.referrals import AT, ReferralFactory, Team, command, discharged, refer
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)
NIGHT = AT + timedelta(hours=30)


@pytest.fixture(autouse=True)
def _nobody_rests():
    work._resting.clear()


def due(referral):
    return dict(DueWork.objects.filter(referral=referral).values_list("key", "due_at"))


def given(referral, item, at=AT, status="given", **more):
    CareEntry.objects.create(
        referral=referral, item=item, status=status, occurred_at=at, recorded_at=at, **more
    )
    Referral.objects.filter(pk=referral.pk).update(care_stale=True)


def ask(referral, team, at=AT, hours=2):
    asked = opinions.Question("oncology", "Radiotherapy?", due_at=at + timedelta(hours=hours))
    opinions.ask_opinion(referral.pk, asked, command=command(team.coordinator, at))
    return Opinion.objects.latest("recorded_at")


def answer(referral, team, opinion, at):
    said = opinions.Answer(opinion.pk, "Yes.", "Dr Example")
    opinions.answer_opinion(referral.pk, said, command=command(team.coordinator, at))


def test_a_change_leaves_the_working_out_to_others_and_its_version_alone():
    referral = refer(Team.build())
    assert not DueWork.objects.exists()
    before = Referral.objects.get(pk=referral.pk)
    assert before.care_stale

    assert work.catch_up(LATER) == work.WorkedOut(1, 0)

    after = Referral.objects.get(pk=referral.pk)
    assert due(referral)["immobilisation"] == AT + timedelta(hours=1)
    assert after.care_due_at == min(due(referral).values())
    assert not after.care_stale
    assert (after.version, after.changed_at, after.last_change) == (
        before.version,
        before.changed_at,
        before.last_change,
    )


def test_what_was_given_is_no_longer_due_and_what_moved_has_its_new_time():
    referral = refer(Team.build(), sections={"care": {"dexamethasone": "yes"}})
    work.catch_up(LATER)
    kept = DueWork.objects.get(referral=referral, key="care_plan").pk
    assert "immobilisation" in due(referral)
    assert due(referral)["glucose"] == AT + timedelta(hours=4)

    given(referral, "immobilisation")
    given(referral, "glucose", AT + timedelta(hours=1))
    work.catch_up(LATER)

    assert "immobilisation" not in due(referral)
    assert due(referral)["glucose"] == AT + timedelta(hours=25)
    assert DueWork.objects.get(referral=referral, key="care_plan").pk == kept


def test_a_bell_that_was_lost_is_made_good_by_the_next_sweep():
    referral = refer(Team.build())

    sweep_round(lambda: LATER)

    assert due(referral)


@pytest.mark.django_db(transaction=True)
def test_two_who_work_at_once_leave_each_other_what_they_hold():
    team = Team.build()
    held, free = refer(team), refer(team)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT FROM referrals_referral WHERE id = %s FOR UPDATE", [held.pk])
            assert work.catch_up(LATER) == work.WorkedOut(1, 0)
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert due(free)
    assert not due(held)

    assert work.catch_up(LATER) == work.WorkedOut(1, 0)
    assert due(held)
    assert work.catch_up(LATER) == work.WorkedOut(0, 0)


def test_one_that_cannot_be_worked_out_keeps_nobody_waiting(monkeypatch):
    team = Team.build()
    poisoned, fine = refer(team), refer(team)
    real = work.outstanding_of

    def outstanding_of(story, at):
        if story.referral.pk == poisoned.pk:
            raise ValueError("poison")
        return real(story, at)

    monkeypatch.setattr(work, "outstanding_of", outstanding_of)

    assert work.catch_up(LATER) == work.WorkedOut(1, 1)
    assert due(fine)
    assert work.catch_up(LATER) == work.WorkedOut(0, 0)
    assert work.catch_up(LATER + timedelta(minutes=2)) == work.WorkedOut(0, 1)


def test_many_cost_no_more_statements_than_one():
    team = Team.build()
    refer(team)
    with CaptureQueriesContext(connection) as one:
        work.catch_up(LATER)
    for _ in range(5):
        refer(team)
    with CaptureQueriesContext(connection) as many:
        work.catch_up(LATER)

    assert not Referral.objects.filter(care_stale=True).exists()
    assert len(many) == len(one)


def test_a_rebuild_agrees_and_finds_what_was_tampered_with(capsys):
    referral = ReferralFactory(treatment_decided=True)
    work.catch_up(LATER)
    call_command("rebuild_clocks", check=True)

    DueWork.objects.filter(referral=referral, key="care_plan").delete()
    with pytest.raises(CommandError):
        call_command("rebuild_clocks", check=True)
    assert "care care_plan" in capsys.readouterr().out

    call_command("rebuild_clocks")
    call_command("rebuild_clocks", check=True)
    assert "care_plan" in due(referral)


def test_some_referrals_can_be_looked_at_instead_of_all(capsys):
    team = Team.build()
    for _ in range(3):
        refer(team)
    call_command("rebuild_clocks", sample=2)
    assert "2 referrals looked at" in capsys.readouterr().out
    with pytest.raises(CommandError, match="from 1 on"):
        call_command("rebuild_clocks", sample=0)


def test_of_somebody_who_left_only_the_follow_up_is_due():
    referral = ReferralFactory(discharged=True)
    work.catch_up(LATER)
    referral.refresh_from_db()

    assert set(due(referral)) == {"follow_up.30", "follow_up.90"}
    assert referral.care_due_at == due(referral)["follow_up.30"]


def told(team):
    for user, number in ((team.coordinator, "07700900123"), (team.senior, "07700900124")):
        ContactPointFactory(user=user, channel="pager", address=number)
        on_duty(user, team.place, AT, hours=72)


def climbs(referral):
    found = Escalation.objects.filter(referral=referral, about="opinion").order_by("opened_at")
    return [each.state for each in found]


def test_an_opinion_that_is_overdue_rings_once_and_climbs_until_it_is_answered():
    team = Team.build()
    told(team)
    referral = ReferralFactory(team=team, triaged=True)
    opinion = ask(referral, team)
    work.catch_up(LATER)
    assert due(referral)[f"opinion.{opinion.pk}"] == opinion.due_at

    sweep(opinion.due_at - timedelta(seconds=1))
    assert climbs(referral) == []
    sweep(opinion.due_at)
    sweep(opinion.due_at + timedelta(seconds=2))
    assert climbs(referral) == ["open"]
    pages = Notice.objects.filter(kind="opinion")
    assert [(page.recipient_id, page.fields["reference"]) for page in pages] == [
        (team.coordinator.pk, referral.reference)
    ]

    sweep(opinion.due_at + timedelta(minutes=15))
    assert set(pages.values_list("recipient_id", flat=True)) == {
        team.coordinator.pk,
        team.senior.pk,
    }

    answer(referral, team, opinion, opinion.due_at + timedelta(minutes=20))
    assert climbs(referral) == ["closed"]
    work.catch_up(opinion.due_at + timedelta(minutes=20))
    assert f"opinion.{opinion.pk}" not in due(referral)
    sweep(NIGHT)
    assert climbs(referral) == ["closed"]


def test_an_answer_that_was_not_worked_out_yet_is_an_answer():
    team = Team.build()
    told(team)
    referral = ReferralFactory(team=team, triaged=True)
    opinion = ask(referral, team)
    work.catch_up(LATER)
    answer(referral, team, opinion, opinion.due_at - timedelta(seconds=1))

    sweep(opinion.due_at + timedelta(seconds=1))

    assert climbs(referral) == []


def test_a_second_question_does_not_ring_beside_the_first_and_keeps_it_ringing():
    team = Team.build()
    told(team)
    referral = ReferralFactory(team=team, triaged=True)
    first = ask(referral, team)
    second = ask(referral, team, AT + timedelta(minutes=5))
    work.catch_up(LATER)
    late = second.due_at + timedelta(minutes=1)
    sweep(first.due_at)
    sweep(late)
    assert climbs(referral) == ["open"]

    answer(referral, team, first, late)
    work.catch_up(late)
    assert climbs(referral) == ["open"]
    answer(referral, team, second, late)
    assert climbs(referral) == ["closed"]


def test_nobody_is_rung_about_the_questions_of_a_referral_that_closed():
    team = Team.build()
    told(team)
    referral = ReferralFactory(team=team, treatment_decided=True)
    opinion = ask(referral, team, AT + timedelta(minutes=30))
    work.catch_up(LATER)
    sweep(opinion.due_at)
    assert climbs(referral) == ["open"]

    discharged(referral, team, opinion.due_at + timedelta(minutes=1))
    work.catch_up(opinion.due_at + timedelta(minutes=1))

    assert climbs(referral) == ["closed"]


def test_a_question_that_cannot_be_told_does_not_keep_a_missed_target_from_ringing(monkeypatch):
    team = Team.build()
    told(team)
    referral = ReferralFactory(team=team, triaged=True)
    ask(referral, team)
    work.catch_up(LATER)

    def broken(referral, at):
        with transaction.atomic():
            raise ValueError("broken")

    monkeypatch.setattr(work, "opinions_to_ring", broken)
    sweep(NIGHT)

    assert Escalation.objects.filter(referral=referral, about="breach").exists()


def test_the_sweep_finds_opinions_by_their_own_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT referral_id, due_at FROM scheduling_duework WHERE told_at IS NULL "
            "AND key LIKE 'opinion.%%' AND due_at <= now() ORDER BY due_at LIMIT 500",
            [],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "due_work_to_tell" in plan
