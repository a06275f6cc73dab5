"""Who is told next, and who covers whom."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduling.timekeeping.cover import Turn, covering
from scheduling.timekeeping.ladder import BREACH, LADDERS, Ladder, begin, climb

NINE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_a_breach_goes_to_the_coordinator_then_to_the_senior_clinician_and_round_again():
    place = begin(BREACH, NINE)
    roles = [BREACH.rungs[place.rung].roles[0]]
    for _ in range(3):
        place = climb(BREACH, place.rung, place.round, place.next_at)
        roles.append(BREACH.rungs[place.rung].roles[0])

    assert roles == ["coordinator", "senior_clinician"] * 2
    assert place.round == 2


@given(st.sampled_from(sorted(LADDERS)), st.integers(min_value=0, max_value=50))
def test_a_climb_never_ends_by_itself(key, times):
    ladder = LADDERS[key]
    place = begin(ladder, NINE)
    for _ in range(times):
        before = place.next_at
        place = climb(ladder, place.rung, place.round, before)
        assert place.next_at > before


def test_a_frozen_ladder_comes_back_as_it_was():
    for ladder in LADDERS.values():
        assert Ladder.from_dict(ladder.as_dict()) == ladder


def turn(role: str, name: str, start: float | None = None, hours: float = 12) -> Turn:
    if start is None:
        return Turn(role, hash(name), name, "")
    starts = NINE + timedelta(hours=start)
    return Turn(role, hash(name), name, "", starts, starts + timedelta(hours=hours))


def who(role: str, shifts=(), holders=()) -> str | None:
    cover = covering(role, NINE, shifts, holders)
    return cover and f"{cover.turn.name} as {cover.by_role}"


def test_the_shift_covers_and_a_later_one_overrides():
    shifts = [turn("coordinator", "Ann", -5), turn("coordinator", "Ben", -1)]

    assert who("coordinator", shifts) == "Ben as coordinator"


def test_a_shift_that_ends_now_no_longer_covers():
    assert who("coordinator", [turn("coordinator", "Ann", -12, 12)]) is None


def test_without_a_coordinator_on_shift_the_designated_clinician_answers():
    holders = [turn("coordinator", "Ann"), turn("designated_clinician", "Cy")]

    assert who("coordinator", [], holders) == "Cy as designated_clinician"


def test_the_service_lead_answers_when_nobody_else_does():
    assert who("coordinator", [], [turn("service_lead", "Di")]) == "Di as service_lead"


def test_nobody_at_all_is_said_as_nobody():
    assert who("senior_clinician") is None
