"""Better, worse, or chance."""

import pytest

from audit.measures.change import Word, chance, compared
from audit.measures.measure import Better


def test_the_chance_is_that_of_the_textbook():
    # Fisher's lady tasting tea: 3 of 4 against 1 of 4 is 34/70.
    assert chance((3, 4), (1, 4)) == pytest.approx(34 / 70)
    # 4 of 4 against none of 4: the two outermost of 70 tables.
    assert chance((4, 4), (0, 4)) == pytest.approx(2 / 70)


def test_all_or_none_on_both_sides_is_no_difference():
    assert chance((10, 10), (12, 12)) == 1.0
    assert chance((0, 10), (0, 12)) == 1.0


def test_many_are_judged_like_few_up_to_the_third_decimal():
    # The same shares just below and just above where the short way begins.
    exact, short = chance((560, 1000), (500, 1000)), chance((561, 1001), (500, 1000))
    assert exact == pytest.approx(0.0081, abs=0.0005)
    assert short == pytest.approx(exact, abs=0.003)


def test_the_word_follows_which_way_is_better():
    assert compared((20, 20), (5, 20), Better.MORE) is Word.BETTER
    assert compared((5, 20), (20, 20), Better.MORE) is Word.WORSE
    assert compared((5, 20), (20, 20), Better.LESS) is Word.BETTER
    assert compared((20, 20), (5, 20), Better.LESS) is Word.WORSE
    assert compared((5, 20), (20, 20), Better.NEITHER) is Word.DIFFERENT


def test_a_difference_that_may_be_chance_is_none():
    assert compared((12, 20), (10, 20), Better.MORE) is Word.SAME


def test_nine_on_one_side_are_too_few_and_ten_are_not():
    assert compared((9, 9), (0, 50), Better.MORE) is Word.FEW
    assert compared((10, 10), (0, 50), Better.MORE) is Word.BETTER
    assert compared((0, 0), (40, 50), Better.MORE) is Word.FEW


def test_more_met_than_there_are_is_refused():
    with pytest.raises(ValueError, match="More"):
        compared((11, 10), (5, 10), Better.MORE)
