"""What a reviewer missed on the pages of one person: short, labelled, and right after a death."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from mscc import clock
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import story
from referrals.models import Considerations, Discharge, Referral
from referrals.views.timeline import folded

NOW = {"given_at__choice": "now"}


@pytest.fixture
def referral(a_referral):
    return a_referral(triaged=True)


@pytest.fixture
def died(team, referral):
    """The same referral, after the person died in hospital."""
    at = clock.now() - timedelta(days=3)
    Discharge.objects.create(
        referral=referral,
        occurred_at=at,
        recorded_at=at,
        recorded_by=team.coordinator,
        lead_name="Sam Example",
        destination=Discharge.Destination.DIED,
    )
    found = Referral.objects.filter(pk=referral.pk)
    found.update(state="treatment_decided")
    found.update(state="discharged", closed_at=at, next_due_at=None, next_due_kind="")
    return referral


def test_after_a_death_only_the_family_is_cared_for(coordinator, died, page, form):
    shown = page(coordinator, f"/referrals/{died.reference}/")
    assert "Bereavement support overdue by" in shown.text
    assert "Record bereavement support" in shown.text
    assert "Information for the person and family" not in shown.text
    assert "Record dexamethasone" not in shown.text
    care = form(coordinator, died, "care")
    assert "Pressure" not in care.opened.text
    assert care.send(bereavement_support_status="given", **NOW).status == 302
    again = page(coordinator, f"/referrals/{died.reference}/").text
    assert "Bereavement support : given" in again
    assert "Record bereavement support" not in again


def test_nothing_else_is_recorded_of_somebody_who_died(coordinator, died, form):
    care = form(coordinator, died, "care")
    assert care.send(glucose_status="given", **NOW).status == 409


def test_a_date_behind_earlier_is_there_again_after_an_error(coordinator, referral, form):
    sent = form(coordinator, referral, "dexamethasone").send(happened_at__choice="now")
    assert sent.status == 422
    year = clock.local(clock.now()).year
    box = re.search(r'<input[^>]*name="happened_at-year"[^>]*>', sent.html)[0]
    assert f'value="{year}"' in box


def line(minutes, what, note="", kind="page"):
    at = clock.now().replace(hour=12) - timedelta(minutes=minutes)
    return SimpleNamespace(at=at, what=what, kind=kind, by="The service", note=note)


def test_pages_about_the_same_thing_are_one_line_with_a_count():
    paged = [line(n, f"Overdue, MRI: to {n} by pager") for n in range(4)]
    other = [line(5, "Page acknowledged: overdue, MRI"), line(6, "Overdue, MRI: to 6", "Failed.")]
    found = folded([paged[0], other[0], *paged[1:], other[1]])
    assert [each.what for each in found] == [
        "Overdue, MRI: sent 4 times",
        other[0].what,
        other[1].what,
    ]
    assert list(found[0].lines) == paged
    assert folded(paged[:2]) == paged[:2]


def test_every_page_of_a_referral_is_titled_with_the_product(coordinator, referral, page):
    for more in ("", "triage/", "dexamethasone/", "information/", "add/note/"):
        title = page(coordinator, f"/referrals/{referral.reference}/{more}").title
        assert title.endswith("– MSCC coordination"), more
        assert referral.patient.family_name not in title


def test_what_treatment_turns_on_has_a_heading_of_its_own(team, coordinator, referral, page):
    at = clock.now()
    Considerations.objects.create(
        referral=referral, occurred_at=at, recorded_at=at, fertility_matters="yes"
    )
    text = page(coordinator, f"/referrals/{referral.reference}/").text
    after = text.split("Key information", 2)[-1].split("What treatment turns on", 1)[1]
    assert "Future fertility matters" in after


@pytest.mark.parametrize(
    ("sex", "age", "answer"),
    [
        ("female", 60, "no"),
        ("female", 59, "not_known"),
        ("male", 80, "not_known"),
        ("not_known", 80, "not_known"),
    ],
)
def test_fertility_is_not_asked_of_a_woman_past_childbearing(referral, sex, age, answer):
    today = clock.local(clock.now()).date()
    referral.patient.sex = sex
    referral.patient.date_of_birth = date(today.year - age, 1, 1)
    facts = facts_of(story(referral), clock.now())
    assert facts.treatment.fertility_matters == answer
