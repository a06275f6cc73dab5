"""QS56 at its edges: each case was worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audit.measures.journey import Care
from audit.measures.verdict import Status
from referrals.clinical.milestones import MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.times import LONDON
from tests.unit.measures.told import (
    METS,
    MSCC,
    at,
    decided,
    facts,
    found,
    gone,
    mri,
    suspected,
    verdict,
)

S = Status
DAY, WEEK = 86_400, 604_800


@pytest.mark.parametrize(
    ("after", "status"),
    [(0, S.MET), (DAY - 1, S.MET), (DAY, S.MET), (DAY + 1, S.NOT_MET)],
)
def test_24_hours_to_the_second_are_within_24_hours(after, status):
    said = verdict("qs56_3", suspected(mri(at(seconds=after))))
    assert (said.status, said.seconds) == (status, after)


def test_half_a_second_more_is_more():
    late = at(seconds=DAY) + timedelta(microseconds=500_000)
    assert verdict("qs56_3", suspected(mri(late))).status is S.NOT_MET


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        # In October an hour comes twice: 09:00 + 24 h is 08:00 on the wall.
        ((2026, 10, 24, 8), (2026, 10, 25, 8), S.MET),  # 09:00 BST to 08:00 GMT: 24 h
        ((2026, 10, 24, 8), (2026, 10, 25, 9), S.NOT_MET),  # to 09:00 GMT: 25 h
        # In March an hour is left out: from 09:00 GMT to 09:00 BST are 23 h.
        ((2026, 3, 28, 9), (2026, 3, 29, 8), S.MET),
        ((2026, 3, 28, 9), (2026, 3, 29, 9), S.MET),  # to 10:00 BST: 24 h
    ],
)
def test_hours_are_counted_not_read_off_the_wall(start, end, status):
    suspected_at, scanned_at = datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC)
    journey = suspected(
        mri(scanned_at), told=((MSCC, suspected_at),), received_at=suspected_at, as_of=scanned_at
    )
    said = verdict("qs56_3", journey)
    assert said.status is status
    # The same moments as London writes them, whatever zone a time comes in.
    local = suspected(
        mri(scanned_at.astimezone(LONDON)),
        told=((MSCC, suspected_at.astimezone(LONDON)),),
        received_at=suspected_at,
        as_of=scanned_at,
    )
    assert verdict("qs56_3", local) == said


def test_while_the_time_runs_nobody_has_failed():
    waiting = suspected(as_of=at(24))
    said = verdict("qs56_3", waiting)
    assert (said.status, said.until) == (S.RUNNING, at(seconds=DAY + 1))
    over = replace(waiting, as_of=said.until)
    assert verdict("qs56_3", over).reason == "still waiting"


def test_a_missing_start_is_missing_and_never_dropped():
    said = verdict("qs56_3", suspected(mri(5), told=()))
    assert (said.status, said.reason) == (S.MISSING, "no start time on record")


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        verdict("qs56_3", suspected(mri(at(21).replace(tzinfo=None))))


def test_a_scan_before_the_suspicion_is_flagged_and_never_a_pass():
    said = verdict("qs56_3", suspected(mri(-3)))
    assert (said.status, said.flag, said.seconds) == (S.MISSING, "negative_interval", None)


def test_a_scan_that_led_to_the_referral_says_nothing_of_waiting():
    said = verdict("qs56_3", suspected(mri(0), received_at=at(6)))
    assert (said.status, said.flag) == (S.MISSING, "scan_before_referral")


def test_an_old_scan_does_not_end_the_wait_for_the_one_that_is_wanted():
    assert verdict("qs56_3", suspected(mri(-48), as_of=at(3))).status is S.RUNNING
    assert verdict("qs56_3", suspected(mri(-48), mri(20))).seconds == 20 * 3600


def test_of_two_scans_the_first_of_the_whole_spine_counts():
    assert verdict("qs56_3", suspected(mri(30), mri(10))).seconds == 10 * 3600
    late = verdict("qs56_3", suspected(mri(10, whole=False), mri(30)))
    assert (late.status, late.seconds) == (S.NOT_MET, 30 * 3600)


def test_a_lumbar_scan_is_no_pass():
    said = verdict("qs56_3", suspected(mri(3, whole=False)))
    assert (said.status, said.reason) == (S.NOT_MET, "only part of the spine was scanned")


def test_a_scan_nobody_described_is_missing():
    assert verdict("qs56_3", suspected(mri(3, whole=None))).status is S.MISSING
    assert verdict("qs56_3", suspected(mri(3, whole=None), mri(4))).status is S.MET


def test_ct_stays_in_the_denominator():
    ct = mri(3, modality="ct", contraindicated=True)
    said = verdict("qs56_3", suspected(ct))
    assert (said.status, said.reason) == (S.NOT_MET, "CT, because MRI was contraindicated")


@pytest.mark.parametrize(
    ("deficit", "status"), [(Answer.NO, S.NOT_APPLICABLE), (Answer.NOT_KNOWN, S.MISSING)]
)
def test_not_known_is_never_no(deficit, status):
    assert verdict("qs56_3", suspected(mri(3), deficit=deficit)).status is status


@pytest.mark.parametrize(
    ("told", "scan", "status", "reason"),
    [
        # Judged down after 5 h, in time.
        (((MSCC, 0), (METS, 5)), (), S.EXCLUDED, "judged otherwise before the time was over"),
        (((MSCC, 0), (METS, 5)), (mri(4),), S.MET, ""),
        (((MSCC, 0), (METS, 5)), (mri(30),), S.EXCLUDED, None),
        # Judged down after 30 h: it was late by then.
        (((MSCC, 0), (METS, 30)), (), S.NOT_MET, "still waiting"),
    ],
)
def test_a_suspicion_given_up_in_time_is_excluded_with_its_reason(told, scan, status, reason):
    said = verdict("qs56_3", suspected(*scan, told=told))
    assert said.status is status
    assert reason in (None, said.reason)


def test_a_suspicion_that_came_back_counts_from_when_it_came_back():
    told = ((MSCC, 0), (METS, 5), (MSCC, 50))
    assert verdict("qs56_3", suspected(mri(60), told=told)).seconds == 10 * 3600


def test_compression_found_by_a_scan_had_not_been_suspected():
    told = ((METS, -20), (MSCC, 0, {"found_by": "scan"}))
    assert verdict("qs56_3", suspected(mri(0), told=told)).status is S.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("closed", "status", "reason"),
    [
        ({"state": "withdrawn", "closed_at": at(5)}, S.EXCLUDED, "withdrawn before"),
        ({"state": "redirected", "closed_at": at(5)}, S.EXCLUDED, "redirected before"),
        (gone(5, "died"), S.EXCLUDED, "died before"),
        (gone(24, "died"), S.EXCLUDED, "died before"),
        (gone(25, "died"), S.NOT_MET, "closed without it"),
        (gone(5), S.NOT_MET, "closed without it"),
    ],
)
def test_how_a_referral_ended_without_a_scan_is_told_apart(closed, status, reason):
    said = verdict("qs56_3", suspected(**closed))
    assert said.status is status
    assert said.reason.startswith(reason)


def pain(*scans, told=((METS, 0),), **others):
    given = {
        "suspicion": Suspicion.SPINAL_METASTASES,
        "deficit": Answer.NO,
        "deficit_at_referral": Answer.NO,
    }
    return facts(*told, **{**given, "scans": scans, **others})


@pytest.mark.parametrize(("after", "status"), [(WEEK, S.MET), (WEEK + 1, S.NOT_MET)])
def test_a_week_is_168_hours(after, status):
    assert verdict("qs56_2a", pain(mri(at(seconds=after)))).status is status


def test_signs_before_the_week_is_over_move_somebody_to_statement_3():
    told = ((METS, 0), (MSCC, 100))
    journey = pain(mri(110), told=told, deficit=Answer.YES, suspicion=Suspicion.MSCC)
    assert verdict("qs56_2a", journey).seconds == 110 * 3600  # scanned within the week all the same
    assert verdict("qs56_3", journey).seconds == 10 * 3600
    unscanned = replace(journey, scans=())
    assert verdict("qs56_2a", unscanned).status is S.EXCLUDED


def test_a_plan_is_necessary_when_imaging_found_something():
    plan = (decided(WEEK / 3600),)
    assert verdict("qs56_2b", pain(decisions=plan)).status is S.RUNNING
    assert verdict("qs56_2b", pain(confirmed="ruled_out")).status is S.NOT_APPLICABLE
    sick = {"confirmed": "spinal_metastases"}
    assert verdict("qs56_2b", pain(**sick, decisions=plan)).seconds == WEEK
    assert verdict("qs56_2b", pain(**sick)).status is S.NOT_MET
    assert verdict("qs56_2b", pain(**gone(30))).status is S.MISSING


def test_a_coordinator_assesses_and_takes():
    triaged = (MilestoneKind.TRIAGED, 1)
    assert verdict("qs56_4", suspected(told=((MSCC, 0), triaged))).status is S.MET
    assert verdict("qs56_4", suspected()).status is S.RUNNING
    assert verdict("qs56_4", suspected(**gone(9))).status is S.NOT_MET
    assert verdict("qs56_5", found((MilestoneKind.TAKEN, 1))).status is S.MET
    assert verdict("qs56_5", found(**gone(9))).status is S.NOT_MET
    assert verdict("qs56_5", suspected()).status is S.NOT_APPLICABLE


RT = MilestoneKind.RADIOTHERAPY_STARTED


@pytest.mark.parametrize(
    ("started", "status", "seconds"),
    [(34, S.MET, DAY), (35, S.NOT_MET, 25 * 3600), (9, S.MISSING, None)],
)
def test_radiotherapy_counts_from_the_decision(started, status, seconds):
    said = verdict("qs56_6", found((RT, started), decisions=(decided(10),)))
    assert (said.status, said.seconds) == (status, seconds)


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        (decided(10, "supportive", exception="poor_prognosis", exception_reason="weeks"), 4),
        (decided(10, exception="paralysis_pain_controlled", exception_reason="3 weeks"), 4),
        # Without its reason an exception excludes nobody.
        (decided(10, "supportive", exception="poor_prognosis"), 2),
        (decided(10, "supportive", exception="poor_prognosis", exception_reason="  "), 2),
        (decided(10, "supportive"), 2),
        (decided(10, "surgery"), 4),
    ],
)
def test_1_10_4_excludes_with_a_recorded_reason_only(decision, status):
    assert verdict("qs56_6", found(decisions=(decision,))).status == status


OPERATE = "surgery was decided on"


@pytest.mark.parametrize(
    ("surgery", "started", "status", "seconds", "reason"),
    [
        (20, None, S.EXCLUDED, None, OPERATE),
        (34, None, S.EXCLUDED, None, OPERATE),  # the last moment of the 24 hours
        (at(34, seconds=1), None, S.NOT_MET, None, "still waiting"),
        (400, 60, S.NOT_MET, 50 * 3600, ""),
        (30, 60, S.EXCLUDED, None, OPERATE),  # radiotherapy came after the operation
        (30, 20, S.MET, 10 * 3600, ""),  # and here before anybody thought of one
        (5, 30, S.EXCLUDED, None, OPERATE),  # decided before radiotherapy was
    ],
)
def test_surgery_decided_too_late_hides_no_missed_radiotherapy(
    surgery, started, status, seconds, reason
):
    # Radiotherapy was decided on at hour 10: its 24 hours end at hour 34.
    surgery_at = surgery if not isinstance(surgery, int) else at(surgery)
    operation = replace(decided(0, "surgery"), at=surgery_at)
    decisions = tuple(sorted((decided(10), operation), key=lambda each: each.at))
    told = () if started is None else ((RT, started),)
    said = verdict("qs56_6", found(*told, decisions=decisions))
    assert (said.status, said.seconds, said.reason) == (status, seconds, reason)


def test_radiotherapy_decided_after_all_is_judged_by_that_decision():
    waited = decided(10, "supportive", exception="poor_prognosis", exception_reason="weeks")
    said = verdict("qs56_6", found((RT, 60), decisions=(waited, decided(50))))
    assert said.seconds == 10 * 3600


def test_without_a_decision_there_is_nothing_to_count_from():
    assert verdict("qs56_6", found()).status is S.RUNNING
    assert verdict("qs56_6", found(**gone(80))).status is S.MISSING
    assert verdict("qs56_6", found(**gone(80, "died"))).status is S.EXCLUDED


def test_the_old_statement_6_counts_from_the_diagnosis():
    scan = mri(2, outcome="mscc", reported_at=at(4))
    journey = found((RT, 29), scans=(scan,), decisions=(decided(20),))
    assert verdict("qs56_6", journey).status is S.MET  # 9 h after the decision
    old = verdict("qs56_6_2014", journey)
    assert (old.status, old.seconds) == (S.NOT_MET, 25 * 3600)
    operated = found((MilestoneKind.SURGERY_PERFORMED, 28), scans=(scan,))
    assert verdict("qs56_6_2014", operated).seconds == DAY
    assert verdict("qs56_6_2014", found((RT, 3), scans=(scan,))).flag == "negative_interval"
    supported = found(scans=(scan,), decisions=(decided(20, "supportive"),))
    assert verdict("qs56_6_2014", supported).status is S.EXCLUDED


def test_a_death_in_hospital_is_shown_both_ways():
    died = found(**gone(200, "died"))
    assert verdict("qs56_7", died).status is S.NOT_MET
    assert verdict("qs56_7_alive", died).status is S.EXCLUDED


def test_a_plan_on_discharge_has_rehabilitation_in_it():
    home = found(**gone(200), care_plan_by="Dr A")
    assert verdict("qs56_7", home).reason == "plan without rehabilitation needs"
    arranged = replace(home, discharge_steps=frozenset({"rehabilitation"}))
    given = replace(home, care={"rehabilitation": Care("given", at(150))})
    for each in (arranged, given):
        assert verdict("qs56_7", each).status is S.MET
        assert verdict("qs56_7_alive", each).status is S.MET
    assert verdict("qs56_7", replace(arranged, care_plan_by="")).status is S.NOT_MET
    assert verdict("qs56_7", found()).status is S.RUNNING


def test_who_is_meant_by_each_statement():
    nobody = facts(deficit=Answer.YES)
    for key in ("qs56_2a", "qs56_2b", "qs56_3", "qs56_4", "qs56_5", "qs56_6", "qs56_6_2014"):
        assert verdict(key, nobody).status is S.NOT_APPLICABLE
    unknown = pain(confirmed="mscc", deficit_at_referral=Answer.NOT_KNOWN, deficit=Answer.YES)
    for key in ("qs56_2a", "qs56_2b"):
        assert verdict(key, unknown).status is S.MISSING
        # Never any signs so far: then there were none when referred.
        never = replace(unknown, deficit=Answer.NO)
        assert verdict(key, never).status is S.NOT_MET
        signs = replace(unknown, deficit_at_referral=Answer.YES)
        assert verdict(key, signs).status is S.NOT_APPLICABLE
        assert verdict(key, replace(never, milestones=())).reason == "no start time on record"


def test_the_old_statement_6_is_about_signs_and_about_treatment():
    key, scan = "qs56_6_2014", mri(2, outcome="mscc", reported_at=at(4))
    assert verdict(key, found(scans=(scan,), deficit=Answer.NO)).status is S.NOT_APPLICABLE
    assert verdict(key, found(scans=(scan,), deficit=Answer.NOT_KNOWN)).status is S.MISSING
    excepted = decided(9, exception="poor_prognosis", exception_reason="days")
    assert verdict(key, found(scans=(scan,), decisions=(excepted,))).status is S.EXCLUDED
    assert verdict(key, found(scans=(scan,), decisions=(decided(9),))).status is S.NOT_MET
    assert verdict(key, found((RT, 20))).reason == "no start time on record"


def test_an_exception_of_another_kind_excludes_with_its_reason():
    other = decided(9, exception="trial", exception_reason="randomised to wait")
    assert verdict("qs56_6", found(decisions=(other,))).reason == "1.10.4: reason as recorded"
