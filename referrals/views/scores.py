"""Scoring tools: filled in, worked out on the same page, kept, and shown on the person's page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mscc.events import Command
from mscc.people.models import User
from referrals.clinical.tool_questions import read_back
from referrals.clinical.tools import Tool
from referrals.domain import scores
from referrals.domain.queries.person import Story
from referrals.domain.queries.scores import (
    LatestScore,
    latest_scores,
    lines_of,
    prefill,
    titled,
)
from referrals.domain.scores import ScoreDetails
from referrals.forms.scores import ScoreForm
from referrals.models import Referral, Score
from referrals.views.actions import ACTIONS
from referrals.views.command import CommandView
from referrals.views.words import joined, neurology_lines

_FROM_SCANS = (Tool.SINS, Tool.TOKUHASHI, Tool.ESCC)
_FROM_EXAMINATIONS = (Tool.TOKUHASHI, Tool.FRANKEL, Tool.AIS, Tool.PERFORMANCE)


class RecordScore(CommandView):
    """One tool, one lesion. Sending it works it out; sending it again unchanged saves it."""

    name = "score"
    form_class = ScoreForm
    submit = "Work it out"
    template = "referrals/score.html"
    given: ScoreDetails | None = None

    def dispatch(
        self, request: HttpRequest, reference: str, tool: str, **kwargs: Any
    ) -> HttpResponse:
        if tool not in set(Tool):
            raise Http404
        self.tool = Tool(tool)
        self.heading = self.tool.label
        return super().dispatch(request, reference, **kwargs)

    def initial(self) -> dict[str, Any]:
        if before := self._before():
            return {**before.inputs, "level": before.level}
        return {name: value for name, (value, _) in prefill(self.story, self.tool).items()}

    def form_kwargs(self) -> dict[str, Any]:
        known = {} if self._before() else prefill(self.story, self.tool)
        return {"tool": self.tool, "on_record": {name: said for name, (_, said) in known.items()}}

    def _before(self) -> Score | None:
        """The score to begin with, named in the address: a lesion that is scored again."""
        try:
            wanted = UUID(self.request.GET.get("again", ""))
        except ValueError:
            return None
        found = (row for row in self.story.scores if row.pk == wanted and row.tool == self.tool)
        return next(found, None)

    def preview(self, form: ScoreForm) -> list[str]:
        self.given = form.details()
        if form.was_worked_out():
            return []
        form.mark_worked_out()
        if self._odd(self.given):
            form.ask_to_confirm()
        return [scores.work_out(self.referral.patient, self.given, self.at).result]

    def more(self, form: ScoreForm) -> dict[str, Any]:
        shown = {
            "tool": self.tool,
            "tools": tool_links(self.referral),
            "again": self._before(),
            "notes": list(_on_record(self.story, self.tool)),
            "consequences": [],
        }
        if self.given is None:
            return shown
        return shown | {
            "reading": scores.work_out(self.referral.patient, self.given, self.at),
            "title": titled(self.tool, self.given.level),
            "lines": list(read_back(self.tool, self.given.level, self.given.answers)),
            "odd": self._odd(self.given),
            "submit": "Save this score",
        }

    def _odd(self, given: ScoreDetails) -> list[str]:
        seen = scores.last_examination(self.referral, given.assessed_at or self.at)
        return [each.sentence for each in scores.contradictions(given, seen)]

    def carry_out(self, form: ScoreForm, command: Command) -> Referral:
        return scores.record_score(self.which(), form.details(), command=command)

    def said(self, form: ScoreForm) -> str:
        given = form.details()
        reading = scores.work_out(self.referral.patient, given, self.at)
        where = f" (at {given.level})" if given.level else ""
        open_ones = "" if reading.complete else " Saved as incomplete."
        return f"{reading.result}{where}.{open_ones}"

    def after(self) -> str:
        return reverse("referral", args=[self.referral.reference]) + "#scores"


def _on_record(story: Story, tool: Tool) -> Iterator[tuple[str, str, datetime]]:
    """What to look at while answering: the last report, the last examination."""
    reports = [scan for scan in story.scans if scan.reported_at and scan.report]
    if tool in _FROM_SCANS and reports:
        yield "The last report", reports[-1].report, reports[-1].reported_at
    if tool in _FROM_EXAMINATIONS and story.neurology:
        last = story.neurology[-1]
        yield "The last examination", joined(neurology_lines(last)), last.occurred_at


def tool_links(referral: Referral) -> list[tuple[Tool, str]]:
    """Each tool, and where it is filled in for this person."""
    return [
        (tool, reverse("referral-score", args=[referral.reference, tool.value])) for tool in Tool
    ]


def card(read: Story, user: User) -> dict[str, Any]:
    """The scores that hold and the earlier ones, for templates/components/scores.html."""
    links = tool_links(read.referral) if ACTIONS["score"].open_to(user, read.referral) else []
    return {
        "held": [_held(each, dict(links)) for each in latest_scores(read)],
        "tools": links,
    }


def _held(latest: LatestScore, links: dict[Tool, str]) -> dict[str, Any]:
    page = links.get(latest.tool, "")
    return {
        "latest": latest,
        "score": latest.score,
        "earlier": [{"score": row, "lines": lines_of(row)} for row in latest.earlier],
        "href": f"{page}?again={latest.score.pk}" if page else "",
    }
