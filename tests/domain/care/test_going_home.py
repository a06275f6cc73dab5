"""The care plan, the plan of a discharge and follow-up, as the domain takes and refuses them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from audit.models import Trail
from referrals.clinical.discharge import ARRANGEMENTS, PARTIES
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.domain import closing, discharge
from referrals.domain.care_plan import PlanDetails, make_care_plan
from referrals.domain.discharge_plan import Arranged, Planned, plan_discharge, plan_of
from referrals.domain.follow_up import Told, follow_up
from referrals.domain.queries.bundle import outstanding_of
from referrals.domain.queries.person import story
from referrals.domain.refusals import (
    Conflict,
    IllegalTransition,
    Invalid,
    NeedsConfirmation,
    Repeated,
)
from scheduling.domain.clocks import differences
from tests.factories.referrals import AT, ReferralFactory, Team, command

pytestmark = pytest.mark.django_db

YES, NO = Answer.YES, Answer.NO
WELL = Told(30, YES, YES, mobility=Mobility.UNAIDED, pain=2, told_by="the person")
PLAN = PlanDetails("Dr Marsh", "Radiotherapy", matters_most="The garden", agreed=YES)
AFTER_30 = AT + timedelta(days=30, hours=2)


@pytest.fixture
def team():
    return Team.build()


@pytest.fixture
def discharged(team):
    return ReferralFactory(team=team, discharged=True)


def followed(team, referral, told=WELL, at=AFTER_30, **asked):
    return follow_up(referral.pk, told, command=command(team.coordinator, at, **asked))


def leaving(at, destination="home"):
    return discharge.Leaving(
        lead_name="Jo Lead", destination=destination, discharged_at=at, open_items_reason="Tried"
    )


# --- Follow-up


def test_follow_up_changes_no_state_and_starts_no_clock(team, discharged):
    before = discharged.state, discharged.closed_at
    referral = followed(team, discharged)
    assert (referral.state, referral.closed_at) == before
    assert differences(referral.pk) == []
    fact = referral.milestones.get(kind="followed_up")
    assert fact.details == {"day": 30, "reached": "yes", "alive": "yes"}
    assert Trail.objects.filter(action="followed_up", referral_id=referral.pk).exists()


def test_the_same_form_sent_twice_is_one_follow_up(team, discharged):
    key = "0b4c3f6e-6a56-4a1b-9b39-2f3f0f3f5a10"
    followed(team, discharged, key=key)
    with pytest.raises(Repeated):
        followed(team, discharged, key=key)
    assert discharged.followups.count() == 1


def test_a_second_entry_says_what_was_wrong_and_keeps_the_first(team, discharged):
    followed(team, discharged)
    worse = replace(WELL, pain=7)
    with pytest.raises(Invalid) as refused:
        followed(team, discharged, worse)
    assert set(refused.value.errors) == {"correction"}
    followed(team, discharged, replace(worse, correction="Wrong line"))
    assert list(discharged.followups.values_list("pain", flat=True)) == [2, 7]
    (stands,) = discharged.milestones.standing().filter(kind="followed_up")
    assert stands.supersedes is not None


def test_a_death_that_was_another_persons_leaves_the_next_follow_up_due(team, discharged):
    died = Told(30, YES, NO, told_by="a relative")
    discharged = followed(team, discharged, died)
    assert outstanding_of(story(discharged), AFTER_30) == ()

    nobody = Told(30, NO, correction="Rang about somebody else")
    discharged = followed(team, discharged, nobody)
    assert [each.key for each in outstanding_of(story(discharged), AFTER_30)] == ["follow_up.90"]


def test_a_new_discharge_has_follow_ups_of_its_own(team, discharged):
    followed(team, discharged)
    back = AFTER_30 + timedelta(days=1)
    asking = command(team.coordinator, back)
    closing.reopen(discharged.pk, closing.Reopening("Worse"), command=asking)
    with pytest.raises(IllegalTransition):
        followed(team, discharged, at=back)
    left = back + timedelta(hours=1)
    discharge.discharge(
        discharged.pk, leaving(left), command=command(team.coordinator, left + timedelta(minutes=1))
    )
    followed(team, discharged, at=left + timedelta(days=30))
    standing = discharged.milestones.standing().filter(kind="followed_up")
    assert standing.count() == 2


def test_nobody_follows_up_who_died_in_hospital(team):
    referral = ReferralFactory(team=team, treatment_decided=True)
    at = AT + timedelta(hours=3)
    gone = command(team.coordinator, at)
    discharge.discharge(referral.pk, leaving(at, "died"), command=gone)
    with pytest.raises(Conflict, match="died in hospital"):
        followed(team, referral)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": 31}, "day"),
        ({"pain": 11}, "pain"),
        ({"reached": Answer.NOT_KNOWN}, "reached"),
        ({"told_by": " "}, "told_by"),
        ({"died_on": date(2099, 1, 1)}, "died_on"),
        ({"followed_at": AT - timedelta(days=1), "confirmed": True}, "followed_at"),
    ],
)
def test_what_cannot_be_is_refused_whoever_confirms_it(team, discharged, change, field):
    with pytest.raises(Invalid) as refused:
        followed(team, discharged, replace(WELL, **{"confirmed": True, **change}))
    assert field in refused.value.errors
    assert not discharged.followups.exists()


def test_what_does_not_fit_is_asked_about_field_by_field(team, discharged):
    odd = replace(WELL, alive=NO, died_on=AT.date() - timedelta(days=3))
    with pytest.raises(NeedsConfirmation) as asked:
        followed(team, discharged, odd)
    assert set(asked.value.errors) == {"alive", "died_on"}
    followed(team, discharged, replace(odd, confirmed=True))
    assert discharged.followups.get().alive == "no"


def test_the_day_is_londons(team):
    """Discharged at 23:30 UTC in summer: in London it is the next day already."""
    late = datetime(2026, 7, 1, 23, 5, tzinfo=UTC)
    referral = ReferralFactory(team=team, discharged=True, at=late)
    died = replace(WELL, alive=NO, mobility=Mobility.NOT_KNOWN, pain=None, died_on=date(2026, 7, 1))
    with pytest.raises(NeedsConfirmation) as asked:
        followed(team, referral, died, at=late + timedelta(days=30))
    assert "2 July 2026" in asked.value.errors["died_on"]


# --- The care plan


def test_each_version_is_counted_and_kept(team):
    referral = ReferralFactory(team=team, triaged=True)
    for version in (1, 2):
        at = AT + timedelta(hours=version)
        made = replace(PLAN, plan=f"Plan {version}", advisers=("mdt",), advice="8 Gy")
        make_care_plan(referral.pk, made, command=command(team.senior, at))
    facts = referral.milestones.filter(kind="care_plan_made").order_by("told")
    assert [fact.details["version"] for fact in facts] == [1, 2]
    assert [plan.plan for plan in referral.careplans.order_by("recorded_at")] == [
        "Plan 1",
        "Plan 2",
    ]
    assert referral.careplans.first().advice_from == "The multidisciplinary team\n8 Gy"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"senior_clinician": " "}, "senior_clinician"),
        ({"plan": ""}, "plan"),
        ({"matters_most": ""}, "matters_most"),
        ({"agreed": NO}, "not_agreed_reason"),
        ({"agreed": Answer.NOT_KNOWN}, "not_agreed_reason"),
        ({"advisers": ("astrologer",)}, "advisers"),
    ],
)
def test_a_plan_that_is_not_whole_is_refused(team, change, field):
    referral = ReferralFactory(team=team, triaged=True)
    with pytest.raises(Invalid) as refused:
        make_care_plan(referral.pk, replace(PLAN, **change), command=command(team.senior))
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(("days", "asked"), [(-1, True), (0, False), (1, False)])
def test_a_review_before_today_is_asked_about(team, days, asked):
    referral = ReferralFactory(team=team, triaged=True)
    made = replace(PLAN, review_on=AT.date() + timedelta(days=days))
    later = command(team.senior, AT + timedelta(hours=1))
    if asked:
        with pytest.raises(NeedsConfirmation):
            make_care_plan(referral.pk, made, command=later)
        made = replace(made, confirmed=True)
    make_care_plan(referral.pk, made, command=later)
    assert referral.careplans.count() == 1


def test_no_plan_is_made_for_somebody_who_left(team, discharged):
    with pytest.raises(IllegalTransition):
        make_care_plan(discharged.pk, PLAN, command=command(team.senior, AFTER_30))


# --- The plan of the discharge


def planning(team, referral, planned, at=AT + timedelta(hours=1)):
    return plan_discharge(referral.pk, planned, command=command(team.coordinator, at))


def standing(referral):
    return plan_of(referral.dischargesteps.order_by("occurred_at", "recorded_at"))


def test_a_plan_is_what_was_said_last_of_each_step(team):
    referral = ReferralFactory(team=team, triaged=True)
    first = Planned("Jo Lead", arranged={"equipment": Arranged(False, "Bed ordered")})
    planning(team, referral, first)
    plan = standing(referral)
    assert (plan.lead_name, plan.note("equipment"), plan.done("equipment")) == (
        "Jo Lead",
        "Bed ordered",
        False,
    )
    assert len(plan.waiting) == len(ARRANGEMENTS)
    everyone = tuple(party.key for party in PARTIES)
    done = {step.key: Arranged(True, "Seen to") for step in ARRANGEMENTS}
    whole = replace(first, involved=everyone, arranged=done)
    planning(team, referral, whole, AT + timedelta(hours=2))
    plan = standing(referral)
    assert plan.complete
    assert (plan.involved, plan.missing, plan.waiting) == (everyone, (), [])
    lead_once = referral.dischargesteps.filter(step="lead").count()
    assert lead_once == 1
    with pytest.raises(Invalid, match="Nothing here differs"):
        planning(team, referral, whole, AT + timedelta(hours=3))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lead_name": " "}, "lead_name"),
        ({"involved": ("astrologer",)}, "involved"),
        ({"arranged": {"moon": Arranged(True)}}, "arranged"),
        ({"arranged": {"contact": Arranged(True, " ")}}, "contact_note"),
    ],
)
def test_a_plan_without_its_lead_or_with_what_nobody_knows_is_refused(team, change, field):
    referral = ReferralFactory(team=team, triaged=True)
    with pytest.raises(Invalid) as refused:
        planning(team, referral, replace(Planned("Jo Lead"), **change))
    assert list(refused.value.errors) == [field]
    assert not referral.dischargesteps.exists()


@pytest.mark.parametrize(
    "said", [{"mobility_at_discharge": "walks_unaided"}, {"dexamethasone": Answer.YES}]
)
def test_somebody_who_died_and_walks_or_takes_a_medicine_is_asked_about(team, said):
    referral = ReferralFactory(team=team, treatment_decided=True)
    at = AT + timedelta(hours=5)
    died = replace(leaving(at), destination="died", open_items_reason="Died.", **said)
    with pytest.raises(NeedsConfirmation) as asked:
        discharge.discharge(referral.pk, died, command=command(team.coordinator, at))
    assert "the person has died" in asked.value.errors["destination"]

    sure = replace(died, confirmed=True)
    discharge.discharge(referral.pk, sure, command=command(team.coordinator, at))


def test_what_is_on_record_is_not_open_at_discharge(team):
    referral = ReferralFactory(team=team, treatment_decided=True)

    def open_now():
        return {item.id for item in discharge.still_open(referral, leaving(AT))}

    assert {"care_plan", "carers"} <= open_now()
    make_care_plan(referral.pk, PLAN, command=command(team.senior, AT + timedelta(hours=1)))
    planning(team, referral, Planned("Jo", arranged={"carers": Arranged(True)}))
    assert not {"care_plan", "carers"} & open_now()
