"""Scans: which counts, from when, where and when in the day. Each case was worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audit.measures.verdict import Status
from referrals.clinical.milestones import MilestoneKind as K
from referrals.clinical.milestones import Suspicion
from tests.unit.measures.told import METS, MSCC, at, facts, gone, mri, suspected, verdict

S = Status
HOUR = 3600


def test_three_starts_give_three_times():
    # Suspected at noon, referred at 15:00, taken at 16:00, scanned at noon of the day after.
    told = ((MSCC, 0), (K.TAKEN, 4))
    journey = suspected(mri(24), told=told, received_at=at(3))
    assert verdict("mri_24h_suspicion", journey).seconds == 24 * HOUR
    assert verdict("mri_24h_referral", journey).seconds == 21 * HOUR
    assert verdict("mri_24h_contact", journey).seconds == 20 * HOUR


def test_suspected_only_later_it_counts_from_then():
    journey = suspected(mri(60), told=((MSCC, 50), (K.TAKEN, 1)))
    for key in ("mri_24h_suspicion", "mri_24h_referral", "mri_24h_contact"):
        assert verdict(key, journey).seconds == 10 * HOUR


def test_a_scan_before_the_referral_is_flagged():
    journey = suspected(mri(2), received_at=at(6))
    assert verdict("mri_24h_suspicion", journey).seconds == 2 * HOUR
    said = verdict("mri_24h_referral", journey)
    assert (said.status, said.flag) == (S.MISSING, "negative_interval")
    # Nobody has taken it yet; and when it is over and nobody has, that clock never began.
    assert verdict("mri_24h_contact", journey).status is S.RUNNING
    assert verdict("mri_24h_contact", replace(journey, **gone(50))).status is S.MISSING


def test_nobody_waited_for_a_scan_that_was_made_for_something_else():
    journey = suspected(mri(0), told=((MSCC, 0, {"found_by": "scan"}),))
    for key in ("mri_24h_suspicion", "mri_24h_referral", "mri_24h_contact"):
        assert verdict(key, journey).status is S.NOT_APPLICABLE


def test_a_week_counts_from_the_first_suspicion_also_after_it_was_judged_down():
    told = ((MSCC, 0), (METS, 10, {"since": at().isoformat()}))
    week = facts(*told, suspicion=Suspicion.SPINAL_METASTASES, scans=(mri(168),))
    assert verdict("mri_1wk_suspicion", week).seconds == 168 * HOUR
    late = replace(week, scans=(mri(at(168, seconds=1)),))
    assert verdict("mri_1wk_suspicion", late).status is S.NOT_MET


def test_a_judgement_told_later_replaces_the_one_it_reaches_behind():
    # Metastases on Monday (told first), signs found on Sunday (told after).
    journey = suspected(mri(20), told=((METS, 10), (MSCC, 0)))
    assert verdict("mri_24h_suspicion", journey).seconds == 20 * HOUR
    assert verdict("mri_1wk_suspicion", journey).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("scans", "status"),
    [
        ((mri(3),), S.MET),
        ((mri(3, whole=False), mri(9)), S.NOT_MET),
        ((mri(3, whole=None),), S.MISSING),
        ((mri(None),), S.NOT_APPLICABLE),
    ],
)
def test_the_first_mri_is_of_the_whole_spine(scans, status):
    assert verdict("whole_spine", suspected(*scans)).status is status


def test_ct_is_reported_by_itself_with_the_limit_of_what_was_suspected():
    ct = mri(30, modality="ct", contraindicated=True)
    assert verdict("ct_pathway", suspected(ct)).status is S.NOT_MET
    slow = facts((METS, 0), suspicion=Suspicion.SPINAL_METASTASES, scans=(ct,))
    assert verdict("ct_pathway", slow).seconds == 30 * HOUR
    assert verdict("ct_pathway", suspected(mri(3))).status is S.NOT_APPLICABLE
    # A CT of part of the spine is none that counts.
    part = replace(ct, whole_spine=False)
    assert verdict("ct_pathway", suspected(part)).status is S.NOT_MET


@pytest.mark.parametrize(
    ("scan", "status", "reason"),
    [
        (mri(3, transferred=False), S.MET, ""),
        (mri(3, transferred=True), S.NOT_MET, "transferred, no reason given"),
        (mri(3, transferred=True, transfer_reason="scanner"), S.NOT_MET, "with a reason"),
        (mri(3), S.MISSING, "not recorded where it was scanned"),
    ],
)
def test_a_transfer_is_told_with_its_reason(scan, status, reason):
    said = verdict("mri_local", suspected(scan))
    assert said.status is status
    assert said.reason.endswith(reason)


def summer(hour: int, **others):
    return mri(datetime(2026, 6, 9, hour, tzinfo=UTC), **others)


def winter(hour: int):
    return mri(datetime(2026, 12, 9, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("scans", "status"),
    [
        ((summer(18),), S.MET),  # 19:00 in London
        ((summer(19),), S.NOT_MET),  # 20:00
        ((winter(19),), S.MET),  # 19:00
        ((winter(20),), S.NOT_MET),
        ((summer(7),), S.MET),  # 08:00
        ((winter(7),), S.NOT_MET),  # 07:00
        ((summer(2, overnight_reason="surgeons wait"),), S.MET),
        ((summer(12), summer(2)), S.NOT_MET),
        ((), S.NOT_APPLICABLE),
    ],
)
def test_night_is_read_off_the_wall(scans, status):
    assert verdict("mri_overnight", suspected(*scans)).status is status


def test_no_audit_that_was_read_in_can_give_a_reason_for_the_night():
    night = verdict("mri_overnight", suspected(summer(2), imported=True, **gone(90)))
    assert (night.status, night.reason) == (S.MISSING, "not in the audit that was read in")
    by_day = suspected(summer(12), imported=True, **gone(90))
    assert verdict("mri_overnight", by_day).status is S.MET


@pytest.mark.parametrize(("after", "status"), [(4 * HOUR, S.MET), (4 * HOUR + 1, S.NOT_MET)])
def test_a_report_counts_from_the_scan(after, status):
    scan = mri(10, reported_at=at(10, seconds=after))
    assert verdict("report_4h", suspected(scan)).status is status


def test_of_several_scans_the_report_on_the_whole_spine_counts():
    part = mri(1, whole=False, reported_at=at(2))
    whole = mri(10, reported_at=at(20))
    assert verdict("report_4h", suspected(part, whole)).seconds == 10 * HOUR
    assert verdict("report_4h", suspected(whole, part)).seconds == 10 * HOUR
    assert verdict("report_4h", suspected(mri(5, reported_at=at(4)))).flag == "negative_interval"
    assert verdict("report_4h", suspected(mri(5), as_of=at(6))).until == at(9, seconds=1)


def test_milestones_alone_tell_of_scans_too():
    told = ((MSCC, 0), (K.MRI_INCOMPLETE, 2), (K.MRI_PERFORMED, 9))
    assert verdict("mri_24h_suspicion", suspected(told=told)).seconds == 9 * HOUR
    ct = suspected(told=((MSCC, 0), (K.CT_PERFORMED, 2)))
    assert verdict("qs56_3", ct).reason == "CT, because MRI was contraindicated"


def test_in_an_audit_that_was_read_in_nobody_knows_what_was_not_written():
    blank = suspected(imported=True, **gone(90))
    assert verdict("mri_24h_suspicion", blank).status is S.MISSING
    assert verdict("qs56_4", blank).status is S.MISSING


def test_what_was_only_booked_was_not_scanned():
    booked = suspected(mri(None), mri(None, modality="ct", contraindicated=True))
    for key in ("whole_spine", "mri_local", "mri_overnight", "report_4h"):
        assert verdict(key, booked).status is S.NOT_APPLICABLE
    # Contraindicated and only booked: its time ran out.
    assert verdict("ct_pathway", booked).status is S.NOT_MET


def test_without_a_start_nothing_is_timed():
    week = facts(suspicion=Suspicion.SPINAL_METASTASES, scans=(mri(3),))
    assert verdict("mri_1wk_suspicion", week).reason == "no start time on record"
    ct = mri(3, modality="ct", contraindicated=True)
    assert verdict("ct_pathway", replace(week, scans=(ct,))).status is S.MISSING
    assert verdict("ct_pathway", facts(scans=(ct,))).status is S.NOT_APPLICABLE
    untimed = suspected(mri(None, reported_at=at(9)))
    assert verdict("report_4h", untimed).reason == "no start time on record"
    assert verdict("mri_24h_suspicion", untimed).reason == "no time of the scan on record"
    assert verdict("mri_24h_suspicion", replace(untimed, as_of=at(9))).status is S.RUNNING


def test_a_scan_that_waits_for_its_report_does_not_hide_another():
    first, second = mri(3, whole=False), mri(8, whole=False, reported_at=at(9))
    late = verdict("report_4h", suspected(second, first, **gone(60)))
    assert (late.status, late.reason) == (S.NOT_MET, "closed without it")


def test_a_suspicion_that_ended_is_no_suspicion():
    ended = facts((K.SUSPICION_ENDED, 3), scans=(mri(9),))
    for key in ("mri_24h_suspicion", "mri_1wk_suspicion"):
        assert verdict(key, ended).status is S.NOT_APPLICABLE
