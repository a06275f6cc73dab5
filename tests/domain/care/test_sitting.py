"""Graded sitting, step by step: judged by what was measured, and asked about when it does not
fit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.mobilisation import Measured, Outcome, Step
from referrals.clinical.presentation import Answer
from referrals.domain import mobilisation, opinions
from referrals.domain.mobilisation import SittingDetails, record_sitting
from referrals.domain.opinions import Question
from referrals.domain.queries.person import story
from referrals.domain.queries.sittings import measured, standing_stop
from referrals.domain.refusals import IllegalTransition, Invalid, NeedsConfirmation
from referrals.models import Considerations, NeurologicalAssessment, Referral, Sitting
from tests.factories.referrals import AT, ReferralFactory, Team, command

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FINE = Measured(Step.SITTING, 130, 80, 125, 78, 2, 2, Answer.NO, Answer.NO)
WORSE = replace(FINE, neurology_worse=Answer.YES)


@pytest.fixture
def team():
    return Team.build()


@pytest.fixture
def referral(team):
    return ReferralFactory(team=team, triaged=True)


@pytest.fixture
def considered(team, referral):
    """`considered(hours=1, stability_likely="yes")`: what was said about the spine, when."""

    def one(hours=1, **said):
        at = AT + hours * HOUR
        return Considerations.objects.create(
            referral=referral,
            occurred_at=at,
            recorded_at=at,
            recorded_by=team.coordinator,
            **said,
        )

    return one


@pytest.fixture
def sit(team, referral):
    """`sit(WORSE, hours=3)`: a step recorded so many hours after AT."""

    def one(seen=FINE, hours=2, **more):
        told = SittingDetails(seen, **more)
        by = command(team.coordinator, AT + hours * HOUR)
        return record_sitting(referral.pk, told, command=by)

    return one


def read(referral):
    return story(Referral.objects.get(pk=referral.pk))


def test_a_step_is_kept_with_what_was_measured_and_what_it_meant_then(sit, considered, referral):
    considered(stability_likely="yes")
    sit(replace(FINE, dizzy=Answer.NOT_KNOWN), note="Tired")
    row = Sitting.objects.get()
    assert measured(row) == replace(FINE, dizzy=Answer.NOT_KNOWN)
    assert (row.outcome, row.note, row.occurred_at) == ("go_on", "Tired", AT + 2 * HOUR)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (FINE, Outcome.GO_ON),
        (WORSE, Outcome.STOP),
        (replace(FINE, pain_after=4), Outcome.STOP),
        (replace(FINE, upright_systolic=110), Outcome.LIE_BACK),
        (Measured(Step.SITTING), Outcome.NOT_ENOUGH),
    ],
)
def test_the_outcome_is_told_to_the_trail_without_a_word_of_the_person(
    sit, considered, seen, outcome
):
    considered(stability_likely="yes")
    sit(seen)
    entry = Trail.objects.latest("id")
    assert entry.details["outcome"] == outcome
    assert entry.details["step"] == "sitting"


def test_sitting_up_before_anybody_judged_the_spine_is_asked_about(sit):
    with pytest.raises(NeedsConfirmation) as asked:
        sit()
    assert "1.6.1" in asked.value.errors["step"]
    assert not Sitting.objects.exists()
    sit(confirmed=True)
    sit(hours=3)
    assert Sitting.objects.count() == 2


def test_bearing_weight_on_a_spine_nobody_has_judged_is_asked_about_every_time(sit):
    sit(confirmed=True)
    sit(hours=3)
    with pytest.raises(NeedsConfirmation) as asked:
        sit(replace(FINE, step=Step.WALKING), hours=4)
    assert "1.6.1" in asked.value.errors["step"]


def test_an_unstable_spine_is_asked_about_every_time(sit, considered):
    considered(unstable="yes")
    sit(confirmed=True)
    with pytest.raises(NeedsConfirmation) as asked:
        sit(hours=3)
    assert "unstable" in asked.value.errors["step"]


def test_after_a_stop_the_next_step_waits_for_a_reassessment(sit, considered, referral):
    considered(stability_likely="yes")
    sit(WORSE)
    assert standing_stop(read(referral)) == Sitting.objects.get()
    with pytest.raises(NeedsConfirmation) as asked:
        sit(hours=3)
    assert "1.6.4" in asked.value.errors["step"]
    considered(hours=4, stability_likely="yes")
    assert standing_stop(read(referral)) is None
    sit(hours=5)


def test_neither_an_older_judgement_nor_an_empty_one_ends_a_stop(sit, considered, referral):
    considered(stability_likely="yes")
    sit(WORSE, hours=3)
    considered(hours=2, stability_likely="yes")
    considered(hours=4, surgery_suitable="yes")
    assert standing_stop(read(referral)) is not None


def test_a_step_that_went_well_afterwards_does_not_end_a_stop(sit, considered, referral):
    considered(stability_likely="yes")
    sit(WORSE)
    sit(FINE, hours=3, confirmed=True)
    assert standing_stop(read(referral)).outcome == Outcome.STOP


def test_asking_an_expert_about_stability_is_the_reassessment(sit, considered, referral, team):
    considered(stability_likely="yes")
    sit(WORSE)
    asked = Question("physiotherapy", "Is the spine stable?", about_stability=True)
    opinions.ask_opinion(referral.pk, asked, command=command(team.coordinator, AT + 3 * HOUR))
    assert MilestoneKind.STABILITY_ADVICE_SOUGHT in read(referral).kinds
    assert standing_stop(read(referral)) is None


def test_a_paralysed_person_who_walks_is_a_question(sit, considered, referral, team):
    considered(stability_likely="yes")
    NeurologicalAssessment.objects.create(
        referral=referral,
        occurred_at=AT,
        recorded_at=AT,
        recorded_by=team.coordinator,
        complete_paralysis="yes",
    )
    sit(FINE)
    with pytest.raises(NeedsConfirmation) as asked:
        sit(replace(FINE, step=Step.WALKING), hours=3)
    assert "completely paralysed" in asked.value.errors["step"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lying_systolic", 39),
        ("lying_systolic", 301),
        ("upright_diastolic", 19),
        ("upright_diastolic", 201),
        ("pain_before", -1),
        ("pain_after", 11),
    ],
)
def test_what_no_cuff_and_no_person_can_show_is_refused_by_its_field(sit, field, value):
    with pytest.raises(Invalid) as refused:
        sit(replace(FINE, **{field: value}), confirmed=True)
    assert field in refused.value.errors
    assert not Sitting.objects.exists()


@pytest.mark.parametrize(("lower", "refused"), [(124, False), (125, True), (140, True)])
def test_a_lower_pressure_above_the_upper_one_is_refused(sit, lower, refused):
    seen = replace(FINE, upright_diastolic=lower)
    if refused:
        with pytest.raises(Invalid) as told:
            sit(seen, confirmed=True)
        assert set(told.value.errors) == {"upright_diastolic"}
    else:
        sit(seen, confirmed=True)


def test_a_step_lies_neither_ahead_nor_on_a_closed_referral(sit, team):
    with pytest.raises(Invalid) as refused:
        sit(at=AT + 9 * HOUR, confirmed=True)
    assert "at" in refused.value.errors
    closed = ReferralFactory(team=team, triaged=True, discharged=True)
    with pytest.raises(IllegalTransition):
        record_sitting(
            closed.pk,
            SittingDetails(FINE, confirmed=True),
            command=command(team.coordinator, AT + 9 * HOUR),
        )


def test_the_database_keeps_the_same_limits():
    for name, (least, most) in mobilisation.LIMITS.items():
        validators = Sitting._meta.get_field(name).validators
        assert {each.limit_value for each in validators} >= {least, most}
