"""When an answer is needed: the service's own hours, or what the person asking says."""

from datetime import timedelta

import pytest

from referrals.domain.opinions import Question, ask_opinion
from referrals.domain.refusals import Invalid
from tests.factories.referrals import AT, METASTASES, Team, command, refer

pytestmark = pytest.mark.django_db


def asked(referral, team, **fields):
    question = Question(specialty="oncology", question="Radiotherapy?", **fields)
    ask_opinion(referral.pk, question, command=command(team.coordinator, AT + timedelta(hours=2)))
    return referral.opinions.get()


def test_a_question_about_mscc_is_due_within_the_hour_from_when_it_was_asked():
    team = Team.build()
    opinion = asked(refer(team), team)
    assert opinion.due_at == AT + timedelta(hours=3)


def test_a_question_that_was_asked_earlier_is_due_earlier():
    team = Team.build()
    opinion = asked(refer(team), team, asked_at=AT + timedelta(minutes=10))
    assert opinion.due_at == AT + timedelta(hours=1, minutes=10)


def test_a_question_about_metastases_has_a_day():
    team = Team.build()
    opinion = asked(refer(team, METASTASES), team)
    assert opinion.due_at == AT + timedelta(hours=26)


def test_whoever_asks_may_want_it_sooner_or_later():
    team = Team.build()
    opinion = asked(refer(team), team, due_at=AT + timedelta(hours=10))
    assert opinion.due_at == AT + timedelta(hours=10)


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(days=40)])
def test_a_time_that_cannot_be_meant_is_refused_and_nothing_is_asked(wait):
    team = Team.build()
    referral = refer(team)
    with pytest.raises(Invalid) as refused:
        asked(referral, team, due_at=AT + timedelta(hours=2) + wait)
    assert list(refused.value.errors) == ["due_at"]
    assert not referral.opinions.exists()
