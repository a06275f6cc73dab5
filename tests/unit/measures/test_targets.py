"""The timed targets as their clocks have them."""

from dataclasses import replace

import pytest

from audit.measures.journey import Breached
from audit.measures.verdict import Status
from referrals.clinical.library import targets
from referrals.clinical.milestones import MilestoneKind as K
from referrals.clinical.milestones import Suspicion
from tests.unit.measures.told import METS, MSCC, at, clocked, mri, verdict

S = Status


def test_each_target_has_its_measure():
    for target in targets():
        said = verdict(f"target_{target.key}", clocked())
        assert said.status is S.NOT_APPLICABLE


@pytest.mark.parametrize(("seconds", "status"), [(86_400, S.MET), (86_401, S.NOT_MET)])
def test_a_clock_is_met_to_the_second(seconds, status):
    said = verdict("target_mri_24h", clocked((MSCC, 0), (K.MRI_PERFORMED, at(seconds=seconds))))
    assert (said.status, said.seconds) == (status, seconds)


def test_a_running_clock_says_when_it_will_have_run_out():
    waiting = clocked((MSCC, 0), as_of=at(24))
    said = verdict("target_mri_24h", waiting)
    assert (said.status, said.until) == (S.RUNNING, at(24, seconds=1))
    over = replace(waiting, as_of=said.until)
    assert verdict("target_mri_24h", over).status is S.NOT_MET


def test_a_miss_carries_the_reason_that_was_given_for_it():
    late = clocked((MSCC, 0), (K.MRI_PERFORMED, 30))
    assert verdict("target_mri_24h", late).reason == ""
    other = Breached("rt_24h", at(24), "staff")
    told = replace(late, breaches=(other, Breached("mri_24h", at(24), "no_slot", incident=False)))
    said = verdict("target_mri_24h", told)
    assert (said.reason, said.seconds) == ("no_slot", 30 * 3600)


def test_what_was_closed_after_it_was_due_was_late_by_nobody_knows_how_much():
    said = verdict("target_mri_24h", clocked((MSCC, 0), (K.WITHDRAWN, 30)))
    assert (said.status, said.seconds) == (S.NOT_MET, None)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ((METS, 5), "judged to be spinal metastases"),
        ((K.SUSPICION_ENDED, 5), "the suspicion ended"),
        ((K.WITHDRAWN, 5), "withdrawn first"),
    ],
)
def test_a_clock_that_ended_otherwise_is_excluded_with_its_reason(end, reason):
    said = verdict("target_mri_24h", clocked((MSCC, 0), end))
    assert (said.status, said.reason) == (S.EXCLUDED, reason)


def test_one_miss_among_several_clocks_is_a_miss():
    told = ((K.MRI_INCOMPLETE, 0), (K.SCAN_REPORTED, 2), (K.MRI_PERFORMED, 10))
    assert verdict("target_report_urgent", clocked(*told, as_of=at(11))).status is S.RUNNING
    both = clocked(*told, (K.SCAN_REPORTED, 20))
    assert verdict("target_report_urgent", both).status is S.NOT_MET
    assert verdict("target_report_urgent", clocked(*told, (K.SCAN_REPORTED, 14))).status is S.MET


def test_a_scan_that_brought_the_suspicion_waited_for_nobody():
    said = verdict("target_mri_24h", clocked((MSCC, 0), (K.MRI_PERFORMED, 0)))
    assert said.status is S.EXCLUDED


def test_an_exception_of_1_10_4_excludes():
    details = {"urgent_radiotherapy": "excepted", "exception": "poor_prognosis"}
    said = verdict("target_rt_24h", clocked((MSCC, 0), (K.DECISION_TO_TREAT, 9, details)))
    assert (said.status, said.reason) == (S.EXCLUDED, "1.10.4: poor overall prognosis")


def read_in(*told, **others):
    """A row of an audit; it is over, though nobody wrote down when."""
    given = {"imported": True, "state": "discharged", "closed_at": at(24 * 400)}
    return clocked(*told, **{**given, **others})


@pytest.mark.parametrize("end", [(), ((K.DISCHARGED, 9),), ((K.DISCHARGED, 90),)])
def test_a_blank_in_an_audit_that_was_read_in_is_missing(end):
    # Closed in time, closed late, or nobody knows when: the scan may have been made all the same.
    blank = read_in((MSCC, 0), (K.RECEIVED, 0), *end)
    for key in ("target_mri_24h", "mri_24h_suspicion", "target_contact_now"):
        said = verdict(key, blank)
        assert (said.status, said.reason) == (S.MISSING, "no end time on record"), key
    # In a live record what nobody wrote down was not done.
    live = replace(blank, imported=False)
    assert verdict("target_contact_now", live).status is S.NOT_MET


def test_what_an_audit_that_was_read_in_does_say_is_judged():
    late = read_in((MSCC, 0), (K.MRI_PERFORMED, 30), (K.SCAN_REPORTED, 31))
    said = verdict("target_mri_24h", late)
    assert (said.status, said.seconds) == (S.NOT_MET, 30 * 3600)
    assert verdict("target_report_urgent", late).seconds == 3600
    part = read_in((MSCC, 0), (K.MRI_INCOMPLETE, 9), scans=(mri(9, whole=False),))
    said = verdict("target_mri_24h", part)
    assert (said.status, said.reason) == (S.NOT_MET, "only part of the spine was scanned")
    details = {"urgent_radiotherapy": "excepted", "exception": "poor_prognosis"}
    excepted = read_in((MSCC, 0), (K.DECISION_TO_TREAT, 9, details))
    assert verdict("target_rt_24h", excepted).status is S.EXCLUDED


@pytest.mark.parametrize("hours", [9, 30])
def test_a_scan_that_may_have_been_of_part_is_no_pass_of_an_audit_that_was_read_in(hours):
    # The milestone stands, as an import writes it; whether the whole spine was scanned is blank.
    scanned = (MSCC, 0), (K.MRI_PERFORMED, hours)
    blank = read_in(*scanned, suspicion=Suspicion.MSCC, scans=(mri(hours, whole=None),))
    for key in ("target_mri_24h", "mri_24h_suspicion"):
        said = verdict(key, blank)
        reason = "not recorded whether the whole spine was scanned"
        assert (said.status, said.reason, said.seconds) == (S.MISSING, reason, None), key
    told = read_in(*scanned, suspicion=Suspicion.MSCC, scans=(mri(hours),))
    assert verdict("target_mri_24h", told).seconds == hours * 3600
    # CT ended this one: what is not known of an MRI that came later changes nothing.
    ct = mri(hours, modality="ct", contraindicated=True)
    both = read_in((MSCC, 0), (K.CT_PERFORMED, hours), scans=(ct, mri(50, whole=None)))
    assert verdict("target_mri_24h", both).seconds == hours * 3600


def test_what_was_suspected_nobody_knows_when_has_no_clock_on_record():
    told = (K.RECEIVED, 0), (K.TAKEN, 0.1), (K.ADVICE_GIVEN, 1), (K.MRI_PERFORMED, 9)
    cord = read_in(*told, suspicion=Suspicion.MSCC, scans=(mri(9),))
    bones = replace(cord, suspicion=Suspicion.SPINAL_METASTASES)
    for journey, keys in (
        (cord, ("target_contact_now", "target_mri_24h")),
        (bones, ("target_advice_24h", "target_mri_1wk")),
    ):
        for key in keys:
            said = verdict(key, journey)
            missing = (S.MISSING, "not recorded when it was suspected")
            assert (said.status, said.reason) == missing, key
    assert verdict("target_mri_1wk", cord).status is S.NOT_APPLICABLE
    assert verdict("target_mri_24h", bones).status is S.NOT_APPLICABLE
    # Whatever was suspected, a scan is owed its report.
    assert verdict("target_report_urgent", cord).status is S.MISSING
    assert verdict("target_stability_24h", cord).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("decided", "status"),
    [
        ((), S.NOT_APPLICABLE),
        (((K.DECISION_TO_TREAT, 9, {"urgent_radiotherapy": "indicated"}),), S.MISSING),
        (((K.DECISION_TO_TREAT, 9, {}),), S.NOT_APPLICABLE),
    ],
)
def test_radiotherapy_is_owed_only_to_those_for_whom_it_was_decided(decided, status):
    undated = read_in(*decided, suspicion=Suspicion.MSCC)
    assert verdict("target_rt_24h", undated).status is status


def test_a_time_before_its_start_is_flagged_in_an_audit_that_was_read_in():
    before = read_in((K.MRI_PERFORMED, -9), (K.TAKEN, -1), (MSCC, 0), (K.RECEIVED, 0))
    for key in ("target_mri_24h", "target_contact_now"):
        said = verdict(key, before)
        assert (said.status, said.flag) == (S.MISSING, "negative_interval"), key


def test_a_second_scan_without_a_report_has_none_on_record():
    told = ((K.MRI_PERFORMED, 0), (K.SCAN_REPORTED, 2), (K.CT_PERFORMED, 5))
    said = verdict("target_report_urgent", read_in(*told))
    assert (said.status, said.reason, said.flag) == (S.MISSING, "no end time on record", "")


def test_what_is_on_record_after_the_stay_is_measured_all_the_same():
    told = ((MSCC, 0), (K.RECEIVED, 0), (K.DISCHARGED, 0.1), (K.TAKEN, 0.2))
    said = verdict("target_contact_now", read_in(*told))
    assert (said.status, said.seconds) == (S.MET, 720)


def test_a_clock_that_stopped_before_it_started_is_no_pass():
    journey = clocked((MSCC, 0), (K.MRI_PERFORMED, 9))
    backwards = replace(journey.clocks[0], stopped_at=at(-1))
    said = verdict("target_mri_24h", replace(journey, clocks=(backwards,)))
    assert (said.status, said.flag) == (S.MISSING, "negative_interval")
