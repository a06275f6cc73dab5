"""Graded sitting: one step recorded, and what the person's page shows of all of them."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from mscc.events import Command
from mscc.people.models import User
from referrals.clinical import mobilisation
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.mobilisation import Judged, Outcome, Step, judge
from referrals.clinical.presentation import Answer
from referrals.domain import mobilisation as steps
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import Story, story
from referrals.domain.queries.sittings import measured, standing_stop
from referrals.forms.sitting import SittingForm
from referrals.models import Referral, Sitting
from referrals.views.actions import ACTIONS
from referrals.views.command import CommandView
from referrals.views.rules import rules_of


class RecordSitting(CommandView):
    """One step as it was measured, judged when it is saved."""

    name = "sitting"
    form_class = SittingForm
    submit = "Record this step"
    template = "referrals/sitting.html"

    def initial(self) -> dict[str, Any]:
        # No step is chosen beforehand: a missed choice would record the wrong one.
        return {}

    def more(self, form: SittingForm) -> dict[str, Any]:
        return {"shown": card(self.story, self.request.user, self.at)}

    def carry_out(self, form: SittingForm, command: Command) -> Referral:
        return steps.record_sitting(self.which(), form.details(), command=command)

    def said(self, form: SittingForm) -> str:
        judged = judge(form.measured())
        lines = [
            f"Recorded: {judged.outcome.label[0].lower()}{judged.outcome.label[1:]}.",
            judged.conclusion.text,
            *judged.conclusion.unknown,
        ]
        if facts_of(self.story, self.at).spine.immobilised is Answer.YES:
            lines.append(
                "Immobilisation is still on record: if the person no longer lies flat, record "
                "its end under ‘Record what happened’."
            )
        return "\n".join(lines)

    def _say(self, form: SittingForm, before: Any) -> None:
        # A stop is said by the page itself, above everything and for everybody who opens it;
        # a green line beside it would only soften it.
        if alarm(story(self.referral)) is None:
            super()._say(form, before)


def card(read: Story, user: User, at: datetime) -> dict[str, Any]:
    """What the person's page shows: the steps done, the last outcome, a stop that stands."""
    referral, action = read.referral, ACTIONS["sitting"]
    facts = facts_of(read, at)
    may = action.open_to(user, referral)
    rows = [shown(row) for row in reversed(read.sittings)]
    return {
        "rows": rows,
        "alarm": alarm(read),
        "immobilised_since": _immobilised_since(read, facts.spine.immobilised),
        "immobilised": facts.spine.immobilised is Answer.YES,
        **rules_of(mobilisation.conclude, read, at),
        "href": reverse("referral-sitting", args=[referral.reference]) if may else "",
        "end_href": reverse("referral-milestone", args=[referral.reference]) if may else "",
        "judge_href": reverse("referral-add", args=[referral.reference, "considerations"])
        if may
        else "",
        "ask_href": reverse("referral-ask", args=[referral.reference]) if may else "",
    }


def alarm(read: Story) -> dict[str, Any] | None:
    """What must be seen first: a stop that nobody has answered, or a last step that ended in one.

    None while the referral is closed and when the last step went well.
    """
    if not read.sittings or not read.referral.is_open:
        return None
    stop = standing_stop(read)
    last = read.sittings[-1]
    row = stop or (last if last.outcome == Outcome.LIE_BACK else None)
    return shown(row) | {"reassess": stop is not None} if row else None


def shown(row: Sitting) -> dict[str, Any]:
    """One step in words, judged again with its reasons; its outcome stays as it was said then."""
    judged: Judged = judge(measured(row))
    return {
        "row": row,
        "at": row.occurred_at,
        "step": Step(row.step).label,
        "outcome": Outcome(row.outcome),
        "because": judged.conclusion.because,
        "ask": judged.conclusion.unknown,
        "text": judged.conclusion.text,
        "numbers": judged.conclusion.numbers,
        "lines": sitting_lines(row),
        "by": row.recorded_by.name if row.recorded_by else "",
    }


def sitting_name(row: Sitting) -> str:
    """One step and its outcome, as the timeline says it."""
    return f"{_capital(Step(row.step).label)}: {Outcome(row.outcome).label.lower()}"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def sitting_lines(row: Sitting) -> list[str]:
    """What was measured, in sentences; what nobody measured is said as that."""
    lying = _pressure(row.lying_systolic, row.lying_diastolic)
    upright = _pressure(row.upright_systolic, row.upright_diastolic)
    lines = [
        f"Blood pressure {lying} lying, {upright} upright."
        if lying != upright or "not" not in lying
        else "Blood pressure not measured.",
        f"Pain {_or_not(row.pain_before)} before, {_or_not(row.pain_after)} after."
        if row.pain_before is not None or row.pain_after is not None
        else "Pain not asked about.",
        _ANSWERS["neurology_worse"][row.neurology_worse],
        _ANSWERS["dizzy"][row.dizzy],
        f"Done: {row.done.rstrip('.')}." if row.done else "",
        row.note,
    ]
    return [line for line in lines if line]


_ANSWERS = {
    "neurology_worse": {
        "yes": "Neurology worse.",
        "no": "Neurology no worse.",
        "not_known": "Neurology not checked.",
    },
    "dizzy": {"yes": "Dizzy or faint.", "no": "Not dizzy.", "not_known": ""},
}


def _pressure(upper: int | None, lower: int | None) -> str:
    if upper is None and lower is None:
        return "not measured"
    return f"{_or_not(upper)}/{_or_not(lower)}"


def _or_not(value: int | None) -> str:
    return "?" if value is None else str(value)


def _immobilised_since(read: Story, lies_flat: Answer) -> datetime | None:
    """When immobilisation started, while it stands and a milestone says so."""
    if lies_flat is not Answer.YES:
        return None
    return max(read.times(MilestoneKind.IMMOBILISATION_STARTED), default=None)
