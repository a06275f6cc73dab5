"""Survival by Kaplan and Meier, against curves worked out by hand."""

import pytest

from audit.measures.survival import curve


def rows(died, seen=()):
    return [(days, True, 1) for days in died] + [(days, False, 1) for days in seen]


def test_a_curve_by_hand():
    # 6 people: deaths on days 6, 6, 10; last seen on 6, 9, 11. S(6) = 4/6, S(10) = 4/6 * 1/2.
    found = curve(rows([6, 6, 10], [6, 9, 11]))
    assert [(s.days, s.at_risk, s.deaths) for s in found.steps] == [(6, 6, 2), (10, 2, 1)]
    assert [s.alive for s in found.steps] == pytest.approx([2 / 3, 1 / 3])
    assert (found.n, found.deaths, found.median, found.followed_to) == (6, 3, 10, 11)
    assert [found.at_risk(day) for day in (0, 6, 7, 10, 12)] == [6, 6, 3, 2, 0]


def test_freireich_s_patients_as_in_every_textbook():
    # 6-mercaptopurine in leukaemia (Freireich 1963): S(6) = 0.857, S(10) = 0.753, S(23) = 0.448.
    found = curve(
        rows([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    )
    at = {step.days: step for step in found.steps}
    said = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {days: round(step.alive, 3) for days, step in at.items()} == said
    assert found.median == 23
    # Greenwood on the log(-log) scale, as R's survfit(conf.type = "log-log") gives it.
    assert (at[6].low, at[6].high) == (
        pytest.approx(0.620, abs=5e-4),
        pytest.approx(0.952, abs=5e-4),
    )


def test_a_median_that_was_not_reached_is_said_so():
    found = curve(rows([5], [9, 9, 9]))
    assert (found.median, found.median_words) == (None, "not reached")
    assert curve(rows([5, 7])).median_words == "5 days"
    assert curve(rows([5, 7], [])).steps[-1].high is None
    assert curve(rows([5, 7])).steps[-1].alive == 0


def test_of_nobody_there_is_no_curve():
    found = curve([])
    assert (found.n, found.steps, found.median, found.followed_to) == (0, (), None, None)
    assert found.median_words == "nobody was followed"
    assert curve([(5, True, 0)]) == found


def test_numbers_add_up_and_cannot_be_negative():
    assert curve([(6, True, 2), (6, True, 1)]).steps == curve([(6, True, 3)]).steps
    assert curve([(0, True, 1), (3, False, 1)]).steps[0].alive == 0.5
    with pytest.raises(ValueError, match="never less"):
        curve([(-1, True, 1)])
