"""What became of people: each case was worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.measures.followed import followed
from audit.measures.journey import Examined, Later
from audit.measures.verdict import Status
from referrals.clinical.milestones import MilestoneKind as K
from referrals.clinical.presentation import Answer
from tests.unit.measures.told import at, facts, found, gone, mri, suspected, verdict

S = Status
YES, NO = Answer.YES, Answer.NO
# Discharged on Wednesday 10 June 2026 at 13:00 in London; 30 days later is Friday 10 July.
HOME = gone(48)


def seen(day: int, **found_then) -> Later:
    given = {"reached": YES, "alive": YES, **found_then}
    return Later(day, at(48 + 24 * day), **given)


def dead(on: date, day: int = 30) -> Later:
    return Later(day, at(48 + 24 * day), YES, NO, on)


@pytest.mark.parametrize(
    ("later", "at_30", "at_90"),
    [
        ((seen(30), seen(90)), S.MET, S.MET),
        ((seen(90),), S.MET, S.MET),
        ((seen(30),), S.MET, S.MISSING),
        ((dead(date(2026, 7, 10)),), S.NOT_MET, S.NOT_MET),  # day 30 itself
        ((dead(date(2026, 7, 11), 90),), S.MET, S.NOT_MET),
        ((dead(date(2026, 9, 9), 90),), S.MET, S.MET),  # day 91
        ((Later(90, at(2300), YES, NO),), S.MISSING, S.NOT_MET),  # nobody knows when
        ((seen(30), Later(90, at(2300), YES, NO)), S.MET, S.NOT_MET),
        ((Later(30, at(800), NO),), S.MISSING, S.MISSING),
        ((), S.MISSING, S.MISSING),
    ],
)
def test_alive_on_a_day(later, at_30, at_90):
    journey = found(later=later, **HOME)
    assert verdict("alive_30", journey).status is at_30
    assert verdict("alive_90", journey).status is at_90


def test_a_death_in_hospital_counts_and_one_that_cannot_be_is_flagged():
    assert verdict("alive_30", found(**gone(48, "died"))).reason == "died in hospital"
    before = found(later=(dead(date(2026, 6, 7)),), **HOME)
    assert verdict("alive_30", before).flag == "death_before_referral"
    inside = found(later=(dead(date(2026, 6, 9)),), **HOME)
    assert verdict("alive_30", inside).flag == "negative_interval"


def test_days_count_from_the_discharge_not_from_when_it_was_written_down():
    # Discharged on 10 June, recorded on 20 June, died on 15 July: 35 days after.
    journey = found((K.DISCHARGED, 48), later=(dead(date(2026, 7, 15)),), **gone(288))
    assert verdict("alive_30", journey).status is S.MET


def test_a_follow_up_is_waited_for_until_14_days_after_it_was_due():
    early = found(as_of=at(49), **HOME)
    until = at(48) + timedelta(days=44)
    assert (verdict("alive_30", early).status, verdict("alive_30", early).until) == (
        S.RUNNING,
        until,
    )
    assert verdict("alive_30", replace(early, as_of=until)).status is S.MISSING
    assert verdict("alive_30", found()).status is S.RUNNING
    assert verdict("alive_30", suspected(**HOME)).status is S.NOT_APPLICABLE
    assert verdict("alive_30", found(state="redirected", closed_at=at(9))).status == 3


@pytest.mark.parametrize(
    ("mobility", "status"),
    [
        ("walks_unaided", S.MET),
        ("walks_with_aid", S.MET),
        ("walks_with_help", S.NOT_MET),
        ("cannot_walk", S.NOT_MET),
        ("not_known", S.MISSING),
        ("", S.MISSING),
    ],
)
def test_walking_is_without_another_person(mobility, status):
    journey = found(later=(seen(30, mobility=mobility),), **HOME)
    assert verdict("walking_30", journey).status is status
    assert verdict("walking_30", found(later=(dead(date(2026, 7, 1)),), **HOME)).status == 4
    assert verdict("walking_30", replace(journey, confirmed="spinal_metastases")).status == 3


def test_of_two_follow_ups_of_a_day_the_last_holds():
    first, last = seen(30, mobility="cannot_walk"), seen(30, mobility="walks_with_aid")
    last = replace(last, at=first.at + timedelta(hours=1))
    assert verdict("walking_30", found(later=(last, first), **HOME)).status is S.MET


@pytest.mark.parametrize(
    ("before", "kept", "regained"),
    [
        ("walks_with_aid", S.MET, S.NOT_APPLICABLE),
        ("walks_with_help", S.NOT_APPLICABLE, S.MET),
        ("not_known", S.MISSING, S.MISSING),
    ],
)
def test_walking_is_compared_with_how_the_person_came(before, kept, regained):
    journey = found(
        (K.SURGERY_PERFORMED, 20),
        examined=(Examined(at(1), before), Examined(at(30), "cannot_walk")),
        later=(seen(30, mobility="walks_with_aid"),),
        **HOME,
    )
    assert verdict("walking_kept_30", journey).status is kept
    assert verdict("walking_regained_30", journey).status is regained


@pytest.mark.parametrize(
    ("later", "continent", "pain", "place"),
    [
        ({"continence": "continent", "pain": 3, "place_of_care": "home"}, S.MET, S.MET, "home"),
        ({"continence": "catheter", "pain": 4, "place_of_care": "hospice"}, 2, 2, "hospice"),
        ({}, S.MISSING, S.MISSING, ""),
    ],
)
def test_continence_pain_and_place(later, continent, pain, place):
    journey = found(later=(seen(90, **later),), **HOME)
    assert verdict("continent_90", journey).status == continent
    assert verdict("little_pain_90", journey).status == pain
    assert verdict("little_pain_90", journey).amount == later.get("pain")
    assert verdict("place_of_care_90", journey).label == place
    for key in ("continent_30", "little_pain_30", "place_of_care_30"):
        assert verdict(key, journey).status is S.MISSING


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        ({"weakest": 3}, {"weakest": 3}, "the same"),
        ({"weakest": 3}, {"weakest": 4}, "better"),
        ({"weakest": 3, "mobility": "walks_with_aid"}, {"weakest": 4, "mobility": "x"}, "better"),
        ({"weakest": 4, "bladder": NO}, {"weakest": 5, "bladder": YES}, "worse"),
        ({"frankel": "C"}, {"frankel": "D"}, "better"),
        ({"frankel": "C"}, {"frankel": "B"}, "worse"),
        ({"mobility": "walks_with_aid"}, {"mobility": "cannot_walk"}, "worse"),
    ],
)
def test_neurology_from_referral_to_treatment(first, last, label):
    examined = (Examined(at(1), **first), Examined(at(19), **last), Examined(at(30), weakest=0))
    journey = found((K.SURGERY_PERFORMED, 20), examined=examined)
    said = verdict("neurology_until_treatment", journey)
    assert said.label == label
    assert said.status is (S.NOT_MET if label == "worse" else S.MET)


def test_neurology_that_cannot_be_compared_is_missing():
    key, treated = "neurology_until_treatment", (K.SURGERY_PERFORMED, 20)
    apart = (Examined(at(1), weakest=3), Examined(at(2), frankel="C"))
    # What was examined twice is compared, whatever was looked at in between.
    mixed = (*apart, Examined(at(4), weakest=2), Examined(at(5), bowel=NO))
    assert verdict(key, found(treated, examined=mixed)).label == "worse"
    assert verdict(key, found(treated, examined=apart)).status is S.MISSING
    assert verdict(key, found(treated, examined=apart[:1])).status is S.MISSING
    assert verdict(key, found(**gone(90))).status is S.EXCLUDED
    assert verdict(key, found()).status is S.RUNNING


@pytest.mark.parametrize(
    ("journey", "days", "died"),
    [
        (found(later=(seen(30),), **HOME), 32, False),
        (found(later=(seen(30), dead(date(2026, 8, 1), 90)), **HOME), 54, True),
        (found(**HOME), 2, False),
        (found(**gone(48, "died")), 2, True),
        (found((K.TRIAGED, 50)), None, False),
        (found(later=(dead(date(2026, 6, 7)),), **HOME), None, False),
        # Told of on 12 September, at 2300 hours after noon: 96 days after the referral, at most.
        (found(later=(Later(90, at(2300), YES, NO),), **HOME), 96, True),
        (found((K.DISCHARGED, 48), **gone(120)), 2, False),  # written down three days later
        (found(state="redirected", closed_at=at(9)), None, False),
        (facts(), None, False),
    ],
)
def test_how_long_somebody_was_followed(journey, days, died):
    assert followed(journey) == (days, died)


def read_in(*told, **others):
    """A row of an audit that does not say when the stay ended: it is over when it is looked at."""
    given = {"imported": True, "state": "discharged", "closed_at": at(24 * 400)}
    return found(*told, **{**given, "destination": "home", **others})


@pytest.mark.parametrize(
    ("journey", "days", "died"),
    [
        (read_in(), None, False),
        (read_in(destination="died"), None, False),
        (read_in(destination="died", later=(Later(30, at(720), YES, NO),)), None, False),
        # Died on 20 June, 12 days after the referral of 8 June.
        (read_in(destination="died", later=(dead(date(2026, 6, 20)),)), 12, True),
        (read_in(later=(dead(date(2026, 6, 20)),)), 12, True),
        # Alive 30 days after leaving: so at least 30 days after they came.
        (read_in(later=(Later(30, at(720), YES, YES),)), 30, False),
        (read_in((K.DISCHARGED, 48)), 2, False),
        (read_in((K.DISCHARGED, 48), destination="died"), 2, True),
    ],
)
def test_the_day_an_audit_was_read_in_is_nobody_s_day_of_leaving(journey, days, died):
    assert followed(journey) == (days, died)


@pytest.mark.parametrize(
    ("later", "at_30", "at_90"),
    [
        ((), S.MISSING, S.MISSING),
        # Died on day 12 after coming: dead 30 days after leaving, whenever that was.
        ((dead(date(2026, 6, 20)),), S.NOT_MET, S.NOT_MET),
        # On day 30 (8 July), and a day later: by then some had left less than 30 days before.
        ((dead(date(2026, 7, 8)),), S.NOT_MET, S.NOT_MET),
        ((dead(date(2026, 7, 9)),), S.MISSING, S.NOT_MET),
        ((Later(30, at(720), YES, YES), dead(date(2026, 8, 1), 90)), S.MET, S.NOT_MET),
        ((Later(30, at(720), YES, YES),), S.MET, S.MISSING),
    ],
)
def test_without_a_day_of_leaving_only_what_holds_for_any_is_said(later, at_30, at_90):
    journey = read_in(later=later)
    assert verdict("alive_30", journey).status is at_30
    assert verdict("alive_90", journey).status is at_90
    assert verdict("alive_30", read_in(destination="died")).reason == "died in hospital"
    # Missing for good, also on the day the audit is read in: nobody is asked any more.
    assert verdict("alive_30", replace(read_in(), as_of=at(1), closed_at=at(1))).status == 5


def test_nobody_is_followed_by_a_scan_alone():
    assert followed(suspected(mri(3), told=())) == (None, False)


def test_a_death_on_the_day_of_the_referral_can_be():
    journey = found(later=(dead(date(2026, 6, 8)),), **gone(2))
    assert verdict("alive_30", journey).reason == "died after discharge"
    assert followed(journey) == (0, True)


def test_an_examination_at_the_very_start_of_treatment_is_of_before_it():
    examined = (Examined(at(20), "walks_with_aid"),)
    journey = found((K.SURGERY_PERFORMED, 20), examined=examined)
    assert verdict("mobility_at_referral", journey).label == "walks_with_aid"
