"""What one cell of the report may show of the figure behind it."""

import pytest

from audit.domain import drawing, report_words
from audit.measures import registry
from audit.measures.tally import Tally


@pytest.mark.parametrize(("deaths", "told"), [(2, None), (6, 38)])
def test_the_readings_of_statement_7_do_not_tell_of_few_deaths(deaths, told):
    """40 with those who died, beside 38 without them, would be 2."""
    alive = Tally(met=30, not_met=8, excluded={"died in hospital": deaths})
    drawn = drawing.cell(alive, registry.by_key("qs56_7_alive"))
    assert drawn["of"] == told
    assert drawn["excluded"] == (deaths if told else None)
    # A figure that is held back is said to be, not left blank.
    assert report_words.counted(drawn) == ("30 of 38" if told else report_words.NOT_SHOWN)


def test_the_literal_reading_shows_all_of_them():
    literal = drawing.cell(Tally(met=30, not_met=10), registry.by_key("qs56_7"))
    assert (literal["met"], literal["of"]) == (30, 40)
