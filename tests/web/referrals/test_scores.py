"""Filling in a score: worked out on the page, saved when sent again, shown with its inputs."""

from datetime import timedelta

import pytest

from mscc import clock
from referrals.clinical.tools import Tool
from referrals.models import Fitness, NeurologicalAssessment
from tests.factories.people import person

SEVEN = {
    "level": "L3",
    "pain": "mechanical",
    "bone": "lytic",
    "alignment": "normal",
    "collapse": "none",
    "posterior": "none",
}
WHO = {
    "assessed_by": "Dr Spine",
    "assessed_at__choice": "now",
    "clinical_assessment": "Well, pain on standing, CT seen.",
}


@pytest.fixture
def referral(a_referral):
    return a_referral(triaged=True)


@pytest.mark.parametrize("tool", list(Tool))
def test_every_tool_has_a_page_with_its_version_and_a_way_to_say_not_known(
    coordinator, referral, form, tool
):
    opened = form(coordinator, referral, f"scores/{tool}").opened
    assert opened.status == 200
    assert tool.label in opened.text
    assert tool.version in opened.text
    assert "never decides alone" in opened.text
    assert "Not known" in opened.text
    assert "Work it out" in opened.text


def test_a_tool_that_does_not_exist_has_no_page(coordinator, referral, page):
    assert page(coordinator, f"/referrals/{referral.reference}/scores/apgar/").status == 404


def test_a_score_is_worked_out_first_and_saved_when_it_is_sent_again(
    coordinator, referral, form, page
):
    sins = form(coordinator, referral, "scores/sins")
    shown = sins.send(**SEVEN, **WHO)
    assert shown.status == 200
    assert "SINS 7 of 18: potentially unstable" in shown.text
    assert "ask a spinal surgeon" in shown.text
    assert "Mobile: C3 to C6, L2 to L4 (2 points)" in shown.text
    assert "Save this score" in shown.text
    assert not referral.scores.exists()
    done = sins.send_on(**SEVEN, **WHO)
    assert (done.status, done.url) == (302, f"/referrals/{referral.reference}/#scores")
    assert referral.scores.get().low == 7
    person_page = page(coordinator, f"/referrals/{referral.reference}/").text
    assert "SINS at L3" in person_page
    assert "SINS 2010, table 1" in person_page
    assert "Mechanical: better lying down, worse on movement or loading (3 points)" in person_page
    assert "Scored: SINS at L3" in person_page


def test_answers_changed_after_they_were_worked_out_are_worked_out_again(
    coordinator, referral, form
):
    sins = form(coordinator, referral, "scores/sins")
    sins.send(**SEVEN, **WHO)
    again = sins.send_on(**SEVEN | {"level": "T5"}, **WHO)
    assert (again.status, "SINS 6 of 18: stable" in again.text) == (200, True)
    assert not referral.scores.exists()
    assert sins.send_on(**SEVEN | {"level": "T5"}, **WHO).status == 302
    assert referral.scores.get().low == 6


def test_what_is_open_is_asked_and_can_be_saved_as_incomplete(coordinator, referral, form, page):
    sins = form(coordinator, referral, "scores/sins")
    half = SEVEN | {"collapse": "half"}
    del half["bone"]
    shown = sins.send(**half, **WHO)
    assert "SINS 7 to 10 of 18: potentially unstable" in shown.text
    assert "There is no total yet" in shown.text
    assert "Is the bone lesion lytic, mixed or blastic?" in shown.text
    assert "Is the collapse more or less than 50%?" in shown.text
    done = sins.send_on(**half, **WHO)
    person_page = page(coordinator, done.url.split("#")[0]).text
    assert "Saved as incomplete." in person_page
    assert "Incomplete." in person_page


def test_an_impossible_level_is_refused_and_nothing_typed_is_lost(coordinator, referral, form):
    refused = form(coordinator, referral, "scores/sins").send(**SEVEN | {"level": "T14"}, **WHO)
    assert refused.status == 422
    assert "There is no T14: the thoracic spine is T1 to T12." in refused.text
    assert 'value="T14"' in refused.html
    assert 'value="lytic" checked' in refused.html


def test_a_score_without_its_clinical_assessment_is_refused(coordinator, referral, form):
    refused = form(coordinator, referral, "scores/sins").send(
        **SEVEN, **WHO | {"clinical_assessment": ""}
    )
    assert refused.status == 422
    assert "Write the clinical assessment this score belongs to (1.9.3)." in refused.text


def test_what_does_not_fit_is_asked_before_it_is_saved(coordinator, referral, form):
    at = clock.now() - timedelta(minutes=30)
    NeurologicalAssessment.objects.create(
        referral=referral, occurred_at=at, recorded_at=at, mobility="walks_unaided"
    )
    frankel = form(coordinator, referral, "scores/frankel")
    assert "Mobility: walks without help" in frankel.opened.text
    shown = frankel.send(frankel="A", **WHO)
    assert "Check Frankel A" in shown.text
    assert "I have checked this, and it is right" in shown.text
    refused = frankel.send_on(frankel="A", **WHO)
    assert refused.status == 422
    assert not referral.scores.exists()
    assert frankel.send_on(frankel="A", confirmed="on", **WHO).status == 302
    assert referral.scores.get().result == "Frankel A"


def test_what_the_record_knows_is_filled_in_and_says_so(coordinator, referral, form):
    at = clock.now()
    Fitness.objects.create(referral=referral, occurred_at=at, recorded_at=at, performance_status=1)
    opened = form(coordinator, referral, "scores/tokuhashi").opened
    assert "Filled in from the record: check it." in opened.text
    assert '<option value="1" selected>' in opened.html
    answers = {"performance_status": "1", "primary": "lymphoma"}
    shown = form(coordinator, referral, "scores/tokuhashi").send(**answers, **WHO)
    assert "Is Karnofsky 70 or 80?" in shown.text
    assert "Lymphoma and myeloma are not in the table" in shown.text
    assert "may be under 6 months, at least 6 months or at least 1 year" in shown.text


def test_a_lesion_is_scored_again_from_what_was_known(coordinator, referral, form, page):
    sins = form(coordinator, referral, "scores/sins")
    sins.send(**SEVEN | {"bone": "not_known"}, **WHO)
    sins.send_on(**SEVEN | {"bone": "not_known"}, **WHO)
    first = referral.scores.get()
    again = page(coordinator, f"{sins.path}?again={first.pk}")
    assert 'value="L3"' in again.html
    assert 'value="mechanical" checked' in again.html
    assert "This begins with the answers of" in again.text
    # Somebody else's score, or no score at all, begins empty.
    for other in ("1", "00000000-0000-0000-0000-000000000000"):
        assert 'value="L3"' not in page(coordinator, f"{sins.path}?again={other}").html
    # From the page that was opened before the first was saved: the version is told apart.
    newer = form(coordinator, referral, "scores/sins")
    newer.send(**SEVEN, **WHO)
    newer.send_on(**SEVEN, **WHO)
    assert referral.scores.count() == 2
    shown = page(coordinator, f"/referrals/{referral.reference}/")
    assert "1 earlier score kept" in shown.text
    assert "Before: SINS 5 to 7 of 18" in shown.text


def test_performance_needs_one_of_its_two_scales(coordinator, referral, form):
    performance = form(coordinator, referral, "scores/performance")
    assert "Choose a performance status, or Karnofsky." in performance.send(**WHO).text
    assert "Performance status 2" in performance.send(performance_status="2", **WHO).text


def test_who_may_not_record_sees_scores_and_no_way_to_add_one(
    team, client, referral, coordinator, form
):
    sins = form(coordinator, referral, "scores/sins")
    sins.send(**SEVEN, **WHO)
    sins.send_on(**SEVEN, **WHO)
    client.force_login(person("referrer", team.place))
    assert client.get(sins.path).status_code == 403
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert "SINS at L3" in page
    assert "/scores/" not in page
