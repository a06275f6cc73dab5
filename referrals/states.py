"""Where a referral may stand, and which verb leads from where to where.

One table for the state machine, the database's own trigger, the API and the sentences people
read. Side exits: `redirected` (advice only, or another service) and `withdrawn`.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class State(TextChoices):
    REFERRED = "referred", "Referred"
    TRIAGED = "triaged", "Triaged"
    MRI_BOOKED = "mri_booked", "MRI booked"
    TREATMENT_DECIDED = "treatment_decided", "Treatment decided"
    DISCHARGED = "discharged", "Discharged"
    REDIRECTED = "redirected", "Redirected"
    WITHDRAWN = "withdrawn", "Withdrawn"


CLOSED = (State.DISCHARGED, State.REDIRECTED, State.WITHDRAWN)
OPEN = tuple(state for state in State if state not in CLOSED)


@dataclass(frozen=True, slots=True)
class Verb:
    """One edge of the machine: `sources` is where it may start, `targets` where it may lead."""

    name: str
    label: str
    sources: tuple[State, ...]
    targets: tuple[State, ...]


VERBS = {
    verb.name: verb
    for verb in (
        Verb("triage", "Triage", (State.REFERRED,), (State.TRIAGED,)),
        # Booking again moves the slot; the clock hangs on the scan, not on the booking (1.5.2).
        Verb("book_mri", "Book the MRI", (State.TRIAGED, State.MRI_BOOKED), (State.MRI_BOOKED,)),
        # From triaged: already imaged, or CT because MRI is contraindicated (1.5.7).
        # From itself: a decision that is made again, with its own reason.
        Verb(
            "decide_treatment",
            "Decide on treatment",
            (State.TRIAGED, State.MRI_BOOKED, State.TREATMENT_DECIDED),
            (State.TREATMENT_DECIDED,),
        ),
        # From triaged or MRI booked: MSCC was ruled out; 1.8.2 then says stop dexamethasone.
        Verb(
            "discharge",
            "Discharge",
            (State.TRIAGED, State.MRI_BOOKED, State.TREATMENT_DECIDED),
            (State.DISCHARGED,),
        ),
        Verb(
            "redirect",
            "Redirect",
            (State.REFERRED, State.TRIAGED, State.MRI_BOOKED),
            (State.REDIRECTED,),
        ),
        Verb("withdraw", "Withdraw", OPEN, (State.WITHDRAWN,)),
        Verb("reopen", "Reopen", CLOSED, OPEN),
    )
}


def allowed_verbs(state: str) -> list[Verb]:
    """The verbs that may start from `state`, in the order of the pathway."""
    return [verb for verb in VERBS.values() if state in verb.sources]


def legal_edges() -> list[tuple[str, str]]:
    """Every (from, to) pair the machine allows, for the database trigger that enforces them."""
    return sorted(
        {(s.value, t.value) for v in VERBS.values() for s in v.sources for t in v.targets}
    )
