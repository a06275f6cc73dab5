"""Pain on a person's page: the plan, its reviews, what applies; and recording both."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from mscc.events import Command
from mscc.people.models import User
from referrals.clinical import pain
from referrals.domain import pain as plans
from referrals.domain.pain import Kind
from referrals.domain.queries.person import Story
from referrals.forms.pain import PainPlanForm
from referrals.models import PainPlan, Referral
from referrals.views import words
from referrals.views.actions import ACTIONS
from referrals.views.command import CommandView
from referrals.views.rules import rules_of


class PlanPain(CommandView):
    """A new plan begins with the words of the one before; a review stands beside it."""

    name = "pain-plan"
    form_class = PainPlanForm
    template = "referrals/pain_plan.html"

    def initial(self) -> dict[str, Any]:
        plan = _latest(self.story, Kind.PLAN)
        asked = self.request.GET.get("kind", "")
        likely = Kind.REVIEW if plan and _reviewed(self.story, plan) is None else Kind.PLAN
        return {
            "kind": asked if asked in Kind.values else likely.value,
            "plan": plan.plan if plan else "",
            "strong_opioids": plan.strong_opioids if plan else "",
        }

    def more(self, form: PainPlanForm) -> dict[str, Any]:
        return {"pain": card(self.story, self.request.user, self.at)}

    def carry_out(self, form: PainPlanForm, command: Command) -> Referral:
        return plans.record_pain_plan(self.which(), form.details(), command=command)

    def said(self, form: PainPlanForm) -> str:
        if form.cleaned_data["kind"] == Kind.REVIEW:
            return "Review of the pain plan recorded."
        return "Pain plan recorded. Review whether it works."


def card(read: Story, user: User, at: datetime) -> dict[str, Any]:
    """What the person's page shows: the last assessment, the plan, its review, what applies."""
    referral = read.referral
    plan = _latest(read, Kind.PLAN)
    review = _reviewed(read, plan) if plan else _latest(read, Kind.REVIEW)
    may = ACTIONS["pain-plan"].open_to(user, referral)
    add = ACTIONS["add"].allowed(user, referral)
    return {
        "assessed": _shown(read.pain[-1], words.pain_lines) if read.pain else None,
        "plan": _shown(plan, words.pain_plan_lines) if plan else None,
        "review": _shown(review, words.pain_plan_lines) if review else None,
        "review_owed": plan is not None and review is None,
        **rules_of(pain.conclude, read, at),
        "href": reverse("referral-pain-plan", args=[referral.reference]) if may else "",
        "assess_href": reverse("referral-add", args=[referral.reference, "pain"]) if add else "",
    }


def _shown(row: Any, lines_of: Any) -> dict[str, Any]:
    by = row.recorded_by.name if row.recorded_by else ""
    return {"at": row.occurred_at, "lines": lines_of(row), "by": by}


def _latest(read: Story, kind: str) -> PainPlan | None:
    found = [row for row in read.pain_plans if row.kind == kind]
    return found[-1] if found else None


def _reviewed(read: Story, plan: PainPlan) -> PainPlan | None:
    """The latest review since the plan was started or changed."""
    review = _latest(read, Kind.REVIEW)
    return review if review and review.occurred_at >= plan.occurred_at else None
