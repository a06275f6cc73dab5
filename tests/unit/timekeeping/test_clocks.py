"""What the milestones say about the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.clinical.library import target, targets
from referrals.clinical.milestones import Fact, MilestoneKind
from scheduling.timekeeping.clocks import ClockState, Judged, judge, next_due

K = MilestoneKind
NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def fact(kind: MilestoneKind, hours: float = 0, told: float | None = None, **details) -> Fact:
    """A fact `hours` after nine, told then unless `told` (in hours) says when."""
    order = int((hours if told is None else told) * 3600) + 10**7
    return Fact(kind, NINE + timedelta(hours=hours), order, details)


def of(kind: str, *facts: Fact) -> list[Judged]:
    return [clock for clock in judge(facts, targets()) if clock.kind == kind]


def only(kind: str, *facts: Fact) -> Judged:
    (clock,) = of(kind, *facts)
    return clock


REFERRED = (fact(K.MSCC_SUSPECTED), fact(K.RECEIVED))
WEEKLY = (fact(K.METASTASES_SUSPECTED), fact(K.RECEIVED))


def test_the_mri_clock_starts_when_suspicion_arose_and_not_when_the_referral_came():
    clock = only("mri_24h", fact(K.MSCC_SUSPECTED, -5), fact(K.RECEIVED))

    assert clock.started_at == NINE - timedelta(hours=5)
    assert clock.due_at == NINE + timedelta(hours=19)


def test_a_scan_at_the_very_moment_it_is_due_is_in_time():
    assert only("mri_24h", *REFERRED, fact(K.MRI_PERFORMED, 24)).state is ClockState.MET


def test_a_scan_a_second_later_is_not():
    late = fact(K.MRI_PERFORMED, 24 + 1 / 3600)

    assert only("mri_24h", *REFERRED, late).state is ClockState.MISSED


@pytest.mark.parametrize("kind", [K.MRI_BOOKED, K.MRI_INCOMPLETE, K.SCAN_REPORTED, K.TRIAGED])
def test_nothing_but_the_scan_stops_the_mri_clock(kind):
    assert only("mri_24h", *REFERRED, fact(kind, 1)).state is ClockState.RUNNING


def test_ct_stops_it_when_it_took_the_place_of_mri():
    assert only("mri_24h", *REFERRED, fact(K.CT_PERFORMED, 3)).state is ClockState.MET


def test_new_signs_supersede_the_week_and_start_a_day_from_when_they_were_found():
    facts = (*WEEKLY, fact(K.NEW_SIGNS_REPORTED, 32), fact(K.MSCC_SUSPECTED, 30, told=32))

    assert only("mri_1wk", *facts).state is ClockState.SUPERSEDED
    assert only("mri_24h", *facts).due_at == NINE + timedelta(hours=54)
    assert only("contact_now", *facts).started_at == NINE + timedelta(hours=32)


def test_signs_found_before_the_metastases_were_suspected_still_win():
    facts = (*WEEKLY, fact(K.MSCC_SUSPECTED, -10, told=20))

    assert only("mri_24h", *facts).state is ClockState.RUNNING
    assert only("mri_1wk", *facts).state is ClockState.SUPERSEDED


def test_judged_down_at_triage_the_week_counts_from_the_first_suspicion():
    down = fact(K.METASTASES_SUSPECTED, 2, since=NINE.isoformat())
    facts = (*REFERRED, down)

    assert only("mri_24h", *facts).state is ClockState.SUPERSEDED
    assert only("mri_1wk", *facts).due_at == NINE + timedelta(days=7)


def test_judged_down_at_triage_the_advice_is_owed_within_a_day_of_the_referral():
    down = fact(K.METASTASES_SUSPECTED, 2, since=NINE.isoformat())

    assert only("advice_24h", *REFERRED, down).due_at == NINE + timedelta(hours=24)
    assert of("advice_24h", *REFERRED, fact(K.ADVICE_GIVEN, 1), down) == []


def test_whoever_takes_it_and_judges_it_down_in_one_breath_was_in_time():
    at_once = (fact(K.TAKEN, 0.1, told=1), fact(K.TRIAGED, 0.1, told=1.1))
    down = fact(K.METASTASES_SUSPECTED, 0.1, told=1.2, since=NINE.isoformat())
    received = (fact(K.MSCC_SUSPECTED, 0, told=0), fact(K.RECEIVED, 0, told=0.1))

    assert only("contact_now", *received, *at_once, down).state is ClockState.MET


def test_a_call_that_is_taken_while_it_is_keyed_in_was_in_time():
    told = (fact(K.MSCC_SUSPECTED, 0, 0), fact(K.RECEIVED, 0, 0.1), fact(K.TAKEN, 0, 0.2))

    assert only("contact_now", *told).state is ClockState.MET


def test_a_target_that_had_passed_unmet_is_missed_whatever_ended_it():
    assert only("mri_24h", *REFERRED, fact(K.DISCHARGED, 30)).state is ClockState.MISSED


def test_a_referral_withdrawn_in_time_excepts_its_clocks():
    clock = only("mri_24h", *REFERRED, fact(K.WITHDRAWN, 3))

    assert (clock.state, clock.reason) == (ClockState.EXCEPTED, "withdrawn")


def test_reopening_resumes_what_closing_ended_and_the_hours_between_count():
    facts = (*REFERRED, fact(K.WITHDRAWN, 3), fact(K.REOPENED, 10))
    clock = only("mri_24h", *facts)

    assert clock.state is ClockState.RUNNING
    assert clock.due_at == NINE + timedelta(hours=24)


def test_reopening_does_not_restart_what_was_met():
    facts = (*REFERRED, fact(K.MRI_PERFORMED, 2), fact(K.DISCHARGED, 3), fact(K.REOPENED, 10))

    assert only("mri_24h", *facts).state is ClockState.MET


def test_a_second_suspicion_after_the_scan_starts_a_second_clock():
    facts = (*REFERRED, fact(K.MRI_PERFORMED, 2), fact(K.MSCC_SUSPECTED, 50))

    assert [c.state for c in of("mri_24h", *facts)] == [ClockState.MET, ClockState.RUNNING]


def decided(hours: float, urgent: str, **details) -> Fact:
    return fact(K.DECISION_TO_TREAT, hours, urgent_radiotherapy=urgent, **details)


def test_radiotherapy_counts_from_the_decision_to_treat():
    facts = (*REFERRED, decided(5, "indicated"), fact(K.RADIOTHERAPY_STARTED, 20))
    clock = only("rt_24h", *facts)

    assert clock.started_at == NINE + timedelta(hours=5)
    assert clock.state is ClockState.MET


def test_an_exception_of_1_10_4_is_on_record_as_a_clock_that_was_excepted():
    clock = only("rt_24h", *REFERRED, decided(5, "excepted", exception="poor_prognosis"))

    assert (clock.state, clock.reason) == (ClockState.EXCEPTED, "poor_prognosis")


def test_surgery_instead_starts_no_radiotherapy_clock_and_replaces_one_that_ran():
    assert of("rt_24h", *REFERRED, decided(5, "not_expected")) == []
    both = (*REFERRED, decided(5, "indicated"), decided(7, "not_expected"))
    assert only("rt_24h", *both).state is ClockState.SUPERSEDED


def test_immobilisation_that_ended_before_advice_excepts_the_stability_clock():
    facts = (fact(K.IMMOBILISATION_STARTED), fact(K.IMMOBILISATION_ENDED, 4))

    assert only("stability_24h", *facts).state is ClockState.EXCEPTED


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        (datetime(2027, 3, 27, 9, 0, tzinfo=LONDON), (28, 10, "BST")),
        (datetime(2026, 10, 24, 9, 0, tzinfo=LONDON), (25, 8, "GMT")),
        (datetime(2028, 2, 28, 23, 30, tzinfo=LONDON), (29, 23, "GMT")),
    ],
)
def test_twenty_four_hours_are_86400_seconds_whatever_the_wall_clock_does(start, shown):
    begun = start.astimezone(UTC)
    clock = only("mri_24h", Fact(K.MSCC_SUSPECTED, begun, 1))

    assert (clock.due_at - clock.started_at).total_seconds() == 86_400
    local = clock.due_at.astimezone(LONDON)
    assert (local.day, local.hour, local.tzname()) == shown


def test_what_is_due_first_is_next():
    clocks = judge((*REFERRED, fact(K.IMMOBILISATION_STARTED, -20)), targets())

    assert [c.kind for c in clocks] == ["stability_24h", "contact_now", "mri_24h"]
    first = next_due(clocks)
    assert first is not None
    assert first.kind == "contact_now"


kinds = st.sampled_from(sorted(K))
moments = st.integers(min_value=-500, max_value=500)
stories = st.lists(st.tuples(kinds, moments, moments), max_size=14)


def told(story) -> list[Fact]:
    details = {K.DECISION_TO_TREAT: {"urgent_radiotherapy": "indicated"}}
    return [fact(kind, h, told=t, **details.get(kind, {})) for kind, h, t in story]


@given(stories)
def test_any_story_leaves_at_most_one_clock_of_a_kind_running(story):
    running = [c.kind for c in judge(told(story), targets()) if c.state is ClockState.RUNNING]

    assert len(running) == len(set(running))


@given(stories, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_arrive_does_not_matter(story, random):
    facts = told(story)
    shuffled = facts[:]
    random.shuffle(shuffled)
    # Facts that are equal in every time have no order of their own to keep.
    if len({(f.occurred_at, f.told) for f in facts}) == len(facts):
        assert judge(facts, targets()) == judge(shuffled, targets())


@given(stories)
def test_a_clock_never_stops_before_it_started_and_due_is_start_plus_target(story):
    for clock in judge(told(story), targets()):
        assert clock.stopped_at is None or clock.stopped_at >= clock.started_at
        assert clock.due_at - clock.started_at == timedelta(seconds=target(clock.kind).within_s)
        late = clock.stopped_at is not None and clock.stopped_at > clock.due_at
        assert late == (clock.state is ClockState.MISSED)
