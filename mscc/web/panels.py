"""What one app shows of another: a name to ask for, answered by whoever is on the page of panels.

A page of `referrals` shows clocks, pages and readings it may not import. `mscc/wiring.py` says
who answers; nobody else needs to know.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Panel = Callable[..., Any]

_panels: Mapping[str, Panel] = MappingProxyType({})


def install(panels: Mapping[str, Panel]) -> None:
    """Replace the page of panels; called once at start-up by `mscc.wiring`."""
    global _panels
    _panels = MappingProxyType(dict(panels))


def ask(name: str, /, **about: Any) -> Any:
    """The answer of the panel `name`; LookupError when nobody put it on the page."""
    try:
        panel = _panels[name]
    except KeyError:
        raise LookupError(f"{name} is not on the page of panels in mscc/wiring.py") from None
    return panel(**about)
