"""Going home: the plan of the discharge, and how the person is afterwards (1.1.24 to 1.1.28)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mscc import clock
from mscc.events import Command
from mscc.people.models import User
from referrals.clinical.discharge import (
    ARRANGEMENTS,
    FOLLOW_UP_DAYS,
    INVOLVED,
    LEADING,
    PARTIES,
    STEP,
)
from referrals.clinical.follow_up import Continence, PlaceOfCare, due_on
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.neurology import Mobility
from referrals.clinical.presentation import Answer
from referrals.domain import discharge_plan, follow_up
from referrals.domain.queries.person import Story
from referrals.domain.refusals import Conflict
from referrals.forms.going_home import DischargePlanForm, FollowUpForm
from referrals.models import Discharge, DischargeStep, FollowUp, Milestone, Referral
from referrals.models.referral import Confirmed
from referrals.states import State
from referrals.views.actions import ACTIONS
from referrals.views.command import CommandView

LED_BY = {step.key for step in LEADING}


class PlanDischarge(CommandView):
    """Who leads, who has been brought in, what is arranged; begun on admission (1.12.3)."""

    name = "discharge-plan"
    form_class = DischargePlanForm
    submit = "Save the plan"
    template = "referrals/discharge_plan.html"

    def initial(self) -> dict[str, Any]:
        plan = discharge_plan.plan_of(self.story.discharge_steps)
        return DischargePlanForm.standing(plan)

    def more(self, form: DischargePlanForm) -> dict[str, Any]:
        return {"plan": plan_shown(self.story)}

    def carry_out(self, form: DischargePlanForm, command: Command) -> Referral:
        return discharge_plan.plan_discharge(self.which(), form.details(), command=command)

    def said(self, form: DischargePlanForm) -> str:
        waiting = sum(form.cleaned_data[step.key] != "yes" for step in ARRANGEMENTS)
        left = f"{waiting} of {len(ARRANGEMENTS)} not yet done." if waiting else "All is arranged."
        return f"The discharge plan is saved. {left}"


class RecordFollowUp(CommandView):
    """How the person is, 30 or 90 days after discharge; any other day is not there."""

    name = "follow-up"
    form_class = FollowUpForm
    template = "referrals/follow_up.html"

    def dispatch(
        self, request: HttpRequest, reference: str, day: int, **kwargs: Any
    ) -> HttpResponse:
        if day not in FOLLOW_UP_DAYS:
            raise Http404
        self.day = day
        self.heading = f"Follow-up at {day} days"
        return super().dispatch(request, reference, **kwargs)

    def refusal(self) -> Conflict | None:
        if refusal := super().refusal():
            return refusal
        try:
            follow_up.discharged(self.referral)
        except Conflict as died:
            return died
        return None

    def form_kwargs(self) -> dict[str, Any]:
        return {"day": self.day, "again": bool(self._shown.get("entries"))}

    @property
    def _shown(self) -> dict[str, Any]:
        """Empty while the person has not been discharged, or is back."""
        due = (each for each in follow_ups(self.story, self.at) if each["day"] == self.day)
        return next(due, {})

    def more(self, form: FollowUpForm) -> dict[str, Any]:
        return {"follow_up": self._shown}

    def carry_out(self, form: FollowUpForm, command: Command) -> Referral:
        return follow_up.follow_up(self.which(), form.details(), command=command)

    def said(self, form: FollowUpForm) -> str:
        return f"Follow-up at {self.day} days recorded."


def card(read: Story, user: User, at: datetime) -> dict[str, Any]:
    """What the person's page shows of the discharge: its plan, and follow-up once it is over."""
    action, referral = ACTIONS["discharge-plan"], read.referral
    may = action.open_to(user, referral)
    may_follow, asked = ACTIONS["follow-up"].allowed(user, referral), follow_ups(read, at)
    return {
        "plan": plan_shown(read),
        "open": referral.is_open,
        "href": reverse("referral-discharge-plan", args=[referral.reference]) if may else "",
        "information_href": reverse("referral-information", args=[referral.reference]),
        "follow_ups": [
            each
            | {
                "href": reverse("referral-follow-up", args=[referral.reference, each["day"]])
                if may_follow
                else ""
            }
            for each in asked
            if each["entries"] or _still_asked(asked, referral)
        ],
    }


def _still_asked(asked: list[dict[str, Any]], referral: Referral) -> bool:
    """Whether a day nobody has recorded is still due: not after a death, nor once ruled out."""
    latest = [each["entries"][0]["row"] for each in asked if each["entries"]]
    died = any(row.alive == Answer.NO for row in latest)
    return not died and referral.confirmed != Confirmed.RULED_OUT


def plan_shown(read: Story) -> dict[str, Any]:
    """The discharge plan in words; `begun` False while nothing is planned."""
    plan = discharge_plan.plan_of(read.discharge_steps)
    labels = {party.key: party.label for party in PARTIES}
    return {
        "begun": bool(plan.latest),
        "lead": ", ".join(
            filter(None, (plan.lead_name, plan.note("lead_role"), plan.note("lead_phone")))
        ),
        "involved": [labels[key] for key in plan.involved if key in labels],
        "missing": plan.missing,
        "involved_note": plan.note(INVOLVED.key),
        "steps": [
            {
                "label": step.label,
                "numbers": step.numbers,
                "done": plan.done(step.key),
                "note": plan.note(step.key),
            }
            for step in ARRANGEMENTS
        ],
        "waiting": len(plan.waiting),
        "complete": plan.complete,
    }


def follow_ups(read: Story, at: datetime) -> list[dict[str, Any]]:
    """The follow-ups of the last discharge: when each is due and what was found, newest first.

    Empty while the person is not discharged, and after a death in hospital.
    """
    left = discharged(read)
    if left is None or left.details.get("destination") == Discharge.Destination.DIED:
        return []
    since, today = read.first_recorded(left), clock.local(at).date()
    shown = []
    for day in FOLLOW_UP_DAYS:
        rows = [row for row in read.follow_ups if row.day == day and row.recorded_at > since]
        rows.sort(key=lambda row: row.recorded_at, reverse=True)
        due = due_on(clock.local(left.occurred_at).date(), day)
        shown.append(
            {
                "day": day,
                "due_on": due,
                "overdue": not rows and due + timedelta(days=1) <= today,
                "entries": [{"row": row, "lines": follow_up_lines(row)} for row in rows],
            }
        )
    return shown


def discharged(read: Story) -> Milestone | None:
    """The discharge that holds now; None while the person is not discharged."""
    if read.referral.state != State.DISCHARGED:
        return None
    left = [row for row in read.standing if row.kind == MilestoneKind.DISCHARGED]
    return max(left, key=lambda row: row.told, default=None)


def follow_up_lines(row: FollowUp) -> list[str]:
    """One follow-up in sentences; what is not known is left out, and said when all of it is."""
    lines = [] if row.reached == Answer.YES else ["Nobody was reached."]
    if row.alive == Answer.NO:
        when = f" on {row.died_on.day} {row.died_on:%B %Y}" if row.died_on else ""
        lines.append(f"The person has died{when}.")
    elif row.alive == Answer.NOT_KNOWN:
        lines.append("It is not known whether the person is alive.")
    if row.mobility and row.mobility != Mobility.NOT_KNOWN:
        lines.append(f"{Mobility(row.mobility).label.capitalize()}.")
    if row.continence and row.continence != Continence.NOT_KNOWN:
        lines.append(f"{Continence(row.continence).label}.")
    if row.pain is not None:
        lines.append(f"Pain {row.pain} out of 10.")
    if row.place_of_care and row.place_of_care != PlaceOfCare.NOT_KNOWN:
        lines.append(f"Cared for: {_lower(PlaceOfCare(row.place_of_care).label)}.")
    if row.told_by:
        lines.append(f"Told by {row.told_by}.")
    if row.note:
        lines.append(row.note)
    return lines


def step_lines(rows: Iterable[DischargeStep]) -> list[str]:
    """What was entered in a discharge plan at one time."""
    lines = []
    for row in rows:
        if row.step not in STEP:
            continue
        said = STEP[row.step].label.rstrip("?")
        if row.step == INVOLVED.key:
            named = [party.label for party in PARTIES if party.key in row.involved]
            said = f"{said}: {'; '.join(named) or 'nobody'}"
        elif row.step not in LED_BY:
            said = f"{said}: {'done' if row.done else 'not yet'}"
        lines.append(f"{said}: {row.note}." if row.note else f"{said}.")
    return lines


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
