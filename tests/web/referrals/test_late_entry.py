"""What is told late, told twice, told from an old page, or told wrong."""

from datetime import timedelta

import pytest

from mscc import clock
from referrals.domain import intake, triage
from referrals.domain.triage import AdviceDetails
from tests.factories.referrals import METASTASES, command


def now(field):
    return {f"{field}__choice": "now"}


def test_a_late_scan_is_shown_with_what_it_does_before_it_is_saved(
    coordinator, a_referral, form, boxes, page
):
    referral = a_referral(mri_booked=True)
    typed = {
        "modality": "mri",
        "whole_spine": "yes",
        **boxes("performed_at", clock.now() - timedelta(minutes=20)),
    }
    scan = form(coordinator, referral, "scan")
    shown = scan.send(**typed)
    assert shown.status == 200
    assert "Not saved yet." in shown.text
    assert "The MRI clock will be met with 23 h" in shown.text
    assert "The report clock will start: due in 3 h" in shown.text
    assert not referral.milestones.filter(kind="mri_performed").exists()
    assert scan.send_on(**typed).status == 302
    assert referral.milestones.filter(kind="mri_performed").exists()


def test_another_time_than_was_shown_is_shown_again(coordinator, a_referral, form, boxes):
    referral = a_referral(mri_booked=True)
    scan = form(coordinator, referral, "scan")
    typed = {"modality": "mri", "whole_spine": "yes"}
    scan.send(**typed, **boxes("performed_at", clock.now() - timedelta(minutes=20)))
    again = scan.send_on(**typed, **boxes("performed_at", clock.now() - timedelta(minutes=30)))
    assert again.status == 200
    assert "Not saved yet." in again.text


def test_a_suspicion_that_arose_long_before_says_that_it_is_overdue_and_will_page(
    coordinator, a_referral, form, boxes
):
    referral = a_referral(triaged=True, presentation=METASTASES, at=clock.now() - timedelta(days=2))
    shown = form(coordinator, referral, "reassess").send(
        suspicion="mscc",
        reason="Weak legs found by the physiotherapist",
        **boxes("suspected_at", clock.now() - timedelta(hours=27)),
    )
    assert "The MRI clock will start, already overdue by 3 h" in shown.text
    assert "people will be paged now" in shown.text


def test_what_moves_no_clock_is_saved_at_once(coordinator, a_referral, form, boxes):
    referral = a_referral(triaged=True)
    done = form(coordinator, referral, "ask").send(
        specialty="radiology",
        question="Which level?",
        **boxes("asked_at", clock.now() - timedelta(minutes=5)),
    )
    assert done.status == 302


def test_a_time_to_come_is_refused(coordinator, a_referral, form, boxes):
    refused = form(coordinator, a_referral(mri_booked=True), "scan").send(
        modality="mri",
        whole_spine="yes",
        **boxes("performed_at", clock.now() + timedelta(minutes=30)),
    )
    assert refused.status == 422
    assert "in the future. Enter the time it happened." in refused.text


def test_a_time_more_than_a_week_ago_is_to_be_confirmed(coordinator, a_referral, form, boxes):
    referral = a_referral(triaged=True, at=clock.now() - timedelta(days=10))
    started = {"kind": "immobilisation_started", "note": ""}
    started |= boxes("occurred_at", clock.now() - timedelta(days=9))
    record = form(coordinator, referral, "record")
    assert "I have checked this" not in record.opened.text
    record.send(**started)
    asked = record.send_on(**started)
    assert asked.status == 422
    assert "Check the date; if it is right, confirm it." in asked.text
    assert "I have checked this, and it is right" in asked.text
    assert record.send_on(**started, confirmed="on").status == 302


def test_a_form_sent_twice_is_done_once_and_both_times_it_is_a_success(
    coordinator, a_referral, form
):
    referral = a_referral(mri_booked=True)
    scan = form(coordinator, referral, "scan")
    typed = {"modality": "mri", "whole_spine": "yes", **now("performed_at")}
    first, second = scan.send(**typed), scan.send(**typed)
    assert (first.status, second.status) == (302, 302)
    assert first.url == second.url
    assert referral.milestones.filter(kind="mri_performed").count() == 1


def test_a_step_that_leaves_its_state_can_be_sent_twice_too(coordinator, a_referral, form):
    referral = a_referral()
    judging = form(coordinator, referral, "triage")
    typed = {"suspicion": "mscc", **now("suspected_at")}
    assert [judging.send(**typed).status, judging.send(**typed).status] == [302, 302]
    assert referral.milestones.filter(kind="triaged").count() == 1


def test_a_form_gone_back_to_and_changed_is_asked_about_and_can_then_be_saved(
    coordinator, a_referral, form
):
    referral = a_referral(triaged=True)
    asking = form(coordinator, referral, "ask")
    question = {"specialty": "oncology", **now("asked_at")}
    assert asking.send(**question, question="Radiotherapy?").status == 302
    changed = asking.send(**question, question="And a second thing?")
    assert changed.status == 409
    assert "This form was saved already, at" in changed.text
    assert "And a second thing?" in changed.text
    assert asking.send_on(**question, question="And a second thing?").status == 302
    assert referral.opinions.count() == 2


def test_an_old_page_is_told_who_changed_what_and_keeps_the_text(
    team, coordinator, a_referral, form
):
    referral = a_referral(triaged=True)
    asking = form(coordinator, referral, "ask")
    advice = AdviceDetails(given_to="Ward", how="phone", pain="Morphine")
    triage.give_advice(referral.pk, advice, command=command(team.senior, clock.now()))
    typed = {"specialty": "oncology", "question": "What <b>now</b>?", **now("asked_at")}
    refused = asking.send(**typed)
    assert refused.status == 409
    assert f"{team.senior.name} changed this referral at" in refused.text
    assert "(gave advice)" in refused.text
    assert "What &lt;b&gt;now&lt;/b&gt;?" in refused.html
    assert asking.send_on(**typed).status == 302


def test_taken_by_somebody_else_meanwhile(team, coordinator, a_referral, form):
    referral = a_referral()
    taking = form(coordinator, referral, "take")
    intake.take(referral.pk, command=command(team.senior, clock.now()))
    refused = taking.send()
    assert refused.status == 409
    assert f"{team.senior.name} changed this referral" in refused.text


def test_correcting_shows_which_clock_changes_and_keeps_both(
    coordinator, a_referral, form, boxes, page
):
    at = clock.now() - timedelta(hours=30)
    referral = a_referral(scanned=True, at=at)
    wrong = referral.milestones.get(kind="mri_performed")
    correcting = form(coordinator, referral, f"correct/{wrong.pk}")
    assert "MRI of the whole spine performed" in correcting.opened.text
    typed = {
        "what": "time",
        "reason": "Wrong day",
        **boxes("occurred_at", at + timedelta(hours=26, minutes=1)),
    }
    shown = correcting.send(**typed)
    assert "The MRI clock will be missed by 2 h" in shown.text
    done = correcting.send_on(**typed)
    assert done.status == 302
    said = page(coordinator, done.url.partition("#")[0]).text
    assert "MRI within 24 hours: missed by 2 h" in said
    assert referral.milestones.filter(kind="mri_performed").count() == 2


def test_taking_back_says_that_the_clock_runs_on(coordinator, a_referral, form, page):
    referral = a_referral(scanned=True)
    wrong = referral.milestones.get(kind="mri_performed")
    correcting = form(coordinator, referral, f"correct/{wrong.pk}")
    typed = {"what": "never", "reason": "Another person's scan"}
    shown = correcting.send(**typed)
    assert "The MRI clock will run on: due in" in shown.text
    assert "The report clock will be taken back." in shown.text
    assert correcting.send_on(**typed).status == 302
    assert not referral.milestones.standing().filter(kind="mri_performed").exists()


def test_what_is_undone_by_its_opposite_cannot_be_taken_back(coordinator, a_referral, form):
    referral = a_referral(treatment_decided=True)
    decided = referral.milestones.get(kind="decision_to_treat")
    correcting = form(coordinator, referral, f"correct/{decided.pk}")
    assert "It did not happen" not in correcting.opened.text


@pytest.mark.parametrize("whose", ["already corrected", "of another referral"])
def test_only_what_holds_can_be_corrected(team, coordinator, a_referral, form, whose):
    referral = a_referral(scanned=True)
    wrong = referral.milestones.get(kind="mri_performed")
    if whose == "of another referral":
        assert form(coordinator, a_referral(), f"correct/{wrong.pk}").opened.status == 404
        return
    typed = {"what": "never", "reason": "Wrong person"}
    correcting = form(coordinator, referral, f"correct/{wrong.pk}")
    correcting.send(**typed)
    correcting.send_on(**typed)
    opened = form(coordinator, referral, f"correct/{wrong.pk}").opened
    assert opened.status == 409
    assert "This entry was corrected already." in opened.text
