"""One referral from the ward's first call to discharge, with its clocks."""

from datetime import timedelta

import pytest

from audit.models import Trail
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.domain import imaging, intake, milestones, triage
from referrals.domain.discharge import Leaving, discharge
from referrals.domain.milestones import Correction, Happening
from referrals.domain.refusals import Conflict, IllegalTransition, Invalid, Repeated, StaleVersion
from scheduling.domain.clocks import differences
from scheduling.models import Clock
from tests.factories.referrals import (
    AT,
    METASTASES,
    MSCC,
    ReferralFactory,
    Team,
    command,
    intake_for,
    refer,
)

pytestmark = pytest.mark.django_db


def clocks_of(referral) -> dict[str, str]:
    return {f"{c.kind} {c.number}": c.state for c in Clock.objects.filter(referral=referral)}


def test_a_referral_with_cord_signs_starts_the_24_hour_mri_clock_and_wants_contact_now():
    referral = refer(Team.build())

    assert clocks_of(referral) == {"contact_now 1": "running", "mri_24h 1": "running"}
    mri = Clock.objects.get(referral=referral, kind="mri_24h")
    assert mri.due_at == AT + timedelta(hours=24)
    referral.refresh_from_db()
    assert (referral.next_due_kind, referral.next_due_at) == (
        "contact_now",
        AT + timedelta(minutes=15),
    )


def test_booking_an_mri_does_not_stop_the_clock():
    referral = ReferralFactory(mri_booked=True)

    assert referral.state == "mri_booked"
    assert clocks_of(referral)["mri_24h 1"] == "running"


def test_a_scan_of_part_of_the_spine_does_not_stop_the_clock():
    team = Team.build()
    referral = ReferralFactory(team=team, mri_booked=True)
    at = AT + timedelta(hours=3)
    scan = imaging.ScanPerformed(performed_at=at, whole_spine=False)
    imaging.record_scan(referral.pk, scan, command=command(team.coordinator, at))

    assert clocks_of(referral)["mri_24h 1"] == "running"
    assert clocks_of(referral)["report_urgent 1"] == "running"


def test_the_decision_to_treat_starts_the_radiotherapy_clock_and_the_first_fraction_meets_it():
    team = Team.build()
    referral = ReferralFactory(team=team, treatment_decided=True)
    assert clocks_of(referral)["rt_24h 1"] == "running"

    at = AT + timedelta(hours=5)

    milestones.record_milestone(
        referral.pk,
        Happening(MilestoneKind.RADIOTHERAPY_STARTED, at),
        command=command(team.coordinator, at),
    )
    assert clocks_of(referral)["rt_24h 1"] == "met"


def test_new_cord_signs_supersede_the_week_and_start_24_hours_from_when_they_were_found():
    team = Team.build()
    referral = refer(team, METASTASES)
    found, told = AT + timedelta(hours=30), AT + timedelta(hours=32)
    signs = intake.NewSigns(items=("gait",), found_at=found)
    referral = intake.report_new_signs(referral.pk, signs, command=command(team.nurse, told))

    assert referral.suspicion == Suspicion.MSCC
    assert clocks_of(referral) == {
        "advice_24h 1": "missed",
        "mri_1wk 1": "superseded",
        "mri_24h 1": "running",
        "contact_now 1": "running",
    }
    mri = Clock.objects.get(referral=referral, kind="mri_24h")
    assert mri.due_at == found + timedelta(hours=24)
    contact = Clock.objects.get(referral=referral, kind="contact_now")
    assert contact.started_at == told


@pytest.mark.parametrize("shown", ["ruled_out", "spinal_metastases"])
def test_cord_signs_after_a_scan_without_compression_start_24_hours_again(shown):
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    read, found = AT + timedelta(hours=8), AT + timedelta(hours=50)
    report = imaging.ScanReport(reported_at=read, outcome=shown)
    imaging.record_report(referral.pk, report, command=command(team.coordinator, read))
    assert clocks_of(referral)["mri_24h 1"] == "met"

    told = found + timedelta(hours=1)
    signs = intake.NewSigns(items=("limb_weakness",), found_at=found)
    referral = intake.report_new_signs(referral.pk, signs, command=command(team.nurse, told))
    clock = Clock.objects.get(referral=referral, kind="mri_24h", number=2)
    assert (clock.state, clock.due_at) == ("running", found + timedelta(hours=24))
    assert clocks_of(referral)["mri_24h 1"] == "met"
    assert imaging.mri_due_at(referral) == clock.due_at


def test_cord_signs_after_compression_was_shown_want_no_other_mri():
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    read, told = AT + timedelta(hours=8), AT + timedelta(hours=50)
    report = imaging.ScanReport(reported_at=read, outcome="mscc")
    imaging.record_report(referral.pk, report, command=command(team.coordinator, read))
    signs = intake.NewSigns(items=("limb_weakness",), found_at=told)
    referral = intake.report_new_signs(referral.pk, signs, command=command(team.nurse, told))
    assert "mri_24h 2" not in clocks_of(referral)


def test_a_late_entry_is_judged_as_of_when_it_happened():
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)
    happened, told = AT + timedelta(hours=20), AT + timedelta(hours=30)
    scan = imaging.ScanPerformed(performed_at=happened)
    imaging.record_scan(referral.pk, scan, command=command(team.coordinator, told))

    clock = Clock.objects.get(referral=referral, kind="mri_24h")
    assert (clock.state, clock.stopped_at) == ("met", happened)


def test_a_correction_judges_the_clock_again_and_both_entries_stay():
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    wrong = referral.milestones.get(kind="mri_performed")
    late = AT + timedelta(hours=26)
    milestones.correct(
        referral.pk,
        Correction(wrong.pk, late, reason="Read from the wrong line"),
        command=command(team.coordinator, late),
    )

    clock = Clock.objects.get(referral=referral, kind="mri_24h")
    assert (clock.state, clock.stopped_at) == ("missed", late)
    assert referral.milestones.filter(kind="mri_performed").count() == 2
    assert differences(referral.pk) == []


def test_a_step_that_is_not_possible_now_says_what_is():
    team = Team.build()
    referral = ReferralFactory(team=team, triaged=True)

    with pytest.raises(IllegalTransition, match="Triaged.*Book the MRI"):
        triage.triage(referral.pk, triage.Triage(Suspicion.MSCC), command=command(team.coordinator))


def test_who_acts_on_an_old_page_is_told_who_changed_what():
    team = Team.build()
    referral = refer(team)
    intake.take(referral.pk, command=command(team.coordinator))

    with pytest.raises(StaleVersion, match=team.coordinator.name):
        intake.take(referral.pk, command=command(team.senior, version=referral.version))


def test_the_same_key_gets_the_first_answer_and_does_nothing_twice():
    team = Team.build()
    asked = intake_for(team.place, MSCC)
    first = intake.receive(asked, command=command(team.nurse, key="k1"))

    with pytest.raises(Repeated) as again:
        intake.receive(asked, command=command(team.nurse, key="k1"))
    assert again.value.answer["reference"] == first.reference


def test_a_person_with_an_open_referral_is_not_referred_twice_without_a_reason():
    team = Team.build()
    asked = intake_for(team.place, MSCC)
    first = intake.receive(asked, command=command(team.nurse))

    with pytest.raises(intake.AlreadyOpen, match=first.reference):
        intake.receive(asked, command=command(team.nurse))


def test_discharge_needs_a_named_lead_and_a_reason_for_what_is_left_open():
    team = Team.build()
    referral = ReferralFactory(team=team, treatment_decided=True)

    with pytest.raises(Invalid) as refused:
        discharge(
            referral.pk,
            Leaving(lead_name="", destination="home", discharged_at=AT),
            command=command(team.coordinator, AT + timedelta(hours=1)),
        )
    assert "lead_name" in refused.value.errors
    referral.refresh_from_db()
    assert referral.state == "treatment_decided"


def test_discharge_ends_the_clocks_and_every_step_is_in_the_trail():
    referral = ReferralFactory(discharged=True)

    assert referral.state == "discharged"
    assert "running" not in clocks_of(referral).values()
    assert [
        t.action for t in Trail.objects.filter(referral=referral) if t.action != "people_paged"
    ] == [
        "referral_received",
        "referral_triaged",
        "mri_booked",
        "milestone_recorded",
        "treatment_decided",
        "referral_discharged",
    ]
    assert differences(referral.pk) == []


def test_a_report_that_was_another_persons_confirms_nothing_once_it_is_taken_back():
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    at = AT + timedelta(hours=1)
    report = imaging.ScanReport(at, "mscc")
    referral = imaging.record_report(referral.pk, report, command=command(team.coordinator, at))
    assert referral.confirmed == "mscc"

    wrong = referral.milestones.get(kind="scan_reported")
    taken_back = Correction(wrong.pk, None, reason="Another person's report")
    later = command(team.coordinator, at + timedelta(minutes=5))
    referral = milestones.correct(referral.pk, taken_back, command=later)

    assert referral.confirmed == ""
    assert clocks_of(referral)["report_urgent 1"] == "running"


def test_correcting_one_fact_leaves_a_scan_of_the_same_minute_alone():
    team = Team.build()
    referral = ReferralFactory(team=team, mri_booked=True)
    at, asking = AT + timedelta(hours=1), command(team.coordinator, AT + timedelta(hours=2))
    lay_flat = Happening(MilestoneKind.IMMOBILISATION_STARTED, at)
    milestones.record_milestone(referral.pk, lay_flat, command=asking)
    imaging.record_scan(referral.pk, imaging.ScanPerformed(at), command=asking)

    wrong = referral.milestones.get(kind="immobilisation_started")
    never = Correction(wrong.pk, None, reason="Another person")
    milestones.correct(referral.pk, never, command=asking)

    assert [scan.performed_at for scan in referral.mriscans.all()] == [at]


def test_a_scan_is_taken_back_only_after_its_report_and_lies_before_it():
    team = Team.build()
    referral = ReferralFactory(team=team, scanned=True)
    at = AT + timedelta(hours=1)
    asking = command(team.coordinator, at + timedelta(hours=1))
    imaging.record_report(referral.pk, imaging.ScanReport(at, "mscc"), command=asking)
    scan = referral.milestones.get(kind="mri_performed")
    report = referral.milestones.get(kind="scan_reported")

    with pytest.raises(Conflict, match="Take the report back first"):
        milestones.correct(referral.pk, Correction(scan.pk, None, "Not hers"), command=asking)
    for wrong, when, said in (
        (scan, at + timedelta(minutes=1), "This is after its report"),
        (report, scan.occurred_at - timedelta(minutes=1), "This is before the scan"),
    ):
        with pytest.raises(Invalid, match=said):
            milestones.correct(referral.pk, Correction(wrong.pk, when, "Misread"), command=asking)

    for wrong in (report, scan):
        never = Correction(wrong.pk, None, reason="Another person's")
        referral = milestones.correct(referral.pk, never, command=asking)
    assert referral.confirmed == ""
    assert "imaging" in referral.missing
    assert [scan.performed_at for scan in referral.mriscans.all()] == [None]


def test_with_a_ct_that_never_was_goes_why_there_was_no_mri():
    team = Team.build()
    referral = ReferralFactory(team=team, mri_booked=True)
    at = AT + timedelta(hours=1)
    asking = command(team.coordinator, at + timedelta(hours=1))
    ct = imaging.ScanPerformed(at, modality="ct", whole_spine=True, contraindication="Pacemaker")
    imaging.record_scan(referral.pk, ct, command=asking)
    wrong = referral.milestones.get(kind="ct_performed")
    milestones.correct(referral.pk, Correction(wrong.pk, None, "Another's"), command=asking)
    scan = referral.mriscans.get()
    assert (scan.modality, scan.whole_spine, scan.contraindication) == ("mri", None, "")


def test_treatment_is_not_corrected_to_before_its_decision():
    team = Team.build()
    referral = ReferralFactory(team=team, treatment_decided=True)
    at = AT + timedelta(hours=3)
    started = Happening(MilestoneKind.RADIOTHERAPY_STARTED, at)
    milestones.record_milestone(referral.pk, started, command=command(team.coordinator, at))
    wrong = referral.milestones.get(kind="radiotherapy_started")

    with pytest.raises(Invalid, match="before the decision to treat"):
        milestones.correct(
            referral.pk,
            Correction(wrong.pk, AT, reason="Misread"),
            command=command(team.coordinator, at),
        )
