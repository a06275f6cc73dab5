"""What the board's facts are called on a screen."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from mscc import clock
from referrals.clinical.key_information import MINIMUM
from referrals.clinical.library import target
from referrals.models.referral import SUSPICIONS, Confirmed
from referrals.states import State
from scheduling.domain.digests import NOBODY
from scheduling.domain.paging import ONLY_SWITCHBOARD
from scheduling.domain.queries.board import ClimbFacts
from scheduling.domain.queries.rota import clocks_change
from scheduling.models import Escalation

# Care that is due within this is said to be due soon.
SOON = timedelta(hours=2)
# How a message goes, by channel.
WAYS = {
    "email": "by email",
    "pager": "by pager",
    "sms": "by text message",
    "webhook": "to another system",
    "teams": "in Teams",
    "push": "in a browser",
    "apprise": "by another service",
    "console": "on the console",
}
_SUSPICIONS = dict(SUSPICIONS)
_STATES = dict(State.choices)


def awaited(state: str, confirmed: str) -> str:
    """The next step of a referral that no clock runs for: nobody must have to remember it."""
    if state == State.REFERRED:
        return "Next: triage"
    if state == State.TREATMENT_DECIDED:
        return "Next: treatment, then discharge"
    if confirmed == Confirmed.RULED_OUT:
        return "Next: discharge"
    return "Next: decide on treatment" if confirmed else "Next: the scan"


def suspicion(suspected: str, confirmed: str) -> str:
    """What is known: confirmed, if anything is, else what is suspected."""
    return Confirmed(confirmed).label if confirmed else _SUSPICIONS[suspected]


def state(value: str) -> str:
    """ "MRI booked" """
    return _STATES[value]


def what_is_due(kind: str) -> str:
    """The target in a word or two: "MRI"."""
    return target(kind).short_name


def missing(ids: Iterable[str]) -> str:
    """How much of the key information is missing, what safety needs first; empty for none."""
    ids = set(ids)
    unsafe = len(ids.intersection(MINIMUM))
    rest = len(ids) - unsafe
    if unsafe:
        items = "1 safety item" if unsafe == 1 else f"{unsafe} safety items"
        return f"{items}, {rest} others" if rest > 1 else f"{items}, 1 other" if rest else items
    return (f"{rest} item" if rest == 1 else f"{rest} items") if rest else ""


def paged(climb: ClimbFacts, at: datetime) -> tuple[str, bool]:
    """What became of the last page, and whether it must be said loudly.

    An acknowledgement is the only thing that ends it: a page that was sent was not yet seen.
    """
    if climb.state == Escalation.State.ACKNOWLEDGED:
        when = hour(climb.sent_at or climb.opened_at, at)
        return f"Paged {when}, seen by {climb.answered_by}{_again(climb.look_again_at, at)}", False
    if climb.trouble in (NOBODY, ONLY_SWITCHBOARD):
        return f"{climb.trouble[:1].upper()}{climb.trouble[1:]}", True
    if climb.sent_at is not None:
        return f"Paged {hour(climb.sent_at, at)}, nobody has answered", True
    if climb.failed and not climb.waiting:
        return "No page has got through", True
    # Seconds are usual, minutes are not.
    since = hour(climb.opened_at, at)
    if at - climb.opened_at > timedelta(minutes=2):
        return f"No page has gone out since {since}", True
    return "Page going out", False


def _again(look_again_at: datetime | None, at: datetime) -> str:
    """When what was answered rings again; a sweep that is late is not passed over in silence."""
    if look_again_at is None:
        return ""
    word = "rings" if look_again_at > at else "was to ring"
    return f", {word} again {hour(look_again_at, at)}"


def hour(moment: datetime, at: datetime) -> str:
    """ "09:10", with the day when it was not within the last twelve hours, and with GMT or BST when
    the clocks changed in between or change on that day: 01:10 comes twice in October."""
    shown, now = clock.local(moment), clock.local(at)
    changes = shown.utcoffset() != now.utcoffset() or clocks_change(shown.date())
    said = f"{shown:%H:%M %Z}" if changes else f"{shown:%H:%M}"
    if at - moment < timedelta(hours=12):
        return said
    return f"{shown:%a} {shown.day} {shown:%b} {said}"
