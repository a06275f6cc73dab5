"""What can be done on a person's page: each command once, with who may and when it fits.

The person's page, the views behind its links and the tests of who may do what read this list.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.clinical.discharge import FOLLOW_UP_DAYS
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.milestones import Suspicion
from referrals.clinical.tools import Tool
from referrals.domain.queries.person import Story
from referrals.domain.refusals import Conflict, IllegalTransition
from referrals.models import Referral
from referrals.models.referral import Confirmed
from referrals.states import OPEN, VERBS, State
from referrals.views.base import may

ANY = tuple(State)
TRIAGED_ON = tuple(state for state in OPEN if state is not State.REFERRED)


@dataclass(frozen=True)
class Action:
    """One command. `fits` says whether to offer it; `states` and the domain whether it can be.

    `on_card`: the page has a card on this, so that a short link is enough among the actions.
    `verb` names the edge of the state machine it takes, if it takes one.
    """

    name: str
    text: str
    permission: Permission
    states: tuple[State, ...]
    why: str = ""
    rare: bool = False
    on_card: bool = False
    fits: Callable[[Story], bool] = lambda story: True
    verb: str = ""

    @property
    def route(self) -> str:
        return f"referral-{self.name}"

    def refusal(self, referral: Referral) -> Conflict | None:
        """Why it cannot be done in this state; None when it can."""
        if referral.state in self.states:
            return None
        if self.verb:
            return IllegalTransition(VERBS[self.verb].label, referral.state)
        return Conflict(
            f"This referral is ‘{State(referral.state).label}’; ‘{self.text}’ is not possible now."
        )

    def allowed(self, user: User, referral: Referral) -> bool:
        """Whether this person may do it here, whatever the state."""
        if self.permission is Permission.ADD_INFORMATION and referral.referred_by_id == user.pk:
            return user.can(self.permission)
        return may(user, self.permission, referral)

    def open_to(self, user: User, referral: Referral) -> bool:
        """Whether this person may do it here, and it can be done now."""
        return referral.state in self.states and self.allowed(user, referral)


def _verb(name: str) -> tuple[State, ...]:
    return VERBS[name].sources


_ACT, _RECORD, _ADD = Permission.ACT_ON_REFERRALS, Permission.RECORD, Permission.ADD_INFORMATION


def _waiting_scan(story: Story) -> bool:
    return not story.kinds & {Kind.MRI_PERFORMED, Kind.CT_PERFORMED}


def _unreported(story: Story) -> bool:
    return story.scan_done is not None and story.scan_done.reported_at is None


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action(
            "take",
            "Take this referral",
            _ACT,
            OPEN,
            "Your name goes on it, and nobody further is paged about its arrival.",
            fits=lambda story: (
                story.referral.unread_since is not None or story.referral.taken_by_id is None
            ),
        ),
        Action(
            "triage",
            "Triage",
            _ACT,
            _verb("triage"),
            "Say what is suspected. This also takes the referral.",
            verb="triage",
        ),
        Action("advise", "Give advice", _ACT, OPEN, "The five topics, proposed for these facts."),
        Action(
            "book-mri",
            "Book the MRI",
            _RECORD,
            _verb("book_mri"),
            "Stops no clock: the scan does.",
            fits=_waiting_scan,
            verb="book_mri",
        ),
        Action(
            "scan",
            "Record the scan",
            _RECORD,
            OPEN,
            "When it was performed, and whether it was the whole spine.",
            fits=_waiting_scan,
        ),
        Action(
            "report",
            "Record the report",
            _RECORD,
            ANY,
            "What the scan showed.",
            fits=lambda story: (
                _unreported(story) or (story.scan_done is not None and story.referral.is_open)
            ),
        ),
        Action("ask", "Ask for an opinion", _ACT, OPEN),
        Action(
            "score",
            "Score stability or prognosis",
            _RECORD,
            OPEN,
            "SINS, Tokuhashi and scales: they support a decision and never make it.",
            on_card=True,
        ),
        Action(
            "decide",
            "Record the decision on treatment",
            Permission.DECIDE_TREATMENT,
            _verb("decide_treatment"),
            verb="decide_treatment",
        ),
        Action(
            "milestone",
            "Record what happened",
            _RECORD,
            ANY,
            "Immobilisation, radiotherapy, surgery.",
            fits=lambda story: story.referral.is_open,
        ),
        Action(
            "care",
            "Record care",
            _RECORD,
            OPEN,
            "The care bundle: given, declined, not applicable, contraindicated.",
            on_card=True,
        ),
        Action(
            "steroids",
            "Record dexamethasone",
            _RECORD,
            ANY,
            "Started, changed, tapered, stopped.",
            fits=lambda story: story.referral.is_open or bool(story.dexamethasone),
            on_card=True,
        ),
        Action(
            "pain-plan",
            "Plan or review pain relief",
            _RECORD,
            OPEN,
            "Agreed with the person; reviewed after each change.",
            on_card=True,
        ),
        Action(
            "care-plan",
            "Make the care plan",
            Permission.DECIDE_TREATMENT,
            OPEN,
            "Personalised, by a senior clinician with the person.",
            on_card=True,
        ),
        Action(
            "discharge-plan",
            "Plan the discharge",
            _ACT,
            OPEN,
            "From admission on: who leads, who is involved, what is arranged.",
            on_card=True,
        ),
        Action(
            "follow-up",
            "Record follow-up",
            _RECORD,
            (State.DISCHARGED,),
            "How the person is, 30 or 90 days after discharge.",
            # Each day has its own link, where the page shows when it is due.
            fits=lambda story: False,
        ),
        Action(
            "sitting",
            "Record a step of sitting up",
            _RECORD,
            OPEN,
            "Graded sitting: blood pressure, pain, neurology.",
            fits=lambda story: story.referral.state != State.REFERRED,
            on_card=True,
        ),
        Action("discharge", "Discharge", _ACT, _verb("discharge"), verb="discharge"),
        Action("reassess", "Change what is suspected", _ACT, TRIAGED_ON, rare=True),
        Action(
            "redirect",
            "Redirect",
            _ACT,
            _verb("redirect"),
            "Another service.",
            rare=True,
            verb="redirect",
        ),
        Action(
            "withdraw",
            "Withdraw",
            _ACT,
            _verb("withdraw"),
            "Made in error.",
            rare=True,
            verb="withdraw",
        ),
        Action("reopen", "Take up again", _ACT, _verb("reopen"), verb="reopen"),
        Action("add", "Add a note or a call", _ADD, ANY),
    )
}


def next_step(story: Story) -> str:
    """The command that is most likely next: the one filled button of the page."""
    referral, kinds = story.referral, story.kinds
    if not referral.is_open:
        return ""
    if referral.taken_by_id is None or referral.unread_since is not None:
        return "take"
    if referral.state == State.REFERRED:
        return "triage"
    if Kind.ADVICE_GIVEN not in kinds and referral.suspicion != Suspicion.NONE:
        return "advise"
    if _waiting_scan(story) and referral.confirmed != Confirmed.RULED_OUT:
        return "scan" if story.scan_booked else "book-mri"
    if _unreported(story):
        return "report"
    if referral.confirmed == Confirmed.RULED_OUT or referral.suspicion == Suspicion.NONE:
        return "discharge"
    if referral.state != State.TREATMENT_DECIDED:
        return "decide"
    return "milestone" if _treatment_waits(story) else "discharge"


def _treatment_waits(story: Story) -> bool:
    plan = story.decisions[-1].plan if story.decisions else ""
    done = {"radiotherapy": Kind.RADIOTHERAPY_STARTED, "surgery": Kind.SURGERY_PERFORMED}.get(plan)
    return done is not None and done not in story.kinds


# A mistake is undone by taking it up again; care of the person is over.
_AFTER_DEATH = ("report", "reopen", "add")


def possible(story: Story, user: User) -> Iterator[dict[str, Any]]:
    """What this person can do now, the next sensible step first; for components/actions.html."""
    referral, main = story.referral, next_step(story)
    offered = [
        action
        for action in ACTIONS.values()
        if action.open_to(user, referral) and action.fits(story)
    ]
    if story.died_at:
        offered = [action for action in offered if action.name in _AFTER_DEATH]
    for action in sorted(offered, key=lambda action: action.name != main):
        yield {
            "name": action.name,
            "text": action.text,
            "why": action.why,
            "rare": action.rare,
            "on_card": action.on_card and action.name != main,
            "main": action.name == main,
            "href": address(action, referral),
        }


def address(action: Action, referral: Referral) -> str:
    """Where the command's page is."""
    if action.name == "add":
        return reverse("referral-add", args=[referral.reference, "note"])
    if action.name == "score":
        return reverse(action.route, args=[referral.reference, Tool.SINS.value])
    if action.name == "follow-up":
        return reverse(action.route, args=[referral.reference, FOLLOW_UP_DAYS[0]])
    return reverse(action.route, args=[referral.reference])
