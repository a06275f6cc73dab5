"""Asking a specialty, answering, and the list of what one was asked (1.1.9, 1.1.10)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mscc import clock
from mscc.events import Command
from mscc.people.models import Specialty
from mscc.people.roles import Permission
from mscc.web.filters import local
from referrals.domain import opinions
from referrals.domain.queries.known import held
from referrals.domain.queries.opinions import asked_of, may_answer, opinion_on, standing
from referrals.domain.queries.person import Story, standing_scans
from referrals.domain.queries.scores import latest_scores
from referrals.domain.refusals import Conflict
from referrals.domain.treatment import condition_of
from referrals.forms.opinions import AnswerForm, AskForm
from referrals.models import Opinion, Referral
from referrals.views import words
from referrals.views.base import may
from referrals.views.command import CommandView
from referrals.views.keyinfo import scan_line


class Ask(CommandView):
    name = "ask"
    form_class = AskForm
    submit = "Ask"
    untold = "No contact of this specialty could be paged: ring them."

    def form_kwargs(self) -> dict[str, Any]:
        return {"condition": condition_of(self.referral)}

    def carry_out(self, form: AskForm, command: Command) -> Referral:
        return opinions.ask_opinion(self.which(), form.details(), command=command)

    def said(self, form: AskForm) -> str:
        specialty = Specialty(form.cleaned_data["specialty"]).label
        due = form.details().due_at
        return f"{specialty} was asked{f', for an answer by {local(due)}' if due else ''}."


class Answer(CommandView):
    """By the specialty that was asked or, on its behalf, by whoever records for this referral."""

    name = "answer"
    form_class = AnswerForm
    heading = "Opinion"
    submit = "Save the opinion"
    template = "referrals/answer.html"
    opinion: Opinion

    def dispatch(
        self, request: HttpRequest, reference: str, opinion_id: UUID, **kwargs: Any
    ) -> HttpResponse:
        self.opinion_id = opinion_id
        return super().dispatch(request, reference, **kwargs)

    def allowed(self) -> bool:
        opinion = opinion_on(self.referral, self.opinion_id)
        if opinion is None:
            raise Http404
        self.opinion = opinion
        self.own = may_answer(self.request.user, opinion, self.referral)
        return self.own or may(self.request.user, Permission.RECORD, self.referral)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.own:
            opinions.mark_seen(self.opinion, clock.now())
        return super().get(request, **kwargs)

    def refusal(self) -> Conflict | None:
        if self.opinion.answered_at is None:
            return None
        return Conflict(
            f"{self.opinion.answered_by} has answered this already. Add a note if there is more."
        )

    def initial(self) -> dict[str, Any]:
        return {"answered_by": self.request.user.name} if self.own else {}

    def on_behalf_of(self, form: AnswerForm) -> str:
        return "" if self.own else form.cleaned_data["answered_by"]

    def more(self, form: AnswerForm) -> dict[str, Any]:
        return {
            "opinion": self.opinion,
            "standing": standing(self.opinion, self.at),
            "summary": list(summary(self.story)),
        }

    def carry_out(self, form: AnswerForm, command: Command) -> Referral:
        details = form.details_of(self.opinion.pk)
        return opinions.answer_opinion(self.which(), details, command=command)

    def said(self, form: AnswerForm) -> str:
        return f"The opinion of {self.opinion.get_specialty_display().lower()} is recorded."

    def after(self) -> str:
        return reverse("opinions") if self.own else super().after()


def summary(read: Story) -> Iterator[tuple[str, list[str]]]:
    """The person in short, for whoever is asked: a heading, and what is known under it."""
    told: tuple[tuple[str, list[Any], Any], ...] = (
        ("Signs and symptoms", read.presentations, words.presentation_lines),
        ("Examination", read.neurology, words.neurology_lines),
        ("Pain", read.pain, words.pain_lines),
        ("Cancer", held(read.cancer), words.cancer_lines),
        ("Fitness", held(read.fitness), words.fitness_lines),
    )
    for heading, rows, lines_of in told:
        yield heading, lines_of(rows[-1]) if rows else []
    scans = standing_scans(read.scans)
    yield "Imaging", [" ".join(filter(None, (scan_line(each), each.report))) for each in scans]
    yield "Scores", [each.words for each in latest_scores(read)]


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What this person's specialties were asked, waiting ones first."""
    at = clock.now()
    rows = [(row, standing(row, at)) for row in asked_of(request.user)]
    context = {
        "waiting": [(row, how) for row, how in rows if row.answered_at is None],
        "answered": [(row, how) for row, how in rows if row.answered_at is not None],
        "at": at,
    }
    return render(request, "referrals/opinions.html", context)
