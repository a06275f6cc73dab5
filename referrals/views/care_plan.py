"""The personalised care plan: made, shown on the person's page, and printed (1.1.17)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mscc import clock
from mscc.events import Command
from mscc.people.models import User
from mscc.web.filters import day
from referrals.clinical.milestones import MilestoneKind
from referrals.domain import care_plan
from referrals.domain.queries.person import Story, story
from referrals.forms.care_plan import CarePlanForm
from referrals.models import CarePlan, Referral
from referrals.views.actions import ACTIONS
from referrals.views.base import record_read, visible_referral
from referrals.views.command import CommandView


class MakeCarePlan(CommandView):
    """A first plan, or a new version that begins with the words of the one before."""

    name = "care-plan"
    form_class = CarePlanForm
    submit = "Save the care plan"
    template = "referrals/care_plan.html"

    def initial(self) -> dict[str, Any]:
        if not self.story.care_plans:
            return {}
        before = self.story.care_plans[-1]
        return {name: getattr(before, name) for name in ("matters_most", "preferences", "plan")}

    def more(self, form: CarePlanForm) -> dict[str, Any]:
        return {"versions": versions(self.story)}

    def on_behalf_of(self, form: CarePlanForm) -> str:
        named = form.cleaned_data["senior_clinician"]
        return "" if named == self.request.user.name else named

    def carry_out(self, form: CarePlanForm, command: Command) -> Referral:
        return care_plan.make_care_plan(self.which(), form.details(), command=command)

    def said(self, form: CarePlanForm) -> str:
        review = form.cleaned_data["review_on"]
        when = f"Review on {day(review)}." if review else "No day for a review is set."
        number = len(self.story.care_plans) + 1
        before = " The earlier version stays on record." if number > 1 else ""
        return f"Care plan saved as version {number}. {when}{before}"


@require_safe
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """The plan and the versions before it, for paper; 409 while there is none."""
    referral = visible_referral(request, reference)
    shown = versions(story(referral))
    record_read(request, referral, "print")
    context = {
        "referral": referral,
        "patient": referral.patient,
        "at": clock.now(),
        "versions": shown,
    }
    return render(request, "referrals/care_plan_print.html", context, status=200 if shown else 409)


def versions(read: Story) -> list[dict[str, Any]]:
    """Every version, newest first, each with when it was made (as corrected since)."""
    numbered = list(enumerate(read.care_plans, start=1))
    return [
        {"number": number, "plan": plan, "at": read.when(MilestoneKind.CARE_PLAN_MADE, plan)}
        for number, plan in reversed(numbered)
    ]


def card(read: Story, user: User, at: datetime) -> dict[str, Any]:
    """What the person's page shows: the latest version, how many came before, the way on."""
    action, referral = ACTIONS["care-plan"], read.referral
    may = action.open_to(user, referral)
    shown = versions(read)
    latest = shown[0] if shown else None
    return {
        "latest": latest,
        "earlier": len(shown) - 1 if shown else 0,
        "review_passed": bool(latest) and _review_passed(latest["plan"], at),
        "href": reverse("referral-care-plan", args=[referral.reference]) if may else "",
        "print_href": reverse("referral-care-plan-print", args=[referral.reference]),
    }


def _review_passed(plan: CarePlan, at: datetime) -> bool:
    return plan.review_on is not None and plan.review_on < clock.local(at).date()
