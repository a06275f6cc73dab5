"""Recording a step of graded sitting, and what everybody who opens the person's page then sees."""

import re
from datetime import timedelta

import pytest

from mscc import clock
from referrals.clinical.milestones import MilestoneKind
from referrals.domain import milestones
from referrals.domain.milestones import Happening
from referrals.models import Considerations, NeurologicalAssessment, Sitting
from tests.factories.referrals import command

pytestmark = pytest.mark.django_db
FINE = {
    "step": "sitting",
    "lying_systolic": "130",
    "lying_diastolic": "80",
    "upright_systolic": "125",
    "upright_diastolic": "78",
    "pain_before": "2",
    "pain_after": "2",
    "dizzy": "no",
    "neurology_worse": "no",
    "happened_at__choice": "now",
}


@pytest.fixture
def stable(a_referral, team):
    """A triaged referral of somebody whose spine was judged likely to be stable."""
    referral = a_referral(triaged=True)
    at = clock.now() - timedelta(minutes=30)
    Considerations.objects.create(
        referral=referral,
        occurred_at=at,
        recorded_at=at,
        recorded_by=team.coordinator,
        stability_likely="yes",
    )
    return referral


@pytest.fixture
def sit(form, coordinator, stable):
    return lambda **typed: form(coordinator, stable, "sitting").send(**(FINE | typed))


@pytest.fixture
def person(page, coordinator, stable):
    return lambda: page(coordinator, f"/referrals/{stable.reference}/")


def test_a_step_that_went_well_says_what_comes_next(sit, person):
    assert sit().status == 302
    shown = person()
    assert "Recorded: go on." in shown.text
    assert "Go on to the next step: standing, bearing weight." in shown.text
    assert "Sitting with support: go on" in shown.text
    assert "mscc-emergency" not in shown.html


def test_stop_and_reassess_stands_above_everything_until_it_is_answered(sit, person, stable, team):
    assert sit(neurology_worse="yes", done="Laid flat").status == 302
    for _ in range(2):
        shown = person()
        assert "Stop and reassess the stability of the spine" in shown.text
        assert shown.html.index("mscc-emergency") < shown.html.index("mscc-two")
        assert 'href="/guideline/#r-1-6-4"' in shown.html
        assert "Neurological symptoms are worse." in shown.text
        assert "mscc-said--success" not in shown.html
        assert f"/referrals/{stable.reference}/add/considerations/" in shown.html
    at = clock.now()
    Considerations.objects.create(
        referral=stable,
        occurred_at=at,
        recorded_at=at,
        recorded_by=team.coordinator,
        stability_likely="yes",
    )
    assert "mscc-emergency" not in person().html


def test_a_fall_in_blood_pressure_stops_too_and_leaves_the_spine_alone(sit, person):
    sit(upright_systolic="105")
    shown = person()
    assert "Stop and lie the person back" in shown.text
    assert "Systolic blood pressure fell from 130 to 105 mmHg." in shown.text
    assert "This stays here until stability is reassessed" not in shown.text


def test_what_was_left_empty_is_asked_for_and_never_read_as_fine(sit, person):
    sit(lying_systolic="", neurology_worse="", pain_after="")
    shown = person()
    assert "Recorded: not enough is known to go on." in shown.text
    assert "What is the blood pressure lying and upright?" in shown.text
    assert Sitting.objects.get().neurology_worse == "not_known"


def test_somebody_who_is_still_recorded_as_lying_flat_is_pointed_out(
    sit, person, stable, team, page, coordinator
):
    happening = Happening(
        kind=MilestoneKind.IMMOBILISATION_STARTED, occurred_at=clock.now() - timedelta(minutes=20)
    )
    milestones.record_milestone(
        stable.pk, happening, command=command(team.coordinator, clock.now())
    )
    opened = page(coordinator, f"/referrals/{stable.reference}/sitting/")
    assert "The record still says that the person lies flat" in opened.text
    sit()
    shown = person()
    assert "Immobilisation is still on record" in shown.text
    assert "The record still says that the person lies flat" in shown.text


def test_sitting_up_that_does_not_fit_is_asked_about_and_can_be_confirmed(
    form, coordinator, a_referral
):
    referral = a_referral(triaged=True)
    opened = form(coordinator, referral, "sitting")
    asked = opened.send(**FINE)
    assert asked.status == 422
    assert "Nobody has recorded that the spine is likely to be stable" in asked.text
    assert 'value="130"' in asked.html
    assert opened.send(**FINE, confirmed="on").status == 302


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("lying_systolic", "400", "Enter a number from 40 to 300"),
        ("lying_systolic", "much", "Enter a whole number"),
        ("pain_after", "11", "Enter a number from 0 to 10"),
        ("upright_diastolic", "126", "is not below the upper one"),
    ],
)
def test_a_number_nobody_can_have_is_refused_by_its_box(sit, field, typed, said):
    refused = sit(**{field: typed})
    assert refused.status == 422
    assert said in refused.text
    assert not Sitting.objects.exists()


def test_no_step_is_chosen_beforehand(page, coordinator, stable):
    html = page(coordinator, f"/referrals/{stable.reference}/sitting/").html
    assert not re.search(r'name="step"[^>]*checked', html)


def test_neurology_that_got_worse_is_pointed_out_beside_the_grades(person, stable, team):
    for minutes, grade in ((25, 5), (5, 3)):
        at = clock.now() - timedelta(minutes=minutes)
        NeurologicalAssessment.objects.create(
            referral=stable,
            occurred_at=at,
            recorded_at=at,
            recorded_by=team.coordinator,
            power_left_leg=grade,
        )
    shown = person()
    assert "The neurology is worse than at the last examination" in shown.text
    assert "Power of the left leg fell from 5 to 3." in shown.text
