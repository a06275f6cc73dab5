"""The decision to treat, what followed from it, and correcting what was wrong (1.10.4, 1.11.1)."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mscc.events import Command
from mscc.web import panels
from mscc.web.filters import local
from referrals.clinical.milestones import MilestoneKind
from referrals.clinical.options import Options, options_for
from referrals.domain import milestones, treatment
from referrals.domain.milestones import RECORDABLE, RETRACTABLE
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.opinions import standing
from referrals.domain.queries.scores import latest_scores
from referrals.domain.refusals import Conflict
from referrals.forms.treatment import CorrectionForm, DecisionForm, MilestoneForm, RestsOn
from referrals.models import Milestone, Opinion, Referral, TreatmentDecision
from referrals.views.command import CommandView
from referrals.views.questions import where
from referrals.views.treatment_words import opinion_name
from referrals.views.words import fact_in_words


class Decide(CommandView):
    name = "decide"
    form_class = DecisionForm
    submit = "Record the decision"
    template = "referrals/decide.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "condition": treatment.condition_of(self.referral),
            "rests_on": RestsOn(
                opinions=[(str(each.pk), _named(opinion_name(each))) for each in self._answered],
                scores=[(str(each.score.pk), each.words) for each in latest_scores(self.story)],
                options=self.shown.keys,
            ),
        }

    @cached_property
    def shown(self) -> Options:
        """What the guideline lists for this person, from what is on record now."""
        return options_for(facts_of(self.story, self.at))

    @property
    def _answered(self) -> list[Opinion]:
        return [each for each in self.story.opinions if each.answered_at is not None]

    def more(self, form: DecisionForm) -> dict[str, Any]:
        waiting = [each for each in self.story.opinions if each.answered_at is None]
        return {
            "shown": self.shown,
            "where": lambda question: where(question, self.referral),
            "opinions": self._answered,
            "waiting": [(each, standing(each, self.at)) for each in waiting],
            "scores": latest_scores(self.story),
        }

    def carry_out(self, form: DecisionForm, command: Command) -> Referral:
        return treatment.decide_treatment(self.which(), form.details(), command=command)

    def said(self, form: DecisionForm) -> str:
        plan = TreatmentDecision.Plan(form.cleaned_data["plan"]).label
        when = local(form.cleaned_data["decided_at"])
        return f"Decision to treat recorded: {plan.lower()}, decided {when}."


def _named(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


class RecordMilestone(CommandView):
    name = "milestone"
    form_class = MilestoneForm

    def initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        return {"kind": kind} if kind in list(RECORDABLE) else {}

    def carry_out(self, form: MilestoneForm, command: Command) -> Referral:
        return milestones.record_milestone(self.which(), form.details(), command=command)

    def said(self, form: MilestoneForm) -> str:
        happening = form.details()
        return f"{RECORDABLE[happening.kind]}: recorded for {local(happening.occurred_at)}."


class Correct(CommandView):
    """Another time for an entry of the timeline, or that it never happened."""

    name = "milestone"
    form_class = CorrectionForm
    heading = "Correct an entry"
    submit = "Show what this changes"
    template = "referrals/correct.html"

    def dispatch(
        self, request: HttpRequest, reference: str, milestone_id: UUID, **kwargs: Any
    ) -> HttpResponse:
        self.milestone_id = milestone_id
        return super().dispatch(request, reference, **kwargs)

    def refusal(self) -> Conflict | None:
        if self._wrong in self.story.standing:
            return milestones.not_correctable(MilestoneKind(self._wrong.kind))
        return Conflict("This entry was corrected already. Look at what it says now.")

    @property
    def _wrong(self) -> Milestone:
        found = [row for row in self.story.milestones if row.pk == self.milestone_id]
        if not found:
            raise Http404
        return found[0]

    def form_kwargs(self) -> dict[str, Any]:
        wrong = self._wrong
        return {"wrong": wrong, "retractable": MilestoneKind(wrong.kind) in RETRACTABLE}

    def preview(self, form: CorrectionForm) -> list[str]:
        facts = form.late_facts()
        if form.was_seen(facts):
            return []
        form.mark_seen(facts)
        moved = panels.ask(
            "preview",
            referral_id=self.referral.pk,
            facts=facts,
            at=self.at,
            without=form.wrong.pk,
        )
        return moved or ["No clock will change."]

    def more(self, form: CorrectionForm) -> dict[str, Any]:
        return {"wrong": form.wrong, "words": fact_in_words(form.wrong)}

    def carry_out(self, form: CorrectionForm, command: Command) -> Referral:
        return milestones.correct(self.which(), form.details(), command=command)

    def said(self, form: CorrectionForm) -> str:
        words = fact_in_words(form.wrong)
        at = form.cleaned_data["occurred_at"]
        return f"Corrected: {words}, {local(at)}." if at else f"Taken back: {words}."

    def after(self) -> str:
        return reverse("referral", args=[self.referral.reference]) + "#timeline"
