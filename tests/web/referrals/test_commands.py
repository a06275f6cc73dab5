"""Every command of the person's page: what it records, what it says, and how it refuses."""

from datetime import timedelta

import pytest

from mscc import clock
from referrals.clinical.presentation import CancerStatus
from referrals.domain import closing
from referrals.models import Referral
from tests.factories.referrals import METASTASES, command, presenting

NOW = {"at__choice": "now"}
NO_CANCER = presenting(cancer=CancerStatus.NONE)


def standing(referral, kind):
    return referral.milestones.standing().filter(kind=kind)


def now(field):
    return {f"{field}__choice": "now"}


def test_taking_puts_ones_name_on_it_and_says_which_clock_that_moved(
    team, coordinator, a_referral, form, page
):
    referral = a_referral(at=clock.now() - timedelta(minutes=5))
    done = form(coordinator, referral, "take").send()
    assert (done.status, done.url) == (302, f"/referrals/{referral.reference}/")
    referral.refresh_from_db()
    assert referral.taken_by == team.coordinator
    said = page(coordinator, done.url).text
    assert "You have this referral." in said
    assert "Coordinator takes the referral at once: met" in said


def test_what_one_has_already_is_not_taken_again(coordinator, a_referral, form):
    referral = a_referral(triaged=True)
    opened = form(coordinator, referral, "take").opened
    assert opened.status == 409
    assert "You have this referral already." in opened.text


def test_triage_shows_what_was_concluded_and_why_and_keeps_it_when_it_fits(
    coordinator, a_referral, form
):
    referral = a_referral()
    triage = form(coordinator, referral, "triage")
    for words in ("Provisional", "Past or current cancer.", "weakness of an arm or leg", "1.5.2"):
        assert words in triage.opened.text
    assert 'value="mscc" checked' in triage.opened.html
    assert triage.send(suspicion="mscc", **now("suspected_at")).status == 302
    referral.refresh_from_db()
    assert referral.state == "triaged"


def test_triage_that_differs_wants_a_reason_and_keeps_what_was_chosen(
    coordinator, a_referral, form
):
    referral = a_referral()
    refused = form(coordinator, referral, "triage").send(
        suspicion="spinal_metastases", **now("suspected_at")
    )
    assert refused.status == 422
    assert "Say why this differs from what was suspected before." in refused.text
    assert 'value="spinal_metastases" checked' in refused.html


def test_a_suspicion_can_be_changed_after_triage(coordinator, a_referral, form, page):
    referral = a_referral(triaged=True, presentation=METASTASES)
    done = form(coordinator, referral, "reassess").send(
        suspicion="mscc", reason="The legs are weak now", **now("suspected_at")
    )
    assert done.status == 302
    said = page(coordinator, done.url).text
    assert "MRI within 24 hours: started, due in 24 h" in said
    assert "MRI within 1 week: replaced: MSCC is suspected now." in said


def test_the_same_suspicion_again_is_no_change(coordinator, a_referral, form):
    referral = a_referral(triaged=True)
    refused = form(coordinator, referral, "reassess").send(suspicion="mscc", reason="x")
    assert refused.status == 422
    assert "This is what is suspected already." in refused.text


def test_advice_is_proposed_for_these_facts_and_recorded_as_it_was_edited(
    coordinator, a_referral, form
):
    referral = a_referral(triaged=True)
    advise = form(coordinator, referral, "advise")
    assert "Immobilise now: flat on the back" in advise.opened.text
    assert "Offer (NG234 1.8.1" in advise.opened.text
    assert 'href="/guideline/#r-1-8-1"' in advise.opened.html
    assert "Ask: Is MRI contraindicated?" in advise.opened.text
    done = advise.send(
        dexamethasone="16 mg now",
        given_to="Alex Ward",
        how="phone",
        read_back="on",
        **now("given_at"),
    )
    assert done.status == 302
    advice = referral.advices.get()
    assert (advice.dexamethasone, advice.pain, advice.read_back) == ("16 mg now", "", True)
    assert standing(referral, "advice_given").exists()


def test_the_ward_reads_at_once_what_was_said_by_whom_to_whom_and_when(
    coordinator, a_referral, form, page, signed_in, team
):
    referral = a_referral(triaged=True)
    form(coordinator, referral, "advise").send(
        pain="Morphine now",
        given_by="Dr Oncall",
        given_to="Alex Ward",
        how="writing",
        **now("given_at"),
    )
    ward = page(signed_in(team.nurse), f"/referrals/{referral.reference}/sent/")
    assert "Morphine now" in ward.text
    assert "in writing by Dr Oncall to Alex Ward , not read back" in ward.text
    status = page(coordinator, f"/status/{referral.status_token}/")
    assert "in writing: Pain. It was not read back." in status.text
    assert "Morphine" not in status.text


def test_advice_on_nothing_is_no_advice(coordinator, a_referral, form):
    refused = form(coordinator, a_referral(triaged=True), "advise").send(
        given_to="Alex", how="phone", **now("given_at")
    )
    assert refused.status == 422
    assert "Write the advice on at least one of the five topics." in refused.text


def test_nothing_is_proposed_where_nothing_is_suspected(coordinator, a_referral, form):
    referral = a_referral(presentation=NO_CANCER, triaged=True)
    assert "nothing is proposed" in form(coordinator, referral, "advise").opened.text


def test_a_slot_past_the_target_can_be_booked_with_a_reason(
    coordinator, a_referral, form, boxes, page
):
    referral = a_referral(triaged=True)
    slot = clock.now().replace(hour=11, minute=0) + timedelta(days=3)
    typed = {"hospital_id": str(referral.hospital_id), **boxes("slot_at", slot)}
    booking = form(coordinator, referral, "book-mri")
    assert "Why must it be past the target?" not in booking.opened.text
    refused = booking.send(**typed)
    assert refused.status == 422
    assert "past the target. Choose an earlier one, or say why it must be." in refused.text
    done = booking.send_on(**typed, late_reason="The scanner is broken")
    assert done.status == 302
    said = page(coordinator, done.url).text
    assert "MRI booked for" in said
    assert "This is past the target." in said
    assert referral.mriscans.get().late_reason == "The scanner is broken"


def test_a_slot_that_is_over_is_not_booked(coordinator, a_referral, form, boxes):
    referral = a_referral(triaged=True)
    yesterday = clock.now().replace(hour=11, minute=0) - timedelta(days=1)
    refused = form(coordinator, referral, "book-mri").send(
        hospital_id=str(referral.hospital_id), **boxes("slot_at", yesterday)
    )
    assert refused.status == 422
    assert "Check the date. If the scan took place, record the scan instead." in refused.text
    assert not referral.mriscans.exists()


def test_an_mri_at_night_says_for_which_treatment(coordinator, a_referral, form, boxes):
    referral = a_referral(triaged=True)
    tonight = clock.local(clock.now()).replace(hour=2, minute=30) + timedelta(days=1)
    refused = form(coordinator, referral, "book-mri").send(
        hospital_id=str(referral.hospital_id), **boxes("slot_at", tonight)
    )
    assert refused.status == 422
    assert "An overnight MRI is only for that." in refused.text


def test_booking_before_triage_is_refused_with_what_is_possible(coordinator, a_referral, form):
    opened = form(coordinator, a_referral(), "book-mri").opened
    assert opened.status == 409
    assert "This referral is ‘Referred’" in opened.text
    assert "‘Triage’" in opened.text


def test_a_whole_spine_scan_meets_the_clock(coordinator, a_referral, form, page):
    referral = a_referral(mri_booked=True)
    done = form(coordinator, referral, "scan").send(
        modality="mri", whole_spine="yes", **now("performed_at")
    )
    assert done.status == 302
    said = page(coordinator, done.url).text
    assert "MRI within 24 hours: met" in said
    assert "Scan reported urgently: started" in said


def test_a_scan_of_part_of_the_spine_says_that_the_target_still_runs(
    coordinator, a_referral, form, page
):
    done = form(coordinator, a_referral(mri_booked=True), "scan").send(
        modality="mri", whole_spine="no", **now("performed_at")
    )
    assert "The target still runs." in page(coordinator, done.url).text


def test_a_ct_says_why_mri_cannot_be(coordinator, a_referral, form):
    refused = form(coordinator, a_referral(mri_booked=True), "scan").send(
        modality="ct", whole_spine="yes", **now("performed_at")
    )
    assert refused.status == 422
    assert "CT takes the place of MRI only when MRI is contraindicated." in refused.text


def test_a_report_confirms_and_needs_a_scan(coordinator, a_referral, form):
    before = form(coordinator, a_referral(mri_booked=True), "report").opened
    assert before.status == 409
    assert "Record the scan first" in before.text
    referral = a_referral(scanned=True)
    done = form(coordinator, referral, "report").send(
        outcome="mscc", report="T8 compression", reported_by="Dr R", **now("reported_at")
    )
    assert done.status == 302
    referral.refresh_from_db()
    assert referral.confirmed == "mscc"


def test_a_decision_names_who_decided_and_starts_the_24_hours(coordinator, a_referral, form, page):
    referral = a_referral(scanned=True)
    deciding = form(coordinator, referral, "decide")
    assert "one fraction of 8 Gy" in deciding.opened.text
    refused = deciding.send(
        plan="radiotherapy", radiotherapy_exception="offered", **now("decided_at")
    )
    assert refused.status == 422
    assert "Name the clinician who decided." in refused.text
    done = deciding.send_on(
        plan="radiotherapy",
        decided_by="Dr Decider",
        consulted=["oncology", "spinal_surgery"],
        radiotherapy_exception="offered",
        **now("decided_at"),
    )
    assert done.status == 302
    said = page(coordinator, done.url).text
    assert "Radiotherapy within 24 hours of the decision to treat: started" in said


def test_not_offering_urgent_radiotherapy_needs_one_of_the_two_reasons(
    coordinator, a_referral, form, page
):
    referral = a_referral(scanned=True)
    typed = {"plan": "supportive", "decided_by": "Dr D", "consulted": ["oncology"]}
    deciding = form(coordinator, referral, "decide")
    refused = deciding.send(**typed, radiotherapy_exception="offered", **now("decided_at"))
    assert refused.status == 422
    assert "Choose which of the two exceptions of 1.10.4 holds" in refused.text
    paralysis = {"radiotherapy_exception": "paralysis_pain_controlled", "pain_controlled": "yes"}
    yesterday = clock.local(clock.now()) - timedelta(days=1)
    day = {f"paralysed_since__{box}": str(getattr(yesterday, box)) for box in ("day", "month")}
    refused = deciding.send_on(
        **typed,
        **paralysis,
        **day,
        paralysed_since__year=str(yesterday.year),
        exception_reason="Paralysed",
        **now("decided_at"),
    )
    assert "Paralysis has been complete for 1 day, which is not yet 2 weeks." in refused.text
    done = deciding.send_on(
        **typed,
        radiotherapy_exception="poor_prognosis",
        exception_reason="Days to live",
        **now("decided_at"),
    )
    assert done.status == 302
    said = page(coordinator, done.url).text
    assert "stopped: the overall prognosis is poor (1.10.4)." in said


def test_the_radiotherapy_question_is_only_for_mscc(coordinator, a_referral, form):
    referral = a_referral(presentation=METASTASES, scanned=True)
    assert (
        "Is urgent radiotherapy offered?" not in form(coordinator, referral, "decide").opened.text
    )


def test_radiotherapy_started_meets_its_clock_and_can_be_undone(
    coordinator, a_referral, form, page
):
    referral = a_referral(treatment_decided=True)
    done = form(coordinator, referral, "record").send(
        kind="radiotherapy_started", note="8 Gy, T6 to T9", **now("occurred_at")
    )
    said = page(coordinator, done.url)
    assert "Radiotherapy within 24 hours of the decision to treat: met" in said.text
    started = standing(referral, "radiotherapy_started").get()
    assert f'href="/referrals/{referral.reference}/correct/{started.pk}/"' in said.html
    assert "8 Gy, T6 to T9" in said.text


def test_radiotherapy_before_a_decision_is_refused(coordinator, a_referral, form):
    refused = form(coordinator, a_referral(triaged=True), "record").send(
        kind="radiotherapy_started", note="", **now("occurred_at")
    )
    assert refused.status == 409
    assert "Record the decision to treat first" in refused.text


def test_discharge_shows_what_is_open_and_needs_a_lead_and_a_reason(coordinator, a_referral, form):
    referral = a_referral(treatment_decided=True)
    leaving = form(coordinator, referral, "discharge")
    assert "Urgent radiotherapy was decided on and has not started." in leaving.opened.text
    assert f"999 {referral.patient.nhs_number[3:6]}" in leaving.opened.text
    typed = {"destination": "home", **now("discharged_at")}
    refused = leaving.send(**typed)
    assert refused.status == 422
    assert "Name the person who leads the discharge planning." in refused.text
    refused = leaving.send_on(**typed, lead_name="Jo Lead", dexamethasone="no")
    assert "Say why these are left open." in refused.text
    assert "Find out whether dexamethasone" not in refused.text
    done = leaving.send_on(
        **typed, lead_name="Jo Lead", dexamethasone="no", open_items_reason="At home tomorrow"
    )
    assert done.status == 302
    referral.refresh_from_db()
    assert referral.state == "discharged"


@pytest.mark.parametrize(
    ("step", "stage", "typed", "state"),
    [
        ("redirect", {"triaged": True}, {"to": "Oncology", "advice": "Refer today"}, "redirected"),
        ("withdraw", {"triaged": True}, {"reason": "Made in error"}, "withdrawn"),
        ("reopen", {"discharged": True}, {"reason": "Worse", **NOW}, "treatment_decided"),
    ],
)
def test_the_ways_out_and_the_way_back(coordinator, a_referral, form, step, stage, typed, state):
    referral = a_referral(**stage)
    opened = form(coordinator, referral, step)
    refused = opened.send(**NOW)
    assert refused.status == 422
    assert "There is a problem" in refused.text
    assert opened.send_on(**typed).status == 302
    assert Referral.objects.get(pk=referral.pk).state == state


@pytest.mark.parametrize("step", ["triage", "book-mri", "decide", "discharge", "redirect"])
def test_a_closed_referral_refuses_and_says_what_is_possible(
    team, coordinator, a_referral, form, step
):
    referral = a_referral(triaged=True)
    closing.withdraw(
        referral.pk, closing.Withdrawal("In error"), command=command(team.coordinator, clock.now())
    )
    opened = form(coordinator, referral, step).opened
    assert opened.status == 409
    assert "This referral is ‘Withdrawn’" in opened.text
    assert "Allowed: ‘Reopen’." in opened.text
