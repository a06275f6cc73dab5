"""One app shows what another knows, by name."""

import pytest

from mscc import wiring
from mscc.web import panels


def test_a_name_nobody_put_on_the_page_is_a_mistake():
    with pytest.raises(LookupError, match="weather is not on the page of panels"):
        panels.ask("weather", at=None)


def test_a_panel_is_asked_with_what_it_is_about():
    try:
        panels.install({"double": lambda number: 2 * number})
        assert panels.ask("double", number=4) == 8
    finally:
        panels.install(wiring.PANELS)
