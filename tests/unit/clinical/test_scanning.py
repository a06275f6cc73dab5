from datetime import UTC, datetime, timedelta

import pytest

from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.scanning import (
    Booking,
    Modality,
    Scan,
    booking_needs,
    late_by,
    overnight,
    stops_mri_clock,
)
from tests.unit.clinical.facts import NO, NOT_KNOWN, YES

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_an_mri_of_the_whole_spine_stops_the_clock():
    judged = stops_mri_clock(Scan(Modality.MRI, YES))
    assert (judged.kind, judged.stops) == (MilestoneKind.MRI_PERFORMED, True)


@pytest.mark.parametrize("whole", [NO, NOT_KNOWN])
def test_an_mri_that_may_have_left_a_part_out_does_not_stop_the_clock(whole):
    judged = stops_mri_clock(Scan(Modality.MRI, whole))
    assert (judged.kind, judged.stops) == (MilestoneKind.MRI_INCOMPLETE, False)
    assert "1.5.5" in judged.numbers


def test_ct_stops_the_clock_only_when_mri_is_contraindicated_and_the_record_says_why():
    instead = stops_mri_clock(Scan(Modality.CT, YES, "pacemaker"))
    assert (instead.kind, instead.stops) == (MilestoneKind.CT_PERFORMED, True)
    for reason in ("", "  "):
        judged = stops_mri_clock(Scan(Modality.CT, YES, reason))
        assert (judged.kind, judged.stops) == (None, False)
        assert judged.numbers == ("1.5.7",)


def test_ct_of_a_part_of_the_spine_does_not_stop_the_clock():
    judged = stops_mri_clock(Scan(Modality.CT, NO, "pacemaker"))
    assert (judged.kind, judged.stops) == (None, False)
    assert "whole spine" in judged.why


def fields(**more):
    return [need.field for need in booking_needs(Booking(**{"slot_at": NOON, **more}))]


def test_a_local_slot_by_day_and_in_time_needs_no_explanation():
    assert fields(due_at=NOON) == []


def test_a_transfer_to_a_tertiary_centre_needs_its_reason():
    assert fields(tertiary_transfer=True) == ["transfer_reason"]
    assert fields(tertiary_transfer=True, transfer_reason=" ") == ["transfer_reason"]
    assert fields(tertiary_transfer=True, transfer_reason="No local scanner today") == []


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(19, 59, False), (20, 0, True), (3, 0, True), (7, 59, True), (8, 0, False)],
)
def test_a_slot_between_eight_and_eight_is_overnight(hour, minute, night):
    slot = NOON.replace(hour=hour, minute=minute)
    assert overnight(slot) is night
    assert fields(slot_at=slot) == (["overnight_reason"] if night else [])
    assert fields(slot_at=slot, overnight_reason="Surgeon waiting") == []


def test_night_is_by_the_clock_on_the_wall_in_summer_too():
    assert overnight(datetime(2027, 7, 1, 19, 0, tzinfo=UTC))
    assert not overnight(datetime(2027, 7, 1, 7, 0, tzinfo=UTC))


def test_a_slot_past_the_target_says_by_how_much_and_asks_why():
    booking = Booking(NOON, due_at=NOON - timedelta(hours=3, minutes=5))
    assert late_by(booking) == "3 h 05 min"
    (need,) = booking_needs(booking)
    assert need.field == "late_reason"
    assert need.sentence.startswith("This slot is 3 h 05 min past the target.")
    assert fields(due_at=NOON - timedelta(minutes=1), late_reason="Scanner down") == []


def test_everything_a_booking_has_to_explain_is_asked_at_once():
    slot = NOON.replace(hour=23)
    assert fields(slot_at=slot, due_at=NOON, tertiary_transfer=True) == [
        "transfer_reason",
        "overnight_reason",
        "late_reason",
    ]
