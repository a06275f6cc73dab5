"""Nothing from 1 to 4 is shown, and nothing from 1 to 4 can be worked out from what is shown."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measures import registry
from audit.measures.suppression import (
    TWINS,
    Safe,
    Seen,
    is_twin,
    left_out,
    nested,
    parts,
    safe,
    seen,
    shown,
    small,
)
from audit.measures.tally import Tally


def _row(met: int, not_met: int, missing: int = 0) -> Tally:
    return Tally(met=met, not_met=not_met, missing={"no_time": missing} if missing else {})


def _split(found: Safe[str]) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {key: (row.of, row.met, row.not_met) for key, row in found.rows.items()}


@pytest.mark.parametrize(("count", "is_small"), [(0, False), (1, True), (4, True), (5, False)])
def test_small_is_one_to_four(count, is_small):
    assert small(count) is is_small
    assert (shown(count) is None) is is_small
    assert shown(count, entitled=True) == count


def test_met_and_not_met_are_left_out_together():
    assert seen(_row(40, 3)) == Seen(43, None, None, 0, 0, 0, few="not_met")
    assert seen(_row(3, 40)).few == "met"
    assert seen(_row(40, 0)) == Seen(40, 40, 0, 0, 0, 0)
    assert seen(_row(40, 5)).share == pytest.approx(40 / 45)


def test_the_small_side_is_not_named_where_the_name_would_tell_the_number():
    # Of 6, "fewer than 5 were not" with at least 5 who were could only be 1.
    assert seen(_row(5, 1)) == Seen(6, None, None, 0, 0, 0)
    assert seen(_row(5, 4)).few == "not_met"  # of 9: 5 to 8 were, so 1 to 4 were not


def test_fewer_than_five_people_are_not_shown_at_all():
    assert seen(_row(3, 1)) == Seen(None, None, None, 0, 0, 0)


def test_a_small_number_missing_takes_with_it_what_would_tell_it():
    found = seen(_row(40, 20, missing=2))
    assert (found.met, found.missing, found.eligible) == (40, None, None)
    assert (found.completeness, found.worst) == (None, None)


def test_one_small_row_takes_another_with_it_or_the_total_would_tell_it():
    found = safe({"A": _row(20, 3), "B": _row(18, 12), "C": _row(50, 50)})
    assert _split(found) == {"A": (23, None, None), "B": (30, None, None), "C": (100, 50, 50)}
    assert (found.total.met, found.total.not_met) == (88, 65)
    assert found.together == Seen(53, 38, 15, 0, 0, 0)
    assert found.held_back


def test_rows_left_out_go_on_until_even_their_sum_is_not_small():
    # A and B together have 2 who were not in time: C must go as well.
    found = safe({"A": _row(20, 1), "B": _row(21, 1), "C": _row(50, 50)})
    assert {key for key, row in found.rows.items() if not row.is_split} == {"A", "B", "C"}


def test_no_row_is_shown_of_a_total_that_is_small_itself():
    found = safe({"A": _row(20, 1), "B": _row(21, 0), "C": _row(50, 0)})
    assert not any(row.is_split for row in found.rows.values())
    assert (found.total.of, found.total.met, found.total.few) == (92, None, "not_met")
    assert found.together is None


def test_a_number_of_people_goes_where_with_it_a_small_count_would_be_known():
    # Of A and B together 31 were not, and A has 30 people: B would be known to have 1 at least.
    found = safe({"A": _row(1, 29), "B": _row(4, 2), "C": _row(50, 50)})
    assert _split(found)["B"] == _split(found)["A"] == (None, None, None)
    assert _split(found)["C"] == (100, 50, 50)


def test_nothing_small_means_nothing_left_out():
    rows = {"A": _row(20, 6, missing=5), "B": _row(0, 0), "C": _row(9, 0)}
    found = safe(rows)
    assert not found.held_back
    assert found == safe(rows, entitled=True)


def test_the_entitled_see_everything():
    found = safe({"A": _row(2, 1, missing=1)}, entitled=True)
    assert found.rows["A"] == Seen(3, 2, 1, 1, 0, 0)
    assert found.rows["A"].worst == pytest.approx(0.5)


def test_the_share_of_nobody_is_no_share():
    assert seen(Tally()).share is None
    assert seen(Tally()).is_split


def test_reasons_are_held_back_like_rows_and_all_go_with_their_sum():
    assert parts({"a": 12, "b": 2}, 14) == {"a": None, "b": None}
    assert parts({"a": 12, "b": 2, "c": 7}, 21) == {"a": 12, "b": None, "c": None}
    assert parts({"a": 12, "b": 7}, 19) == {"a": 12, "b": 7}
    assert parts({"a": 12, "b": 7}, None) == {"a": None, "b": None}
    assert parts({"a": 2}, 2, entitled=True) == {"a": 2}


def test_what_a_trust_does_not_show_none_of_its_hospitals_does():
    hospitals = {
        "North": {"A": _row(20, 3)},
        "South": {"B": _row(9, 6), "C": _row(12, 8)},
        "West": {"D": _row(30, 30), "E": _row(9, 5)},
    }
    trusts, found = nested(hospitals)
    # North is small; South, the next in number, goes with it, and with South its hospitals.
    assert {key: row.is_split for key, row in trusts.rows.items()} == {
        "North": False,
        "South": False,
        "West": True,
    }
    assert {key: row.is_split for key, row in found.items()} == {
        "A": False,
        "B": False,
        "C": False,
        "D": True,
        "E": True,
    }
    assert trusts.total.met == 80


_rows = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=3)


@settings(max_examples=50, deadline=None)
@given(_rows)
def test_every_small_count_could_be_any_of_one_to_four(counts):
    """Against somebody who tries every table that fits what is shown."""
    found = safe({str(n): _row(*row) for n, row in enumerate(counts)})
    for index, (met, not_met) in enumerate(counts):
        possible = _possible(found, index)
        assert (met, not_met) in possible
        for true, candidates in (
            (met, {pair[0] for pair in possible}),
            (not_met, {pair[1] for pair in possible}),
            (met + not_met, {sum(pair) for pair in possible}),
        ):
            if small(true):
                assert candidates >= {1, 2, 3, 4}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_what_is_left_out_is_never_small_when_added_up_unless_the_total_is(counts):
    rows = {n: (count,) for n, count in enumerate(counts)}
    out = left_out(rows)
    assert all(n in out for n, count in enumerate(counts) if small(count))
    assert not small(sum(counts[n] for n in out)) or (small(sum(counts)) and len(out) == len(rows))
    assert len(out) != 1 or len(rows) == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30))
def test_a_tally_alone_leaves_one_to_four_possible(met, not_met):
    found = seen(_row(met, not_met))
    alike = [
        (a, b) for a in range(35) for b in range(35) if seen(_row(a, b)) == found
    ]  # everything that would have been shown just so
    for true, column in ((met, 0), (not_met, 1)):
        if small(true):
            assert {pair[column] for pair in alike} >= {1, 2, 3, 4}


def _possible(found: Safe[str], index: int) -> set[tuple[int, int]]:
    """All (met, not met) that the row could have, given every number that is shown."""
    rows = list(found.rows.values())
    target = rows.pop(index)
    room = sum(seen.of or 0 for seen in found.rows.values()) if found.total.of is None else 0
    most = found.total.of or max(room, 4 * len(found.rows))
    others = {(0, 0)}
    for row in rows:
        others = {
            (a + x, b + y) for a, b in others for x, y in _pairs(row, most) if a + x + b + y <= most
        }
    return {
        (x, y)
        for x, y in _pairs(target, most)
        if any(_fits(found.total, a + x, b + y) for a, b in others)
    }


def _pairs(row: Seen, most: int) -> list[tuple[int, int]]:
    if row.met is not None and row.not_met is not None:
        return [(row.met, row.not_met)]
    sums = range(most + 1) if row.of is None else [row.of]
    return [(met, of - met) for of in sums for met in range(of + 1)]


def _fits(total: Seen, met: int, not_met: int) -> bool:
    return seen(_row(met, not_met)) == total


def _without(met: int, not_met: int, excluded: int) -> Tally:
    """Of a twin: the other measure counts those who are left out here as not met."""
    return Tally(met, not_met, excluded={"died in hospital": excluded} if excluded else {})


def _with(row: Tally) -> Tally:
    return Tally(row.met, row.not_met + row.n_excluded)


def test_twins_are_two_measures_there_are():
    for twin, other in TWINS.items():
        assert is_twin(registry.by_key(twin).key)
        assert not is_twin(registry.by_key(other).key)


def test_of_two_measures_the_one_does_not_tell_whom_the_other_leaves_out():
    # 40 with 2 deaths in hospital, 38 without.
    row = _without(30, 8, 2)
    assert seen(_with(row)).of == 40
    assert seen(row, twin=True) == Seen(None, None, None, 0, None, 0)
    assert seen(row, entitled=True, twin=True).of == 38
    # 7 deaths may be told, but not with them that 3 of 10 were not met.
    assert seen(_without(30, 3, 7), twin=True).excluded is None
    assert seen(_without(30, 8, 7), twin=True) == Seen(45 - 7, 30, 8, 0, 7, 0)


def test_a_twin_alone_leaves_one_to_four_possible():
    def told(row: Tally) -> tuple[Seen, Seen]:
        return seen(_with(row)), seen(row, twin=True)

    alike: dict[tuple[Seen, Seen], list[tuple[int, int, int]]] = {}
    # Each of a small table, against whoever tries every table, also with larger numbers.
    for one in product(range(20), repeat=3):
        alike.setdefault(told(_without(*one)), []).append(one)
    for one in product(range(8), repeat=3):
        found = alike[told(_without(*one))]
        for column, true in enumerate(one):
            if small(true):
                assert {each[column] for each in found} >= {1, 2, 3, 4}, one


def test_rows_of_a_twin_hold_back_what_the_other_measure_does_and_more():
    # A few deaths in A alone; B, the next in number, goes with it; C is as it was.
    rows = {"A": _without(20, 6, 2), "B": _without(20, 8, 5), "C": _without(50, 40, 9)}
    assert all(
        row.is_split for row in safe({k: _with(row) for k, row in rows.items()}).rows.values()
    )
    found = safe(rows, twin=True)
    assert _split(found) == {"A": (None,) * 3, "B": (None,) * 3, "C": (90, 50, 40)}
    assert [row.excluded for row in found.rows.values()] == [None, None, 9]
    assert found.together == Seen(54, 40, 14, 0, 7, 0)
    _, hospitals = nested({"North": rows}, twin=True)
    assert hospitals["A"].of is hospitals["B"].of is None
    # With C a row that tells nothing small alone, the other measure takes B along with A.
    rows = {"A": _without(20, 1, 0), "B": _without(7, 7, 7), "C": _without(30, 8, 2)}
    other = safe({key: _with(row) for key, row in rows.items()})
    hidden = {key for key, row in other.rows.items() if not row.is_split}
    assert hidden == {"A", "B"}
    assert not any(safe(rows, twin=True).rows[key].is_split for key in hidden)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=4))
def test_no_row_of_a_twin_shows_a_small_number_by_the_other_measure(counts):
    rows = {str(n): _without(*row) for n, row in enumerate(counts)}
    other = safe({key: _with(row) for key, row in rows.items()})
    found = safe(rows, twin=True)
    for key, row in (*found.rows.items(), ("", found.total)):
        beside = other.rows[key] if key else other.total
        if row.of is not None:
            assert beside.is_split
            assert not any(map(small, (row.of, row.met, row.not_met, beside.of - row.of)))
        assert (row.of is None) == (row.met is None) == (row.excluded is None)
    out = [rows[key] for key, row in found.rows.items() if row.of is None]
    if out and len(out) < len(rows):
        assert seen(sum(out, Tally()), twin=True).of is not None
