"""The timed targets as their clocks have them."""

from dataclasses import replace

import pytest

from audit.measures.journey import Breached
from audit.measures.verdict import Status
from referrals.clinical.library import targets
from referrals.clinical.milestones import MilestoneKind as K
from tests.unit.measures.told import METS, MSCC, at, clocked, verdict

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


def test_a_clock_that_stopped_before_it_started_is_no_pass():
    journey = clocked((MSCC, 0), (K.MRI_PERFORMED, 9))
    backwards = replace(journey.clocks[0], stopped_at=at(-1))
    said = verdict("target_mri_24h", replace(journey, clocks=(backwards,)))
    assert (said.status, said.flag) == (S.MISSING, "negative_interval")
