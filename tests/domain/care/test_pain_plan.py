"""A plan for pain, agreed with the person and reviewed."""

from datetime import timedelta

import pytest

from referrals.clinical.presentation import Answer
from referrals.domain import pain
from referrals.domain.pain import PlanEntry
from referrals.domain.refusals import Conflict, Invalid, NeedsConfirmation
from referrals.models import PainPlan
from tests.factories.referrals import AT, ReferralFactory, Team, command

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def team():
    return Team.build()


@pytest.fixture
def record(team):
    referral = ReferralFactory(team=team, triaged=True)

    def one(kind, hours=1, **entry):
        given = PlanEntry(kind, **{"plan": "Morphine 5 mg, four times a day"} | entry)
        by = command(team.coordinator, AT + hours * HOUR)
        return pain.record_pain_plan(referral.pk, given, command=by)

    return one


def test_a_plan_and_its_review_stand_beside_each_other(record, team):
    record("plan", agreed=Answer.YES, strong_opioids=Answer.YES)
    record("review", hours=2, plan="Pain 3 of 10", helped=Answer.YES, side_effects="Constipation")

    plan, review = PainPlan.objects.order_by("occurred_at")
    assert (plan.kind, plan.agreed, plan.strong_opioids) == ("plan", "yes", "yes")
    assert (review.kind, review.helped, review.side_effects) == ("review", "yes", "Constipation")
    assert plan.recorded_by == team.coordinator
    # What nobody said stays unknown.
    assert (plan.helped, review.agreed) == ("not_known", "not_known")


def test_a_review_of_a_plan_nobody_recorded_is_asked_about(record):
    with pytest.raises(NeedsConfirmation) as asked:
        record("review")
    assert list(asked.value.errors) == ["kind"]
    record("review", confirmed=True)
    assert PainPlan.objects.count() == 1


def test_a_review_before_the_plan_is_asked_about_too(record):
    record("plan", hours=3)
    with pytest.raises(NeedsConfirmation):
        record("review", hours=4, at=AT + HOUR)


@pytest.mark.parametrize(
    ("kind", "entry", "field"),
    [
        ("plan", {"plan": " "}, "plan"),
        ("review", {"plan": ""}, "plan"),
        ("idea", {}, "kind"),
        ("plan", {"at": AT + 9 * HOUR}, "at"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused(record, kind, entry, field):
    with pytest.raises(Invalid) as refused:
        record(kind, **entry)
    assert list(refused.value.errors) == [field]
    assert not PainPlan.objects.exists()


def test_nobody_plans_for_a_referral_that_is_closed(team):
    gone = ReferralFactory(team=team, discharged=True)
    by = command(team.coordinator, AT + HOUR)
    with pytest.raises(Conflict):
        pain.record_pain_plan(gone.pk, PlanEntry("plan", "Paracetamol"), command=by)
