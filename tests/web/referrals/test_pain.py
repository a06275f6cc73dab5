"""Pain on the person's page: assessed, planned with the person, and reviewed."""

import pytest

from referrals.models import PainAssessment, PainPlan

NOW = {"happened_at__choice": "now"}


@pytest.fixture
def referral(a_referral):
    return a_referral(triaged=True)


@pytest.fixture
def shown(coordinator, referral, page):
    return lambda: page(coordinator, f"/referrals/{referral.reference}/").text


def test_a_plan_and_its_review_are_recorded_and_shown(coordinator, referral, form, shown):
    assert "none agreed yet" in shown()
    planned = form(coordinator, referral, "pain-plan").send(
        kind="plan", plan="Morphine 5 mg", agreed="yes", strong_opioids="yes", **NOW
    )
    assert planned.status == 302
    said = shown()
    assert "Morphine 5 mg. Agreed with the person: yes. Strong opioids: yes." in said
    assert "Not reviewed since." in said
    # The page proposes the review now, and keeps the words of the plan for a change of it.
    page = form(coordinator, referral, "pain-plan")
    assert 'value="review" checked' in page.opened.html
    assert "Morphine 5 mg</textarea>" in page.opened.html
    reviewed = page.send(kind="review", found="Pain 3 of 10, goes on", helped="yes", **NOW)
    assert reviewed.status == 302
    assert "Not reviewed since." not in shown()
    assert PainPlan.objects.get(kind="review").helped == "yes"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "plan", "plan": " "}, "Write the plan."),
        ({"kind": "review"}, "Write what was found."),
        ({"kind": "review", "found": "Better"}, "no plan is on record before this review"),
        ({}, "Choose one."),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said(coordinator, referral, form, typed, sentence):
    refused = form(coordinator, referral, "pain-plan").send(**NOW | typed)
    assert refused.status == 422
    assert sentence in refused.text
    assert not PainPlan.objects.exists()


def test_an_assessment_says_what_a_referral_and_a_medicine_turn_on(
    coordinator, referral, form, shown
):
    done = form(coordinator, referral, "add/pain").send(
        severity="8",
        cause="Collapse of T8, worse",
        tried="Paracetamol",
        controlled="no",
        neuropathic="yes",
        difficult_to_manage="yes",
        asked_at__choice="now",
    )
    assert done.status == 302
    row = PainAssessment.objects.latest("recorded_at")
    assert (row.cause, row.tried) == ("Collapse of T8, worse", "Paracetamol")
    assert (row.controlled, row.neuropathic, row.limits_life) == ("no", "yes", "not_known")
    said = shown()
    assert "Consider the specialist pain service" in said
    assert "neuropathic pain" in said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"severity": "8", "controlled": "yes"}, "pain is 8 out of 10, and painkillers control"),
        ({"severity": "0", "limits_life": "yes"}, "pain is 0 out of 10, and it limits daily life"),
    ],
)
def test_an_assessment_that_contradicts_itself_is_asked_about(
    coordinator, referral, form, typed, sentence
):
    page = form(coordinator, referral, "add/pain")
    asked = page.send(**typed, asked_at__choice="now")
    assert asked.status == 422
    assert sentence in asked.text
    done = page.send_on(**typed, asked_at__choice="now", confirmed="on")
    assert done.status == 302
    assert PainAssessment.objects.filter(severity=typed["severity"]).exists()
