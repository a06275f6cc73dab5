"""What follows from what: every event and its handlers, in order, on one page."""

from collections.abc import Sequence

from mscc import events
from mscc.people.events import PersonChanged

HANDLERS: dict[type[events.Event], Sequence[events.Handler]] = {
    PersonChanged: (),
}


def install() -> None:
    """Put the page in force; called once, when the apps are ready."""
    events.install(HANDLERS)
