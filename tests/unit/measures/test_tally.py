"""Adding up verdicts: nothing is dropped, and a time is never better than it was."""

import pytest

from audit.measures.tally import EDGES, Tally, Times, class_of, tally
from audit.measures.verdict import Status, Verdict, excluded, met, missing, not_met, running

HOUR = 3600


def test_whatever_is_missing_is_beside_the_share_and_counts_against_the_worst_case():
    counted = tally([met(HOUR), met(), not_met("late"), missing("no time"), excluded("1.10.4")])
    assert (counted.met, counted.of, counted.eligible) == (2, 3, 4)
    assert counted.share == pytest.approx(2 / 3)
    assert (counted.worst, counted.completeness) == (0.5, 0.75)
    assert (counted.late, counted.missing) == ({"late": 1}, {"no time": 1})
    assert counted.excluded == {"1.10.4": 1}


def test_of_nobody_there_is_no_share():
    nobody = tally([running(), Verdict(Status.NOT_APPLICABLE)])
    assert (nobody.share, nobody.worst, nobody.completeness) == (None, None, None)
    assert (nobody.running, nobody.not_applicable) == (1, 1)
    assert nobody.times.centile(0.5) is None


def test_two_tallies_add_up_to_that_of_all_verdicts():
    one, other = [met(10), missing("a"), not_met("b", 2 * HOUR)], [met(10), missing("a", "flag")]
    assert tally(one) + tally(other) == tally(one + other)
    assert tally([]) + tally(one) == tally(one)
    assert Tally() == tally([])


@pytest.mark.parametrize("edge", [15 * 60, 4 * HOUR, 24 * HOUR, 168 * HOUR])
def test_a_target_is_the_edge_of_a_class(edge):
    assert EDGES[class_of(edge) + 1] == edge
    assert class_of(edge + 1) == class_of(edge) + 1


def test_a_centile_is_never_better_than_the_time_itself():
    times = tally(met(hours * HOUR + 60) for hours in range(1, 11)).times
    assert times.n == 10
    assert times.centile(0.5) == 5 * HOUR + 15 * 60
    assert times.centile(1) == 10 * HOUR + 15 * 60
    assert Times({class_of(10**9): 1}).centile(0.5) == EDGES[-1]
